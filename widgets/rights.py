"""Who may write what: asked in Python at every save, because a browser can forge any button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sheets_schema.errors import NotAllowed
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.book import Change
    from widgets.desk import Desk

EVERYDAY: Final = frozenset({"tickets", "ticket_events", "actions"})
RULES: Final = frozenset(
    {
        *("settings", "people", "teams", "calendars", "holidays", "priority_matrix"),
        *("statuses", "sla_policies", "categories", "risk_levels", "fields"),
    }
)
KEEPERS: Final = frozenset({"manager", "admin"})


def may_write(role: str, table: str) -> bool:
    """Say whether a role may change rows of a table.

    A viewer changes nothing; agents and liaisons what the day brings; leads and analysts KPIs and
    risks too; the rules that all else follows from, only a manager or an administrator.

    >>> may_write("viewer", "tickets"), may_write("agent", "tickets"), may_write("lead", "people")
    (False, True, False)
    """
    if role in KEEPERS:
        return table != "journal"
    if role in {"lead", "analyst"}:
        return table not in RULES | {"journal"}
    return role in {"agent", "liaison"} and table in EVERYDAY


def refuse_unless_allowed(desk: Desk, changes: Sequence[Change]) -> None:
    """Raise NotAllowed where the desk's person may not make one of *changes*."""
    people = desk.frame("people")
    if desk.person not in set(people["id"].dropna()):
        raise NotAllowed("shell.rights.stranger", person=desk.person or "—")
    role = desk.role
    for table in dict.fromkeys(change.table for change in changes):
        if not may_write(role, table):
            raise NotAllowed(
                person=desk.name("people", desk.person),
                role=Message(f"shell.role.{role}"),
                action=Message("shell.rights.change", {"table": desk.book.tables[table].labels}),
            )
