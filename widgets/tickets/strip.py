"""The SLA strip of a ticket: two clocks, and why each due time is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.tickets.explain import Explanation, Segment, explain
from sheets_schema.tickets.pauses import pauses
from sheets_schema.tickets.promise import Promise, number, promise_of
from sheets_schema.tickets.rules import blank
from widgets.parts import badge
from widgets.tickets.counter import STATE_TONES, hours_words, muted

if TYPE_CHECKING:
    from widgets.tickets.counter import TicketDesk

__all__ = ["explained", "explanation_html", "preview_html", "strip_html"]

SHOWN = 60
"""Segments of an explanation that are listed; a promise of months has more."""


def strip_html(counter: TicketDesk, ticket: Mapping[str, Any], clocks: Mapping[Any, Any]) -> str:
    """Return both clocks of a ticket as safe HTML."""
    say = counter.desk.say
    first = _clock(
        counter,
        say("tickets.first_response"),
        clocks["response_state"],
        clocks["response_due"],
        clocks["response_left"],
        clocks["response_used"],
        ticket["first_response_at"],
    )
    second = _clock(
        counter,
        say("tickets.resolution"),
        clocks["state"],
        clocks["due"],
        clocks["left"],
        clocks["used"],
        ticket["resolved_at"],
    )
    level = int(clocks["level"])
    raised = (
        f'<p class="op-text">{badge(say("tickets.level", level=level), "red" if level > 1 else "amber")}</p>'
        if level
        else ""
    )
    return f'<div class="op-clocks">{first}{second}</div>{raised}'


def explained(counter: TicketDesk, ticket: Mapping[str, Any], events: pd.DataFrame) -> str:
    """Return why a ticket is due when it is, as safe HTML; blank where nothing is promised."""
    rules, now = counter.rules, counter.desk.now()
    paused = 0.0 if blank(ticket["paused_hours"]) else number(ticket["paused_hours"])
    promise = promise_of(rules, ticket["category"], ticket["priority"], ticket["opened_at"], paused)
    working = rules.calendar_of(promise.policy)
    if not promise.policy or working is None or pd.isna(promise.resolution_due):
        return ""
    why = explain(working, ticket["opened_at"], promise.resolution_hours, pauses(events, rules, now), paused)
    answer = explain(working, ticket["opened_at"], promise.first_response_hours)
    return (
        explanation_html(counter, "tickets.why_first", answer, promise)
        + explanation_html(counter, "tickets.why_resolution", why, promise)
        + _differs(counter, ticket["resolution_due"], why)
    )


def preview_html(counter: TicketDesk, promise: Promise, now: pd.Timestamp) -> str:
    """Return the due times that a draft would have, with their explanation, as safe HTML."""
    say, working = counter.desk.say, counter.rules.calendar_of(promise.policy)
    if not promise.policy or working is None or pd.isna(promise.resolution_due):
        return muted(say("tickets.no_promise"))
    parts = []
    for label, why, due, hours in (
        (
            "tickets.first_response_due",
            "tickets.why_first",
            promise.first_response_due,
            promise.first_response_hours,
        ),
        (
            "tickets.resolution_due",
            "tickets.why_resolution",
            promise.resolution_due,
            promise.resolution_hours,
        ),
    ):
        parts.append(
            f'<p class="op-due"><span class="op-muted">{escape(say(label))}</span> '
            f"<strong>{escape(counter.desk.local(due))}</strong> "
            f'<span class="op-muted">{escape(hours_words(counter.desk, hours))}</span></p>'
            + explanation_html(counter, why, explain(working, now, hours), promise)
        )
    return "".join(parts)


def explanation_html(counter: TicketDesk, title: str, found: Explanation, promise: Promise) -> str:
    """Return an explanation as a table that a person may open, as safe HTML."""
    desk = counter.desk
    shown = found.segments[:SHOWN]
    rows = "".join(_segment(counter, each) for each in shown)
    more = len(found.segments) - len(shown)
    rest = (
        f'<tr><td colspan="3">{escape(desk.say("tickets.more_segments", count=more))}</td></tr>'
        if more
        else ""
    )
    unplaced = (
        muted(desk.say("tickets.unplaced", hours=hours_words(desk, found.unplaced))) if found.unplaced else ""
    )
    total = desk.say(
        "tickets.why_total",
        hours=hours_words(desk, found.counted),
        due=desk.local(found.due),
        policy=desk.name("sla_policies", promise.policy),
    )
    heads = "".join(
        f"<th scope='col'>{escape(desk.say(key))}</th>"
        for key in ("tickets.from_to", "tickets.kind", "tickets.counts")
    )
    return (
        f'<details class="op-figures op-explained"><summary>{escape(desk.say(title))}</summary>'
        f'<table class="op-table"><thead><tr>{heads}</tr></thead><tbody>{rows}{rest}</tbody></table>'
        f'<p class="op-text">{escape(total)}</p>{unplaced}</details>'
    )


def _segment(counter: TicketDesk, segment: Segment) -> str:
    """Return one stretch of time as a row of a table."""
    desk = counter.desk
    name = segment.name
    if segment.kind == "paused" and name:
        name = desk.name("statuses", name)
    kind = desk.say(f"tickets.segment.{segment.kind}")
    words = desk.say("tickets.segment_named", kind=kind, name=name) if name else kind
    counts = hours_words(desk, segment.hours) if segment.hours else "—"
    zone = desk.book.time_zone
    start, end = segment.start.tz_convert(zone), segment.end.tz_convert(zone)
    last = f"{end:%H:%M}" if start.date() == end.date() else desk.local(segment.end)
    ends = f"{desk.local(segment.start)} – {last}"
    return f"<tr><td>{escape(ends)}</td><td>{escape(words)}</td><td>{escape(counts)}</td></tr>"


def _differs(counter: TicketDesk, kept: Any, found: Explanation) -> str:
    """Say so where the sheet holds another due time than the rules give."""
    if blank(kept) or pd.isna(found.due) or abs(kept - found.due) <= pd.Timedelta(minutes=1):
        return ""
    desk = counter.desk
    words = desk.say("tickets.due_differs", kept=desk.local(kept), found=desk.local(found.due))
    return f'<p class="op-note op-amber">{escape(words)}</p>'


def _clock(counter: TicketDesk, label: str, state: str, due: Any, left: Any, used: Any, done: Any) -> str:
    """Return one clock as safe HTML: its state, its due time, what is left, and a bar."""
    desk = counter.desk
    tone = STATE_TONES.get(state, "grey")
    share = 0.0 if blank(used) else max(0.0, min(1.0, float(used)))
    when = (
        desk.say("tickets.due_at", moment=desk.local(due)) if not blank(due) else desk.say("tickets.no_due")
    )
    rest = desk.say("tickets.done_at", moment=desk.local(done)) if not blank(done) else counter.left(left)
    meter = (
        ""
        if blank(used)
        else (f'<span class="op-meter op-{tone}"><span style="width:{share * 100:.0f}%"></span></span>')
    )
    return (
        f'<div class="op-clock op-{tone}"><span class="op-muted">{escape(label)}</span> '
        f"{badge(counter.state(state), tone)}<strong>{escape(rest)}</strong>"
        f"<span>{escape(when)}</span>{meter}</div>"
    )
