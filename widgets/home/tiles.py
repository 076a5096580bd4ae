"""The row of figures on the home page; each leads to the rows behind it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.desk_rules.kpis import KpiBoard, kpi_board
from sheets_schema.desk_rules.tickets import ticket_rules
from sheets_schema.kpis.periods import month_at, month_before
from sheets_schema.tickets.clock import clock, done_at
from sheets_schema.tickets.measures import cases
from sheets_schema.tickets.queue import Filters, how_many
from widgets.home.figures import above_appetite, backlog, overdue_actions, share_met
from widgets.parts import Tile, Tone

if TYPE_CHECKING:
    from widgets.desk import Desk

QUARTER = pd.Timedelta(days=91)
SLA = "tickets.sla_met"
COLOURS: tuple[Tone, ...] = ("red", "amber", "green")


def board_of(desk: Desk) -> KpiBoard:
    """Return where the KPIs stand, by the desk's snapshot and clock."""
    return kpi_board(desk.snapshot, now=desk.now(), time_zone=desk.book.time_zone)


def newest_of_company(board: KpiBoard) -> pd.DataFrame:
    """Return the newest figure of each KPI of the whole company."""
    return board.newest[board.newest["scope_type"] == "company"]


def all_tiles(desk: Desk, board: KpiBoard) -> list[Tile]:
    """Return the tiles, from left to right."""
    return [*ticket_tiles(desk, board), *kpi_tiles(desk, board), risk_tile(desk), action_tile(desk)]


def ticket_tiles(desk: Desk, board: KpiBoard) -> list[Tile]:
    """Return open, due today, overdue and SLA met."""
    tickets, now, say = desk.frame("tickets"), desk.now(), desk.say
    rules = ticket_rules(desk.snapshot, now, tickets["opened_at"].min())
    clocks = clock(tickets, rules, now)

    urgent_ones = Filters(due="overdue", priority="P1")
    wanted = [Filters(), *(Filters(due=when) for when in ("today", "soon", "overdue")), urgent_ones]
    todo, today, soon, overdue, urgent = how_many(tickets, clocks, rules, wanted, now)
    story = backlog(tickets, done_at(tickets, rules), now)
    week, yesterday = story.open[-1] - story.open[-8], story.overdue[-1] - story.overdue[-2]
    kept = board.cases.get(SLA)
    if kept is None:
        zone = desk.book.time_zone
        kept = cases(SLA, tickets, None, rules, now=now, time_zone=zone)
    return [
        Tile(
            say("home.open_tickets"),
            f"{todo:,}",
            say("home.since_week", change=signed(week)),
            desk.href("tickets"),
            "blue",
            story.open,
        ),
        Tile(
            say("home.due_today"),
            f"{today:,}",
            say("home.due_soon", count=f"{soon:,}"),
            desk.href("tickets", due="today"),
            "grey",
        ),
        Tile(
            say("home.overdue"),
            f"{overdue:,}",
            say("home.overdue_trend", urgent=f"{urgent:,}", change=signed(yesterday)),
            desk.href("tickets", due="overdue"),
            "red" if overdue else "green",
            story.overdue,
        ),
        sla_tile(desk, board, kept),
    ]


def sla_tile(desk: Desk, board: KpiBoard, kept: pd.DataFrame) -> Tile:
    """Return the share of solutions in time, this month against the last."""
    this = month_at(desk.now(), desk.book.time_zone)
    months = [this]
    while len(months) < 6:  # noqa: PLR2004 - half a year
        months.append(month_before(months[-1]))
    shares = [share_met(kept, month) for month in reversed(months)]
    newest = newest_of_company(board).set_index("kpi")
    measured = board.kpis.loc[board.kpis["source"] == SLA, "id"]
    code = str(measured.iloc[0]) if len(measured) else ""
    tone: Any = newest.loc[code, "colour"] if code in newest.index else "grey"
    return Tile(
        desk.say("home.sla_met"),
        percent(shares[-1][0]),
        desk.say("home.last_month", value=percent(shares[-2][0])),
        desk.href("kpis", kpi=code) if code else desk.href("kpis"),
        tone,
        tuple(share for share, _ in shares),
    )


def kpi_tiles(desk: Desk, board: KpiBoard) -> list[Tile]:
    """Return how many KPIs are red, amber and green, with last month's count."""
    before = month_before(board.today)
    monthly = board.report[(board.report["scope_type"] == "company") & (board.report["kind"] == "month")]
    now = Counter(newest_of_company(board)["colour"])
    then = Counter(monthly.loc[monthly["period"] == before, "colour"])
    return [
        Tile(
            desk.say(f"home.kpis_{tone}"),
            f"{now[tone]}",
            desk.say("home.last_month", value=f"{then[tone]}"),
            desk.href("home", show=f"kpis_{tone}"),
            tone,
        )
        for tone in COLOURS
    ]


def risks_above(desk: Desk, at: pd.Timestamp | None = None) -> pd.DataFrame:
    """Return the open risks above the appetite that the company has set, as of *at*."""
    appetite = number(desk.snapshot.setting("appetite_score"))
    risks, assessed, levels = (desk.frame(name) for name in ("risks", "risk_assessments", "risk_levels"))
    return above_appetite(risks, assessed, levels, appetite, at)


def risk_tile(desk: Desk) -> Tile:
    """Return how many risks lie above the appetite, with the count of a quarter ago."""
    now, then = len(risks_above(desk)), len(risks_above(desk, desk.now() - QUARTER))
    return Tile(
        desk.say("home.above_appetite"),
        f"{now}",
        desk.say("home.last_quarter", value=f"{then}"),
        desk.href("home", show="appetite"),
        "amber" if now else "green",
    )


def action_tile(desk: Desk) -> Tile:
    """Return how many actions are overdue, with the count of a week ago."""
    actions, today = desk.frame("actions"), today_of(desk)
    late = overdue_actions(actions, today)
    week_ago = today - pd.Timedelta(days=7)
    done_later = actions["done_at"].dt.tz_convert(desk.book.time_zone).dt.tz_localize(None) >= week_ago
    open_then = actions.assign(status=actions["status"].mask(done_later.fillna(value=False), "open"))
    then = len(overdue_actions(open_then, week_ago))
    return Tile(
        desk.say("home.actions_overdue"),
        f"{len(late)}",
        desk.say("home.a_week_ago", value=f"{then}"),
        desk.href("home", show="actions"),
        "red" if len(late) else "green",
    )


def today_of(desk: Desk) -> pd.Timestamp:
    """Return the day it is in the workbook's time zone, as a naive midnight."""
    return desk.now().tz_convert(desk.book.time_zone).tz_localize(None).normalize()


def percent(share: float) -> str:
    """Return a share as a percentage with one decimal; a dash for none.

    >>> percent(0.8612), percent(float("nan"))
    ('86.1 %', '–')
    """
    return "–" if math.isnan(share) else f"{share * 100:.1f} %"


def signed(change: int) -> str:
    """Return a change with its sign.

    >>> signed(-1200), signed(3), signed(0)
    ('−1,200', '+3', '±0')
    """
    return "±0" if change == 0 else f"{change:+,}".replace("-", "−")


def number(setting: str | None) -> float:
    """Return a setting as a number; infinity where it is none, so that nothing lies above it.

    >>> number("8"), number(None)
    (8.0, inf)
    """
    found = pd.to_numeric(pd.Series([setting]), errors="coerce").fillna(float("inf"))
    return float(found.iloc[0])
