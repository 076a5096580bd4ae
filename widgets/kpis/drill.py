"""From a month's figure to the tickets behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from sheets_schema.desk_rules.kpis import KpiBoard
from widgets.grid import Column, Grid
from widgets.input import select
from widgets.kpis.wording import figure, period, with_unit
from widgets.parts import card, markup, text

if TYPE_CHECKING:
    from widgets.desk import Desk


class Drill(ipw.VBox):
    """The tickets that a month counts, each with a link to itself and to its row of the sheet."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        say = desk.say
        self.month = select(say("kpis.drill.month"), [], "")
        self.note = markup("")
        self.grid = Grid(pd.DataFrame(), self._columns(), label=say("kpis.drill.label"), height=420)
        self.typed = text(say("kpis.drill.typed"), muted=True)
        self._board: KpiBoard | None = None
        self._kpi: pd.Series | None = None
        super().__init__([card(say("kpis.drill"), [self.typed, self.month, self.note, self.grid])])
        self.month.observe(self._on_month, "value")

    def update(self, board: KpiBoard, kpi: pd.Series) -> None:
        """Show the month of the address bar; the newest one where it names none."""
        self._board, self._kpi = board, kpi
        months = [month for month in board.of(kpi["id"], "month")["period"] if month in self._months()]
        is_computed = kpi["source"] in board.cases
        for part in (self.month, self.note, self.grid):
            part.layout.display = None if is_computed else "none"
        self.typed.layout.display = "none" if is_computed else None
        asked = self.desk.query.get("month", "")
        self.month.unobserve(self._on_month, "value")
        self.month.options = [[period(self.desk, month), month] for month in reversed(months)]
        self.month.value = asked if asked in months else (months[-1] if months else "")
        self.month.observe(self._on_month, "value")
        self._show()

    def choose(self, month: str) -> None:
        """Show another month, if it has tickets."""
        if month in {code for _, code in self.month.options}:
            self.month.value = month

    def _on_month(self, _change: object) -> None:
        """Write the month to the address bar and show it."""
        self.desk.set_query(month=self.month.value or None)
        self._show()

    def _months(self) -> set[str]:
        """Return the months that have tickets behind them."""
        return set(self._cases()["period"])

    def _cases(self) -> pd.DataFrame:
        """Return the tickets that the KPI counts, of all months."""
        if self._board is None or self._kpi is None or self._kpi["source"] not in self._board.cases:
            return pd.DataFrame({"period": pd.Series(dtype="str")})
        return self._board.cases[self._kpi["source"]]

    def _show(self) -> None:
        """Show the tickets of the month chosen, those that lower the figure first."""
        if self._kpi is None or self._kpi["source"] not in (self._board.cases if self._board else {}):
            return
        cases = self._cases()
        here = cases[cases["period"] == self.month.value]
        rows = self.desk.frame("tickets").join(here[["numerator", "denominator"]], how="inner")
        better_low = self._kpi["direction"] == "lower"
        rows = rows.sort_values(["numerator", "opened_at"], ascending=[not better_low, True], kind="stable")
        self.note.value = self._words(rows)
        self.grid.show(self._shown(rows))

    def _words(self, rows: pd.DataFrame) -> str:
        """Return the sum of the rows as safe HTML: it is the month's figure."""
        if rows.empty or self._kpi is None:
            return f'<p class="op-text op-muted">{self.desk.say("kpis.drill.none")}</p>'
        above, below = rows["numerator"].sum(), rows["denominator"].sum()
        scale = self._kpi["scale"] if self._kpi["aggregation"] == "ratio" else 1.0
        value = (1.0 if pd.isna(scale) else scale) * above / below if below else None
        is_whole = float(above).is_integer()
        words = self.desk.say(
            "kpis.drill.note",
            count=figure(len(rows), 0),
            numerator=figure(above, 0 if is_whole else 1),
            denominator=figure(below, 0),
            value=with_unit(value, self._kpi),
        )
        shown = text(words, muted=True)
        return str(shown.value)

    def _columns(self) -> list[Column]:
        """Return the columns of the tickets."""
        say = self.desk.say
        return [
            Column("ticket", say("kpis.drill.ticket"), "link", width=130, priority=0),
            Column("subject", say("kpis.drill.subject"), priority=0),
            Column("opened_at", say("kpis.drill.opened"), "moment", width=130, priority=2),
            Column("team_name", say("kpis.team"), width=150, priority=3),
            Column("numerator", say("kpis.drill.counted"), "number", decimals=1, width=90, priority=1),
            Column("denominator", say("kpis.drill.of"), "number", decimals=0, width=70, priority=3),
            Column("place", say("kpis.drill.row"), "link", width=100, priority=2),
        ]

    def _shown(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the tickets as the grid shows them."""
        desk = self.desk
        teams = {code: desk.name("teams", code) for code in rows["team"].dropna().unique()}
        places = [
            f"{desk.sheet_link('tickets', int(place))}|{desk.say('kpis.drill.row_number', row=place)}"
            for place in rows.index
        ]
        links = [f"{desk.href('tickets', id=str(code))}|{code}" for code in rows["id"]]
        return pd.DataFrame(
            {
                "id": rows["id"].tolist(),
                "ticket": links,
                "subject": rows["subject"].tolist(),
                "opened_at": rows["opened_at"].array,
                "team_name": rows["team"].map(teams).tolist(),
                "numerator": rows["numerator"].tolist(),
                "denominator": rows["denominator"].tolist(),
                "place": places,
            }
        )
