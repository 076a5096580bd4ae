"""Claims: how two writers of one row, or one request sent twice, are told apart.

A claim is a piece of developer metadata whose number is made from what is claimed (this save; the
next version of this row). The API promises that such a number is unique in a spreadsheet, and that a
batch with one bad request is refused as a whole: so of two saves that claim the same, one passes.

Claims are few: they lie in three slots of two minutes by the clock, and who enters a slot sweeps the
one before the last. A writer therefore has two minutes between reading a row and writing it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

__all__ = ["SLOT", "SLOTS", "Ring", "claim", "number_of"]

SLOT: Final = 120
"""Seconds in a slot."""
SLOTS: Final = 3


def claim(seconds: float, save: str, *what: object) -> dict[str, Any]:
    """Return the request that claims something.

    Args:
        seconds: The real time, in seconds since 1970.
        save: The save's id, kept with the claim.
        what: What is claimed; equal things get equal numbers.
    """
    metadata = {
        "metadataId": number_of(*what),
        "metadataKey": _key(int(seconds // SLOT)),
        "metadataValue": save,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def number_of(*what: object) -> int:
    """Return the number of a claim."""
    digest = hashlib.blake2b("\x1f".join(map(str, what)).encode(), digest_size=4).digest()
    return (int.from_bytes(digest) & 0x7FFFFFFF) or 1


class Ring:
    """Remembers which slot this process has swept."""

    def __init__(self) -> None:
        """Remember none."""
        self._swept: int | None = None
        self._cleared: int | None = None

    def enters(self, seconds: float) -> int | None:
        """Return the slot whose copies are to be cleared (`before.py`), None if that was done already."""
        slot = int(seconds // SLOT)
        if slot == self._cleared:
            return None
        self._cleared = slot
        return slot + 1

    def sweep(self, seconds: float) -> list[dict[str, Any]]:
        """Return the requests that take away the claims of the slot before the last, if not yet done."""
        slot = int(seconds // SLOT)
        if slot == self._swept:
            return []
        self._swept = slot
        lookup = {"metadataKey": _key(slot + 1)}
        return [{"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}]


def _key(slot: int) -> str:
    """Return the key of the claims of a slot."""
    return f"opsline.claim.{slot % SLOTS}"
