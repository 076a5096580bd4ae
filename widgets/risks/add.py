"""A form for a new risk and its first assessment, saved together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from sheets_schema.risks.assess import new_assessment
from sheets_schema.risks.level import level_of
from sheets_schema.risks.register import Register
from sheets_schema.risks.responses import check_response
from sheets_schema.workbook import new_id, tables
from widgets.conflict import OpenParts
from widgets.form import Form
from widgets.parts import button, card, note, row, tell
from widgets.risks.forms import filled, not_saved, refuse_blanks, scale_choices

if TYPE_CHECKING:
    from widgets.desk import Desk

FIELDS = ("name", "category", "cause", "event", "consequence", "owner", "response", "next_review")
ASSESSED = ("likelihood", "impact", "rationale")
IN_CHINESE = {"zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}


class AddRisk(ipw.VBox):
    """The form; a risk that is accepted at once must be allowed to be.

    Args:
        desk: The page's desk.
        added: Called with the new risk's id.
    """

    def __init__(self, desk: Desk, added: Callable[[str], None]) -> None:
        self.desk, self._added = desk, added
        say, known = desk.say, desk.book.tables
        declared = set(tables()["risks"].names)
        own = [field.name for field in known["risks"].fields if field.name not in declared]
        self.risk = Form(known["risks"], [*FIELDS, *own], desk)
        self.assessment = Form(known["risk_assessments"], ASSESSED, desk, scale_choices())
        self.save = button(say("risks.add.save"), "blue")
        self.note = note("")
        self.rest = OpenParts(desk, "risks", self.note)
        self._register: Register | None = None
        parts = [self.risk, self.assessment, row(self.save), self.note, self.rest]
        super().__init__([card(say("risks.add"), parts)])
        self.save.on_click(self._on_save)

    def update(self, register: Register) -> None:
        """Take a newer register; what is typed stays."""
        self._register = register

    def _on_save(self, _button: object) -> None:
        """Save the risk and its first assessment, or say why not."""
        from sheets_schema.book import Change

        desk = self.desk
        try:
            for form in (self.risk, self.assessment):
                refuse_blanks(form)
            values = filled(self.risk.values)
            self._check(values)
            code = new_id(desk.book.tables["risks"], desk.now())
            values |= {"id": code, "status": "open", "identified_by": desk.person}
            if desk.language in IN_CHINESE:
                values[IN_CHINESE[desk.language]] = values["name"]
            first = self._first(code)
            saved = desk.save([Change("risks", values), Change("risk_assessments", first)], "risks")
        except OpslineError as error:
            if self.rest.takes(error):
                self._clear()
            else:
                not_saved(desk, self.note, error)
        else:
            self._clear()
            tell(self.note, *desk.outcome(saved, desk.say("risks.added", risk=code)))
            self._added(code)

    def _clear(self) -> None:
        """Empty both forms."""
        self.risk.clear()
        self.assessment.clear()

    def _check(self, values: dict[str, object]) -> None:
        """Refuse a response that the level does not allow; an acceptance has its own form."""
        if self._register is None or "response" not in values:
            return
        import pandas as pd

        given = self.assessment.values
        score = int(given["likelihood"]) * int(given["impact"])
        level = level_of(pd.Series([score]), self._register.levels).iloc[0]
        check_response(str(values["response"]), level, self.desk.role, self._register.levels)

    def _first(self, code: str) -> dict[str, object]:
        """Return the first assessment's row."""
        given, desk = filled(self.assessment.values), self.desk
        row_ = new_assessment(
            code,
            "current",
            int(str(given["likelihood"])),
            int(str(given["impact"])),
            desk.person,
            desk.now(),
            rationale=given.get("rationale"),
        )
        return dict(row_)
