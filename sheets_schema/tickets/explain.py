"""Why a ticket is due when it is: every stretch of time from its start, counted or not."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from sheets_schema.tickets.rules import WorkingTime, blank

__all__ = ["Explanation", "Kind", "Segment", "explain"]

HOUR = pd.Timedelta(hours=1)


@enum.unique
class Kind(enum.StrEnum):
    """Why a stretch of time counts, or does not."""

    COUNTED = "counted"
    MAKE_UP = "make_up"
    LUNCH = "lunch"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of time.

    Args:
        kind: Why it counts or does not.
        start: Its beginning, in UTC.
        end: Its end, in UTC; the next segment begins there.
        hours: What it adds to the time used; 0 where it does not count.
        name: The holiday, or the status waited in.
    """

    kind: Kind
    start: pd.Timestamp
    end: pd.Timestamp
    hours: float = 0.0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due time and the segments that lead to it.

    Args:
        segments: From the start to the due time, without gap or overlap.
        due: The due time, in UTC; NaT where the calendar ends before.
        target: The working hours promised.
        unplaced: Working hours of pause that the ticket holds and its history does not show.
    """

    segments: tuple[Segment, ...]
    due: pd.Timestamp
    target: float
    unplaced: float = 0.0

    @property
    def counted(self) -> float:
        """The working hours that the segments add up to: target and unplaced together."""
        return sum(segment.hours for segment in self.segments)


def explain(
    working: WorkingTime,
    start: pd.Timestamp,
    target: float,
    paused: pd.DataFrame | None = None,
    recorded: float | None = None,
) -> Explanation:
    """Explain the moment by which *target* working hours have passed that were not paused.

    Args:
        working: The calendar.
        start: Where the clock starts, with a time zone.
        target: Working hours, more than 0.
        paused: Pauses in order (`start`, `end`, `status`); none where left out.
        recorded: The ticket's own `paused_hours`; where it holds more than *paused* shows, the rest
            is added to the time and said to be `unplaced`.
    """
    spans = [] if paused is None else list(paused.itertuples(index=False, name=None))
    waited = sum(working.hours_between(max(begin, start), end) for begin, end, _ in spans if end > start)
    unplaced = max(0.0, (recorded or 0.0) - waited)
    unplaced = unplaced if unplaced > 1 / 60 else 0.0
    need = target + unplaced
    bound = working.moment_after(start, need + waited)
    if blank(bound):
        return Explanation((), bound, target, unplaced)
    segments = tuple(_joined(_until(_pieces(working, start, bound, spans), need)))
    due = segments[-1].end if segments else start
    return Explanation(segments, due, target, unplaced)


def _until(pieces: Iterator[Segment], need: float) -> Iterator[Segment]:
    """Yield segments until they have added up to *need* hours; the last one is cut there."""
    left = pd.Timedelta(microseconds=round(need * 3_600_000_000))
    for piece in pieces:
        if left <= pd.Timedelta(0):
            return
        if not piece.hours:
            yield piece
            continue
        end = min(piece.end, piece.start + left)
        left -= end - piece.start
        yield replace(piece, end=end, hours=(end - piece.start) / HOUR)


def _pieces(
    working: WorkingTime,
    start: pd.Timestamp,
    end: pd.Timestamp,
    spans: list[tuple[pd.Timestamp, pd.Timestamp, str]],
) -> Iterator[Segment]:
    """Yield every stretch between two moments: intervals of work cut by pauses, and what lies between."""
    here = start.tz_convert("UTC")
    for begins, ends, made_up in working.within(start, end).itertuples(index=False, name=None):
        yield from _gap(working, here, begins)
        yield from _cut(Segment(Kind.MAKE_UP if made_up else Kind.COUNTED, begins, ends), spans)
        here = ends
    yield from _gap(working, here, end.tz_convert("UTC"))


def _cut(work: Segment, spans: list[tuple[pd.Timestamp, pd.Timestamp, str]]) -> Iterator[Segment]:
    """Yield an interval of work in the parts that a pause covers and those that it does not."""
    inside = [(begin, end, name) for begin, end, name in spans if begin < work.end and end > work.start]
    edges = sorted(
        {work.start, work.end}
        | {edge for begin, end, _ in inside for edge in (begin, end) if work.start < edge < work.end}
    )
    for begins, ends in pairwise(edges):
        name = next((name for begin, end, name in inside if begin <= begins and end >= ends), None)
        if name is None:
            yield replace(work, start=begins, end=ends, hours=(ends - begins) / HOUR)
        else:
            yield Segment(Kind.PAUSED, begins, ends, name=name)


def _gap(working: WorkingTime, start: pd.Timestamp, end: pd.Timestamp) -> Iterator[Segment]:
    """Yield the time between two intervals of work, cut where a local day ends."""
    zone = working.time_zone
    while start < end:
        day = start.tz_convert(zone).tz_localize(None).normalize()
        ends = min(end, (day + pd.Timedelta(days=1)).tz_localize(zone, nonexistent="shift_forward"))
        yield _closed(working, start, ends.tz_convert("UTC"), day)
        start = ends.tz_convert("UTC")


def _closed(working: WorkingTime, start: pd.Timestamp, end: pd.Timestamp, day: pd.Timestamp) -> Segment:
    """Say why nobody works during a part of one local day."""
    zone = working.time_zone
    first = day.tz_localize(zone, nonexistent="shift_forward")
    next_day = (day + pd.Timedelta(days=1)).tz_localize(zone, nonexistent="shift_forward")
    hours = working.within(first, next_day)
    if hours.empty and day in working.holidays:
        return Segment(Kind.HOLIDAY, start, end, name=working.holidays[day])
    if len(hours) and start >= hours["end"].iloc[0] and end <= hours["start"].iloc[-1]:
        return Segment(Kind.LUNCH, start, end)
    return Segment(Kind.CLOSED, start, end)


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Yield segments, neighbours of one kind and name as one."""
    held: Segment | None = None
    for segment in segments:
        if held is None:
            held = segment
        elif (held.kind, held.name, held.end) == (segment.kind, segment.name, segment.start):
            held = replace(held, end=segment.end, hours=held.hours + segment.hours)
        else:
            yield held
            held = segment
    if held is not None:
        yield held
