"""Names of time zones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo

from sheets_schema.language.kinds.base import Column, Kind, Unfit
from sheets_schema.language.kinds.text import Text
from sheets_schema.language.kinds.vectors import texts_of
from sheets_schema.words import Message

__all__ = ["EachByItself", "Zone", "is_zone"]


@cache
def is_zone(name: str) -> bool:
    """Say whether the time zone database has a zone of this name.

    >>> is_zone("Asia/Shanghai"), is_zone("Beijing")
    (True, False)
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


class EachByItself(Text):
    """Text that is parsed cell by cell, since its column has few distinct ones."""

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the text, or an empty one for a missing value."""
        return Kind.format(self, value, time_zone)

    def column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n cells; see `Kind.column`."""
        texts = texts_of(cells)
        if texts is not None:
            return self.by_text(texts, time_zone, missing)
        found, faults = self._one_by_one(cells, range(len(cells)), time_zone, missing)
        return self.array([found.get(place) for place in range(len(cells))]), faults

    def written(self, values: Sequence[object], time_zone: str) -> list[object]:
        """Format n values; see `Kind.written`."""
        return Kind.written(self, values, time_zone)


class Zone(EachByItself):
    """The IANA name of a time zone.

    >>> Zone().parse("Asia/Shanghai")
    'Asia/Shanghai'
    """

    def _parse(self, cell: object, time_zone: str) -> str:
        """Return the name of a zone; raise Unfit if there is none of this name."""
        text = super()._parse(cell, time_zone)
        if not is_zone(text):
            raise Unfit(Message("language.must.time_zone"))
        return text
