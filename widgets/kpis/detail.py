"""One KPI: where it stands, its year, its breakdown, its teams, and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from sheets_schema.desk_rules.kpis import KpiBoard
from sheets_schema.kpis.forecast import ADDITIVE, Forecast, forecast
from widgets.chart import Chart
from widgets.history import Row, Timeline, family
from widgets.html_table import html_table
from widgets.kpis import charts
from widgets.kpis.drill import Drill
from widgets.kpis.month_grid import month_grid, proof
from widgets.kpis.replan import Replan
from widgets.kpis.wording import counted, figure, reached, share, short, status, tone, with_unit
from widgets.parts import Tile, badge, button, card, column, facts, link, markup, row, tiles_html
from widgets.parts import board as columns

if TYPE_CHECKING:
    from widgets.desk import Desk

BELONGING = {"kpi_targets": "kpi", "kpi_actuals": "kpi"}
BLANK: charts.Figure = {"data": [], "layout": {}}


class Detail(ipw.VBox):
    """The page with a KPI chosen.

    Args:
        desk: The page's desk.
        close: Called to go back to all KPIs.
    """

    def __init__(self, desk: Desk, close: Callable[[], None]) -> None:
        self.desk = desk
        say = desk.say
        self.back = button(f"← {say('kpis.back')}")
        self.head = markup("")
        self.tiles = markup("")
        self.definition = markup("")
        self.trend = Chart(BLANK, height=300)
        self.breakdown = Chart(BLANK, height=220)
        self.grid = markup("")
        self.scopes = markup("")
        self.drill = Drill(desk)
        self.replan = Replan(desk)
        self.code = ""
        self.changes = Timeline(desk, "kpis", self._family)
        super().__init__([self._laid_out()])
        self.back.on_click(lambda _: close())
        self.trend.observe(self._on_month, "clicked")

    def update(self, board: KpiBoard, kpi: pd.Series) -> None:
        """Show a KPI as it stands; what is typed into the form stays."""
        desk, code = self.desk, str(kpi["id"])
        name = f"{code} {desk.name('kpis', code)}"
        stands = board.newest[(board.newest["kpi"] == code) & (board.newest["scope_type"] == "company")]
        self.head.value = self._heading(name, stands)
        self.tiles.value = self._tiles(board, kpi, stands)
        self.definition.value = self._definition(kpi)
        months = board.of(code, "month")
        self.trend.label = desk.say("kpis.trend.label", kpi=name)
        self.trend.figure = charts.trend(desk, months, kpi)
        report = board.of(code)
        targets = dict(zip(report["period"], report["target"], strict=True))
        self.breakdown.label = desk.say("kpis.breakdown.label", kpi=name)
        self.breakdown.figure = charts.breakdown(desk, targets, board, kpi)
        self.grid.value = proof(desk, board, kpi) + month_grid(desk, board, kpi)
        self.scopes.value = self._scopes(board, kpi)
        self.drill.update(board, kpi)
        self.replan.update(board, kpi)
        self.code = code
        self.changes.update()

    def _family(self, journal: pd.DataFrame) -> list[Row]:
        """Return the KPI, its targets and its typed results."""
        frames = {name: self.desk.frame(name) for name in BELONGING}
        return family(journal, frames, self.desk.book.tables, ("kpis", self.code), BELONGING)

    def _laid_out(self) -> ipw.Widget:
        """Return the parts in their places."""
        say = self.desk.say
        return column(
            row(self.back),
            self.head,
            self.tiles,
            columns(
                card(say("kpis.trend"), [self.trend]),
                card(say("kpis.breakdown"), [self.breakdown]),
            ),
            card(say("kpis.grid"), [self.grid]),
            columns(
                card(say("kpis.definition"), [self.definition]),
                card(say("kpis.scopes"), [self.scopes]),
            ),
            self.drill,
            self.replan,
            card(say("history.title"), [self.changes]),
        )

    def _on_month(self, _change: object) -> None:
        """Show the tickets behind the month that was clicked."""
        month = self.trend.clicked.get("customdata")
        if isinstance(month, str):
            self.drill.choose(month)

    def _heading(self, name: str, stands: pd.DataFrame) -> str:
        """Return the KPI's name and colour as safe HTML."""
        words = badge(status(self.desk, stands.iloc[0]), tone(stands.iloc[0])) if len(stands) else ""
        return f'<h2 class="op-heading" style="font-size:20px">{escape(name)} {words}</h2>'

    def _tiles(self, board: KpiBoard, kpi: pd.Series, stands: pd.DataFrame) -> str:
        """Return the figures on top as safe HTML."""
        desk, say = self.desk, self.desk.say
        shown = []
        for _, one in stands.iterrows():
            target = say("kpis.tile", status=status(desk, one), target=with_unit(one["target"], kpi))
            trend = f"{target} · {counted(desk, one)}"
            shown.append(Tile(say("kpis.newest"), short(one["actual"], kpi), trend, tone=tone(one)))
        so_far = board.so_far
        mine = so_far[(so_far["kpi"] == kpi["id"]) & (so_far["scope_type"] == "company")]
        for _, one in mine.iterrows():
            target = say("kpis.tile", status=status(desk, one), target=with_unit(one["target"], kpi))
            trend = f"{target} · {share(one['attainment'])}"
            shown.append(Tile(say("kpis.to_date"), short(one["actual"], kpi), trend, tone=tone(one)))
        year = board.of(kpi["id"], "year").iloc[0]["target"]
        unit = str(kpi["unit"]) if short(year, kpi) == figure(year, kpi["decimals"]) else ""
        shown.append(Tile(say("kpis.year_target", year=board.year), short(year, kpi), unit))
        return tiles_html([*shown, *self._forecast(mine, year, kpi)])

    def _forecast(self, so_far: pd.DataFrame, year: float, kpi: pd.Series) -> list[Tile]:
        """Return the forecast's tiles; none, with the reason, for what cannot be forecast."""
        say = self.desk.say
        if kpi["aggregation"] not in ADDITIVE:
            return [Tile(say("kpis.forecast"), "–", say("kpis.no_forecast"))]
        if so_far.empty or pd.isna(year):
            return []
        one = so_far.iloc[0]
        found = forecast(float(one["actual"]), float(one["target"]), float(year), int(one["rows"]))
        plain = say("kpis.forecast.seasonal", plain=with_unit(found.plain, kpi))
        return [
            Tile(say("kpis.forecast"), short(found.seasonal, kpi), plain, tone="blue"),
            Tile(say("kpis.required"), self._needed(found, kpi), self._effort(found), tone="blue"),
        ]

    def _needed(self, found: Forecast, kpi: pd.Series) -> str:
        """Return what each remaining month must bring."""
        return short(max(found.required, 0.0), kpi)

    def _effort(self, found: Forecast) -> str:
        """Return how that compares with what was planned for the rest."""
        if found.remaining <= 0:
            return self.desk.say("kpis.required.done")
        return self.desk.say("kpis.required.share", share=share(found.required_share))

    def _definition(self, kpi: pd.Series) -> str:
        """Return what the sheet says of the KPI, with a link to its row."""
        desk = self.desk
        table = desk.book.tables["kpis"]
        rows = []
        for name in ("formula", "family", "direction", "aggregation", "frequency", "goal", "red_flag"):
            if pd.notna(kpi[name]):
                field = table.field(name)
                value = kpi[name]
                shown = with_unit(value, kpi) if name in {"goal", "red_flag"} else str(value)
                words = field.choice_label(str(value), desk.language) if field.enum else shown
                rows.append((field.label(desk.language), escape(words)))
        owner, team = desk.name("people", kpi["owner"]), desk.name("teams", kpi["team"])
        rows += [(table.field("owner").label(desk.language), escape(owner))] if owner else []
        rows += [(table.field("team").label(desk.language), escape(team))] if team else []
        rows.append((table.field("source").label(desk.language), escape(str(kpi["source"]))))
        place = link(desk.sheet_link("kpis", int(str(kpi.name))), desk.say("shell.open_sheet"))
        return f'{facts(rows)}<p class="op-text">{place}</p>'

    def _scopes(self, board: KpiBoard, kpi: pd.Series) -> str:
        """Return the year to date of each team beside the company's, as a safe HTML table."""
        desk, say = self.desk, self.desk.say
        lines = []
        for _, one in board.so_far[board.so_far["kpi"] == kpi["id"]].iterrows():
            is_company = one["scope_type"] == "company"
            table = "teams" if one["scope_type"] == "team" else "people"
            name = say("kpis.company") if is_company else desk.name(table, one["scope"])
            lines.append(
                f'<tr><th scope="row">{escape(name)}</th><td>{escape(reached(one, kpi))}</td>'
                f"<td>{escape(with_unit(one['target'], kpi))}</td><td>{escape(share(one['attainment']))}</td>"
                f"<td>{badge(status(desk, one), tone(one))}</td><td>{escape(figure(one['n'], 0))}</td></tr>"
            )
        heads = [
            say(f"kpis.{name}") for name in ("team", "actual", "target", "attainment", "status", "sample")
        ]
        return html_table(say("kpis.scopes"), heads, lines, say("kpis.scopes.none"))
