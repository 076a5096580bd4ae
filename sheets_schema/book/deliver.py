"""Sending what a save will do, and seeing in the answer where it came to stand, and what stood there."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_schema.book.before import NUMBER, TITLE, copies
from sheets_schema.book.checking import Astray, astray, former_cells, to_show
from sheets_schema.book.failures import Taken
from sheets_schema.book.live import Live
from sheets_schema.book.plan import Plan, Signature, merged
from sheets_schema.book.send import Sender, send
from sheets_schema.book.typed_over import Over, typed_over
from sheets_schema.errors import BookError, MissingSheet

__all__ = ["Landed", "deliver"]

BEYOND: Final = re.compile(r"beyond the last|exceeds grid limits|outside the (?:grid|sheet)|out of bounds")
"""What is said of a row that the sheet does not have any more."""


@dataclass(frozen=True, slots=True)
class Landed:
    """How what was sent has met the sheet.

    Args:
        astray: The rows that landed elsewhere.
        over: The cells into which a person had typed in that instant, and which were written over.
    """

    astray: Sequence[Astray] = ()
    over: Sequence[Over] = ()

    @property
    def is_well(self) -> bool:
        """Whether all is as it was planned."""
        return not self.astray and not self.over


def deliver(
    book: Sender, plans: Sequence[tuple[Signature, Plan]], lives: Mapping[str, Live]
) -> Landed | None:
    """Send plans, each in its own name, in one request.

    Returns:
        How it has met the sheet; None if nothing was done and the rows are to be looked at again:
        somebody else was first, or the sheet has become shorter.
    """
    seconds, saves = time.time(), [signature.save for signature, _ in plans]
    journalled = [each for own, plan in plans for each in plan.requests_for(book, lives, own)]
    whole = merged([plan for _, plan in plans])
    rows = [(name, row) for name, written in whole.writes.items() for row in (1, *written)]
    width = max((_width(lives[name], written) for name, written in whole.writes.items()), default=0)
    aside = copies(saves[0], rows, width, seconds)
    requests = [*aside.requests(book, whole.ids, seconds), *journalled]
    shown = to_show(whole, lives, aside)
    try:
        sheets = send(book, requests, whole.claims, *saves, shown=shown)
    except Taken:
        return None
    except MissingSheet as error:
        if error.facts.get("sheet") != str(NUMBER):
            raise
        book.forget_sheets()
        return None
    except BookError as error:
        reason = str(error.facts.get("reason"))
        if type(error) is not BookError or not (TITLE in reason or BEYOND.search(reason)):
            raise
        book.forget_sheets()
        return None
    numbers = {name: book.grid(name).id for name in (*whole.writes, *whole.rows, "journal")}
    over = typed_over(whole, lives, book.tables, former_cells(aside, sheets))
    return Landed(astray(whole, lives, aside, numbers, sheets), over)


def _width(live: Live, written: Mapping[int, Mapping[int, object]]) -> int:
    """Return how many cells of a sheet's rows are named, or written."""
    return max(len(live.header.cells), *(max(places, default=-1) + 1 for places in written.values()))
