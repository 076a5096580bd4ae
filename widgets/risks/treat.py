"""Add a treatment: the level's rules are asked in Python before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from sheets_schema.risks.register import Register
from sheets_schema.risks.responses import allowed, check_response, named
from widgets.conflict import OpenParts
from widgets.form import Form
from widgets.parts import button, card, note, row, tell, text
from widgets.risks.forms import filled, not_saved, refuse_blanks, scale_choices
from widgets.risks.wording import level_name

if TYPE_CHECKING:
    from widgets.desk import Desk

FIELDS = (
    *("strategy", "measure", "owner", "cost", "due"),
    *("expected_likelihood", "expected_impact", "expires"),
)


class Treat(ipw.VBox):
    """The form of one risk; what is typed stays while the page refreshes."""

    def __init__(self, desk: Desk, risk: str) -> None:
        self.desk, self.risk = desk, risk
        say = desk.say
        choices = scale_choices(("expected_likelihood", "expected_impact"))
        self.form = Form(desk.book.tables["treatments"], FIELDS, desk, choices)
        self.rule = text("", muted=True)
        self.save = button(say("risks.treat.save"), "blue")
        self.note = note("")
        self.rest = OpenParts(desk, "risks", self.note)
        self._register: Register | None = None
        super().__init__(
            [card(say("risks.treat"), [self.rule, self.form, row(self.save), self.note, self.rest])]
        )
        self.form.observe(self._on_typed, "values")
        self.save.on_click(self._on_save)
        self._on_typed(None)

    def update(self, register: Register) -> None:
        """Take a newer register, and say what its level allows."""
        self._register = register
        level = self._level()
        facts = {"level": level_name(self.desk, level), "allowed": named(allowed(level, register.levels))}
        words = self.desk.say("risks.treatments.allowed", **facts) if level else ""
        self.rule.value = str(text(words, muted=True).value)

    def _on_typed(self, _change: object) -> None:
        """Ask for the day of expiry only where a risk is accepted."""
        is_accepted = self.form.inputs["strategy"].value == "accept"
        self.form.inputs["expires"].layout.display = None if is_accepted else "none"

    def _level(self) -> str:
        """Return the risk's current level; blank while it has none."""
        found = self._register.risk(self.risk) if self._register is not None else None
        return "" if found is None else str(found["current_level"])

    def _on_save(self, _button: object) -> None:
        """Save the treatment, or say which rule or field stands in the way."""
        from sheets_schema.book import Change

        desk = self.desk
        try:
            refuse_blanks(self.form)
            values = filled(self.form.values)
            is_accepted = values["strategy"] == "accept"
            if not is_accepted:
                values.pop("expires", None)
            self._check(values)
            values |= {"risk": self.risk, "status": "open", "progress": 0}
            if is_accepted:
                values["approved_by"] = desk.person
            saved = desk.save([Change("treatments", values)], "risks")
        except OpslineError as error:
            if self.rest.takes(error):
                self.form.clear()
            else:
                not_saved(desk, self.note, error)
        else:
            self.form.clear()
            tell(self.note, *desk.outcome(saved, desk.say("risks.treated", risk=self.risk)))

    def _check(self, values: dict[str, object]) -> None:
        """Ask the rules of the risk's current level."""
        if self._register is None:
            return
        desk = self.desk
        today = desk.now().tz_convert(desk.book.time_zone).tz_localize(None).normalize()
        check_response(
            str(values["strategy"]),
            self._level(),
            desk.role,
            self._register.levels,
            expires=values.get("expires"),  # type: ignore[arg-type]
            today=today,
        )
