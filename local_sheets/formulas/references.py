"""One reference of a formula: which sheet, which cells, and what of it is held fast by `$`."""

import re
from dataclasses import dataclass, replace

from local_sheets import a1
from local_sheets.a1 import Span

_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([1-9]\d*)?")
LOST = "#REF!"
"""What stands for a reference whose cells are gone."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of a reference, counted from 0; None where the side is open."""

    row: int | None
    column: int | None
    row_fixed: bool = False
    column_fixed: bool = False

    def __str__(self) -> str:
        column = "" if self.column is None else ("$" if self.column_fixed else "") + a1.letters(self.column)
        row = "" if self.row is None else ("$" if self.row_fixed else "") + str(self.row + 1)
        return column + row

    @classmethod
    def read(cls, text: str) -> "Corner":
        """Read `B$2`, `B`, `$2`."""
        match = _CORNER.fullmatch(text)
        if match is None:
            raise ValueError(f"{text} is not a corner of a reference")
        first, column, second, row = match.groups()
        if column is None:  # the dollar of `$2` is taken by the first group
            return cls(int(row) - 1, None, row_fixed=bool(first or second))
        return cls(
            int(row) - 1 if row else None, a1.number(column), row_fixed=bool(second), column_fixed=bool(first)
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell (`last` is None) or a range; `sheet` is the prefix as it was written, without its `!`."""

    first: Corner
    last: Corner | None = None
    sheet: str | None = None

    @classmethod
    def read(cls, area: str, sheet: str | None = None) -> "Reference":
        """Read the area of a reference, such as `A2:B`.

        >>> str(Reference.read("$a2:B", "'My sheet'"))
        "'My sheet'!$A2:B"
        """
        first, colon, last = area.partition(":")
        return cls(Corner.read(first), Corner.read(last) if colon else None, sheet)

    def __str__(self) -> str:
        area = str(self.first) if self.last is None else f"{self.first}:{self.last}"
        return area if self.sheet is None else f"{self.sheet}!{area}"

    @property
    def title(self) -> str | None:
        """Return the title of the sheet that is named, None when none is."""
        if self.sheet is None or not self.sheet.startswith("'"):
            return self.sheet
        return self.sheet[1:-1].replace("''", "'")

    @property
    def span(self) -> Span:
        """Return the cells, half-open; an open side is None.

        >>> Reference.read("B3:A").span
        Span(top=2, bottom=None, left=0, right=2)
        """
        one, two = self.first, self.last or self.first
        top, bottom = _side(one.row, two.row)
        left, right = _side(one.column, two.column)
        return Span(top, bottom, left, right)

    def to(self, span: Span) -> "Reference":
        """Return the same reference to other cells; which corner is which stays, and so does every `$`.

        >>> str(Reference.read("$B$3:A4").to(Span(5, 7, 0, 2)))
        '$B$6:A7'
        """
        one, two = self.first, self.last or self.first
        rows = _corners(one.row, two.row, span.top, span.bottom)
        columns = _corners(one.column, two.column, span.left, span.right)
        first = replace(one, row=rows[0], column=columns[0])
        last = None if self.last is None else replace(two, row=rows[1], column=columns[1])
        return replace(self, first=first, last=last)

    def copied(self, down: int, right: int) -> "Reference | None":
        """Return the reference in a copy of its formula so much further; None when it leaves the sheet.

        >>> str(Reference.read("$A1:B$2").copied(1, 1))
        '$A2:C$2'
        """
        first = _copied(self.first, down, right)
        last = None if self.last is None else _copied(self.last, down, right)
        if first is None or (self.last is not None and last is None):
            return None
        return replace(self, first=first, last=last)


def _side(one: int | None, two: int | None) -> tuple[int | None, int | None]:
    """Return the half-open side between two corners."""
    if one is None or two is None:
        return (one if one is not None else two), None
    return min(one, two), max(one, two) + 1


def _corners(
    one: int | None, two: int | None, low: int | None, high: int | None
) -> tuple[int | None, int | None]:
    """Return the corners of a side, the open one open, in the order in which they were written."""
    if one is None and two is None:
        return None, None
    if two is None or one is None:
        return (low, None) if two is None else (None, low)
    end = None if high is None else high - 1
    return (low, end) if one <= two else (end, low)


def _copied(corner: Corner, down: int, right: int) -> Corner | None:
    """Return a corner after a copy; what is fixed stays."""
    row = corner.row if corner.row is None or corner.row_fixed else corner.row + down
    column = corner.column if corner.column is None or corner.column_fixed else corner.column + right
    if (row is not None and row < 0) or (column is not None and column < 0):
        return None
    return replace(corner, row=row, column=column)
