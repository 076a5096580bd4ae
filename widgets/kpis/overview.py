"""All KPIs: tiles by family, scores, the year to date, by team, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from sheets_schema.desk_rules.kpis import KpiBoard
from sheets_schema.kpis.rollup import weighted
from sheets_schema.kpis.score import COLOURS
from widgets.chart import Chart
from widgets.grid import Column, Grid
from widgets.html_table import html_table
from widgets.input import select
from widgets.kpis import charts
from widgets.kpis.board import years_known
from widgets.kpis.wording import SHORT, TONES, counted, figure, period, share, short, status, tone, with_unit
from widgets.parts import Tile, badge, card, column, link, listing, markup, row, tiles_html
from widgets.parts import board as columns

if TYPE_CHECKING:
    from widgets.desk import Desk

FAMILIES = ("satisfaction", "efficiency", "accuracy", "growth")
SPARK_MONTHS = 11
TWO_COLUMNS = "display:grid;gap:12px 24px;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr))"


class Overview(ipw.VBox):
    """The page without a KPI chosen.

    Args:
        desk: The page's desk.
        open_kpi: Called with a KPI's code to show it.
        changed: Called after a filter has been written to the address bar.
    """

    def __init__(self, desk: Desk, open_kpi: Callable[[str], None], changed: Callable[[], None]) -> None:
        self.desk, self._open, self._changed = desk, open_kpi, changed
        say = desk.say
        everything = [(say("common.all"), "")]
        field = desk.book.tables["kpis"].field("family")
        families = [(field.choice_label(code, desk.language), code) for code in FAMILIES]
        self.family = select(say("kpis.family"), [*everything, *families], desk.query.get("family", ""))
        self.team = select(say("kpis.team"), everything, "")
        self.year = select(say("kpis.plan_year"), [], "")
        self.tiles = markup("")
        self.families = markup("")
        self.teams = markup("")
        self.missing = markup("")
        self.scores = Chart({"data": [], "layout": {}}, say("kpis.scores.label"), height=380)
        self.table = Grid(pd.DataFrame(), self._columns(), label=say("kpis.to_date.label"))
        super().__init__([self._laid_out()])
        for name in ("family", "team", "year"):
            getattr(self, name).observe(self._on_filter, "value")
        self.table.observe(lambda _: self._open(self.table.selected), "picked")
        self.scores.observe(self._on_bar, "clicked")

    def update(self, board: KpiBoard) -> None:
        """Show a board; the filters keep what is chosen."""
        self._offer(board)
        shown = self._filtered(board.kpis)
        newest = board.newest[
            board.newest["kpi"].isin(shown["id"]) & (board.newest["scope_type"] == "company")
        ]
        self.tiles.value = self._tiles(newest, board)
        self.scores.height = 70 + 30 * max(len(newest), 2)
        self.scores.figure = charts.scores(self.desk, newest)
        so_far = board.so_far[
            board.so_far["kpi"].isin(shown["id"]) & (board.so_far["scope_type"] == "company")
        ]
        self.table.show(self._rows(so_far, shown))
        owned = newest.merge(shown[["id", "team"]].rename(columns={"id": "kpi"}), on="kpi")
        self.families.value = self._rollup(newest, "family", "kpis.family")
        self.teams.value = self._rollup(owned, "team", "kpis.team")
        self.missing.value = self._missing(board, shown)

    def _laid_out(self) -> ipw.Widget:
        """Return the parts in their places."""
        say = self.desk.say
        return column(
            row(self.family, self.team, self.year),
            self.tiles,
            columns(
                card(say("kpis.scores"), [self.scores]),
                column(
                    card(say("kpis.by_family"), [self.families]),
                    card(say("kpis.by_team"), [self.teams]),
                ),
            ),
            card(
                say("kpis.to_date"),
                [markup(f'<p class="op-text op-muted">{escape(say("kpis.to_date.note"))}</p>'), self.table],
            ),
            card(say("kpis.missing"), [self.missing]),
        )

    def _offer(self, board: KpiBoard) -> None:
        """Offer the teams and years that there are; a choice that is gone is dropped."""
        desk = self.desk
        teams = list(dict.fromkeys(board.kpis["team"].dropna()))
        names = [(desk.name("teams", code), code) for code in teams]
        with self.team.hold_trait_notifications():
            self.team.options = [[desk.say("common.all"), ""], *map(list, names)]
            asked = desk.query.get("team", "")
            self.team.value = asked if asked in teams else ""
        with self.year.hold_trait_notifications():
            self.year.options = [[str(year), str(year)] for year in years_known(desk, board)]
            self.year.value = str(board.year)
        family = desk.query.get("family", "")
        self.family.value = family if family in FAMILIES else ""

    def _filtered(self, kpis: pd.DataFrame) -> pd.DataFrame:
        """Return the KPIs of the family and team chosen."""
        if self.family.value:
            kpis = kpis[kpis["family"] == self.family.value]
        if self.team.value:
            kpis = kpis[kpis["team"] == self.team.value]
        return kpis

    def _on_filter(self, _change: object) -> None:
        """Write the filters to the address bar and show what they let through."""
        before = self.desk.query
        usual = self.desk.snapshot.setting("plan_year")
        year = self.year.value if self.year.value and self.year.value != usual else None
        family, team = self.family.value or None, self.team.value or None
        self.desk.set_query(family=family, team=team, year=year)
        if self.desk.query != before:
            self._changed()

    def _on_bar(self, _change: object) -> None:
        """Show the KPI whose bar was clicked."""
        code = self.scores.clicked.get("customdata")
        if isinstance(code, str):
            self._open(code)

    def _tiles(self, newest: pd.DataFrame, board: KpiBoard) -> str:
        """Return the families' tiles as safe HTML."""
        if newest.empty:
            return f'<p class="op-text op-muted">{escape(self.desk.say("kpis.none"))}</p>'
        parts = []
        for family in (*FAMILIES, ""):
            rows = newest[newest["family"] == family] if family else newest[~newest["family"].isin(FAMILIES)]
            if len(rows):
                label = self._group("family", family)
                tiles = [self._tile(one, board) for _, one in rows.iterrows()]
                parts.append(f'<div><h2 class="op-heading">{escape(label)}</h2>{tiles_html(tiles)}</div>')
        return f'<div style="{TWO_COLUMNS}">{"".join(parts)}</div>'

    def _tile(self, one: pd.Series, board: KpiBoard) -> Tile:
        """Return one KPI's tile."""
        desk, kpi = self.desk, board.kpi(one["kpi"])
        if kpi is None:
            raise KeyError(one["kpi"])
        target = with_unit(one["target"], kpi)
        trend = desk.say("kpis.tile", status=status(desk, one), target=target)
        if one["as_of"]:
            trend += f" · {counted(desk, one)}"
        mine = board.report[
            (board.report["kpi"] == one["kpi"])
            & (board.report["scope_type"] == "company")
            & (board.report["kind"] == "month")
        ]
        return Tile(
            label=f"{one['kpi']} {desk.name('kpis', one['kpi'])}",
            value=short(one["actual"], kpi),
            trend=trend,
            href=desk.href("kpis", kpi=str(one["kpi"])),
            tone=tone(one),
            spark=tuple(mine["actual"].dropna().tail(SPARK_MONTHS)),
        )

    def _columns(self) -> list[Column]:
        """Return the columns of the year to date."""
        say = self.desk.say
        return [
            Column("id", say("kpis.kpi"), width=60, priority=1),
            Column("name", desk_label(self.desk, "kpis"), priority=0),
            Column("actual", say("kpis.actual"), width=100, classes="op-right", priority=0),
            Column("target", say("kpis.target"), width=100, classes="op-right", priority=2),
            Column("attainment", say("kpis.attainment"), width=125, classes="op-right", priority=2),
            Column("difference", say("kpis.difference"), width=115, classes="op-right", priority=3),
            Column("status", say("kpis.status"), "badge", width=130, priority=0),
            Column("sample", say("kpis.sample"), "number", width=90, decimals=0, priority=3),
            Column("months", say("kpis.months"), width=95, priority=3),
        ]

    def _rows(self, so_far: pd.DataFrame, kpis: pd.DataFrame) -> pd.DataFrame:
        """Return the year to date as the grid shows it, one row a KPI."""
        desk = self.desk
        found = so_far.set_index("kpi")
        rows = []
        for _, kpi in kpis.iterrows():
            code = kpi["id"]
            line = {"id": code, "name": titled(desk, kpi)}
            if code in found.index:
                one = found.loc[code]
                line |= {
                    "actual": short(one["actual"], kpi),
                    "target": short(one["target"], kpi),
                    "attainment": share(one["attainment"]),
                    "difference": figure(one["actual"] - one["target"], kpi["decimals"]),
                    "status": f"{tone(one)}|{status(desk, one)}",
                    "sample": one["n"],
                    "months": desk.say(
                        "kpis.months_known", known=int(one["rows"]), months=int(one["months"])
                    ),
                }
            else:
                line["status"] = f"grey|{desk.say('kpis.why.missing')}"
            rows.append(line)
        return pd.DataFrame(rows, columns=[one.name for one in self._columns()])

    def _rollup(self, newest: pd.DataFrame, by: str, title: str) -> str:
        """Return the weighted scores of families or teams as a safe HTML table."""
        desk, say = self.desk, self.desk.say
        rows = []
        for _, one in weighted(newest, [by]).iterrows():
            mine = newest[newest[by].isna() if pd.isna(one[by]) else newest[by] == one[by]]
            counts = " ".join(
                badge(f"{say(f'kpis.colour.{colour}')} {count}", TONES.get(colour, "grey"))
                for colour in COLOURS
                if (count := int((mine["colour"] == colour).sum()))
            )
            name = self._group(by, one[by])
            score = say("kpis.score_of", score=figure(one["score"]))
            cover = say("kpis.coverage", coverage=share(one["coverage"]))
            rows.append(
                f'<tr><th scope="row">{escape(name)}</th>'
                f'<td>{escape(score)}<br><span class="op-muted">{escape(cover)}</span></td>'
                f"<td>{counts}</td></tr>"
            )
        heads = (say(title), say("kpis.score"), say("kpis.counts"))
        label = say("kpis.by_team" if by == "team" else "kpis.by_family")
        return html_table(label, heads, rows, desk.say("kpis.none"))

    def _group(self, by: str, code: object) -> str:
        """Return the name of a family or a team."""
        if by == "team":
            return self.desk.name("teams", code) or self.desk.say("common.none")
        if code not in FAMILIES:
            return self.desk.say("common.none")
        return self.desk.book.tables["kpis"].field("family").choice_label(str(code), self.desk.language)

    def _missing(self, board: KpiBoard, shown: pd.DataFrame) -> str:
        """Return what is due and not there, and what waits for approval."""
        desk = self.desk
        wanted = board.missing[board.missing["kpi"].isin(shown["id"])]
        items = [
            f"{link(desk.href('kpis', kpi=str(code)), f'{code} ' + desk.name('kpis', code))} – "
            + escape(", ".join(period(desk, month) for month in rows["period"]))
            for code, rows in wanted.groupby("kpi", sort=False)
        ]
        waiting = board.drafts[board.drafts["kpi"].isin(shown["id"])]
        if len(waiting):
            words = desk.say("kpis.drafts", count=len(waiting))
            items.append(link(desk.sheet_link("kpi_actuals", int(waiting.index[0])), words))
        return listing(items, desk.say("kpis.missing.none"))


def titled(desk: Desk, kpi: pd.Series) -> str:
    """Return a KPI's name, with its unit where the figures leave it out."""
    name, unit = desk.name("kpis", kpi["id"]), kpi["unit"]
    return f"{name} ({unit})" if pd.notna(unit) and len(str(unit)) > SHORT else name


def desk_label(desk: Desk, table: str) -> str:
    """Return what a table's name column is called."""
    return desk.book.tables[table].field("name").label(desk.language)
