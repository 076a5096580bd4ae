"""Cell addresses: letters and numbers on the outside, half-open indices inside."""

import re
from dataclasses import dataclass, replace

from local_sheets.errors import BadRequest, Json

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?")
_R1C1 = re.compile(r"[Rr]([1-9]\d*)?(?:[Cc]([1-9]\d*)?)?|[Cc]([1-9]\d*)")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of cells; None is an open side."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    def within(self, rows: int, columns: int) -> "Box":
        """Return the rectangle on a grid: open sides closed, far sides clamped."""
        return Box(
            self.top or 0,
            rows if self.bottom is None else min(self.bottom, rows),
            self.left or 0,
            columns if self.right is None else min(self.right, columns),
        )

    @property
    def single(self) -> bool:
        """Say whether this is one cell."""
        return (
            self.top is not None
            and self.left is not None
            and self.bottom == self.top + 1
            and self.right == self.left + 1
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A closed rectangle of cells: rows top..bottom-1, columns left..right-1."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def empty(self) -> bool:
        """Say whether there is no cell in it."""
        return self.bottom <= self.top or self.right <= self.left

    def meets(self, other: "Box") -> bool:
        """Say whether the two share a cell."""
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )

    def holds(self, other: "Box") -> bool:
        """Say whether *other* lies wholly inside."""
        return (
            self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )

    def has(self, row: int, column: int) -> bool:
        """Say whether the cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right


def letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> int:
    """Return the column counted from 0 of its letters.

    >>> number("A"), number("zz")
    (0, 701)
    """
    result = 0
    for letter in text.upper():
        result = result * 26 + ord(letter) - 64
    return result - 1


def title(text: str) -> str:
    """Return a sheet's title as it stands before the `!`, quoted where it must be.

    >>> title("Sheet1"), title("My sheet"), title("it's"), title("A1")
    ('Sheet1', "'My sheet'", "'it''s'", "'A1'")
    """
    if _PLAIN_TITLE.fullmatch(text) and not _LOOKS_LIKE_A_CELL.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def write(sheet: str, box: Box) -> str:
    """Return a rectangle's address, as the API answers it.

    >>> write("Sheet1", Box(3, 4, 3, 4)), write("Sheet1", Box(0, 2, 0, 3))
    ('Sheet1!D4', 'Sheet1!A1:C2')
    """
    first = f"{letters(box.left)}{box.top + 1}"
    last = f"{letters(max(box.right, box.left + 1) - 1)}{max(box.bottom, box.top + 1)}"
    return f"{title(sheet)}!{first}" + ("" if first == last else f":{last}")


def split(text: str) -> tuple[str | None, str | None]:
    """Split an address into a sheet's title and a place; None where a part is absent.

    >>> split("'it''s'!A1"), split("Sheet1!A:B"), split("'My sheet'"), split("A1")
    (("it's", 'A1'), ('Sheet1', 'A:B'), ('My sheet', None), (None, 'A1'))
    """
    if text.startswith("'"):
        match = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.*))?", text, re.DOTALL)
        if match:
            return match[1].replace("''", "'"), match[2]
    if "!" in text:
        sheet, _, place = text.rpartition("!")
        return sheet, place
    return None, text


def read(place: str) -> Span | None:
    """Read a place such as `B2`, `A1:C`, `2:4`, `R1C1:R2C2`; None if it is not one.

    >>> read("A2:B")
    Span(top=1, bottom=None, left=0, right=2)
    >>> read("Sheet1") is None
    True
    """
    first, colon, last = place.partition(":")
    one = _corner(first)
    two = _corner(last) if colon else one
    if one is None or two is None or (not colon and None in one):
        return None
    top, bottom = _order(one[0], two[0])
    left, right = _order(one[1], two[1])
    return Span(top, bottom, left, right)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    """Return (row, column) counted from 0 of one corner."""
    match = _CELL.fullmatch(text)
    if match and text.strip("$"):
        column = number(match[1]) if match[1] else None
        return (int(match[2]) - 1 if match[2] else None), column
    match = _R1C1.fullmatch(text)
    if match and len(text) > 1:
        row = int(match[1]) - 1 if match[1] else None
        col = match[2] or match[3]
        return row, int(col) - 1 if col else None
    return None


def _order(one: int | None, two: int | None) -> tuple[int | None, int | None]:
    """Return the half-open side of two corners given in either order."""
    if one is None or two is None:
        return (one if one is not None else two), None
    return min(one, two), max(one, two) + 1


def from_grid(grid: Json) -> Span:
    """Read a GridRange's sides."""
    return Span(
        grid.get("startRowIndex"),
        grid.get("endRowIndex"),
        grid.get("startColumnIndex"),
        grid.get("endColumnIndex"),
    )


def to_grid(span: Span | Box, sheet: int) -> Json:
    """Write a GridRange; the sheet's id is left out when it is 0, as Google does."""
    sides = {
        "sheetId": sheet or None,
        "startRowIndex": span.top,
        "endRowIndex": span.bottom,
        "startColumnIndex": span.left,
        "endColumnIndex": span.right,
    }
    return {name: value for name, value in sides.items() if value is not None}


def check(span: Span, sheet: str, rows: int, columns: int) -> Box:
    """Place a span on a grid, or refuse it as Google does when it starts outside."""
    top, left = span.top or 0, span.left or 0
    if top >= rows or left >= columns:
        closed = replace(span, top=top, left=left).within(max(rows, top + 1), max(columns, left + 1))
        asked = Box(
            top,
            span.bottom if span.bottom is not None else closed.bottom,
            left,
            span.right if span.right is not None else closed.right,
        )
        raise BadRequest(
            f"Range ({write(sheet, asked)}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"
        )
    return span.within(rows, columns)
