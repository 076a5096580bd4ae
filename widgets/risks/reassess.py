"""Assess a risk again: a new row, with its level and its money said before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw
import pandas as pd

from sheets_schema.errors import OpslineError
from sheets_schema.risks.assess import new_assessment
from sheets_schema.risks.level import level_of
from sheets_schema.risks.money import expected_loss
from sheets_schema.risks.register import Register
from widgets.conflict import OpenParts
from widgets.form import Form
from widgets.parts import button, card, note, row, tell, text
from widgets.risks.forms import check_losses, filled, not_saved, refuse_blanks, scale_choices
from widgets.risks.wording import level_name, money

if TYPE_CHECKING:
    from widgets.desk import Desk

FIELDS = (
    *("stage", "likelihood", "impact", "probability", "loss_low", "loss_high"),
    *("aro", "sle", "confidence", "rationale"),
)
IN_MONEY = ("probability", "loss_low", "loss_high", "aro", "sle")


class Reassess(ipw.VBox):
    """The form of one risk; what is typed stays while the page refreshes."""

    def __init__(self, desk: Desk, risk: str) -> None:
        self.desk, self.risk = desk, risk
        say = desk.say
        self.form = Form(desk.book.tables["risk_assessments"], FIELDS, desk, scale_choices())
        self.becomes = note("")
        self.save = button(say("risks.assess.save"), "blue")
        self.note = note("")
        self.rest = OpenParts(desk, "risks", self.note)
        self._register: Register | None = None
        parts = [
            text(say("risks.assess.note"), muted=True),
            self.form,
            self.becomes,
            row(self.save),
            self.note,
            self.rest,
        ]
        super().__init__([card(say("risks.assess"), parts)])
        self.form.observe(self._on_typed, "values")
        self.save.on_click(self._on_save)

    def update(self, register: Register) -> None:
        """Take a newer register."""
        self._register = register
        self._on_typed(None)

    def _on_typed(self, _change: object) -> None:
        """Say at once what level and what loss that makes."""
        found = self._judged()
        if found is None:
            tell(self.becomes, "")
            return
        score, level = found
        words = self.desk.say("risks.assess.becomes", score=score, level=level_name(self.desk, level))
        ale = self._loss()
        if ale is not None:
            words += " " + self.desk.say("risks.assess.money", ale=money(ale))
        tell(self.becomes, words, "blue")

    def _judged(self) -> tuple[int, str] | None:
        """Return score and level of what is typed; None where it is not complete."""
        values = self.form.values
        if self._register is None or not values.get("likelihood") or not values.get("impact"):
            return None
        score = int(values["likelihood"]) * int(values["impact"])
        return score, str(level_of(pd.Series([score]), self._register.levels).iloc[0])

    def _loss(self) -> float | None:
        """Return the expected annual loss of what is typed; None where it is not complete."""
        figures = {name: [self.form.values.get(name)] for name in IN_MONEY}
        found = expected_loss(pd.DataFrame(figures, dtype="float64")).iloc[0]
        return None if pd.isna(found) else float(found)

    def _on_save(self, _button: object) -> None:
        """Save the assessment as a new row, or say why not."""
        from sheets_schema.book import Change

        desk = self.desk
        try:
            refuse_blanks(self.form)
            values = filled(self.form.values)
            check_losses(values)
            given = {name: values.pop(name) for name in ("stage", "likelihood", "impact")}
            made = new_assessment(
                self.risk,
                str(given["stage"]),
                int(str(given["likelihood"])),
                int(str(given["impact"])),
                desk.person,
                desk.now(),
                **values,
            )
            said = self._judged()
            saved = desk.save([Change("risk_assessments", made)], "risks")
        except OpslineError as error:
            if self.rest.takes(error):
                self.form.clear()
            else:
                not_saved(desk, self.note, error)
        else:
            self.form.clear()
            score, level = said or (0, "")
            facts = {"risk": self.risk, "score": score, "level": level_name(desk, level)}
            tell(self.note, *desk.outcome(saved, desk.say("risks.assessed", **facts)))
