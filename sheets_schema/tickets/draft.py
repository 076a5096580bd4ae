"""A ticket not yet filed: what is typed, what the rules make of it, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import traitlets as tl

from sheets_schema.errors import Blocked
from sheets_schema.language import Table
from sheets_schema.tickets.edit import Edit, event
from sheets_schema.tickets.moves import allowed_moves
from sheets_schema.tickets.proposal import Proposal, propose
from sheets_schema.tickets.routing import category_row
from sheets_schema.tickets.rules import TicketRules, blank, text_of
from sheets_schema.words import Message

__all__ = ["TicketDraft"]

OWN_WORDS = frozenset({"requester", "category", "subject", "channel", "priority"})


class TicketDraft(tl.HasTraits):
    """A ticket not yet filed.

    Args:
        table: The table `tickets`, with the team's own fields.
        rules: The sheets that the rules follow; set them anew when the workbook changes.
        now: The moment at which the ticket would be opened; set it as time goes by.

    Set `values` (field -> value, as a form holds them); `proposal` and `blockers` follow at once.
    `blockers` are Messages, each with the `field` that it is about; none means that it can be filed.
    """

    values = tl.Dict()
    now: tl.Instance[pd.Timestamp] = tl.Instance(pd.Timestamp)
    rules: tl.Instance[TicketRules] = tl.Instance(TicketRules)
    proposal: tl.Instance[Proposal] = tl.Instance(Proposal, ())
    blockers = tl.Tuple()

    def __init__(self, table: Table, rules: TicketRules, now: pd.Timestamp, **values: Any) -> None:
        self.table = table
        super().__init__(rules=rules, now=now, values=values)
        self._follow()

    def edits(self, ticket_id: str, who: str) -> list[Edit]:
        """Return the ticket's row and its first events.

        Args:
            ticket_id: The number that the ticket is to have.
            who: Who files it; they are its first receiver.

        Raises:
            Blocked: Something still stands in its way; the first blocker says what.
        """
        if self.blockers:
            raise Blocked(reason=self.blockers[0], field=self.blockers[0].field)
        row = self._row(ticket_id, who)
        created = event(ticket_id, "created", self.now, who, new=text_of(row["status"]))
        return [Edit("tickets", row), created, *self._first_steps(ticket_id, who, row)]

    @tl.observe("values", "now", "rules")
    def _follow(self, _change: object = None) -> None:
        """Let the rules and the blockers follow what is typed."""
        if not hasattr(self, "table"):
            return
        self.proposal = propose(self.rules, self.values, self.now)
        self.blockers = tuple(self._blockers())

    def _blockers(self) -> Sequence[Message]:
        """Return what stands in the way, in the order of the form."""
        asked = [field for field in self.table.form_fields if field.required]
        missing = [field for field in asked if blank(self.values.get(field.name))]
        found = [
            Message(f"tickets.blocker.{field.name}", {}, field.name)
            if field.name in OWN_WORDS
            else Message("tickets.blocker.required", {"field": dict(field.labels)}, field.name)
            for field in missing
        ]
        return [*found, *self._refused()]

    def _refused(self) -> Sequence[Message]:
        """Return which of the values that are there may not be."""
        found = []
        category = self.values.get("category")
        row = category_row(self.rules.categories, category)
        if not blank(category) and (row is None or not _in_use(row)):
            found.append(Message("tickets.blocker.unknown_category", {"category": category}, "category"))
        elif self.values.get("complexity") == "complex" and row is not None and blank(row["department"]):
            found.append(Message("tickets.blocker.no_department", {"category": category}, "complexity"))
        for field in self.table.form_fields:
            value = self.values.get(field.name)
            must = None if blank(value) else field.check(value)
            if must is not None:
                facts = {"field": dict(field.labels), "must": must}
                found.append(Message("tickets.blocker.must", facts, field.name))
        return found

    def _row(self, ticket_id: str, who: str) -> dict[str, object]:
        """Return the ticket's row."""
        typed = {name: None if blank(value) else value for name, value in self.values.items()}
        priority = typed.get("priority") or self.proposal.priority
        assigned = bool(typed.get("assignee")) and "assigned" in allowed_moves(self.rules.statuses, "new")
        return {
            **typed,
            "id": ticket_id,
            "opened_at": self.now,
            "type": typed.get("type") or self.proposal.type or None,
            "priority": priority,
            "status": "assigned" if assigned else "new",
            "team": self.proposal.route.team or None,
            "department": self.proposal.route.department or None,
            "first_receiver": who or None,
            "reopen_count": 0,
            **self.proposal.promise.cells,
        }

    def _first_steps(self, ticket_id: str, who: str, row: dict[str, object]) -> list[Edit]:
        """Return the events of what filing it has decided already."""
        steps = []
        if not blank(row.get("assignee")):
            steps.append(event(ticket_id, "assign", self.now, who, new=text_of(row["assignee"])))
        if self.proposal.route.transfers:
            route = self.proposal.route
            steps.append(event(ticket_id, "handoff", self.now, who, old=route.team, new=route.department))
        return steps


def _in_use(category: pd.Series) -> bool:
    """Say whether new tickets can have a category; a blank says yes."""
    return blank(category["active"]) or bool(category["active"])
