"""Functions that Google Sheets has and the engine has not, or has otherwise."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from local_sheets.values.comparing import weight

Function = Callable[..., Any]
Grid = list[list[Any]]


def _error(kind: str, message: str) -> dict[str, str]:
    """Return an error of the engine's."""
    return {"type": "Error", "kind": kind, "message": message}


def _is_error(value: Any) -> bool:
    """Say whether a value is an error."""
    return isinstance(value, dict)


def _rows(value: Any) -> Grid:
    """Return an argument as rows."""
    return value if isinstance(value, list) else [[value]]


def _flat(values: Any) -> Iterator[Any]:
    """Yield the values of arguments, row by row."""
    for value in values:
        for row in _rows(value):
            yield from row


def text(value: Any) -> str:
    """Return a value as text, as `&` does.

    >>> text(2.0), text(True), text(None)
    ('2', 'TRUE', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def number(value: Any) -> float:
    """Return a value as a number; blank is 0.

    Raises:
        ValueError: It is text that is no number.
    """
    if value is None or value == "":
        return 0.0
    return float(value)


def join(mark: Any, *values: Any) -> Any:
    """JOIN: texts with a mark between them; blanks count."""
    return text(mark).join(text(value) for value in _flat(values))


def split(value: Any, marks: Any, each: Any = True, drop_empty: Any = True) -> Any:
    """SPLIT: one text into a row; what looks like a number becomes one."""
    pattern = f"[{re.escape(text(marks))}]" if each else re.escape(text(marks))
    parts = re.split(pattern, text(value))
    if drop_empty:
        parts = [part for part in parts if part]
    return [[_typed(part) for part in parts]] if parts else _error("Value", "SPLIT has nothing to split.")


def _typed(part: str) -> Any:
    """Return a part of a text as typing it would be."""
    return float(part) if re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)\s*", part) else part


def _pattern(source: Any) -> re.Pattern[str]:
    """Return a regular expression (RE2's syntax is Python's but for what nobody uses here)."""
    return re.compile(text(source))


def regex_match(value: Any, pattern: Any) -> Any:
    """REGEXMATCH."""
    return _pattern(pattern).search(text(value)) is not None


def regex_extract(value: Any, pattern: Any) -> Any:
    """REGEXEXTRACT: the match, or its groups as a row."""
    found = _pattern(pattern).search(text(value))
    if found is None:
        reason = f'Function REGEXEXTRACT parameter 2 value "{text(pattern)}" does not match text of Function'
        return _error("Na", f'{reason} REGEXEXTRACT parameter 1 value "{text(value)}".')
    groups = [group or "" for group in found.groups()] or [found[0]]
    return groups[0] if len(groups) == 1 else [groups]


def regex_replace(value: Any, pattern: Any, replacement: Any) -> Any:
    """REGEXREPLACE: `$1` stands for a group."""
    template = re.sub(r"\$(\d+)", r"\\g<\1>", text(replacement).replace("\\", "\\\\"))
    return _pattern(pattern).sub(template, text(value))


def count_unique(*values: Any) -> Any:
    """COUNTUNIQUE: how many different values; blanks do not count."""
    return float(len({weight(value) for value in _flat(values) if value not in (None, "")}))


def flatten(*values: Any) -> Any:
    """FLATTEN: all values in one column."""
    return [[_blank(value)] for value in _flat(values)]


def _blank(value: Any) -> Any:
    """Return a value, a blank as an empty text (the engine would make 0 of it)."""
    return "" if value is None else value


def array_constrain(values: Any, rows: Any, columns: Any) -> Any:
    """ARRAY_CONSTRAIN: the first rows and columns."""
    return [[_blank(v) for v in row[: int(number(columns))]] for row in _rows(values)[: int(number(rows))]]


def sort(values: Any, *how: Any) -> Any:
    """SORT(range, sort_column, is_ascending, ...): blanks come last, as they do in a sorted range."""
    rows = _rows(values)
    order = list(range(len(rows)))
    pairs = list(zip_longest(how[::2], how[1::2], fillvalue=True)) or [(1.0, True)]
    for by, up in reversed(pairs):
        of_column = [] if isinstance(by, list) else [row[int(number(by)) - 1] for row in rows]
        keys = list(_flat([by])) if isinstance(by, list) else of_column
        if len(keys) != len(rows):
            return _error("Value", "The sort column of SORT has not as many rows as its range.")
        filled = [n for n in order if keys[n] not in (None, "")]
        filled.sort(key=lambda n, k=keys: weight(k[n]), reverse=not up)  # type: ignore[misc]
        order = filled + [n for n in order if keys[n] in (None, "")]
    return [[_blank(value) for value in rows[n]] for n in order]


def matrix_product(one: Any, two: Any) -> Any:
    """MMULT."""
    left, right = _rows(one), _rows(two)
    if len(left[0]) != len(right):
        return _error("Value", "MMULT takes as many columns of the first array as rows of the second.")
    return [
        [
            sum(number(a) * number(b) for a, b in zip(row, column, strict=True))
            for column in zip(*right, strict=True)
        ]
        for row in left
    ]


def weighted_average(*pairs: Any) -> Any:
    """AVERAGE.WEIGHTED(values, weights, ...)."""
    total = weights = 0.0
    for values, given in zip(pairs[::2], pairs[1::2], strict=True):
        for value, one in zip(_flat([values]), _flat([given]), strict=True):
            total, weights = total + number(value) * number(one), weights + number(one)
    return total / weights if weights else _error("Div", "The weights of AVERAGE.WEIGHTED come to 0.")


def is_between(value: Any, low: Any, high: Any, with_low: Any = True, with_high: Any = True) -> Any:
    """ISBETWEEN."""
    here, first, last = weight(value), weight(low), weight(high)
    return (here >= first if with_low else here > first) and (here <= last if with_high else here < last)


def epoch_to_date(value: Any, unit: Any = 1.0) -> Any:
    """EPOCHTODATE: seconds, milliseconds (unit 2) or microseconds (3) since 1970."""
    days = number(value) / (86_400 * 1000 ** (int(number(unit)) - 1))
    return days + (datetime(1970, 1, 1, tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)).days


def is_email(value: Any) -> Any:
    """ISEMAIL."""
    return re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", text(value)) is not None


def is_url(value: Any) -> Any:
    """ISURL."""
    return re.fullmatch(r"(https?|ftp|mailto):\S+|(www\.)?[\w-]+(\.[\w-]+)+(/\S*)?", text(value)) is not None


def _plain(value: Any) -> Any:
    """Return a value as it is (TO_DATE, TO_PURE_NUMBER: only the format differs)."""
    return _blank(value)


def _compare(good: Callable[[Any, Any], bool]) -> Function:
    """Return EQ, LT and their like."""
    return lambda one, two: good(weight(one), weight(two))


def _calculate(work: Callable[[float, float], float]) -> Function:
    """Return ADD, MINUS and their like."""
    return lambda one, two: work(number(one), number(two))


def _divide(one: Any, two: Any) -> Any:
    """DIVIDE."""
    if number(two) == 0:
        return _error("Div", "Function DIVIDE parameter 2 cannot be zero.")
    return number(one) / number(two)


_FUNCTIONS: dict[str, tuple[Function, int, int | None]] = {
    "JOIN": (join, 2, None),
    "SPLIT": (split, 2, 4),
    "REGEXMATCH": (regex_match, 2, 2),
    "REGEXEXTRACT": (regex_extract, 2, 2),
    "REGEXREPLACE": (regex_replace, 3, 3),
    "COUNTUNIQUE": (count_unique, 1, None),
    "FLATTEN": (flatten, 1, None),
    "ARRAY_CONSTRAIN": (array_constrain, 3, 3),
    "SORT": (sort, 1, None),
    "MMULT": (matrix_product, 2, 2),
    "AVERAGE.WEIGHTED": (weighted_average, 2, None),
    "ISBETWEEN": (is_between, 3, 5),
    "EPOCHTODATE": (epoch_to_date, 1, 2),
    "ISEMAIL": (is_email, 1, 1),
    "ISURL": (is_url, 1, 1),
    "ENCODEURL": (lambda value: quote(text(value), safe=""), 1, 1),
    "TO_DATE": (_plain, 1, 1),
    "TO_PURE_NUMBER": (_plain, 1, 1),
    "TO_TEXT": (text, 1, 1),
    "ADD": (_calculate(lambda a, b: a + b), 2, 2),
    "MINUS": (_calculate(lambda a, b: a - b), 2, 2),
    "MULTIPLY": (_calculate(lambda a, b: a * b), 2, 2),
    "DIVIDE": (_divide, 2, 2),
    "POW": (_calculate(lambda a, b: a**b), 2, 2),
    "UMINUS": (lambda value: -number(value), 1, 1),
    "UPLUS": (_plain, 1, 1),
    "UNARY_PERCENT": (lambda value: number(value) / 100, 1, 1),
    "EQ": (_compare(lambda a, b: a == b), 2, 2),
    "NE": (_compare(lambda a, b: a != b), 2, 2),
    "GT": (_compare(lambda a, b: a > b), 2, 2),
    "GTE": (_compare(lambda a, b: a >= b), 2, 2),
    "LT": (_compare(lambda a, b: a < b), 2, 2),
    "LTE": (_compare(lambda a, b: a <= b), 2, 2),
}
"""By name: the function, how many arguments it takes at least, and at most."""


def _guarded(name: str, work: Function) -> Function:
    """Return a function that hands errors on and words its own."""

    def call(*given: Any) -> Any:
        for value in _flat(given):
            if _is_error(value):
                return value
        try:
            return work(*given)
        except (ValueError, TypeError, re.error, OverflowError, IndexError) as error:
            return _error("Value", f"Function {name} cannot work with what it is given ({error}).")

    return call


def register(workbook: Any) -> None:
    """Teach a workbook of the engine's these functions."""
    for name, (work, least, most) in _FUNCTIONS.items():
        workbook.register_function(
            name, _guarded(name, work), min_args=least, max_args=most, allow_override_builtin=True
        )


NAMES = frozenset(_FUNCTIONS)
"""The names of these functions."""
