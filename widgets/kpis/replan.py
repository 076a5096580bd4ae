"""Plan a KPI's year anew: method, target of the year, held months; preview, then save."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from sheets_schema.desk_rules.kpis import KpiBoard, calendar_days
from sheets_schema.errors import NotAllowed, OpslineError, RuleError
from sheets_schema.kpis.periods import months_of, quarters_of
from sheets_schema.kpis.plan import plan_year, season_of
from sheets_schema.kpis.split import REPEATING, Plan
from sheets_schema.kpis.targets import in_force, next_version, rows_of
from sheets_schema.kpis.weights import SPREADING
from widgets.conflict import OpenParts
from widgets.html_table import html_table
from widgets.input import Input, select
from widgets.kpis.wording import period, with_unit
from widgets.parts import badge, button, card, column, markup, note, row, tell, text

if TYPE_CHECKING:
    from widgets.desk import Desk

MANAGERS = ("manager", "admin")
PERCENT = 100.0


class NotANumber(RuleError):
    """Something else was typed where a number is needed (facts: see the sentence)."""

    key = "kpis.split.number"


class Replan(ipw.VBox):
    """The form: what is typed stays while the page refreshes, until another KPI is shown."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        say = desk.say
        self.method = select(say("kpis.replan.method"), [], "")
        self.total = Input(say("kpis.replan.total"), "number", required=True)
        self.growth = Input(say("kpis.replan.growth"), "number", 0)
        self.baseline = Input(say("kpis.replan.baseline"), "number")
        self.held: dict[str, Input] = {}
        self.months = ipw.VBox()
        self.months.add_class("op-form")
        self.preview = button(say("kpis.replan.preview"))
        self.save = button(say("kpis.replan.save"), "blue")
        self.note = note("")
        self.rest = OpenParts(desk, "kpis", self.note)
        self.result = markup("")
        self._board: KpiBoard | None = None
        self._kpi: pd.Series | None = None
        fields = ipw.VBox([self.method, self.total, self.growth, self.baseline])
        fields.add_class("op-form")
        super().__init__([self._laid_out(fields)])
        self.method.observe(self._show_fields, "value")
        self.preview.on_click(self._on_preview)
        self.save.on_click(self._on_save)

    def update(self, board: KpiBoard, kpi: pd.Series) -> None:
        """Take a newer board; fill the form only where it is another KPI or year."""
        before = self._kpi is None or self._board is None
        is_other = before or self._kpi["id"] != kpi["id"] or self._board.year != board.year  # type: ignore[index,union-attr]
        self._board, self._kpi = board, kpi
        if is_other:
            self._fill(board, kpi)

    def planned(self) -> Plan:
        """Return the plan that is typed.

        Raises:
            NotANumber: Something that is not a number stands where one must.
            SplitRefused: It cannot be split so.
            NoWeights: The method lacks what it weighs with.
        """
        board, kpi = self._shown()
        growth = number(self.growth.value)
        return plan_year(
            {str(name): value for name, value in kpi.items()},
            board.year,
            self._total(),
            str(self.method.value),
            held=self._held(),
            start=board.start,
            baseline=number(self.baseline.value),
            working_days=calendar_days(self.desk.snapshot, months_of(str(board.year), board.start)),
            typed=self._typed_weights(),
            history=season_of(board.known, str(kpi["id"]), board.year, board.start),
            growth=None if growth is None else growth / PERCENT,
        )

    def _laid_out(self, fields: ipw.Widget) -> ipw.Widget:
        """Return the parts in their places."""
        say = self.desk.say
        return card(
            say("kpis.replan"),
            [
                text(say("kpis.replan.note"), muted=True),
                fields,
                text(say("kpis.replan.held")),
                self.months,
                row(self.preview, self.save),
                self.note,
                self.rest,
                column(self.result),
            ],
        )

    def _fill(self, board: KpiBoard, kpi: pd.Series) -> None:
        """Put the plan in force into the form."""
        desk, is_sum = self.desk, kpi["aggregation"] == "sum"
        field = desk.book.tables["kpi_targets"].field("method")
        methods = SPREADING if is_sum else REPEATING
        self.method.options = [[field.choice_label(code, desk.language), code] for code in methods]
        usual = kpi["split_method"]
        self.method.value = usual if usual in methods else methods[0]
        report = board.of(kpi["id"])
        year = report[report["kind"] == "year"]["target"].iloc[0]
        self.total.value = "" if pd.isna(year) else plain(year)
        self.baseline.value = "" if pd.isna(kpi["baseline"]) else plain(kpi["baseline"])
        mine = self._in_force()
        fixed = mine[mine["held"].fillna(value=False).astype(bool)]
        held = dict(zip(fixed["period"], fixed["target"], strict=True))
        self.held = {
            month: Input(period(desk, month), "number", plain(held[month]) if month in held else "")
            for month in months_of(str(board.year), board.start)
        }
        self.months.children = tuple(self.held.values())
        self.result.value = ""
        tell(self.note, "")
        self._show_fields(None)

    def _show_fields(self, _change: object) -> None:
        """Ask only for what the method needs."""
        self.growth.layout.display = None if self.method.value == "growth" else "none"
        self.baseline.layout.display = None if self.method.value == "glide" else "none"

    def _on_preview(self, _button: object) -> None:
        """Show what the plan would be, or why it cannot be."""
        try:
            plan = self.planned()
        except OpslineError as error:
            self.result.value = ""
            tell(self.note, error.text(self.desk.language), "red")
        else:
            tell(self.note, "")
            self.result.value = self._table(plan)

    def _on_save(self, _button: object) -> None:
        """Save the plan as a new version, if the person may and the plan can be."""
        from sheets_schema.book import Change

        desk = self.desk
        try:
            board, kpi = self._shown()
            if desk.role not in MANAGERS:
                raise NotAllowed("kpis.split.manager_only")
            plan = self.planned()
            version = next_version(desk.frame("kpi_targets"), str(kpi["id"]), board.year)
            rows = rows_of(
                plan,
                kpi=str(kpi["id"]),
                scope_type="company",
                scope="",
                year=board.year,
                method=str(self.method.value),
                version=version,
                status="approved",
                approved_by=desk.person,
                weights=self._typed_weights(),
            )
            saved = desk.save([Change("kpi_targets", values) for values in rows], "kpis")
        except OpslineError as error:
            if self.rest.takes(error):
                self.result.value = ""
                return
            reason = error.text(desk.language)
            tell(self.note, desk.say("kpis.replan.not_saved", reason=reason), "red")
        else:
            self.result.value = ""
            words = desk.say("kpis.replan.saved", version=version, kpi=str(kpi["id"]))
            tell(self.note, *desk.outcome(saved, words))

    def _table(self, plan: Plan) -> str:
        """Return the plan beside the one in force, and the proof of its sums, as safe HTML."""
        board, kpi = self._shown()
        desk = self.desk
        report = board.of(kpi["id"])
        was = dict(zip(report["period"], report["target"], strict=True))
        becomes = {str(board.year): plan.year, **plan.quarters, **plan.months}
        periods = [
            *(p for q in quarters_of(board.year) for p in (*months_of(q, board.start), q)),
            str(board.year),
        ]
        lines = []
        for name in periods:
            mark = f" {badge(desk.say('kpis.held'), 'blue')}" if name in plan.held else ""
            weight = ' style="font-weight:640"' if name not in plan.months else ""
            lines.append(
                f'<tr{weight}><th scope="row"{weight}>{escape(period(desk, name))}</th>'
                f"<td>{escape(with_unit(was.get(name), kpi))}</td>"
                f"<td>{escape(with_unit(becomes[name], kpi))}{mark}</td></tr>"
            )
        heads = tuple(desk.say(f"kpis.{key}") for key in ("period", "replan.was", "replan.becomes"))
        return self._proof(plan, kpi) + html_table(desk.say("kpis.replan.preview"), heads, lines)

    def _proof(self, plan: Plan, kpi: pd.Series) -> str:
        """Return the sums of an additive plan, as safe HTML."""
        board, _ = self._shown()
        if not plan.additive or not plan.is_exact(board.start):
            return ""
        facts = {
            "months": with_unit(sum(plan.months.values()), kpi),
            "quarters": with_unit(sum(plan.quarters.values()), kpi),
            "year": with_unit(plan.year, kpi),
        }
        words = self.desk.say("kpis.sums.exact", **facts)
        return f'<p class="op-text">{badge("✓", "green")} {escape(words)}</p>'

    def _shown(self) -> tuple[KpiBoard, pd.Series]:
        """Return the board and the KPI that the form is about."""
        if self._board is None or self._kpi is None:
            raise NotANumber
        return self._board, self._kpi

    def _total(self) -> float:
        """Return the year's target as typed."""
        total = number(self.total.value)
        if total is None:
            raise NotANumber
        return total

    def _held(self) -> dict[str, float]:
        """Return the months that are held, with their figures."""
        held = {}
        for month, control in self.held.items():
            if control.value in {"", None}:
                continue
            figure = number(control.value)
            if figure is None:
                name = period(self.desk, month)
                raise NotANumber("kpis.split.held_number", period=name, found=control.value)
            held[month] = figure
        return held

    def _in_force(self) -> pd.DataFrame:
        """Return the KPI's targets that count now."""
        board, kpi = self._shown()
        plan = in_force(self.desk.frame("kpi_targets"), board.year)
        mine = (plan["kpi"] == kpi["id"]) & (plan["scope_type"] == "company")
        return pd.DataFrame(plan[mine])

    def _typed_weights(self) -> dict[str, float]:
        """Return the months' weights as the plan in force has them; none where it has none."""
        mine = self._in_force()
        weighed = mine[mine["weight"].notna() & (mine["period_type"] == "month")]
        return dict(zip(weighed["period"], weighed["weight"].astype("float64"), strict=True))


def number(typed: object) -> float | None:
    """Return what a control holds as a finite number; None where it holds none.

    >>> number("48,000"), number(""), number("many"), number("inf")
    (48000.0, None, None, None)
    """
    try:
        found = float(str(typed).strip().replace(",", ""))
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def plain(figure: float) -> float | int:
    """Return a figure as a control shows it: a whole number without its point."""
    return int(figure) if float(figure).is_integer() else float(figure)
