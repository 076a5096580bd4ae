"""Impact x urgency gives the priority, by the matrix in the workbook."""

from __future__ import annotations

import pandas as pd

__all__ = ["priorities", "priority_of"]


def priority_of(matrix: pd.DataFrame, impact: object, urgency: object) -> str | None:
    """Return the priority of one impact and urgency; None where the matrix has no such cell.

    >>> matrix = pd.DataFrame({"impact": ["high"], "urgency": ["low"], "priority": ["P2"]})
    >>> priority_of(matrix, "high", "low"), priority_of(matrix, "low", None)
    ('P2', None)
    """
    found = matrix.loc[(matrix["impact"] == impact) & (matrix["urgency"] == urgency), "priority"].dropna()
    return str(found.iloc[0]) if len(found) else None


def priorities(matrix: pd.DataFrame, tickets: pd.DataFrame) -> pd.Series:
    """Return the priority of n tickets (`impact`, `urgency`); NaN where the matrix has no such cell."""
    cells = matrix.dropna(subset=["impact", "urgency"]).drop_duplicates(["impact", "urgency"])
    given = cells.set_index(["impact", "urgency"])["priority"]
    keys = pd.MultiIndex.from_frame(tickets[["impact", "urgency"]])
    return pd.Series(given.reindex(keys).to_numpy(), index=tickets.index, dtype="str")
