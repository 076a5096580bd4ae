"""What the rules make of a ticket while it is being typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sheets_schema.tickets.priority import priority_of
from sheets_schema.tickets.promise import Promise, promise_of
from sheets_schema.tickets.routing import Route, category_row, route
from sheets_schema.tickets.rules import TicketRules, text_of
from sheets_schema.words import Message

__all__ = ["Proposal", "propose"]

USUAL = "medium"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose for the values typed so far.

    Args:
        type: The category's type; blank where it names none.
        priority: The priority; blank where neither matrix nor category gives one.
        because: Where the priority comes from, as a sentence.
        route: Who takes it.
        promise: Policy and due times at the priority that is chosen.
    """

    type: str = ""
    priority: str = ""
    because: Message | None = None
    route: Route = field(default_factory=Route)
    promise: Promise = field(default_factory=Promise)


def propose(rules: TicketRules, values: Mapping[str, object], now: pd.Timestamp) -> Proposal:
    """Return what the rules propose.

    The matrix of impact and urgency gives the priority. Only while both are left at medium does the
    category's own priority go before it, so that a safety incident is urgent before anybody weighs it.

    Args:
        rules: Matrix, categories, policies and calendars.
        values: What is typed so far; a priority among them is chosen, and decides the promise.
        now: The moment at which the ticket would be opened.
    """
    row = category_row(rules.categories, values.get("category"))
    impact, urgency = text_of(values.get("impact")), text_of(values.get("urgency"))
    own = "" if row is None else text_of(row["priority"])
    given = priority_of(rules.matrix, impact, urgency) or ""
    weighed = (impact, urgency) != (USUAL, USUAL)
    priority = given if given and (weighed or not own) else own or given
    because = _because(
        priority, given, impact, urgency, row, from_matrix=bool(given) and (weighed or not own)
    )
    chosen = text_of(values.get("priority")) or priority
    return Proposal(
        type="" if row is None else text_of(row["type"]),
        priority=priority,
        because=because,
        route=route(rules.categories, values.get("category"), values.get("complexity")),
        promise=promise_of(rules, values.get("category"), chosen, now)
        if chosen and row is not None
        else Promise(),
    )


def _because(
    priority: str, given: str, impact: str, urgency: str, row: pd.Series | None, *, from_matrix: bool
) -> Message | None:
    """Return where a priority comes from."""
    if from_matrix:
        degrees = {
            name: Message(f"tickets.degree.{code}")
            for name, code in (("impact", impact), ("urgency", urgency))
        }
        return Message("tickets.because.matrix", {"priority": given, **degrees})
    if priority and row is not None:
        return Message("tickets.because.category", {"priority": priority, "category": _names(row)})
    return None


def _names(row: pd.Series) -> dict[str, str]:
    """Return what a category is called in each language."""
    english = text_of(row["name"]) or text_of(row["id"])
    return {
        "en": english,
        "zh-Hans": text_of(row.get("name_zh_hans")) or english,
        "zh-Hant": text_of(row.get("name_zh_hant")) or english,
    }
