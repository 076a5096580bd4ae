"""The rows of a sheet that are not blank, by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from sheets_schema.language.cells import blank
from sheets_schema.language.kinds.vectors import texts_of, visible

__all__ = ["Grid"]

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one width, laid out one after the other, so that a column is every so manieth cell.

    Args:
        width: The number of columns.
        numbers: The number of each row in the sheet.
        cells: All cells, row by row; None where a row ended before its column.
    """

    width: int
    numbers: np.ndarray
    cells: list[object]

    @classmethod
    def of(cls, body: Sequence[Row]) -> Grid:
        """Lay out the rows below a header, without the blank ones."""
        grid = cls._laid_out(body, np.arange(2, len(body) + 2))
        gone = [place for place in grid.unsure() if _is_blank(body[place])]
        if not gone:
            return grid
        kept = np.delete(np.arange(len(body)), gone)
        return cls._laid_out([body[place] for place in kept.tolist()], kept + 2)

    @classmethod
    def _laid_out(cls, rows: Sequence[Row], numbers: np.ndarray) -> Grid:
        """Lay out rows, filling up the short ones."""
        widths = set(map(len, rows))
        width = max(widths, default=0)
        if len(widths) > 1:
            rows = [row if len(row) == width else [*row, *[None] * (width - len(row))] for row in rows]
        return cls(width, numbers, list(chain.from_iterable(rows)))

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, place: int) -> list[object]:
        """Return one column, from top to bottom."""
        return self.cells[place :: self.width] if place < self.width else [None] * len(self)

    def unsure(self) -> Iterable[int]:
        """Return the positions of the rows that do not begin with a text that can be seen."""
        texts = texts_of(self.column(0))
        return range(len(self)) if texts is None else np.flatnonzero(~visible(texts)).tolist()


def _is_blank(row: Row) -> bool:
    """Say whether nothing stands in a row.

    A row of nothing but unticked boxes is blank: Google answers FALSE for each of them.
    """
    return all(cell is False or blank(cell) for cell in row)
