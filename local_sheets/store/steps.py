"""Steps by which the rows and columns of a sheet came to lie elsewhere, and indices carried over them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from local_sheets.errors import Json

INSERT, DELETE, MOVE, ORDER = "insert", "delete", "move", "order"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: lines start..end-1 of a dimension were inserted, deleted, moved before *to*, or reordered.

    `to` counts as `moveDimension` does: before the move. `order` is a sort: which line went where is not
    kept, so that no index inside can be carried over it. `undoes`: it takes an earlier step back, and
    what was deleted is there again.
    """

    kind: str
    dimension: str
    start: int
    end: int
    to: int = 0
    undoes: bool = False

    @property
    def first(self) -> int:
        """The first line that may lie elsewhere after this step.

        >>> Step(MOVE, "COLUMNS", 3, 4, 0).first, Step(DELETE, "ROWS", 2, 4).first
        (0, 2)
        """
        return min(self.start, self.to) if self.kind == MOVE else self.start

    def carry(self, index: int) -> int | None:
        """Return where a line lies after this step; None when it is gone or not known.

        >>> Step(INSERT, "ROWS", 2, 4).carry(2), Step(DELETE, "ROWS", 2, 4).carry(5)
        (4, 3)
        >>> Step(DELETE, "ROWS", 2, 4).carry(3), Step(MOVE, "ROWS", 0, 2, 5).carry(0)
        (None, 3)
        """
        if self.kind == INSERT:
            return index + self.end - self.start if index >= self.start else index
        if self.kind == DELETE:
            if index >= self.end:
                return index - (self.end - self.start)
            return None if index >= self.start else index
        if self.kind == ORDER:
            return None if self.start <= index < self.end else index
        return self._moved(index)

    def _moved(self, index: int) -> int:
        """Return where a line lies after a move."""
        count = self.end - self.start
        if self.start <= index < self.end:
            return index + (self.to - self.start if self.to < self.start else self.to - self.end)
        if self.end <= index < self.to:
            return index - count
        return index + count if self.to <= index < self.start else index

    def inverse(self) -> "Step | None":
        """Return the step that takes this one back; None for a sort.

        >>> Step(MOVE, "ROWS", 0, 2, 5).inverse()
        Step(kind='move', dimension='ROWS', start=3, end=5, to=0, undoes=True)
        """
        count = self.end - self.start
        if self.kind in (INSERT, DELETE):
            kind = DELETE if self.kind == INSERT else INSERT
            return Step(kind, self.dimension, self.start, self.end, undoes=True)
        if self.kind == ORDER:
            return None
        if self.to < self.start:
            return Step(MOVE, self.dimension, self.to, self.to + count, self.end, undoes=True)
        return Step(MOVE, self.dimension, self.to - count, self.to, self.start, undoes=True)

    def about(self) -> Json:
        """Return the step as JSON."""
        return asdict(self)


def carried(index: int, dimension: str, steps: Iterable[Step]) -> int | None:
    """Return where a line lies after some steps; None when it is gone or not known."""
    for step in steps:
        if step.dimension == dimension:
            found = step.carry(index)
            if found is None:
                return None
            index = found
    return index


def reduced(steps: Iterable[Step]) -> list[Step]:
    """Return steps of one sheet without those that were taken back, and those that took them back.

    >>> insert = Step(INSERT, "ROWS", 2, 4)
    >>> reduced([insert, insert.inverse()]), len(reduced([insert, Step(DELETE, "ROWS", 2, 4)]))
    ([], 2)
    """
    kept: dict[str, list[tuple[int, Step]]] = {}
    for number, step in enumerate(steps):
        stack = kept.setdefault(step.dimension, [])
        if step.undoes and stack and stack[-1][1].inverse() == step:
            stack.pop()
        else:
            stack.append((number, step))
    return [
        step for _number, step in sorted((entry for stack in kept.values() for entry in stack), key=_number)
    ]


def _number(entry: tuple[int, Step]) -> int:
    """Return the place that a step had."""
    return entry[0]
