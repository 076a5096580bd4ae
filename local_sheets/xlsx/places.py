"""Cells as Excel lists them: `A1:B3 D5`."""

import re
from collections.abc import Iterable, Iterator

from local_sheets import a1
from local_sheets.a1 import Box, Span
from local_sheets.errors import Json

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")


def squeezed(cells: Iterable[tuple[int, int]]) -> str:
    """Return cells (row, column) as few rectangles.

    >>> squeezed([(0, 0), (1, 0), (0, 1), (1, 1), (4, 3)])
    'A1:B2 D5'
    """
    runs: list[tuple[int, int, int]] = []  # (top, bottom, column)
    for column, row in sorted((column, row) for row, column in cells):
        if runs and runs[-1][2] == column and runs[-1][1] == row:
            runs[-1] = (runs[-1][0], row + 1, column)
        else:
            runs.append((row, row + 1, column))
    boxes: list[Box] = []
    ending: dict[tuple[int, int, int], int] = {}  # (top, bottom, right) -> its box
    for top, bottom, column in runs:
        place = ending.pop((top, bottom, column), None)
        if place is None:
            place = len(boxes)
            boxes.append(Box(top, bottom, column, column + 1))
        else:
            boxes[place] = Box(top, bottom, boxes[place].left, column + 1)
        ending[top, bottom, column + 1] = place
    return " ".join(map(reference, boxes))


def ordered(references: str) -> str:
    """Return rectangles in an order that does not depend on who wrote them."""
    return " ".join(sorted(references.split()))


def reference(box: Box) -> str:
    """Return a rectangle as `A1:B2`."""
    return a1.write("x", box).partition("!")[2]


def absolute(box: Box) -> str:
    """Return a rectangle as `$A$1:$B$2`."""
    return f"${a1.letters(box.left)}${box.top + 1}:${a1.letters(box.right - 1)}${box.bottom}"


def boxes(references: str) -> Iterator[Box]:
    """Read rectangles.

    >>> [*boxes("A1:B3 $D$5")]
    [Box(top=0, bottom=3, left=0, right=2), Box(top=4, bottom=5, left=3, right=4)]
    """
    for match in _REFERENCE.finditer(references):
        left, top = a1.number(match[1]), int(match[2]) - 1
        right = a1.number(match[3]) if match[3] else left
        bottom = int(match[4]) if match[4] else top + 1
        yield Box(top, bottom, left, right + 1)


def grid(box: Box, rows: int, columns: int, sheet: int) -> Json:
    """Return a rectangle as a GridRange; a side that reaches the grid's end is closed there."""
    return a1.to_grid(Box(box.top, min(box.bottom, rows), box.left, min(box.right, columns)), sheet)


def within(given: Json, rows: int, columns: int) -> Box:
    """Return a GridRange as a rectangle."""
    span: Span = a1.from_grid(given)
    return span.within(rows, columns)
