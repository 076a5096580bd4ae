"""What happened to a ticket, in its events' words; the journal tells what is beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.tickets.rules import blank, text_of
from widgets.history import Story
from widgets.parts import badge

if TYPE_CHECKING:
    from widgets.tickets.counter import TicketDesk

__all__ = ["is_told", "stories"]

NAMED = {"assign": "people", "handoff": "teams", "status": "statuses", "created": "statuses"}

TOLD = frozenset(
    [
        "*",
        "id",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "version",
        "status",
        "assignee",
        "department",
        "resolution",
        "first_response_at",
        "resolved_at",
        "closed_at",
        "paused_since",
        "paused_hours",
        "reopen_count",
        "priority",
        "sla_policy",
        "first_response_due",
        "resolution_due",
        "csat_score",
        "csat_comment",
        "csat_at",
        "first_receiver",
    ]
)
"""Fields whose changes an event tells already, where a page of ours saved them."""

OURS = frozenset({"tickets", "intake"})
"""What our pages call themselves in the journal; another source writes no events."""


def is_told(source: str, field: str) -> bool:
    """Say whether an event tells a change already: our pages write one for each of these."""
    return source in OURS and field in TOLD


def stories(counter: TicketDesk, events: pd.DataFrame) -> list[Story]:
    """Return a ticket's events in the words of the page.

    Args:
        counter: The desk.
        events: The ticket's rows of `ticket_events`.
    """
    return [
        Story(row["at"], _event(counter, row), ("ticket_events", text_of(row["id"])))
        for row in events.to_dict("records")
        if not blank(row["at"])
    ]


def _event(counter: TicketDesk, row: Mapping[Any, Any]) -> str:
    """Return one event as safe HTML."""
    desk = counter.desk
    kind = desk.book.tables["ticket_events"].field("kind").choice_label(row["kind"], desk.language)
    public = row["kind"] == "reply" or (not blank(row["public"]) and bool(row["public"]))
    known = row["kind"] in {"status", "handoff", "assign"}
    shown = badge(kind, "green") if public else badge(kind, "blue" if known else "grey")
    head = f"{shown} {_old_new(counter, row)}"
    seen = badge(desk.say("tickets.public" if public else "tickets.internal"), "green" if public else "grey")
    who = escape(desk.name("people", row["by"])) if not blank(row["by"]) else ""
    body = f'<p class="op-said">{escape(text_of(row["text"]))}</p>' if _is_told(row) else ""
    return (
        f'<p class="op-muted">{escape(desk.local(row["at"]))} · {who} {seen if body else ""}</p>{head}{body}'
    )


def _is_told(row: Mapping[Any, Any]) -> bool:
    """Whether the event's text is for people; that of a `due` event names a field."""
    return not blank(row["text"]) and row["kind"] != "due"


def _old_new(counter: TicketDesk, row: Mapping[Any, Any]) -> str:
    """Return what was before and what is now, as safe HTML."""
    old, new = (_value(counter, row["kind"], row[name]) for name in ("old", "new"))
    if row["kind"] == "due" and text_of(row["text"]) in counter.table.names:
        label = counter.table.field(text_of(row["text"])).label(counter.desk.language)
        return f"{escape(label)}: {escape(old or '—')} → {escape(new or '—')}"
    if old and new:
        return f"{escape(old)} → {escape(new)}"
    return escape(new or old)


def _value(counter: TicketDesk, kind: str, value: object) -> str:
    """Return an event's value as it is called."""
    if blank(value):
        return ""
    if kind in NAMED:
        return counter.desk.name(NAMED[kind], value)
    return counter.choice("priority", value) if kind == "priority" else text_of(value)
