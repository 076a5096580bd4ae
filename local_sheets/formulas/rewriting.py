"""A formula's text after cells moved: only the references change, everything else stays as typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from local_sheets import a1
from local_sheets.a1 import Box, Span
from local_sheets.formulas.references import LOST, Reference
from local_sheets.formulas.tokens import tokens

Change = Callable[[Reference], Reference | None]
"""What becomes of one reference; None when its cells are gone."""

ROWS, COLUMNS = "ROWS", "COLUMNS"


def rewrite(formula: str, change: Change) -> str:
    """Return a formula with every reference changed; a lost one reads `#REF!`.

    >>> rewrite('=A1&"A1"&LOG10(A1)', copying(1, 0))
    '=A2&"A1"&LOG10(A2)'
    """
    parts = []
    for token in tokens(formula):
        text = token.text
        if token.kind == "reference":
            old = Reference.read(token.area, token.sheet)
            new = change(old)
            if new is None:
                text = LOST
            elif new != old:
                text = str(new)
        parts.append(text)
    return "".join(parts)


def copying(down: int, right: int) -> Change:
    """Return the change of a copy: what has no `$` moves along."""
    return lambda reference: reference.copied(down, right)


@dataclass(frozen=True, slots=True)
class On:
    """A change of the cells of one sheet, seen from a formula on sheet *home*."""

    sheet: str
    home: str

    def meant(self, reference: Reference) -> bool:
        """Say whether a reference points at the sheet."""
        title = reference.title
        return (self.home if title is None else title).casefold() == self.sheet.casefold()


def opening(on: On, dimension: str, start: int, count: int) -> Change:
    """Return the change when *count* rows or columns were opened before *start*.

    >>> rewrite("=SUM(A1:A3)+A2", opening(On("S", "S"), ROWS, 1, 2))
    '=SUM(A1:A5)+A4'
    """

    def side(low: int | None, high: int | None) -> tuple[int | None, int | None]:
        return (
            None if low is None else low + count if low >= start else low,
            None if high is None else high + count if high > start else high,
        )

    return _along(on, dimension, side)


def closing(on: On, dimension: str, start: int, end: int) -> Change:
    """Return the change when rows or columns start..end-1 were taken away.

    >>> rewrite("=SUM(A1:A3)+A2", closing(On("S", "S"), ROWS, 1, 2))
    '=SUM(A1:A2)+#REF!'
    """

    def side(low: int | None, high: int | None) -> tuple[int | None, int | None] | None:
        def moved(edge: int) -> int:
            return edge if edge <= start else max(start, edge - (end - start))

        new_low = None if low is None else moved(low)
        new_high = None if high is None else moved(high)
        if new_high is not None and new_high <= (new_low or 0):
            return None
        return new_low, new_high

    return _along(on, dimension, side)


def moving(on: On, dimension: str, start: int, end: int, target: int) -> Change:
    """Return the change when rows or columns start..end-1 were put before *target*.

    A reference wholly inside of what moved goes along; of a range that only meets it, the lines that
    stayed decide.

    >>> rewrite("=A1+SUM(A2:A4)", moving(On("S", "S"), ROWS, 0, 1, 3))
    '=A3+SUM(A1:A4)'
    """
    count = end - start

    def place(line: int) -> int:
        if start <= line < end:
            return line - start + (target if target < start else target - count)
        if target < start:
            return line + count if target <= line < start else line
        return line - count if end <= line < target else line

    def side(low: int | None, high: int | None) -> tuple[int | None, int | None]:
        if high is None:  # open: as if everything below belonged to it
            return (None if low is None else min(low, place(low)) if low < start else place(low)), None
        first, last = low or 0, high - 1
        if start <= first and last < end:
            return place(first), place(last) + 1
        if start <= first < end:
            first = end
        if start <= last < end:
            last = start - 1
        return place(first), place(last) + 1

    return _along(on, dimension, side)


Side = Callable[[int | None, int | None], tuple[int | None, int | None] | None]


def _along(on: On, dimension: str, side: Side) -> Change:
    """Return the change that moves one side of every reference to the sheet."""

    def change(reference: Reference) -> Reference | None:
        if not on.meant(reference):
            return reference
        span = reference.span
        low, high = (span.top, span.bottom) if dimension == ROWS else (span.left, span.right)
        if low is None and high is None:
            return reference
        new = side(low, high)
        if new is None:
            return None
        if dimension == ROWS:
            return reference.to(replace(span, top=new[0], bottom=new[1]))
        return reference.to(replace(span, left=new[0], right=new[1]))

    return change


def within(change: Change, box: Box, dimension: str) -> Change:
    """Return a change of part of a sheet only: references that reach out of the box sideways stay.

    For cells opened or closed within a range, which push only what lies below (ROWS) or right of them.
    """

    def limited(reference: Reference) -> Reference | None:
        span = reference.span
        low, high = (span.left, span.right) if dimension == ROWS else (span.top, span.bottom)
        first, last = (box.left, box.right) if dimension == ROWS else (box.top, box.bottom)
        inside = low is not None and high is not None and first <= low and high <= last
        return change(reference) if inside else reference

    return limited


def cutting(source: On, box: Box, target: str, top: int, left: int) -> Change:
    """Return the change when the cells of *box* were moved to a corner of sheet *target*.

    References to what moved follow it; references to cells that were written over are lost.
    """
    down, right = top - box.top, left - box.left
    covered = Box(top, top + box.bottom - box.top, left, left + box.right - box.left)
    onto = On(target, source.home)
    other = source.sheet.casefold() != target.casefold()

    def change(reference: Reference) -> Reference | None:
        span = reference.span
        sides = (span.top, span.bottom, span.left, span.right)
        if span.bottom is None or span.right is None or span.top is None or span.left is None:
            return reference
        cells = Box(span.top, span.bottom, span.left, span.right)
        if source.meant(reference) and box.holds(cells):
            moved = reference.to(
                Span(sides[0] + down, sides[1] + down, sides[2] + right, sides[3] + right)  # type: ignore[operator]
            )
            return replace(moved, sheet=_prefix(target, source.home)) if other else moved
        return None if onto.meant(reference) and covered.holds(cells) else reference

    return change


def _prefix(title: str, home: str) -> str | None:
    """Return how a sheet is named in a formula that stands on sheet *home*."""
    return None if title.casefold() == home.casefold() else a1.title(title)


def leaving(old_home: str, new_home: str) -> Change:
    """Return the change of a formula that was moved to another sheet: it points at the same cells.

    >>> rewrite("=A1+Two!A1", leaving("One", "Two"))
    '=One!A1+A1'
    """

    def change(reference: Reference) -> Reference:
        title = old_home if reference.title is None else reference.title
        return replace(reference, sheet=_prefix(title, new_home))

    return change


def renaming(old: str, new: str) -> Change:
    """Return the change when a sheet got another title.

    >>> rewrite("='Old one'!A1", renaming("Old one", "New"))
    '=New!A1'
    """

    def change(reference: Reference) -> Reference:
        title = reference.title
        if title is None or title.casefold() != old.casefold():
            return reference
        return replace(reference, sheet=a1.title(new))

    return change


def losing(sheet: str) -> Change:
    """Return the change when a sheet was taken away.

    >>> rewrite("=Gone!A1+A1", losing("Gone"))
    '=#REF!+A1'
    """

    def change(reference: Reference) -> Reference | None:
        title = reference.title
        return None if title is not None and title.casefold() == sheet.casefold() else reference

    return change


def changing(changes: Sequence[Change]) -> Change:
    """Return the change that makes one change after the other."""

    def change(reference: Reference) -> Reference | None:
        found: Reference | None = reference
        for one in changes:
            if found is None:
                return None
            found = one(found)
        return found

    return change
