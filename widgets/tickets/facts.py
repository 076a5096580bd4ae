"""What is known of a ticket, label by label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.tickets.rules import blank, text_of
from widgets.parts import link

if TYPE_CHECKING:
    from sheets_schema.language import Field
    from widgets.tickets.counter import TicketDesk

__all__ = ["facts_of"]

ELSEWHERE: Final = frozenset(
    """id subject status priority sla_policy first_response_due resolution_due first_response_at
    paused_since created_at created_by updated_at updated_by version""".split()
)
"""Fields that the head and the clocks show."""


def facts_of(counter: TicketDesk, ticket: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield label and value, as safe HTML, of every field that is filled in; a team's own too."""
    for field in counter.table.fields:
        value = ticket.get(field.name)
        if field.name not in ELSEWHERE and not blank(value) and value is not False:
            yield field.label(counter.desk.language), _shown(counter, field, value)


def _shown(counter: TicketDesk, field: Field, value: object) -> str:
    """Return a value as it is read, as safe HTML."""
    desk = counter.desk
    if field.name == "parent":
        return link(desk.href("tickets", id=text_of(value)), text_of(value))
    if field.personal:
        return escape(counter.personal(field.name, value))
    if field.foreign:
        return escape(desk.name(field.foreign, value))
    if field.enum:
        return escape(field.choice_label(value, desk.language))
    if field.type == "datetime":
        return escape(desk.local(value))  # type: ignore[arg-type]
    if field.type == "date":
        return escape(desk.day(value))  # type: ignore[arg-type]
    if field.type == "boolean":
        return escape(desk.say("common.yes" if value else "common.no"))
    return escape(f"{value:g}" if isinstance(value, float) else text_of(value))
