"""The rows of `ticket_events`: every step of every ticket, in the order in which it happened."""

from __future__ import annotations

import pandas as pd

from opsline.demo.company import Records
from opsline.demo.content import Demo, content
from opsline.demo.lives import SUPPLIED
from opsline.demo.numbers import ids

NEW, ASSIGNED, WORKING = "new", "assigned", "in_progress"
HANDED, RESOLVED, REOPENED, CLOSED = "transferred", "resolved", "reopened", "closed"


def ticket_events(demo: Demo, tickets: pd.DataFrame, lives: pd.DataFrame, people: Records) -> pd.DataFrame:
    """Return the history of n tickets: creation, assignment, moves, replies, hand-offs, ratings.

    Args:
        demo: Size and language.
        tickets: n rows of `tickets`.
        lives: The n lives they were made from.
        people: Rows of `people`.

    Returns:
        About eight rows a ticket, sorted by `at`; steps of one moment stay in their order.
    """
    words = {name: demo.say(line) for name, line in content("company")["lines"].items()}
    liaison = {str(person["team"]): person["id"] for person in people if person["role"] == "liaison"}
    both = tickets.join(
        lives[["assigned", "handed", "returned", "paused", "resumed", "resolved_first", "reopened_at"]]
    )
    both["liaison"] = both["department"].map(liaison)
    supplier = both["category"].isin(SUPPLIED)
    both["waiting"] = supplier.map({True: "waiting_supplier", False: "waiting_customer"})
    refund = both["category"].eq("REF")
    both["complaint_back"] = refund.map({True: words["fraud"], False: words["reopen"]})
    ends = both["resolved_first"].fillna(both["resolved_at"])
    both["resolved_once"] = ends
    both["resolved_again"] = both["resolved_at"].where(both["resolved_first"].notna())
    steps = [
        _step(both, "opened_at", "created", None, NEW, "@first_receiver"),
        _step(both, "assigned", "assign", None, "@assignee", "@first_receiver"),
        _step(both, "assigned", "status", NEW, ASSIGNED, "@first_receiver"),
        _step(both, "first_response_at", "status", ASSIGNED, WORKING, "@assignee"),
        _step(both, "first_response_at", "reply", None, None, "@assignee", words["reply"]),
        _step(both, "handed", "status", WORKING, HANDED, "@assignee"),
        _step(both, "handed", "handoff", "@team", "@department", "@assignee", words["handoff"]),
        _step(both, "returned", "status", HANDED, WORKING, "@liaison"),
        _step(both, "returned", "note", None, None, "@liaison", words["answer"]),
        _step(both, "paused", "reply", None, None, "@assignee", words["ask"]),
        _step(both, "paused", "status", WORKING, "@waiting", "@assignee"),
        _step(both, "resumed", "status", "@waiting", WORKING, "@assignee"),
        _step(both, "resolved_once", "status", WORKING, RESOLVED, "@assignee", "@resolution"),
        _step(both, "reopened_at", "status", RESOLVED, REOPENED, "@first_receiver", "@complaint_back"),
        _step(both, "resolved_again", "status", REOPENED, RESOLVED, "@assignee", "@resolution"),
        _step(both, "csat_at", "csat", None, "@csat_score", None, "@csat_comment"),
        _step(both, "closed_at", "status", RESOLVED, CLOSED, None),
    ]
    rows = pd.concat(steps, ignore_index=True).sort_values(["at", "ticket"], kind="stable", ignore_index=True)
    rows.insert(0, "id", ids("E", rows["at"]))
    return rows


def _step(
    both: pd.DataFrame,
    when: str,
    kind: str,
    old: str | None,
    new: str | None,
    by: str | None,
    text: str | None = None,
) -> pd.DataFrame:
    """Return the events of one kind of step; "@team" stands for the column, other words for themselves."""
    happened = both[both[when].notna()]

    def cells(word: str | None) -> pd.Series:
        if word is not None and word.startswith("@"):
            return happened[word[1:]].astype("str")
        return pd.Series(word, index=happened.index, dtype="str")

    return pd.DataFrame(
        {
            "ticket": happened["id"],
            "at": happened[when],
            "kind": kind,
            "old": cells(old),
            "new": cells(new),
            "by": cells(by),
            "public": kind == "reply",
            "text": cells(text),
        }
    )
