"""Day first or month first: decided once for a whole column, from what stands in it."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from opsline.imports.errors import AmbiguousDates

__all__ = ["Evidence", "Order", "decide", "is_dated", "look_at", "read_dated"]

DATED: Final = re.compile(
    r"\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?\s*"
)
MONTHS: Final = 12
EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's serial numbers have no zone
CENTURY: Final = 2000


@enum.unique
class Order(enum.StrEnum):
    """What the first of two numbers is."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the texts of a column say about their order.

    Args:
        days: How many can only be read day-first.
        months: How many can only be read month-first.
        open: How many can be read either way as different days.
        example: One of those that can be read either way.
    """

    days: int = 0
    months: int = 0
    open: int = 0
    example: str = ""


def look_at(texts: Iterable[str], so_far: Evidence | None = None) -> Evidence:
    """Count what some texts say about the order of a column.

    >>> look_at(["29/2/2016 01:16", "3/4/2016 05:00"])
    Evidence(days=1, months=0, open=1, example='3/4/2016 05:00')
    """
    seen = so_far or Evidence()
    for text in texts:
        found = DATED.fullmatch(text)
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if first > MONTHS >= second:
            seen = replace(seen, days=seen.days + 1)
        elif second > MONTHS >= first:
            seen = replace(seen, months=seen.months + 1)
        elif first != second and max(first, second) <= MONTHS:
            seen = replace(seen, open=seen.open + 1, example=seen.example or text)
    return seen


def is_dated(text: str) -> bool:
    """Say whether a text is a date whose reading depends on which comes first, day or month."""
    return DATED.fullmatch(text) is not None


def decide(column: str, evidence: Evidence, told: Order | None = None) -> Order | None:
    """Return the order of a column; None where nothing in it depends on one.

    Args:
        column: Its name, for the sentence.
        evidence: What all of its texts say.
        told: What a person or a mapping says; it goes before the evidence.

    Raises:
        AmbiguousDates: Texts can be read either way, and nothing decides between them.
    """
    if told is not None:
        return told
    if evidence.days != evidence.months:
        return Order.DAY_FIRST if evidence.days > evidence.months else Order.MONTH_FIRST
    if not evidence.open and not evidence.days:
        return None
    if not evidence.example:
        raise AmbiguousDates("imports.mixed_dates", column=column, count=evidence.days)
    first, second = (_day(evidence.example, order) for order in Order)
    raise AmbiguousDates(column=column, example=evidence.example, first=first, second=second)


def _day(text: str, order: Order) -> str:
    """Return the day that a text means in an order."""
    return f"{EPOCH + dt.timedelta(days=read_dated(text, order) or 0):%Y-%m-%d}"


@lru_cache(maxsize=100_000)
def read_dated(text: str, order: Order) -> float | None:
    """Return a text's serial number (days since 1899-12-30, local); None if it is no such date.

    >>> read_dated("29/2/2016 06:00", Order.DAY_FIRST), read_dated("29/2/2016", Order.MONTH_FIRST)
    (42429.25, None)
    """
    found = DATED.fullmatch(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (first, second) if order is Order.DAY_FIRST else (second, first)
    hour, minute, seconds = (int(found[place] or 0) for place in (5, 6, 7))
    half = (found[8] or "").lower()[:1]
    if half:
        hour = hour % MONTHS + (MONTHS if half == "p" else 0)
    try:
        moment = dt.datetime(year + (CENTURY if year < 100 else 0), month, day, hour, minute, seconds)  # noqa: DTZ001, PLR2004
    except ValueError:
        return None
    return (moment - EPOCH) / dt.timedelta(days=1)
