"""What is known of a ticket, label by label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.tickets.rules import blank, text_of
from widgets.parts import link

if TYPE_CHECKING:
    from sheets_schema.language import Field
    from widgets.desk import Desk
    from widgets.tickets.counter import TicketDesk

__all__ = ["facts_of"]

ELSEWHERE: Final = frozenset(
    [
        "id",
        "subject",
        "status",
        "priority",
        "sla_policy",
        "first_response_due",
        "resolution_due",
        "first_response_at",
        "paused_since",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "version",
    ]
)
"""Fields that the head and the clocks show."""


def facts_of(counter: TicketDesk, ticket: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and value, as safe HTML, of every field that is filled in; a team's own too."""
    for field in counter.table.fields:
        value = ticket.get(field.name)
        if field.name not in ELSEWHERE and not _is_nothing(field, value):
            yield field.label(counter.desk.language), _shown(counter, field, value)


def _is_nothing(field: Field, value: Any) -> bool:
    """Say whether a value tells nobody anything: blank, a no, or a count of none."""
    return blank(value) or ((field.type == "boolean" or field.computed) and not value)


def _shown(counter: TicketDesk, field: Field, value: Any) -> str:
    """Return a value as it is read, as safe HTML."""
    if field.name == "parent":
        return link(counter.desk.href("tickets", id=text_of(value)), text_of(value))
    return escape(
        counter.personal(field.name, value) if field.personal else _words(counter.desk, field, value)
    )


def _words(desk: Desk, field: Field, value: Any) -> str:
    """Return a value as text."""
    if field.foreign:
        return desk.name(field.foreign, value)
    if field.enum:
        return field.choice_label(value, desk.language)
    if field.type == "boolean":
        return desk.say("common.yes" if value else "common.no")
    moments = {"datetime": desk.local, "date": desk.day}
    if field.type in moments:
        return moments[field.type](value)
    return f"{value:g}" if isinstance(value, float) else text_of(value)
