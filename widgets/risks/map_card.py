"""The heat map with its switches, the risks of a cell, and the movements as a table."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from sheets_schema.risks.assess import STAGES, moved_since, movement
from sheets_schema.risks.heat import bands, counts, in_cell
from sheets_schema.risks.level import uncovered_scores
from sheets_schema.risks.register import Register
from widgets.html_table import html_table
from widgets.input import select
from widgets.parts import board, card, column, link, markup, note, row, tell
from widgets.risks.heat_map import HeatMap
from widgets.risks.wording import SCALE, cells_of, colour_of, level_html, level_name

if TYPE_CHECKING:
    from widgets.desk import Desk

BETWEEN = {"controlled": ("inherent", "current"), "planned": ("current", "target")}
SINCE = ("quarter", "year")


class MapCard(ipw.VBox):
    """The map of one stage; its stage, movement and cell stand in the address bar.

    Args:
        desk: The page's desk.
        changed: Called after a switch or a cell has been written to the address bar.
    """

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.desk, self._changed = desk, changed
        say = desk.say
        field = desk.book.tables["risk_assessments"].field("stage")
        stages = [(field.choice_label(stage, desk.language), stage) for stage in STAGES]
        moves = [(say(f"risks.moves.{name}"), name) for name in ("none", *BETWEEN, *SINCE)]
        self.stage = select(say("risks.stage"), stages, "current")
        self.moves = select(say("risks.moves"), moves, "none")
        self.map = HeatMap(words={"caption": say("risks.map.caption"), "none": say("risks.map.none")})
        self.note = note("")
        self.listed = markup("")
        self.table = markup("")
        self._cell = ""
        switches = row(self.stage, self.moves)
        beside = board(self.map, column(self.listed, self.table))
        super().__init__([card(say("risks.map"), [column(switches, self.note, beside)])])
        self.stage.observe(self._on_switch, "value")
        self.moves.observe(self._on_switch, "value")
        self.map.observe(self._on_cell, "picked")

    def update(self, register: Register, shown: pd.DataFrame) -> None:
        """Show the risks of *shown* in the stage and with the movement that the address bar names."""
        query = self.desk.query
        self.stage.value = query["stage"] if query.get("stage") in STAGES else "current"
        wanted = query.get("moves", "none")
        self.moves.value = wanted if wanted in {*BETWEEN, *SINCE} else "none"
        codes = shown["id"]
        in_force = register.now[register.now["risk"].isin(codes)]
        moved = self._moved(register, in_force)
        cells = self._cells(register, in_force)
        ways = [way for _, one in moved.iterrows() if (way := _way(one)) is not None]
        self.map.show(cells, ways)
        self._cell = query.get("cell", "") if cells_of(query.get("cell", "")) else ""
        self.map.chosen = self._cell
        holes = uncovered_scores(register.levels)
        words = self.desk.say("risks.uncovered", scores=", ".join(map(str, holes))) if holes else ""
        tell(self.note, words, "amber")
        self.listed.value = self._list(register, in_force)
        self.table.value = self._as_table(cells) + self._moves_table(register, moved)

    def _on_switch(self, _change: object) -> None:
        """Write the switches to the address bar."""
        stage = None if self.stage.value == "current" else self.stage.value
        moves = None if self.moves.value == "none" else self.moves.value
        before = self.desk.query
        self.desk.set_query(stage=stage, moves=moves)
        if self.desk.query != before:
            self._changed()

    def _on_cell(self, _change: object) -> None:
        """List the risks of the cell chosen; the same cell again closes the list."""
        self.desk.set_query(cell=None if self.map.chosen == self._cell else self.map.chosen)
        self._changed()

    def _cells(self, register: Register, in_force: pd.DataFrame) -> dict[str, dict[str, object]]:
        """Return what each of the twenty-five cells shows and says."""
        found, levels = counts(in_force, self.stage.value), bands(register.levels)
        cells: dict[str, dict[str, object]] = {}
        for likelihood in SCALE:
            for impact in SCALE:
                level = levels.loc[likelihood, impact]
                has_any = bool(found.loc[likelihood, impact])
                rows = in_cell(in_force, self.stage.value, likelihood, impact) if has_any else None
                ids = [] if rows is None else rows["risk"].tolist()
                count = ", ".join(ids) or self.desk.say("risks.map.none")
                place = {"likelihood": likelihood, "impact": impact, "level": level_name(self.desk, level)}
                cells[f"{likelihood}x{impact}"] = {
                    "ids": ids,
                    "place": self.desk.say("risks.map.place", **place),
                    "label": self.desk.say("risks.map.cell", count=count, **place),
                    "colour": colour_of(register.levels, level),
                }
        return cells

    def _moved(self, register: Register, in_force: pd.DataFrame) -> pd.DataFrame:
        """Return the movements asked for; those that stood still are left out."""
        wanted = self.moves.value
        if wanted in BETWEEN:
            found = movement(in_force, BETWEEN[wanted])
        elif wanted in SINCE:
            now = self.desk.now()
            local = now.tz_convert(self.desk.book.time_zone)
            start = local.replace(month=1, day=1).normalize() if wanted == "year" else None
            since = now - pd.DateOffset(months=3) if start is None else start.tz_convert("UTC")
            mine = register.assessments[register.assessments["risk"].isin(in_force["risk"])]
            found = moved_since(mine, since, self.stage.value, now)
        else:
            return pd.DataFrame()
        still = (found["likelihood_from"] == found["likelihood_to"]) & (
            found["impact_from"] == found["impact_to"]
        )
        return found[~still.astype(bool)]

    def _list(self, register: Register, in_force: pd.DataFrame) -> str:
        """Return the risks of the cell chosen as safe HTML."""
        desk, pair = self.desk, cells_of(self._cell)
        if pair is None:
            return f'<p class="op-text op-muted">{escape(desk.say("risks.in_cell.hint"))}</p>'
        level = bands(register.levels).loc[pair[0], pair[1]]
        facts = {"likelihood": pair[0], "impact": pair[1], "level": level_name(desk, level)}
        rows = in_cell(in_force, self.stage.value, *pair)
        items = "".join(
            f"<li>{link(desk.href('risks', risk=code), f'{code} ' + desk.name('risks', code))}</li>"
            for code in rows["risk"]
        )
        empty = f'<p class="op-text op-muted">{escape(desk.say("risks.in_cell.none"))}</p>'
        head = f'<h3 class="op-heading">{escape(desk.say("risks.in_cell", **facts))}</h3>'
        inside = f'<ul class="op-list">{items}</ul>' if items else empty
        return f'<div role="status">{head}{inside}</div>'

    def _as_table(self, cells: dict[str, dict[str, object]]) -> str:
        """Return the cells that hold risks as a plain table: the same map, to read and to print."""
        rows = [
            f"<tr><td>{escape(str(cell['label']))}</td></tr>"
            for _, cell in sorted(cells.items(), reverse=True)
            if cell["ids"]
        ]
        words = self.desk.say("risks.map.table")
        table = html_table(words, [self.desk.say("risks.cell")], rows, self.desk.say("risks.map.none"))
        return f'<details class="op-figures"><summary>{escape(words)}</summary>{table}</details>'

    def _moves_table(self, register: Register, moved: pd.DataFrame) -> str:
        """Return the movements as a table."""
        desk, say = self.desk, self.desk.say
        if self.moves.value == "none":
            return ""
        if moved.empty:
            return f'<p class="op-text op-muted">{escape(say("risks.moves.still"))}</p>'
        levels = bands(register.levels)
        lines = []
        for _, one in moved.iterrows():
            places = [(one[f"likelihood_{end}"], one[f"impact_{end}"]) for end in ("from", "to")]
            cells = [level_html(desk, register.levels, *pair, levels.loc[pair]) for pair in places]
            name = f"{one['risk']} {desk.name('risks', one['risk'])}"
            change = f"{int(one['change']):+d}".replace("-", "−")
            lines.append(
                f'<tr><th scope="row">{link(desk.href("risks", risk=one["risk"]), name)}</th>'
                f"<td>{cells[0]}</td><td>{cells[1]}</td><td>{escape(change)}</td></tr>"
            )
        keys = ("risks.risk", "risks.moves.from", "risks.moves.to", "risks.moves.change")
        words = say("risks.moves.table")
        table = html_table(words, [say(key) for key in keys], lines)
        return f'<details class="op-figures" open><summary>{escape(words)}</summary>{table}</details>'


def _way(moved: pd.Series) -> dict[str, object] | None:
    """Return a movement as the map draws it; None where a place lies outside the map."""
    ends = [f"{moved[f'likelihood_{end}']}x{moved[f'impact_{end}']}" for end in ("from", "to")]
    if not all(map(cells_of, ends)):
        return None
    return {"from": ends[0], "to": ends[1], "worse": bool(moved["change"] > 0)}
