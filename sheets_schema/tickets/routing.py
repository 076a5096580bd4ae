"""Who takes a ticket: the category's team, and its department for a complex case."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sheets_schema.tickets.rules import text_of

__all__ = ["Route", "category_row", "route"]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a ticket goes; codes of `teams`, blank for none.

    Args:
        team: The team that takes it and answers to the customer.
        department: The department that handles a complex case; blank for a simple one.
    """

    team: str = ""
    department: str = ""

    @property
    def transfers(self) -> bool:
        """Whether the case is to be transferred."""
        return bool(self.department)


def category_row(categories: pd.DataFrame, category: object) -> pd.Series | None:
    """Return the row of a category; None where there is none."""
    found = categories[categories["id"] == category]
    return None if found.empty else found.iloc[0]


def route(categories: pd.DataFrame, category: object, complexity: object) -> Route:
    """Return who takes a ticket of a category; nobody where the category is unknown.

    >>> categories = pd.DataFrame({"id": ["REF"], "team": ["cs"], "department": ["finance"]})
    >>> route(categories, "REF", "simple"), route(categories, "REF", "complex").department
    (Route(team='cs', department=''), 'finance')
    """
    row = category_row(categories, category)
    if row is None:
        return Route()
    department = text_of(row["department"]) if complexity == "complex" else ""
    return Route(text_of(row["team"]), department)
