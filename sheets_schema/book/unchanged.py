"""Tables whose cells have not changed since they were last read: a local server tells which those are.

Google tells only that something has changed; there all is read, and a table that shows the same cells
stays the frame that it was (`Finder.same`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sheets_schema.book import known
from sheets_schema.book.shared import Shelf, identity, number_of
from sheets_schema.book.snapshot import ALWAYS

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["State", "state_of", "take_over"]

SMALL: Final = 500_000
"""Bytes of Arrow files; an empty table has some ten thousand."""


@dataclass(frozen=True, slots=True)
class State:
    """What a local server tells of a workbook.

    Args:
        version: The number of its version.
        sheets: Title -> the number of a version since which no cell of the sheet has changed.
    """

    version: int
    sheets: Mapping[str, int]


def state_of(book: Book) -> State | None:
    """Ask for the state of a workbook; None where nobody tells (Google), or no answer comes."""
    import requests

    address = book.client.door.state(str(book.workbook.id))
    if address is None:
        return None
    try:
        answer = book.client.session.get(address, timeout=(5.0, 10.0))
        told = answer.json() if answer.ok else {}
        return State(int(told["version"]), {str(name): int(at) for name, at in told["sheets"].items()})
    except (requests.RequestException, ValueError, LookupError, TypeError, AttributeError):
        return None


def take_over(book: Book, shelf: Shelf, names: Collection[str]) -> frozenset[str]:
    """Put what has not changed since some older version on a shelf, and return what that was.

    Nothing is where the tables that are wanted are small: to read them takes less than to ask.

    To be called while the shelf is held (`Shelf.alone`): then what lies in an older version's folder was
    read before the state is asked, so that a sheet which that version shares with this one cannot have
    been read in between as anything else. The settings and the team's fields decide how the others
    are read: where they have changed, nothing is taken over. Nor is a table in which a person's edits
    may not have been found yet: only what is known (`known.py`) is.
    """
    older = list(shelf.older())
    state = state_of(book) if _size(older, names) > SMALL else None
    if state is None or not _is_now(shelf, state):
        return frozenset()
    taken: set[str] = set()
    since = max(state.sheets.get(name, state.version) for name in ALWAYS)
    for number, folder in older:
        if number < since:
            break
        for file in folder.glob("[!.]*.arrow"):
            name = file.stem
            is_same = state.sheets.get(name, state.version) <= number <= state.version
            there = name in taken or (shelf.place / file.name).exists()
            if is_same and not there and _is_known(shelf, name, file) and shelf.link(file, name):
                taken.add(name)
    return frozenset(taken)


def _size(older: Sequence[tuple[int, Path]], names: Collection[str]) -> int:
    """Return how many bytes the newest older files of some tables have together."""
    sizes: dict[str, int] = {}
    for name, (_, folder) in product(names, older):
        if name not in sizes:
            with suppress(OSError):
                sizes[name] = (folder / f"{name}.arrow").stat().st_size
    return sum(sizes.values())


def _is_now(shelf: Shelf, state: State) -> bool:
    """Say whether a shelf's version is the one that a state tells of."""
    with suppress(ValueError):
        return number_of(shelf.version) == state.version
    return False


def _is_known(shelf: Shelf, name: str, file: Path) -> bool:
    """Say whether a file is what is known of a table; the journal is nobody's to edit."""
    if name == "journal":
        return True
    with suppress(OSError):
        there = known.file_of(shelf, name)
        return there is not None and identity(there) == identity(file)
    return False
