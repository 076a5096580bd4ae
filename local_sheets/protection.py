"""Protected ranges: which cells of a spreadsheet a person may not edit."""

from dataclasses import dataclass

from local_sheets import a1
from local_sheets.a1 import Span
from local_sheets.errors import BadRequest, Json
from local_sheets.rights import Person, may_edit_protected
from local_sheets.store import Book, Sheet

REFUSAL = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove"
    " protection if you need to edit."
)


class Protected(BadRequest):
    """The caller may not edit what they tried to edit."""

    def __init__(self, message: str = REFUSAL, details: list[Json] | None = None) -> None:
        super().__init__(message, details)


@dataclass(frozen=True, slots=True)
class Locked:
    """A protected range that the caller may not edit: its ProtectedRange, and where it lies.

    Args:
        item: The ProtectedRange as it is kept.
        span: Its cells; open sides reach to the end of the grid, however far that is.
        free: The cells of a protected sheet that anybody may edit.
    """

    item: Json
    span: Span
    free: tuple[Span, ...]

    @property
    def whole(self) -> bool:
        """Say whether the whole sheet is protected, not cells of it alone."""
        return self.span == Span()

    def columns(self, row: int, width: int) -> list[int]:
        """Return which of the first *width* columns of a row (all counted from 0) are protected."""
        if not _between(row, self.span.top, self.span.bottom):
            return []
        return [
            column
            for column in range(width)
            if _between(column, self.span.left, self.span.right)
            and not any(
                _between(row, free.top, free.bottom) and _between(column, free.left, free.right)
                for free in self.free
            )
        ]


def _between(index: int, start: int | None, end: int | None) -> bool:
    """Say whether an index lies in a side; None is an open end."""
    return (start or 0) <= index and (end is None or index < end)


def locked(book: Book, sheet: Sheet, who: Person) -> list[Locked]:
    """Return the protected ranges of a sheet that a person may not edit."""
    kept = sheet.about.get("protectedRanges", ())
    return [located(book, item) for item in kept if not may_edit_protected(book, who, item)]


def located(book: Book, item: Json) -> Locked:
    """Return where a ProtectedRange lies now."""
    free = tuple(a1.from_grid(grid) for grid in item.get("unprotectedRanges") or ())
    return Locked(item, a1.from_grid(_grid(book, item)), free)


def _grid(book: Book, item: Json) -> Json:
    """Return the GridRange of a ProtectedRange; one that protects a named range lies where that lies."""
    for named in book.about.get("namedRanges", ()):
        if named["namedRangeId"] == item.get("namedRangeId"):
            return dict(named.get("range") or {})
    return dict(item.get("range") or {})


def answered(book: Book, who: Person, item: Json) -> Json:
    """Return a ProtectedRange as it is answered to a person: editors are named to those who may edit."""
    may = may_edit_protected(book, who, item)
    answer = {name: value for name, value in item.items() if name != "requestingUserCanEdit"}
    if not may:
        answer.pop("editors", None)
    return answer | ({"requestingUserCanEdit": True} if may else {})


def may_edit_cell(book: Book, sheet: Sheet, who: Person, row: int, column: int) -> bool:
    """Say whether no protected range keeps a person out of a cell (counted from 0)."""
    return not any(column in one.columns(row, column + 1) for one in locked(book, sheet, who))
