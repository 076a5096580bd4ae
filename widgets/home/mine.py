"""What needs me: tickets, actions, approvals and expiring acceptances, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.desk_rules.tickets import ticket_rules
from sheets_schema.tickets.clock import clock
from sheets_schema.tickets.queue import Filters, queue
from widgets.home.figures import overdue_actions
from widgets.home.tiles import today_of
from widgets.parts import Tone, badge, link

if TYPE_CHECKING:
    from widgets.desk import Desk

SHOWN = 8
SOON = pd.Timedelta(days=30)
STATES: dict[str, Tone] = {
    "breached": "red",
    "due_soon": "amber",
    "paused": "grey",
    "on_track": "green",
}
DECIDERS = frozenset({"manager", "admin"})


def my_tickets(desk: Desk) -> list[str]:
    """Return my open tickets by due time, as safe HTML lines."""
    tickets, now = desk.frame("tickets"), desk.now()
    mine = tickets[tickets["assignee"] == desk.person]
    if mine.empty:
        return []
    rules = ticket_rules(desk.snapshot, now, mine["opened_at"].min())
    rows = queue(mine, clock(mine, rules, now), rules, Filters(), now)
    return [_ticket_line(desk, ticket) for _, ticket in rows.head(SHOWN).iterrows()]


def _ticket_line(desk: Desk, ticket: pd.Series) -> str:
    """Return one ticket: priority, number, subject, when it is due."""
    state = str(ticket["state"])
    due = desk.say(f"home.state_{state if state in STATES else 'none'}", moment=desk.local(ticket["due"]))
    return (
        f"{badge(text(ticket['priority']), 'grey')} "
        f"{link(desk.href('tickets', id=text(ticket['id'])), text(ticket['id']))} "
        f"{escape(text(ticket['subject']))} {badge(due, STATES.get(state, 'grey'))}"
    )


def my_actions(desk: Desk) -> list[str]:
    """Return my open actions by day, as safe HTML lines."""
    actions = desk.frame("actions")
    mine = actions[(actions["owner"] == desk.person) & (actions["status"] == "open")]
    return [_action_line(desk, row) for row in _rows(mine.sort_values("due", kind="stable").head(SHOWN))]


def late_actions(desk: Desk) -> list[str]:
    """Return everybody's overdue actions, as safe HTML lines."""
    late = overdue_actions(desk.frame("actions"), today_of(desk))
    return [_action_line(desk, row, with_owner=True) for row in _rows(late)]


def _action_line(desk: Desk, action: pd.Series, *, with_owner: bool = False) -> str:
    """Return one action: what, for what, whose, until when."""
    late = action["due"] < today_of(desk) if pd.notna(action["due"]) else False
    day = badge(desk.day(action["due"]), "red" if late else "grey") if pd.notna(action["due"]) else ""
    owner = f" – {escape(desk.name('people', action['owner']))}" if with_owner else ""
    source = f" <span class='op-muted'>{escape(text(action['source_id']))}</span>"
    title = link(desk.sheet_link("actions", int(action.name)), text(action["title"]))  # type: ignore[call-overload]
    return f"{title}{source}{owner} {day}"


def approvals(desk: Desk) -> list[str]:
    """Return what waits for my decision, as safe HTML lines; deciders see all, others their own KPIs'."""
    kpis = desk.frame("kpis")
    decides = desk.role in DECIDERS
    mine = set(kpis["id"] if decides else kpis.loc[kpis["owner"] == desk.person, "id"])
    lines = []
    actuals = desk.frame("kpi_actuals")
    waiting = actuals[(actuals["status"] == "draft") & actuals["kpi"].isin(mine)]
    lines += [
        f"{link(desk.href('kpis', kpi=text(row['kpi'])), desk.name('kpis', row['kpi']))} "
        f"{escape(desk.say('home.actual_waits', period=text(row['period'])))}"
        for row in _rows(waiting.head(SHOWN))
    ]
    if not decides:
        return lines
    targets = desk.frame("kpi_targets")
    for code, rows in targets[targets["status"] == "submitted"].groupby("kpi", sort=False):
        href = desk.href("kpis", kpi=str(code))
        plan = desk.say("home.plan_waits", count=len(rows))
        lines.append(f"{link(href, desk.name('kpis', code))} {escape(plan)}")
    return lines


def acceptances(desk: Desk) -> list[str]:
    """Return the accepted risks whose acceptance ends soon or has ended, as safe HTML lines."""
    treatments, today = desk.frame("treatments"), today_of(desk)
    ending = treatments[
        (treatments["strategy"] == "accept")
        & (treatments["status"] == "open")
        & (treatments["expires"] <= today + SOON)
    ]
    owners = desk.frame("risks").drop_duplicates("id").set_index("id")["owner"]
    if desk.role not in DECIDERS:
        concerned = (treatments["owner"] == desk.person) | (treatments["risk"].map(owners) == desk.person)
        ending = ending[concerned.reindex(ending.index).fillna(value=False)]
    lines = []
    for row in _rows(ending.sort_values("expires", kind="stable").head(SHOWN)):
        over = row["expires"] < today
        words = desk.say("home.acceptance_over" if over else "home.acceptance", day=desk.day(row["expires"]))
        name = f"{text(row['risk'])} {desk.name('risks', row['risk'])}"
        href = desk.href("risks", risk=text(row["risk"]))
        lines.append(f"{link(href, name)} {badge(words, 'red' if over else 'amber')}")
    return lines


def text(value: object) -> str:
    """Return a cell's words; blank where there are none."""
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _rows(frame: pd.DataFrame) -> Iterator[pd.Series]:
    """Return the rows of a frame, one after the other."""
    return (row for _, row in frame.iterrows())
