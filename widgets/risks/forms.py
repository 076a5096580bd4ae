"""What the risk page's forms have in common: blockers beside their fields, sentences after a save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.errors import Blocked, OpslineError, RuleError
from widgets.form import Form
from widgets.parts import tell

if TYPE_CHECKING:
    import ipywidgets as ipw

    from widgets.desk import Desk

SCALE_FIELDS = ("likelihood", "impact")


class LossInterval(RuleError):
    """A loss interval that ends before it begins."""

    key = "risks.form.loss"


def blockers(form: Form) -> dict[str, str]:
    """Return what still stands in the way of a form: field -> sentence."""
    needed = form.desk.say("risks.form.needed")
    empty = {
        name: needed
        for name in form.inputs
        if form.table.field(name).required and name in form.values and is_blank(form.values[name])
    }
    return empty | dict(form.unreadable)


def refuse_blanks(form: Form) -> None:
    """Show the form's blockers beside their fields, and raise Blocked where there are any."""
    form.problems = blockers(form)
    if form.problems:
        raise Blocked("risks.form.look")


def check_losses(values: Mapping[str, object]) -> None:
    """Refuse a loss interval that no loss can lie in; one that is not given is no fault.

    Raises:
        LossInterval: It ends before it begins, or begins at 0.
    """
    low, high = values.get("loss_low"), values.get("loss_high")
    if is_blank(low) and is_blank(high):
        return
    if is_blank(low) or is_blank(high) or not 0 < float(str(low)) <= float(str(high)):
        raise LossInterval


def filled(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if not is_blank(value)}


def is_blank(value: object) -> bool:
    """Say whether a form's value is missing."""
    return value is None or value == "" or (isinstance(value, float) and pd.isna(value))


def not_saved(desk: Desk, shown: ipw.HTML, error: OpslineError) -> None:
    """Say why nothing was saved; what is typed stays."""
    tell(shown, desk.say("risks.form.not_saved", reason=error.text(desk.language)), "red")


def scale_choices(names: Iterable[str] = SCALE_FIELDS) -> dict[str, list[tuple[str, str]]]:
    """Return the choices 1 to 5 for fields of the matrix."""
    return {name: [(str(place), str(place)) for place in range(1, 6)] for name in names}
