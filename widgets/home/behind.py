"""The rows behind a figure of the home page that no other page can filter to."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sheets_schema.desk_rules.kpis import KpiBoard
from widgets.home.mine import late_actions, text
from widgets.home.tiles import COLOURS, newest_of_company, risks_above
from widgets.parts import Tone, badge, link

if TYPE_CHECKING:
    from widgets.desk import Desk


def rows_behind(desk: Desk, board: KpiBoard, show: str) -> tuple[str, list[str]] | None:
    """Return the title and the lines (safe HTML) of what the address bar asks to show; None for nothing.

    Args:
        desk: The page's desk.
        board: Where the KPIs stand.
        show: "actions", "appetite", or "kpis_" and a colour.
    """
    if show == "actions":
        return desk.say("home.actions_overdue"), late_actions(desk)
    if show == "appetite":
        return desk.say("home.above_appetite"), risk_lines(desk)
    for colour in COLOURS:
        if show == f"kpis_{colour}":
            return desk.say(f"home.{show}"), kpi_lines(desk, board, colour)
    return None


def kpi_lines(desk: Desk, board: KpiBoard, colour: Tone) -> list[str]:
    """Return the KPIs of a colour: name, newest figure, target, month."""
    newest = newest_of_company(board)
    lines = []
    for _, row in newest[newest["colour"] == colour].iterrows():
        code = text(row["kpi"])
        kpi = board.kpis[board.kpis["id"] == code].iloc[0]
        places = int(text(kpi["decimals"]) or "1")
        said = desk.say(
            "home.actual_target",
            actual=f"{row['actual']:,.{places}f}",
            target=f"{row['target']:,.{places}f}",
            unit=text(kpi["unit"]),
            period=text(row["as_of"]),
        )
        name = link(desk.href("kpis", kpi=code), f"{code} {desk.name('kpis', code)}")
        lines.append(f"{name} {badge(said, colour)}")
    return lines


def risk_lines(desk: Desk) -> list[str]:
    """Return the risks above the appetite: name, likelihood x impact, level, owner."""
    owners = desk.frame("risks").drop_duplicates("id").set_index("id")["owner"]
    lines = []
    for _, row in risks_above(desk).iterrows():
        code = text(row["risk"])
        score = f"{row['likelihood']}×{row['impact']} {desk.name('risk_levels', row['level'])}"
        owner = desk.name("people", owners.get(code))
        name = link(desk.href("risks", risk=code), f"{code} {desk.name('risks', code)}")
        lines.append(f"{name} {badge(score, 'amber')} <span class='op-muted'>{escape(owner)}</span>")
    return lines
