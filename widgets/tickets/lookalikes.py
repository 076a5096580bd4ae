"""Tickets that look like the one being typed, as a list."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from sheets_schema.tickets.duplicates import possible_duplicates
from sheets_schema.tickets.rules import blank, text_of
from widgets.parts import badge, link, listing
from widgets.tickets.counter import muted

if TYPE_CHECKING:
    from widgets.tickets.counter import TicketDesk

__all__ = ["lookalikes_html"]


def lookalikes_html(counter: TicketDesk, typed: Mapping[str, Any]) -> str:
    """Return recent tickets that may be the same request, as safe HTML.

    Args:
        counter: The desk.
        typed: `requester`, `contact` and `subject` as typed so far.
    """
    desk = counter.desk
    if all(blank(value) for value in typed.values()):
        return muted(desk.say("tickets.alike.none_yet"))
    days = desk.snapshot.setting("duplicate_days") or "30"
    found = possible_duplicates(
        counter.tickets,
        desk.now(),
        requester=typed["requester"],
        contact=typed["contact"],
        subject=typed["subject"],
        days=int(days) if days.isdigit() else 30,
    )
    return listing([_line(counter, row) for row in found.to_dict("records")], desk.say("tickets.alike.none"))


def _line(counter: TicketDesk, row: Mapping[Any, Any]) -> str:
    """Return one ticket as safe HTML."""
    desk = counter.desk
    why = desk.say(f"tickets.alike.{row['reason']}", likeness=round(row["likeness"]))
    status = badge(desk.name("statuses", row["status"]), counter.status_tone(row["status"]))
    number = link(desk.href("tickets", id=str(row["id"])), str(row["id"]))
    words = " · ".join(
        part for part in (text_of(row["requester"]), desk.local(row["opened_at"]), why) if part
    )
    return f'{number} {status} {escape(text_of(row["subject"]))}<p class="op-muted">{escape(words)}</p>'
