"""All risks: what stands out, the heat map, the register, and a form to add one."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw
import pandas as pd

from sheets_schema.risks.register import Register
from sheets_schema.risks.responses import allowed, level_names, named
from widgets.grid import Column, Grid
from widgets.input import select
from widgets.parts import Tile, card, column, markup, row, tiles_html
from widgets.risks.add import AddRisk
from widgets.risks.map_card import MapCard
from widgets.risks.wording import level_name, money, tone_of
from widgets.team_fields import team_columns, team_fields

if TYPE_CHECKING:
    from sheets_schema.language import Field
    from widgets.desk import Desk

FILTERS = ("category", "level", "status")
SOON = 30
"""Days before its end from which an acceptance is shown as expiring."""


class Overview(ipw.VBox):
    """The page without a risk chosen.

    Args:
        desk: The page's desk.
        open_risk: Called with a risk's id to show it.
        changed: Called after the address bar has changed.
    """

    def __init__(self, desk: Desk, open_risk: Callable[[str], None], changed: Callable[[], None]) -> None:
        self.desk, self._open, self._changed = desk, open_risk, changed
        say, table = desk.say, desk.book.tables["risks"]
        everything = (say("common.all"), "")
        options = {
            name: [
                (table.field(name).choice_label(code, desk.language), code)
                for code in table.field(name).enum or ()
            ]
            for name in ("category", "status")
        }
        options["level"] = [(words, code) for code, words in desk.names("risk_levels").items()]
        self.filters = {
            name: select(say(f"risks.{name}"), [everything, *options[name]], desk.query.get(name, ""))
            for name in FILTERS
        }
        self.tiles = markup("")
        self.warnings = markup("")
        self.map = MapCard(desk, changed)
        self.grid = Grid(pd.DataFrame(), self._columns(), label=say("risks.register.label"))
        self.add = AddRisk(desk, open_risk)
        super().__init__([self._laid_out()])
        for control in self.filters.values():
            control.observe(self._on_filter, "value")
        self.grid.observe(lambda _: self._open(self.grid.selected), "picked")

    def update(self, register: Register) -> None:
        """Show the register; filters and what is typed stay."""
        for name, control in self.filters.items():
            asked = self.desk.query.get(name, "")
            control.value = asked if asked in {code for _, code in control.options} else ""
        shown = self._filtered(register.risks)
        self.tiles.value = self._tiles(register)
        self.warnings.value = self._warnings(register)
        self.map.update(register, shown)
        self.grid.show(self._rows(shown, register))
        self.add.update(register)

    def _laid_out(self) -> ipw.Widget:
        """Return the parts in their places."""
        say = self.desk.say
        return column(
            self.tiles,
            self.warnings,
            row(*self.filters.values()),
            self.map,
            card(say("risks.register"), [self.grid]),
            self.add,
        )

    def _filtered(self, risks: pd.DataFrame) -> pd.DataFrame:
        """Return the risks that the filters let through; the open ones where none asks for others."""
        chosen = {name: control.value for name, control in self.filters.items()}
        if chosen["category"]:
            risks = risks[risks["category"] == chosen["category"]]
        if chosen["level"]:
            risks = risks[risks["current_level"] == chosen["level"]]
        if chosen["status"]:
            risks = risks[risks["status"] == chosen["status"]]
        return risks

    def _on_filter(self, _change: object) -> None:
        """Write the filters to the address bar and show what they let through."""
        before = self.desk.query
        self.desk.set_query(**{name: control.value or None for name, control in self.filters.items()})
        if self.desk.query != before:
            self._changed()

    def _tiles(self, register: Register) -> str:
        """Return what stands out as safe HTML."""
        desk, say, risks = self.desk, self.desk.say, register.risks
        is_open = risks["status"].fillna("open") != "closed"
        opened = risks[is_open]
        written = desk.snapshot.setting("appetite_score") or ""
        appetite = float(written) if written.replace(".", "", 1).isdigit() else None
        above = register.above(appetite) if appetite is not None else opened.iloc[:0]
        has_one = appetite is not None
        asked = say("risks.tile.appetite", appetite=written) if has_one else say("risks.tile.no_appetite")
        late = int(opened["overdue"].sum())
        quantified = {"known": int(opened["ale"].notna().sum()), "all": len(opened)}
        expiring = register.accepted[(register.accepted["days_left"] <= SOON).fillna(value=True)]
        first = self._first_expiry(expiring)
        return tiles_html(
            [
                Tile(say("risks.tile.open"), str(len(opened))),
                Tile(say("risks.tile.above"), str(len(above)), asked, tone="red" if len(above) else "green"),
                Tile(
                    say("risks.tile.ale"), money(opened["ale"].sum()),
                    say("risks.tile.quantified", **quantified),
                ),
                Tile(say("risks.tile.overdue"), str(late), tone="amber" if late else "green"),
                Tile(
                    say("risks.tile.expiring"), str(len(expiring)), first,
                    tone="amber" if first else "green",
                ),
            ]
        )  # fmt: skip

    def _first_expiry(self, expiring: pd.DataFrame) -> str:
        """Return which acceptance runs out first, and when."""
        if expiring.empty:
            return ""
        one = expiring.iloc[0]
        return self.desk.say("risks.tile.next", risk=one["risk"], left=expiry(self.desk, one["days_left"]))

    def _warnings(self, register: Register) -> str:
        """Return the risks that are answered against the rules, as safe HTML."""
        desk, levels = self.desk, register.levels
        lines = [
            desk.say(
                "risks.broken",
                risk=f"{one['id']} {desk.name('risks', one['id'])}",
                response=named([one["response"]]),
                level=level_names(one["current_level"], levels),
                allowed=named(allowed(one["current_level"], levels)),
            )
            for _, one in register.broken.iterrows()
        ]
        return "".join(f'<p class="op-note op-red">{escape(line)}</p>' for line in lines)

    def _columns(self) -> list[Column]:
        """Return the columns of the register."""
        desk, say = self.desk, self.desk.say
        stage = desk.book.tables["risk_assessments"].field("stage")
        stages = [
            Column(name, stage.choice_label(name, desk.language), "badge", width=width, priority=place)
            for name, width, place in (("inherent", 90, 3), ("current", 130, 0), ("target", 90, 3))
        ]
        return [
            Column("id", say("risks.number"), width=60, priority=0),
            Column("name", say("risks.risk"), priority=0),
            *stages,
            Column("response_name", say("risks.response"), width=90, priority=2),
            Column("ale", say("risks.ale"), "number", width=80, decimals=1, priority=2),
            Column("ranks", say("risks.ranks"), "badge", width=90, priority=4),
            Column("review", say("risks.review"), "badge", width=125, priority=3),
            *team_columns(desk, "risks"),
            Column("place", say("risks.sheet"), "link", width=80, priority=4),
        ]

    def _rows(self, shown: pd.DataFrame, register: Register) -> pd.DataFrame:
        """Return the risks as the grid shows them."""
        desk, table = self.desk, self.desk.book.tables["risks"]
        own = [field.name for field in team_fields(desk, "risks")]
        rows = [
            {
                "id": one["id"],
                "name": desk.name("risks", one["id"]),
                **{stage: _stage(desk, register, one, stage) for stage in ("inherent", "current", "target")},
                "response_name": _choice(desk, table.field("response"), one["response"]),
                "ale": one["ale"],
                "ranks": ranks(one),
                "review": _review(desk, one),
                "place": _place(desk, int(str(place))),
                **{name: one[name] for name in own},
            }
            for place, one in shown.iterrows()
        ]
        return pd.DataFrame(rows, columns=[one.name for one in self._columns()])


def expiry(desk: Desk, days: Any) -> str:
    """Return when an acceptance runs out: "expires in 7 days"."""
    if pd.isna(days):
        return desk.say("risks.expires.never")
    left = int(days)
    if left == 0:
        return desk.say("risks.expires.today")
    return desk.say("risks.expires.left" if left > 0 else "risks.expires.over", days=abs(left))


def ranks(one: pd.Series) -> str:
    """Return both ranks as a badge, amber where the money says it is worse by two places or more."""
    if pd.isna(one["rank_ale"]):
        return ""
    tone = "amber" if one["disagreement"] >= 2 else "grey"  # noqa: PLR2004 - one place is noise
    return f"{tone}|{one['rank_score']:g} / {one['rank_ale']:g}"


def _place(desk: Desk, row: int) -> str:
    """Return a link to a risk's row of the sheet, as the grid takes it."""
    return f"{desk.sheet_link('risks', row)}|{desk.say('risks.sheet_row', row=row)}"


def _choice(desk: Desk, field: Field, code: Any) -> str:
    """Return a code's label; blank where there is none."""
    return "" if code is None or pd.isna(code) else field.choice_label(str(code), desk.language)


def _stage(desk: Desk, register: Register, one: pd.Series, stage: str) -> str:
    """Return a stage's cell as a badge, with its level in words where it is the current one."""
    if pd.isna(one[f"{stage}_score"]):
        return ""
    level = one[f"{stage}_level"]
    words = f"{one[f'{stage}_likelihood']}×{one[f'{stage}_impact']}"
    named_level = f" {level_name(desk, level)}" if stage == "current" else ""
    return f"{tone_of(register.levels, level)}|{words}{named_level}"


def _review(desk: Desk, one: pd.Series) -> str:
    """Return the day of the next review as a badge, red once it is over."""
    day = desk.day(one["review_due"])
    if one["overdue"]:
        return f"red|{desk.say('risks.review.overdue', day=day)}"
    return f"grey|{day}" if day else ""
