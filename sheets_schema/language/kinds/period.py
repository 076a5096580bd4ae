"""A year, a quarter or a month."""

from __future__ import annotations

import re
from typing import Final

from sheets_schema.language.cells import plain
from sheets_schema.language.kinds.base import Unfit
from sheets_schema.language.kinds.moment import Date
from sheets_schema.language.kinds.zone import EachByItself
from sheets_schema.words import Message

__all__ = ["Period"]

WAYS: Final = (
    re.compile(r"(?P<year>\d{4})年?"),
    re.compile(r"(?P<year>\d{4})[-/. ]?q(?P<quarter>[1-4])"),
    re.compile(r"q(?P<quarter>[1-4])[-/. ](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})年第?(?P<quarter>[1-4一二三四])季度?"),
    re.compile(r"(?P<year>\d{4})[-/.年](?P<month>0?[1-9]|1[0-2])月?"),
)
CHINESE: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}


class Period(EachByItself):
    """A period such as 2026, 2026-Q1 or 2026-01.

    A sheet makes a date of a typed 2026-01; the first day of a month is read as that month.

    >>> kind = Period()
    >>> kind.parse(46023), kind.parse("2026年1月"), kind.parse("2026 Q1"), kind.parse(2026)
    ('2026-01', '2026-01', '2026-Q1', '2026')
    """

    def _parse(self, cell: object, time_zone: str) -> str:
        """Return the period that a cell means, in the form that sorts; raise Unfit."""
        words = plain(super()._parse(cell, time_zone)).lower()
        for way in WAYS:
            if found := way.fullmatch(words):
                return _worded(found.groupdict())
        try:
            day = Date().day(cell, time_zone)
        except Unfit:
            raise Unfit(Message("language.must.period")) from None
        if day.day != 1:
            raise Unfit(Message("language.must.period"))
        return f"{day:%Y-%m}"


def _worded(parts: dict[str, str | None]) -> str:
    """Return a period in its one form."""
    if quarter := parts.get("quarter"):
        return f"{parts['year']}-Q{CHINESE.get(quarter, quarter)}"
    if month := parts.get("month"):
        return f"{parts['year']}-{int(month):02d}"
    return str(parts["year"])
