"""What the page shows of a sheet: a window of rows, cell by cell, as plain data."""

from dataclasses import dataclass, field

from local_sheets import a1
from local_sheets.errors import Json
from local_sheets.row_links import Found
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import FORMULA, NOTE, RULE, Value
from local_sheets.values import cells, rules
from local_sheets.values.locales import Locale, locale
from local_sheets.values.patterns import MOMENTS
from local_sheets.values.serial import moment
from local_sheets.values.typed import typed

WINDOW = 200
MOST_FOUND = 500
MOST_PRINTED = 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: its text, the text to edit (None: the same), note, rule, kind, weight."""

    text: str
    edit: str | None = None
    note: str | None = None
    rule: int | None = None
    number: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number from 1, its stable key (0: not yet kept), its cells."""

    number: int
    key: int
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a sheet."""

    sheet: int
    title: str
    version: int
    columns: int
    total: int
    header: tuple[Line, ...]
    lines: tuple[Line, ...]
    rules: dict[int, Json] = field(default_factory=dict)
    more: bool = False
    link: Found | None = None

    @property
    def labels(self) -> list[str]:
        """Return the name of each column: its header, else its letters."""
        last = self.header[-1].cells if self.header else ()
        return [
            (last[column].text if column < len(last) else "") or a1.letters(column)
            for column in range(self.columns)
        ]


def filled_rows(sheet: Sheet) -> int:
    """Return the number of rows down to the last that has a value."""
    masks = sheet.lines.masks
    last = len(masks)
    while last and not masks[last - 1]:
        last -= 1
    return last


def window(
    book: Book, sheet: Sheet, start: int, count: int, find: str = "", link: Found | None = None
) -> Window:
    """Return *count* rows from row number *start* (from 1) on, below the frozen ones.

    Args:
        book: The spreadsheet.
        sheet: Its sheet.
        start: The first row's number.
        count: How many rows.
        find: With a text, the rows that contain it (in any case) are returned instead.
        link: Where the rows have pages of their own.
    """
    sheet.lines.flush()
    words, total = locale(book.locale), filled_rows(sheet)
    frozen = min(sheet.grid.get("frozenRowCount", 0), total)
    columns = _columns(sheet, total)
    used: set[int] = set()
    header = _lines(book, sheet, 0, frozen, columns, words, used)
    more = False
    if find:
        lines, more = _found(book, sheet, frozen, total, columns, words, used, find)
    else:
        first = max(start - 1, frozen)
        lines = _lines(book, sheet, first, min(first + count, total), columns, words, used)
    return Window(
        sheet=sheet.id,
        title=sheet.title,
        version=book.version,
        columns=columns,
        total=total,
        header=tuple(header),
        lines=tuple(lines),
        rules={key: rule(book, key) for key in sorted(used)},
        more=more,
        link=link,
    )


def _columns(sheet: Sheet, total: int) -> int:
    """Return how many columns are worth showing."""
    widest = 0
    for mask in sheet.lines.masks[:total]:
        widest = max(widest, mask.bit_length())
    return min(max(widest, 1), sheet.columns)


def _lines(
    book: Book, sheet: Sheet, start: int, end: int, columns: int, words: Locale, used: set[int]
) -> list[Line]:
    """Return rows start..end-1 (from 0)."""
    return [
        line(book, row, number, columns, words, used)
        for number, row in enumerate(sheet.lines.rows(start, end), start + 1)
    ]


def line(book: Book, row: Row, number: int, columns: int, words: Locale, used: set[int]) -> Line:
    """Return one row."""
    return Line(number, row.key, tuple(shown(book, row, c, words, used) for c in range(columns)))


def shown(book: Book, row: Row, column: int, words: Locale, used: set[int]) -> Shown:
    """Return one cell; the keys of the rules that are met are put into *used*."""
    value = row.get(column)
    if not row.extras:
        text = cells.show(value, {}, words)
        return Shown(text, _edit(text, value, {}, words), number=_is_number(value))
    look = cells.look_of(book, row, column)
    text, formula, key = cells.show(value, look, words), row.extra(FORMULA, column), row.extra(RULE, column)
    if key is not None:
        used.add(key)
    return Shown(
        text,
        formula if formula is not None else _edit(text, value, look, words),
        row.extra(NOTE, column),
        key,
        _is_number(value),
        bool((look.get("textFormat") or {}).get("bold")),
    )


def _is_number(value: Value) -> bool:
    """Say whether a value is a number (True and False are not)."""
    return type(value) in (int, float)


def _edit(text: str, value: Value, look: Json, words: Locale) -> str | None:
    """Return what to put into the editor so that saving it unchanged changes nothing."""
    if value == "" or isinstance(value, bool):
        return None
    again = typed(text, words)
    if again.formula is None and type(again.value) is type(value) and again.value == value:
        return None
    if isinstance(value, str):
        return f"'{value}"
    number_format = look.get("numberFormat") or {}
    if number_format.get("type") in MOMENTS:
        when = moment(value)
        return f"{when:%Y-%m-%d %H:%M:%S}" if value >= 1 else f"{when:%H:%M:%S}"
    return repr(value).replace(".", words.decimal)


def rule(book: Book, key: int) -> Json:
    """Return what the editor needs of a rule: its choices, whether it refuses."""
    given = book.styles.get(key)
    return {"choices": allowed(book, given), "strict": bool(given.get("strict"))}


def allowed(book: Book, given: Json) -> list[str]:
    """Return the choices of a rule, from its list or its range."""
    condition = given.get("condition") or {}
    if condition.get("type") == "ONE_OF_RANGE":
        address = str((condition.get("values") or [{}])[0].get("userEnteredValue", ""))
        return [str(value) for value in listed(book, address)]
    if condition.get("type") == "BOOLEAN":
        return ["TRUE", "FALSE"]
    return rules.choices(given)


def listed(book: Book, address: str) -> list[Value]:
    """Return the values that stand in a range, such as `=Lists!A2:A`."""
    from local_sheets import places

    sheet, box = places.box(book, address.removeprefix("="))
    found = [row.values[box.left : box.right] for row in sheet.lines.rows(box.top, box.bottom)]
    return [value for values in found for value in values if value != ""]


def _found(
    book: Book,
    sheet: Sheet,
    start: int,
    end: int,
    columns: int,
    words: Locale,
    used: set[int],
    find: str,
) -> tuple[list[Line], bool]:
    """Return the rows that contain a text, and whether there are more than are shown."""
    wanted = find.casefold()
    found: list[Line] = []
    for number, row in enumerate(sheet.lines.rows(start, end), start + 1):
        texts = (
            value if type(value) is str else cells.show(value, cells.format_of(book, row, column), words)
            for column, value in enumerate(row.values)
        )
        if any(wanted in text.casefold() for text in texts):
            if len(found) == MOST_FOUND:
                return found, True
            found.append(line(book, row, number, columns, words, used))
    return found, False
