"""A KPI's year as a table: months, quarters and the year, and the proof that the parts make the whole."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.desk_rules.kpis import KpiBoard
from sheets_schema.kpis.periods import months_of, quarters_of
from sheets_schema.kpis.rollup import average_of_averages
from sheets_schema.kpis.targets import check_sums, in_force
from widgets.html_table import html_table
from widgets.kpis.wording import figure, period, reached, share, status, tone, with_unit
from widgets.parts import badge, link

if TYPE_CHECKING:
    from widgets.desk import Desk

HEADS = ("period", "target", "actual", "attainment", "status", "sample", "source")


def month_grid(desk: Desk, board: KpiBoard, kpi: pd.Series) -> str:
    """Return the year as a safe HTML table that scrolls by itself where the page is narrow."""
    say = desk.say
    rows = {row["period"]: row for _, row in board.of(kpi["id"]).iterrows()}
    plan = in_force(desk.frame("kpi_targets"), board.year)
    mine = plan[(plan["kpi"] == kpi["id"]) & (plan["scope_type"] == "company")]
    places = dict(zip(mine["period"], mine.index, strict=True))
    held = set(mine.loc[mine["held"].fillna(value=False).astype(bool), "period"])
    origins = _origins(desk, board, str(kpi["id"]))
    lines = [
        _line(desk, kpi, rows[name], places.get(name), origins.get(name), is_held=name in held)
        for quarter in quarters_of(board.year)
        for name in (*months_of(quarter, board.start), quarter)
    ]
    year = str(board.year)
    lines.append(_line(desk, kpi, rows[year], places.get(year), None, is_held=False))
    heads = [say(f"kpis.{name}") for name in HEADS]
    return html_table(say("kpis.grid"), heads, lines)


def proof(desk: Desk, board: KpiBoard, kpi: pd.Series) -> str:
    """Return the proof that the parts are the whole (a sum), or how a ratio was rebuilt, as safe HTML."""
    report = board.of(kpi["id"])
    if kpi["aggregation"] == "sum":
        return _sums(desk, board, kpi, dict(zip(report["period"], report["target"], strict=True)))
    months = report[(report["kind"] == "month") & report["actual"].notna()]
    whole = report[report["kind"] == "year"].iloc[0]
    if kpi["aggregation"] != "ratio" or pd.isna(whole["numerator"]) or months.empty:
        return ""
    average = average_of_averages(months.rename(columns={"actual": "value"}))
    words = desk.say(
        "kpis.honest",
        numerator=figure(whole["numerator"], 0),
        denominator=figure(whole["denominator"], 0),
        average=with_unit(average, kpi),
    )
    return f'<p class="op-text op-muted">{escape(words)}</p>'


def _sums(desk: Desk, board: KpiBoard, kpi: pd.Series, targets: dict[str, float]) -> str:
    """Return the sums of the parts, as they stand in the sheet, and whether they agree."""
    found = check_sums(targets, board.year, board.start)
    if math.isnan(found.year):
        return ""
    facts = {name: figure(getattr(found, name), kpi["decimals"]) for name in ("months", "quarters", "year")}
    if not found.broken:
        return f'<p class="op-text">{badge("✓", "green")} {escape(desk.say("kpis.sums.exact", **facts))}</p>'
    periods = ", ".join(period(desk, name) for name in found.broken)
    words = desk.say("kpis.sums.broken", periods=periods, **facts)
    return f'<p class="op-note op-red" role="alert">{escape(words)}</p>'


def _line(
    desk: Desk, kpi: pd.Series, row: pd.Series, place: int | None, origin: str | None, *, is_held: bool
) -> str:
    """Return one period as a row of the table."""
    name, is_month = period(desk, row["period"]), row["kind"] == "month"
    title = link(desk.sheet_link("kpi_targets", place), name) if place is not None else escape(name)
    held = f" {badge(desk.say('kpis.held'), 'blue')}" if is_held else ""
    weight = "" if is_month else ' style="font-weight:640"'
    shown = pd.notna(row["actual"]) or pd.notna(row["target"])
    colour = badge(status(desk, row), tone(row)) if shown and row["why"] != "missing" else ""
    cells = (
        escape(with_unit(row["target"], kpi)) + held,
        escape(reached(row, kpi)),
        escape(share(row["attainment"])),
        colour,
        escape(figure(row["n"], 0)),
        origin or "",
    )
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr{weight}><th scope="row"{weight}>{title}</th>{inside}</tr>'


def _origins(desk: Desk, board: KpiBoard, code: str) -> dict[str, str]:
    """Return month -> where its figure comes from, as safe HTML; a typed one links to its row."""
    known = board.known
    mine = known[(known["kpi"] == code) & (known["scope_type"] == "company")]
    reckoned = {
        "tickets": escape(desk.say("kpis.from_tickets")),
        "quality": link(desk.href("doctor"), desk.say("kpis.from_quality")),
    }
    return {
        month: reckoned[origin]
        if origin in reckoned
        else link(desk.sheet_link("kpi_actuals", int(place)), desk.say("kpis.typed"))
        for month, origin, place in zip(mine["period"], mine["origin"], mine["row"], strict=True)
    }
