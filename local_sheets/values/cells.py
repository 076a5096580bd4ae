"""Putting a value into a cell and showing it again."""

from collections.abc import Callable
from typing import Any

from local_sheets.errors import BadRequest, Json
from local_sheets.store.book import Book
from local_sheets.store.row import AUTOMATIC, ERROR, FORMAT, FORMULA, MORE, SPILLED, Row, Value
from local_sheets.values.arithmetic import REASONS, value_of
from local_sheets.values.locales import Locale, locale
from local_sheets.values.patterns import MOMENTS, general, is_moment, pattern_of, shown
from local_sheets.values.typed import tidy, typed

MAXIMUM_TEXT = 50_000
_OF_A_VALUE = (FORMULA, MORE, ERROR, SPILLED, AUTOMATIC)
"""What goes when a cell gets another value."""
_EXACT = 10**15
"""From here on a number without a format is shown with a power of ten."""


def put(book: Book, row: Row, column: int, value: Any, option: str) -> None:
    """Write what a caller sent into a cell; "" empties it, None leaves it alone."""
    if value is None:
        return
    if isinstance(value, str) and len(value) > MAXIMUM_TEXT:
        raise BadRequest(
            f"Your input contains more than the maximum of {MAXIMUM_TEXT} characters in a single cell."
        )
    if row.extras:
        if option == "USER_ENTERED" and value != "" and row.extra(FORMULA, column) == value:
            return  # the formula that is there already keeps its result
        for kind in _OF_A_VALUE:
            row.put_extra(kind, column, None)
    if isinstance(value, str) and option == "USER_ENTERED":
        _put_typed(book, row, column, value)
    else:
        row.put(column, tidy(value) if isinstance(value, float) else value)


def _put_typed(book: Book, row: Row, column: int, value: str) -> None:
    """Write what typing stands for."""
    look = format_of(book, row, column)
    if look.get("numberFormat", {}).get("type") == "TEXT":
        row.put(column, value)
        return
    meant = typed(value, locale(book.locale))
    if meant.formula:
        put_formula(row, column, meant.formula)
        return
    row.put(column, meant.value)
    if meant.number_format and not look.get("numberFormat"):
        key = book.styles.key(look | {"numberFormat": meant.number_format})
        row.put_extra(FORMAT, column, key)


def put_plain(row: Row, left: int, values: list[Any]) -> bool:
    """Write a whole row of values as they are, if it is as simple as that; say whether it was."""
    if row.extras or left > len(row.values):
        return False
    for value in values:
        kind = type(value)
        if kind is str:
            if len(value) > MAXIMUM_TEXT:
                return False
        elif kind is not int and kind is not bool:
            return False
    row.values[left : left + len(values)] = values
    trimmed(row.values)
    return True


def put_formula(row: Row, column: int, formula: str) -> None:
    """Write a formula and what it comes to without any other cell; the engine does the rest."""
    value = value_of(formula)
    row.put(column, value)
    row.put_extra(FORMULA, column, formula)
    row.put_extra(ERROR, column, REASONS.get(value) if isinstance(value, str) else None)


def clear(row: Row, left: int, right: int) -> None:
    """Empty the cells left..right-1 of a row; formats, notes and rules stay."""
    if not row.extras and left == 0 and right >= len(row.values):
        row.values = []
        return
    for column in range(left, min(right, row.width())):
        if row.extra(SPILLED, column) is None:
            row.put(column, "")
        for kind in (FORMULA, MORE, ERROR, AUTOMATIC):
            row.put_extra(kind, column, None)


def format_of(book: Book, row: Row, column: int) -> Json:
    """Return a cell's userEnteredFormat, {} for none."""
    return book.styles.get(row.extra(FORMAT, column))


def look_of(book: Book, row: Row, column: int) -> Json:
    """Return a cell's format with the number format that a formula's result brings along."""
    look = format_of(book, row, column)
    automatic = row.extra(AUTOMATIC, column)
    if automatic is None or look.get("numberFormat"):
        return look
    return look | {"numberFormat": book.styles.get(automatic)["numberFormat"]}


Show = Callable[[Row, int, int], list[Value]]


def shower(book: Book, render: str, moments: str) -> Show:
    """Return a function (row, left, right) -> the values of the row, as the options ask."""
    words = locale(book.locale)
    if render == "FORMATTED_VALUE":
        return lambda row, left, right: _formatted(book, row, left, right, words)

    def plain(row: Row, left: int, right: int) -> list[Value]:
        values = row.values[left:right]
        if render == "FORMULA" and FORMULA in row.extras:
            values = _with_formulas(row, values, left, right)
        if moments == "FORMATTED_STRING" and (FORMAT in row.extras or AUTOMATIC in row.extras):
            _moments(book, row, values, left, words)
        return values

    return plain


def _with_formulas(row: Row, values: list[Value], left: int, right: int) -> list[Value]:
    """Put the formulas in place of their values."""
    for text, formula in row.extras[FORMULA].items():
        column = int(text) - left
        if 0 <= column < right - left:
            values = values + [""] * (column + 1 - len(values))
            values[column] = formula
    return values


def _moments(book: Book, row: Row, values: list[Value], left: int, words: Locale) -> None:
    """Write dates and times as text."""
    for text in row.extras.get(FORMAT, {}).keys() | row.extras.get(AUTOMATIC, {}).keys():
        column = int(text) - left
        if 0 <= column < len(values) and type(values[column]) in (int, float):
            number_format = look_of(book, row, int(text)).get("numberFormat")
            if number_format and number_format.get("type") in MOMENTS:
                pattern = pattern_of(number_format, words)
                values[column] = shown(float(values[column]), pattern, words)


def _formatted(book: Book, row: Row, left: int, right: int, words: Locale) -> list[Value]:
    """Return a row's values as text."""
    looks = FORMAT in row.extras or AUTOMATIC in row.extras
    result: list[Value] = []
    for column, value in enumerate(row.values[left:right], left):
        if type(value) is str:
            result.append(value)
        elif not looks and type(value) is int and -_EXACT < value < _EXACT:
            result.append(str(value))
        else:
            result.append(show(value, look_of(book, row, column) if looks else {}, words))
    return result


def show(value: Value, look: Json, words: Locale) -> str:
    """Write one value as its cell shows it.

    >>> show(True, {}, Locale()), show(0.5, {"numberFormat": {"type": "PERCENT"}}, Locale())
    ('TRUE', '50.00%')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    number_format = look.get("numberFormat")
    if not number_format:
        return general(value, words)
    return shown(value, pattern_of(number_format, words), words)


def kind(look: Json, words: Locale) -> str:
    """Return how a cell's numbers are shown: `moment` or `number`."""
    number_format = look.get("numberFormat")
    if not number_format:
        return "number"
    return "moment" if is_moment(pattern_of(number_format, words)) else "number"


def trimmed(row: list[Value]) -> list[Value]:
    """Take trailing blanks from a row, and return it."""
    while row and row[-1] == "":
        row.pop()
    return row


def trim(rows: list[list[Value]]) -> list[list[Value]]:
    """Take trailing blanks from each row, and trailing blank rows from the end.

    >>> trim([["a", ""], [""], []])
    [['a']]
    """
    for row in rows:
        trimmed(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def transpose(rows: list[list[Any]]) -> list[list[Any]]:
    """Turn rows into columns, filling gaps with "".

    >>> transpose([["a", "b"], ["c"]])
    [['a', 'c'], ['b', '']]
    """
    width = max((len(row) for row in rows), default=0)
    return [[row[c] if c < len(row) else "" for row in rows] for c in range(width)]


def transpose_nulls(rows: list[list[Any]]) -> list[list[Any]]:
    """Turn columns that were sent into rows; a gap is left alone (None), not emptied."""
    height = max((len(column) for column in rows), default=0)
    return [[column[r] if r < len(column) else None for column in rows] for r in range(height)]
