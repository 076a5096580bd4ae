"""One risk: its three stages, its money beside its cell, its history, its treatments."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw
import pandas as pd

from sheets_schema.risks.assess import STAGES, history
from sheets_schema.risks.level import level_of
from sheets_schema.risks.register import Register
from sheets_schema.risks.responses import allowed, level_names, named
from widgets.chart import Chart
from widgets.history import Row, Timeline, family
from widgets.html_table import html_table
from widgets.parts import Tone, badge, button, card, column, facts, link, markup, row
from widgets.parts import board as columns
from widgets.risks.overview import expiry
from widgets.risks.reassess import Reassess
from widgets.risks.treat import Treat
from widgets.risks.wording import DASH, level_html, money
from widgets.team_fields import team_fields

if TYPE_CHECKING:
    from widgets.desk import Desk

BELONGING = {"risk_assessments": "risk", "treatments": "risk"}
DESCRIBED = (
    *("cause", "event", "consequence", "process", "contingency"),
    *("warning_indicator", "amber", "red", "source"),
)
LINES = {stage: f"var(--op-series-{place})" for stage, place in zip(STAGES, (6, 1, 2), strict=True)}


class Detail(ipw.VBox):
    """The page with a risk chosen.

    Args:
        desk: The page's desk.
        risk: The risk's id.
        close: Called to go back to all risks.
    """

    def __init__(self, desk: Desk, risk: str, close: Callable[[], None]) -> None:
        self.desk, self.code = desk, risk
        say = desk.say
        self.back = button(f"← {say('risks.back')}")
        self.head, self.warning, self.described = markup(""), markup(""), markup("")
        self.lenses, self.rows, self.treatments = markup(""), markup(""), markup("")
        self.chart = Chart({"data": [], "layout": {}}, height=240)
        self.reassess = Reassess(desk, risk)
        self.treat = Treat(desk, risk)
        self.changes = Timeline(desk, "risks", self._family)
        super().__init__([self._laid_out()])
        self.back.on_click(lambda _: close())

    def update(self, register: Register) -> None:
        """Show the risk as it stands; what is typed stays."""
        one = register.risk(self.code)
        if one is None:
            return
        desk, name = self.desk, f"{self.code} {self.desk.name('risks', self.code)}"
        self.head.value = self._heading(register, one, name)
        self.warning.value = self._warning(register)
        self.described.value = self._description(one)
        self.lenses.value = self._lenses(register, one)
        rows = history(register.assessments, self.code)
        self.chart.label = desk.say("risks.history.label", risk=name)
        self.chart.figure = self._figure(rows)
        self.rows.value = self._history(register, rows)
        self.treatments.value = self._treatments(register)
        self.reassess.update(register)
        self.treat.update(register)
        self.changes.update()

    def _family(self, journal: pd.DataFrame) -> list[Row]:
        """Return the risk, its assessments and its treatments."""
        frames = {name: self.desk.frame(name) for name in BELONGING}
        return family(journal, frames, self.desk.book.tables, ("risks", self.code), BELONGING)

    def _laid_out(self) -> ipw.Widget:
        """Return the parts in their places."""
        say = self.desk.say
        return column(
            row(self.back),
            self.head,
            self.warning,
            columns(
                card(say("risks.description"), [self.described]),
                card(say("risks.two_lenses"), [self.lenses]),
            ),
            card(say("risks.treatments"), [self.treatments]),
            card(say("risks.history"), [self.chart, self.rows]),
            columns(self.reassess, self.treat),
            card(say("history.title"), [self.changes]),
        )

    def _heading(self, register: Register, one: pd.Series, name: str) -> str:
        """Return name, stages, response, owner and review as safe HTML."""
        desk = self.desk
        risks = desk.book.tables["risks"]
        stage = desk.book.tables["risk_assessments"].field("stage")
        pairs = [
            (
                stage.choice_label(code, desk.language),
                level_html(
                    desk,
                    register.levels,
                    one[f"{code}_likelihood"],
                    one[f"{code}_impact"],
                    one[f"{code}_level"],
                ),
            )
            for code in STAGES
        ]
        response = one["response"]
        words = (
            DASH if pd.isna(response) else risks.field("response").choice_label(str(response), desk.language)
        )
        owner = desk.name("people", one["owner"]) or DASH
        pairs += [(desk.say("risks.response"), escape(words)), (desk.say("risks.owner"), escape(owner))]
        day = desk.day(one["review_due"]) or DASH
        late = badge(desk.say("common.overdue"), "red") if one["overdue"] else ""
        pairs.append((desk.say("risks.review"), f"{escape(day)} {late}"))
        return f'<h2 class="op-heading" style="font-size:20px">{escape(name)}</h2>{facts(pairs)}'

    def _warning(self, register: Register) -> str:
        """Return the rule that the risk's response breaks, as safe HTML."""
        mine = register.broken[register.broken["id"] == self.code]
        if mine.empty:
            return ""
        one, levels = mine.iloc[0], register.levels
        words = self.desk.say(
            "risks.broken",
            risk=self.code,
            response=named([one["response"]]),
            level=level_names(one["current_level"], levels),
            allowed=named(allowed(one["current_level"], levels)),
        )
        return f'<p class="op-note op-red">{escape(words)}</p>'

    def _description(self, one: pd.Series) -> str:
        """Return what the register says of the risk, with a link to its row."""
        desk, table = self.desk, self.desk.book.tables["risks"]
        category = table.field("category")
        rows = []
        if pd.notna(one["category"]):
            label = category.choice_label(str(one["category"]), desk.language)
            rows.append((category.label(desk.language), escape(label)))
        names = [*DESCRIBED, *(field.name for field in team_fields(desk, "risks"))]
        rows += [
            (table.field(name).label(desk.language), escape(str(one[name])))
            for name in names
            if name in one.index and pd.notna(one[name])
        ]
        place = link(desk.sheet_link("risks", int(str(one.name))), desk.say("shell.open_sheet"))
        return f'{facts(rows)}<p class="op-text">{place}</p>'

    def _lenses(self, register: Register, one: pd.Series) -> str:
        """Return the cell beside the money, and whether they rank the risk alike."""
        desk, say = self.desk, self.desk.say
        cell = level_html(
            desk,
            register.levels,
            one["current_likelihood"],
            one["current_impact"],
            one["current_level"],
        )
        if pd.isna(one["ale"]):
            return facts([(say("risks.cell"), cell)]) + _muted(say("risks.no_money"))
        in_force = register.now
        now = in_force[(in_force["risk"] == self.code) & (in_force["stage"] == "current")].iloc[0]
        chance = DASH if pd.isna(now["probability"]) else f"{now['probability'] * 100:g} %"
        rows = [
            (say("risks.cell"), cell),
            (say("risks.ale"), f"<b>{escape(money(one['ale']))}</b>"),
            (say("risks.probability"), escape(chance)),
            (say("risks.interval"), escape(f"{money(now['loss_low'])} – {money(now['loss_high'])}")),
        ]
        if pd.isna(one["rank_ale"]):
            return facts(rows)
        rows += [
            (say("risks.rank_score"), escape(f"{one['rank_score']:g}")),
            (say("risks.rank_ale"), escape(f"{one['rank_ale']:g}")),
        ]
        apart = float(one["disagreement"])
        key = "risks.agree" if not apart else f"risks.disagree.{'worse' if apart > 0 else 'better'}"
        return facts(rows) + _muted(say(key))

    def _figure(self, rows: pd.DataFrame) -> dict[str, Any]:
        """Return the score of each stage over time, as a step line."""
        field = self.desk.book.tables["risk_assessments"].field("stage")
        data = []
        for stage in STAGES:
            mine = rows[(rows["stage"] == stage) & rows["score"].notna() & rows["at"].notna()].iloc[::-1]
            local = mine["at"].dt.tz_convert(self.desk.book.time_zone)
            days = local.dt.strftime("%Y-%m-%d").tolist()
            scores = [int(value) for value in mine["score"]]
            if days and days[-1] < (today := f"{self.desk.now():%Y-%m-%d}"):
                days, scores = [*days, today], [*scores, scores[-1]]
            line = {"color": LINES[stage], "shape": "hv", "dash": "dot" if stage != "current" else "solid"}
            label = field.choice_label(stage, self.desk.language)
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": label,
                    "x": days,
                    "y": scores,
                    "line": line,
                }
            )
        axis = {"range": [0, 26], "fixedrange": True, "title": {"text": self.desk.say("risks.history.score")}}
        layout = {"yaxis": axis, "xaxis": {"type": "date", "fixedrange": True}}
        return {"data": data, "layout": layout | {"margin": {"l": 8, "r": 8, "t": 28, "b": 8}}}

    def _history(self, register: Register, rows: pd.DataFrame) -> str:
        """Return all assessments, newest first, as a safe HTML table."""
        desk, say = self.desk, self.desk.say
        if rows.empty:
            return _muted(say("risks.history.none"))
        field = desk.book.tables["risk_assessments"].field("stage")
        lines = []
        for place, one in rows.iterrows():
            when = link(desk.sheet_link("risk_assessments", int(str(place))), desk.local(one["at"]) or DASH)
            stage = "" if pd.isna(one["stage"]) else field.choice_label(str(one["stage"]), desk.language)
            cell = level_html(desk, register.levels, one["likelihood"], one["impact"], one["level"])
            by = desk.name("people", one["assessor"])
            why = "" if pd.isna(one["rationale"]) else str(one["rationale"])
            lines.append(
                f"<tr><td>{when}</td><td>{escape(stage)}</td><td>{cell}</td>"
                f"<td>{escape(money(one['ale']))}</td><td>{escape(by)}</td><td>{escape(why)}</td></tr>"
            )
        keys = ("history.at", "stage", "history.score", "ale", "history.by", "history.why")
        return html_table(say("risks.history"), [say(f"risks.{key}") for key in keys], lines)

    def _expected(self, register: Register, one: pd.Series) -> str:
        """Return the cell that a treatment is to lead to, as safe HTML."""
        pair = (one["expected_likelihood"], one["expected_impact"])
        if any(map(pd.isna, pair)):
            return DASH
        level = level_of(pd.Series([pair[0] * pair[1]]), register.levels).iloc[0]
        return level_html(self.desk, register.levels, *pair, level)

    def _treatments(self, register: Register) -> str:
        """Return the risk's treatments as a safe HTML table, with what runs out."""
        desk, table = self.desk, self.desk.book.tables["treatments"]
        frame = desk.frame("treatments")
        mine = frame[frame["risk"] == self.code]
        if mine.empty:
            return _muted(desk.say("risks.treatments.none"))
        left = dict(register.accepted["days_left"].items())
        lines = []
        for place, one in mine.iterrows():
            label = {
                name: ""
                if pd.isna(one[name])
                else table.field(name).choice_label(str(one[name]), desk.language)
                for name in ("strategy", "status")
            }
            runs = f" {badge(expiry(desk, left[place]), _urgency(left[place]))}" if place in left else ""
            measure = link(desk.sheet_link("treatments", int(str(place))), str(one["measure"]))
            done = DASH if pd.isna(one["progress"]) else f"{one['progress']} %"
            cells = (
                f"{escape(label['strategy'])}{runs}",
                measure,
                escape(desk.name("people", one["owner"])),
                escape(money(one["cost"])),
                escape(desk.day(one["due"])),
                escape(done),
                self._expected(register, one),
                escape(label["status"]),
            )
            lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        names = ("strategy", "measure", "owner", "cost", "due", "progress", "status")
        heads = [table.field(name).label(desk.language) for name in names]
        heads.insert(-1, desk.say("risks.treatments.expected"))
        return html_table(desk.say("risks.treatments"), heads, lines)


def _urgency(days: Any) -> Tone:
    """Return the tone of an acceptance that runs out."""
    if pd.isna(days) or days < 0:
        return "red"
    return "amber" if days <= 30 else "grey"  # noqa: PLR2004 - a month's notice


def _muted(words: str) -> str:
    """Return a quiet paragraph as safe HTML."""
    return f'<p class="op-text op-muted">{escape(words)}</p>'
