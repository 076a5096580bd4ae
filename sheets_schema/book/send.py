"""Sending a write once: claimed, so that an answer that was lost cannot make it happen twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from sheets_schema.book import claims
from sheets_schema.book.failures import Lost, Taken
from sheets_schema.book.live import Seen
from sheets_schema.book.titles import Grid
from sheets_schema.errors import QuotaFault, Unreachable
from sheets_schema.language import Table

__all__ = ["Request", "Sender", "send"]

RESENDS: Final = 4
"""How often a request is sent whose answer was lost."""

Request = dict[str, Any]


class Sender(Protocol):
    """What a save needs of a book."""

    seen: dict[str, Seen]
    ring: claims.Ring
    sleep: Callable[[float], None]

    @property
    def time_zone(self) -> str:
        """The workbook's time zone."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables, with the team's fields."""

    def grid(self, table: str) -> Grid:
        """Return a table's sheet."""

    def hidden(self, title: str) -> Grid | None:
        """Return a sheet that is no table's, None if there is none."""

    def forget_sheets(self) -> None:
        """Ask for the sheets again when one is needed next."""

    def read(self, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """Return the values of ranges, in one request."""

    def write(self, requests: Sequence[Request], shown: Sequence[str] = ()) -> list[Request]:
        """Send a batch: all of it is done, or nothing; return the sheets with what ranges hold then."""

    def show(self, ranges: Sequence[str]) -> list[Request]:
        """Return the sheets with what ranges hold now."""

    def claimed(self, number: int) -> str | None:
        """Return which save has claimed a number, None if none has."""


def send(
    book: Sender,
    requests: Sequence[Request],
    claimed: Sequence[tuple[object, ...]],
    *saves: str,
    shown: Sequence[str] = (),
) -> list[Request]:
    """Send the requests of one save or several, all or nothing, exactly once.

    Args:
        book: Where to.
        requests: What is to be done.
        claimed: What the saves claim besides themselves, such as the versions that they start from.
        saves: The saves' ids.
        shown: Ranges to be shown as they are once it is done.

    Returns:
        The sheets with those ranges' cells; of a moment later where the answer itself was lost.

    Raises:
        Taken: Somebody else has claimed one of them first; nothing was done.
        Lost: Whether it was done could not be learned within the bound.
    """
    began, save = time.time(), saves[0]
    owns = [claims.claim(began, each, "save", each) for each in saves]
    number = owns[0]["createDeveloperMetadata"]["developerMetadata"]["metadataId"]
    others = [claims.claim(began, save, *what) for what in claimed]
    batch = [*owns, *others, *book.ring.sweep(began), *requests]
    lost: Lost | None = None
    for attempt in range(RESENDS):
        try:
            return book.write(batch, shown)
        except Lost as error:
            lost = error
            book.sleep(random.uniform(0, 0.5 * 2**attempt))
        except Taken:
            if lost is None or not _done(book, number, save, lost):
                raise
            return _shown(book, shown, lost)
        if _done(book, number, save, lost):
            return _shown(book, shown, lost)
        if time.time() - began > claims.SLOT / 2:
            break
    raise lost or Lost(address=save)


def _done(book: Sender, number: int, save: str, lost: Lost) -> bool:
    """Say whether a save was done after all; raise *lost* where that cannot be asked either."""
    try:
        return book.claimed(number) == save
    except (Unreachable, QuotaFault):
        raise lost from None


def _shown(book: Sender, shown: Sequence[str], lost: Lost) -> list[Request]:
    """Return what ranges show of a save that was done; raise *lost* where that cannot be asked any more."""
    try:
        return book.show(shown) if shown else []
    except (Unreachable, QuotaFault):
        raise lost from None
