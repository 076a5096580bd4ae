"""Tickets that may be the one being typed: the same person, or nearly the same subject, not long ago."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.tickets.rules import text_of

__all__ = ["possible_duplicates"]

SHORTEST: Final = 4
"""Characters of a subject below which anything would look similar."""


def possible_duplicates(
    tickets: pd.DataFrame,
    now: pd.Timestamp,
    *,
    requester: object = "",
    contact: object = "",
    subject: object = "",
    days: int = 30,
    alike: float = 80.0,
    limit: int = 5,
) -> pd.DataFrame:
    """Return recent tickets that may be the same request.

    Args:
        tickets: Rows of `tickets`.
        now: The moment of typing.
        requester: The name typed so far; compared without case and outer blanks.
        contact: The phone number or address typed so far; compared likewise.
        subject: The subject typed so far; not compared below four characters.
        days: How far back to look.
        alike: From which likeness of subjects on (0 to 100; rapidfuzz `token_set_ratio`).
        limit: How many at most.

    Returns:
        Rows of *tickets*, likeliest first, with `reason` ("contact", "requester" or "subject", the
        strongest that holds) and `likeness` of the subjects (0 to 100).
    """
    recent = tickets[tickets["opened_at"] >= now - pd.Timedelta(days=days)]
    same_contact = _same(recent["contact"], contact)
    same_requester = _same(recent["requester"], requester)
    likeness = _likeness(recent["subject"], text_of(subject))
    reason = np.select(
        [same_contact, same_requester, likeness >= alike], ["contact", "requester", "subject"], default=""
    )
    found = recent.assign(reason=reason, likeness=likeness, same=same_contact | same_requester)
    found = found[found["reason"] != ""]
    order = found.sort_values(["same", "likeness", "opened_at"], ascending=False, kind="stable")
    return order.drop(columns="same").head(limit)


def _same(column: pd.Series, typed: object) -> np.ndarray:
    """Say which cells hold what is typed."""
    wanted = text_of(typed).casefold()
    if not wanted:
        return np.zeros(len(column), dtype=bool)
    return (column.str.strip().str.casefold() == wanted).fillna(value=False).to_numpy(dtype=bool)


def _likeness(subjects: pd.Series, typed: str) -> np.ndarray:
    """Return how alike each subject is to what is typed, from 0 to 100."""
    if len(typed) < SHORTEST or subjects.empty:
        return np.zeros(len(subjects))
    from rapidfuzz import fuzz, process, utils

    known = subjects.fillna("").astype(object).tolist()
    found = process.cdist([typed], known, scorer=fuzz.token_set_ratio, processor=utils.default_process)
    return np.asarray(found[0], dtype="float64")
