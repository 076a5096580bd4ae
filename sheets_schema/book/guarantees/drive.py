"""Drive's version of the file, by which pages know that there is nothing new."""

from __future__ import annotations

from itertools import pairwise
from typing import Final
from uuid import uuid4

from sheets_schema.book.guarantees.guarantee import Seen
from sheets_schema.book.guarantees.scratch import Scratch

__all__ = ["last_editor", "version_rests", "version_rises"]

CHANGES: Final = 2
ASKS: Final = 4
WINDOWS: Final = 4
"""So often others may come in between."""


def version_rises(scratch: Scratch) -> Seen:
    """Change a cell, twice, and wait for the version to rise."""
    grid, row = scratch.line()
    seen = [_version(scratch)]
    for _ in range(CHANGES):
        scratch.book.write(scratch.put(grid, row, uuid4().hex[:8]))
        seen.append(scratch.until(lambda: _version(scratch), lambda now: now > seen[-1]))
    rises = all(one < two for one, two in pairwise(seen))
    found = " → ".join(map(str, seen))
    return Seen(found, found if rises else " < ".join("abc"))


def version_rests(scratch: Scratch) -> Seen:
    """Read, and ask for the version again and again while nobody changes anything."""
    grid, row = scratch.line()
    seen: list[int] = []
    for _ in range(WINDOWS):
        scratch.book.sleep(scratch.patience / 10)
        seen = []
        for _ in range(ASKS):
            seen.append(_version(scratch))
            scratch.read(grid, f"A{row}")
            scratch.book.sleep(0.1)
        if len(set(seen)) == 1:
            break
    return Seen(" → ".join(map(str, seen)), " → ".join(map(str, seen[:1] * ASKS)))


def last_editor(scratch: Scratch) -> Seen:
    """Ask who has changed the file last; somebody has, just now."""
    grid, row = scratch.line()
    scratch.book.write(scratch.put(grid, row, "mine"))
    scratch.book.version()
    name = scratch.book.last_user
    return Seen(name or "''", name or "name@example.com")


def _version(scratch: Scratch) -> int:
    """Return the version."""
    said = scratch.book.version().partition("@")[0]
    return int(said) if said.isdigit() else 0
