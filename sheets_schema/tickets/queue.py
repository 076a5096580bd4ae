"""The queue: which tickets a person wants to see, in which order, and how old they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from sheets_schema.language.kinds.vectors import TEXT, pc
from sheets_schema.language.lookup import looked_up
from sheets_schema.tickets.rules import TicketRules

__all__ = ["AGES", "Filters", "ages", "aging", "how_many", "queue"]

AGES: Final = ("0-1", "2-3", "4-7", "8-14", "15+")
"""Bands of age, in working days."""

EDGES: Final = (2, 4, 8, 15)
SEARCHED: Final = ("id", "subject", "requester", "organisation", "need")
RUNNING: Final = ("on_track", "due_soon", "breached")
"""States of a promise that is still to be kept."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person wants to see; a blank lets all through. Each field is a part of the address bar.

    Args:
        text: Words that must all occur in number, subject, requester, organisation or need.
        status: A status' code, or one of the categories "open", "paused", "resolved", "closed"; or
            "todo" (default) for what is not solved, "all" for every one.
        priority: P1 to P4.
        category: A category's code.
        team: A team's or department's code.
        assignee: A person's code; "-" for nobody.
        due: "overdue", "today" or "soon" (due soon, by the policy's share).
        sort: "due" (default), "priority" or "opened" (newest first).
    """

    text: str = ""
    status: str = "todo"
    priority: str = ""
    category: str = ""
    team: str = ""
    assignee: str = ""
    due: str = ""
    sort: str = "due"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Return the filters that an address bar holds; parts that are none of ours are left out."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in query.items() if name in names})

    def query(self) -> dict[str, str | None]:
        """Return the parts of the address bar; None for a part that is as it is without one."""
        return {
            field.name: None if getattr(self, field.name) == field.default else getattr(self, field.name)
            for field in fields(self)
        }


def queue(
    tickets: pd.DataFrame, clocks: pd.DataFrame, rules: TicketRules, filters: Filters, now: pd.Timestamp
) -> pd.DataFrame:
    """Return the tickets that the filters let through, in order, with their clocks beside them.

    Args:
        tickets: n rows of `tickets`.
        clocks: Their clocks, from `clock`, on the same index.
        rules: The statuses' categories, and the calendar that says when today ends.
        filters: What is asked for.
        now: The moment that "today" is of.

    Returns:
        Rows of *tickets* with the columns of *clocks*, `status_category`, `next_due` (the promise that
        is due next) and `answers_next` (whether that is the first answer).
    """
    rows = _beside(tickets, clocks, rules)
    return _ordered(rows[_let_through(rows, rules, filters, now)], filters.sort)


def how_many(
    tickets: pd.DataFrame,
    clocks: pd.DataFrame,
    rules: TicketRules,
    wanted: Sequence[Filters],
    now: pd.Timestamp,
) -> list[int]:
    """Return how many tickets each of some filters lets through; see `queue`."""
    rows = _beside(tickets, clocks, rules)
    return [int(_let_through(rows, rules, filters, now).sum()) for filters in wanted]


def _beside(tickets: pd.DataFrame, clocks: pd.DataFrame, rules: TicketRules) -> pd.DataFrame:
    """Return the tickets with their clocks beside them, and the promise that is due next."""
    categories = rules.statuses.drop_duplicates("id").set_index("id")["category"]
    rows = tickets.join(clocks).assign(status_category=looked_up(tickets["status"], categories))
    answers_next = rows["response_state"].isin(RUNNING) & ~(rows["response_due"] > rows["due"])
    return rows.assign(
        answers_next=answers_next, next_due=rows["response_due"].where(answers_next, rows["due"])
    )


def _let_through(rows: pd.DataFrame, rules: TicketRules, filters: Filters, now: pd.Timestamp) -> np.ndarray:
    """Say which rows all filters let through."""
    kept = np.ones(len(rows), dtype=bool)
    for test in _tests(rows, rules, filters, now):
        kept &= test.fillna(value=False).to_numpy(dtype=bool)
    if filters.text:
        kept[kept] = _holds(rows[kept], filters.text)
    return kept


def ages(tickets: pd.DataFrame, rules: TicketRules, now: pd.Timestamp) -> pd.Series:
    """Return how old each ticket is, in working days of the first calendar.

    A working day is as long as those of the four weeks before *now* were on average; NaN where the
    opening is missing or nobody worked.
    """
    working = rules.working[rules.first_calendar]
    midnight = now.tz_convert(working.time_zone).normalize()
    lately = working.within(midnight - pd.Timedelta(days=28), midnight)
    days = lately["start"].dt.tz_convert(working.time_zone).dt.normalize().nunique()
    hours = float((lately["end"] - lately["start"]).dt.total_seconds().sum()) / 3600
    here = pd.Series(now.tz_convert("UTC").as_unit("us"), index=tickets.index)
    return working.between(tickets["opened_at"], here) / (hours / days if hours else np.nan)


def aging(tickets: pd.DataFrame, rules: TicketRules, now: pd.Timestamp) -> pd.Series:
    """Return how many of the tickets are in each band of `AGES`; a day begun counts from the next on."""
    bands = pd.cut(ages(tickets, rules, now), [-np.inf, *EDGES, np.inf], right=False, labels=list(AGES))
    return bands.value_counts(sort=False).reindex(list(AGES), fill_value=0)


def _tests(rows: pd.DataFrame, rules: TicketRules, filters: Filters, now: pd.Timestamp) -> list[pd.Series]:
    """Return a truth for each row from each filter that asks for something, but for words."""
    tests: dict[str, Callable[[str], pd.Series]] = {
        "status": lambda code: _has_status(rows, code),
        "priority": lambda code: rows["priority"] == code,
        "category": lambda code: rows["category"] == code,
        "team": lambda code: (rows["team"] == code) | (rows["department"] == code),
        "assignee": lambda code: rows["assignee"].isna() if code == "-" else rows["assignee"] == code,
        "due": lambda when: _is_due(rows, rules, when, now),
    }
    return [test(wanted) for name, test in tests.items() if (wanted := getattr(filters, name))]


def _holds(rows: pd.DataFrame, words: str) -> np.ndarray:
    """Say which rows hold every one of some words, large letters or small."""
    columns = [pa.array(rows[name].array, TEXT, from_pandas=True) for name in SEARCHED]
    texts = _folded(pc.binary_join_element_wise(*columns, pa.scalar(" ", TEXT), null_handling="replace"))
    found = np.ones(len(rows), dtype=bool)
    for word in words.casefold().split():
        found &= np.asarray(pc.match_substring(texts, word))
    return found


def _folded(texts: pa.Array) -> pa.Array:
    """Return texts as `str.casefold` does: those in plain ASCII, which are most, at one stroke."""
    others = pc.invert(pc.string_is_ascii(texts))
    folded = pa.array([text.casefold() for text in texts.filter(others).to_pylist()], TEXT)
    return pc.replace_with_mask(pc.ascii_lower(texts), others, folded)


def _has_status(rows: pd.DataFrame, code: str) -> pd.Series:
    """Say which rows have a status, or a status of a category."""
    if code == "all":
        return pd.Series(data=True, index=rows.index)
    if code == "todo":
        return ~rows["status_category"].isin(["resolved", "closed"])
    return (rows["status"] == code) | (rows["status_category"] == code)


def _is_due(rows: pd.DataFrame, rules: TicketRules, when: str, now: pd.Timestamp) -> pd.Series:
    """Say which rows are overdue, due today, or due soon; of either clock."""
    if when == "overdue":
        return (rows["state"] == "breached") | (rows["response_state"] == "breached")
    if when == "soon":
        return (rows["state"] == "due_soon") | (rows["response_state"] == "due_soon")
    if when != "today":
        return pd.Series(data=True, index=rows.index)
    zone = rules.working[rules.first_calendar].time_zone
    tomorrow = now.tz_convert(zone).tz_localize(None).normalize() + pd.Timedelta(days=1)
    ends = tomorrow.tz_localize(zone, nonexistent="shift_forward")
    finished = rows["state"].isin(["met", "missed"])
    return (rows["next_due"] >= now) & (rows["next_due"] < ends) & ~finished


def _ordered(rows: pd.DataFrame, sort: str) -> pd.DataFrame:
    """Return rows in the order asked for; key customers first among equals, what is not due last."""
    first_vip = rows.assign(ordinary=~rows["vip"].fillna(value=False).astype(bool))
    orders = {
        "priority": (["priority", "ordinary", "next_due"], True),
        "opened": (["opened_at"], False),
    }
    names, ascending = orders.get(sort, (["next_due", "priority", "ordinary"], True))
    return first_vip.sort_values(names, ascending=ascending, kind="stable", na_position="last").drop(
        columns="ordinary"
    )
