"""The words of refusals, by which the book knows what to do next."""

from __future__ import annotations

from collections.abc import Callable

from sheets_schema.book.deliver import BEYOND
from sheets_schema.book.guarantees.guarantee import Seen
from sheets_schema.book.guarantees.scratch import Scratch
from sheets_schema.errors import BookError, MissingSheet

__all__ = ["refusal_words"]


def refusal_words(scratch: Scratch) -> Seen:
    """Ask for a sheet that is not there, by title and by number; write below the last row; take a title."""
    grid, _ = scratch.line()
    absent = 1 + max(each.id for each in scratch.book.workbook.grids.values()) % 0x7FFFFFF0
    lost = scratch.put(grid, 1, "never")
    lost[0]["updateCells"]["start"]["sheetId"] = absent
    again = {"addSheet": {"properties": {"title": grid.title}}}
    title = f"absent {absent}"
    cases: dict[str, tuple[Callable[[], object], Callable[[BookError], bool]]] = {
        "title": (lambda: scratch.book.read([f"'{title}'!A1"]), lambda error: _names(error, title)),
        "gid": (lambda: scratch.book.write(lost), lambda error: _names(error, str(absent))),
        "row": (
            lambda: scratch.book.write(scratch.put(grid, grid.rows + 9, "never")),
            lambda error: bool(BEYOND.search(_reason(error))),
        ),
        "taken": (lambda: scratch.book.write([again]), lambda error: grid.title in _reason(error)),
    }
    found = {name: _said(*case) for name, case in cases.items()}
    return Seen(f"{found}", f"{dict.fromkeys(cases, 'known')}")


def _said(ask: Callable[[], object], is_known: Callable[[BookError], bool]) -> str:
    """Return whether a refusal is known; its words, if it is not."""
    try:
        ask()
    except BookError as error:
        return "known" if is_known(error) else _reason(error)
    return "not refused"


def _names(error: BookError, sheet: str) -> bool:
    """Say whether an error tells which sheet is missing."""
    return isinstance(error, MissingSheet) and error.facts.get("sheet") == sheet


def _reason(error: BookError) -> str:
    """Return the service's own words."""
    return str(error.facts.get("reason") or error)
