"""What happened to a ticket: its events, and what the journal knows beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.tickets.rules import blank, text_of
from widgets.parts import badge, listing

if TYPE_CHECKING:
    from widgets.tickets.counter import TicketDesk

__all__ = ["history_html"]

NAMED = {"assign": "people", "handoff": "teams", "status": "statuses", "created": "statuses"}
WHOLE = "*"
"""What the journal calls a row that was added or taken away."""

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


def history_html(counter: TicketDesk, ticket: str, events: pd.DataFrame, journal: pd.DataFrame) -> str:
    """Return everything that happened to a ticket, newest first, as safe HTML.

    Args:
        counter: The desk.
        ticket: The ticket's number.
        events: The ticket's rows of `ticket_events`.
        journal: The journal's rows; those of this ticket are shown where no event tells the same.
    """
    lines = [
        (row["at"], 1, _event(counter, row)) for row in events.to_dict("records") if not blank(row["at"])
    ]
    mine = journal[(journal["sheet"] == "tickets") & (journal["row_id"] == ticket) & journal["at"].notna()]
    for row in mine.to_dict("records"):
        told = row["field"] in TOLD and row["source"] in OURS
        if not told:
            lines.append((row["at"], 0, _change(counter, row)))
    ordered = sorted(lines, key=lambda line: line[:2], reverse=True)
    return listing([line for _, _, line in ordered], counter.desk.say("tickets.no_history"))


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


def _change(counter: TicketDesk, row: Mapping[Any, Any]) -> str:
    """Return one change of a cell as safe HTML."""
    desk = counter.desk
    name = text_of(row["field"])
    field = counter.table.field(name) if name in counter.table.names else None
    label = field.label(desk.language) if field else name
    who = desk.name("people", row["who"]) if not blank(row["who"]) else ""
    line = " · ".join(part for part in (desk.local(row["at"]), who, text_of(row["source"])) if part)
    head = f'<p class="op-muted">{escape(line)}</p>'
    if name == WHOLE:
        return head + badge(
            desk.say("tickets.row_gone" if blank(row["new"]) else "tickets.row_added"), "grey"
        )
    old, new = (counter.personal(name, row[side]) if field else text_of(row[side]) for side in ("old", "new"))
    changed = badge(desk.say("tickets.cell_changed"), "grey")
    return f"{head}{changed} {escape(label)}: {escape(old or '—')} → {escape(new or '—')}"
