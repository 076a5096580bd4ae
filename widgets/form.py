"""A form that follows from a table's declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw
import traitlets as t

from widgets.form_values import sentence, shown, typed
from widgets.input import Input

if TYPE_CHECKING:
    from sheets_schema.language import Field, Table
    from widgets.desk import Desk

LONG = frozenset(
    {
        "need",
        "note",
        "notes",
        "text",
        "rationale",
        "resolution",
        "contingency",
        "measure",
        "comment",
    }
)
WIDE = frozenset({"subject", "title", "event", "cause", "consequence"})
Choices = Mapping[str, Sequence[tuple[str, str]]]


class Form(ipw.VBox):
    """Inputs for some fields of a table: labels, hints, choices and kinds come from the schema.

    Args:
        table: The table that a row will be added to.
        fields: The names of its fields to ask for, in order.
        desk: Whose language and time zone the form speaks.
        choices: For fields whose choices the schema does not know: (label, code) pairs.

    `values` is field -> value (codes; numbers, dates and moments parsed; None for what is blank or
    cannot be read), without the fields that are not shown now. Set `problems` (field -> sentence) to
    show what is wrong beside a field; what a field does not allow is shown there too and stands in
    `unreadable`.
    """

    values = t.Dict()
    problems = t.Dict()
    unreadable = t.Dict()

    def __init__(
        self, table: Table, fields: Sequence[str], desk: Desk, choices: Choices | None = None
    ) -> None:
        self.table, self.desk = table, desk
        self._choices = dict(choices or {})
        self.inputs: dict[str, Input] = {name: self._input(table.field(name)) for name in fields}
        for name in WIDE & self.inputs.keys():
            self.inputs[name].add_class("op-wide")
        super().__init__(list(self.inputs.values()))
        self.add_class("op-form")
        for control in self.inputs.values():
            control.observe(self._on_typed, "value")
        self.observe(self._show_problems, ["problems", "unreadable"])
        self._on_typed(None)

    def set(self, field: str, value: Any) -> None:
        """Put a value, as frames hold it, into a field."""
        self.inputs[field].value = shown(self.table.field(field), value, self.desk.book.time_zone)

    def clear(self) -> None:
        """Bring every field back to its default."""
        for name in self.inputs:
            self.set(name, self.table.field(name).default)

    def offer(self, field: str, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices in a select field; a value that is no longer offered is cleared."""
        control = self.inputs[field]
        control.options = [list(choice) for choice in choices]
        if control.value not in {code for _, code in choices}:
            control.value = ""

    def _on_typed(self, _change: Any) -> None:
        """Read all inputs again, and show only what is asked for now."""
        zone = self.desk.book.time_zone
        read = {
            name: typed(self.table.field(name), control.value, zone) for name, control in self.inputs.items()
        }
        wanted = self._wanted({name: one.value for name, one in read.items()})
        for name, control in self.inputs.items():
            control.layout.display = None if name in wanted else "none"
        self.unreadable = {
            name: sentence(one.problem, self.desk.language)
            for name, one in read.items()
            if one.problem and name in wanted
        }
        self.values = {name: one.value for name, one in read.items() if name in wanted}

    def _wanted(self, values: Mapping[str, Any]) -> frozenset[str]:
        """Return the fields whose `show_if` holds."""
        return frozenset(name for name in self.inputs if is_asked(self.table.field(name), values))

    def _show_problems(self, _change: Any) -> None:
        """Put each sentence beside its field."""
        for name, control in self.inputs.items():
            control.error = str(self.unreadable.get(name) or self.problems.get(name, ""))

    def _input(self, field: Field) -> Input:
        """Return the control for one field."""
        language = self.desk.language
        options = self._options(field)
        default = shown(field, field.default, self.desk.book.time_zone)
        return Input(
            field.label(language),
            kind_of(field, has_options=options is not None),
            default,
            options=options or [],
            hint=hint_of(field, language),
            required=bool(field.required),
            minimum=field.minimum,
            maximum=field.maximum,
            step="1" if field.type == "integer" else "any",
        )

    def _options(self, field: Field) -> list[tuple[str, str]] | None:
        """Return (label, code) pairs, or None where anything may be typed."""
        if field.name in self._choices:
            return list(self._choices[field.name])
        if field.enum:
            return [(field.choice_label(code, self.desk.language), code) for code in field.enum]
        if field.foreign and self.desk.names(field.foreign):
            return [(name, code) for code, name in self.desk.names(field.foreign).items()]
        return None


def kind_of(field: Field, *, has_options: bool) -> Any:
    """Return which control suits a field."""
    if has_options:
        return "select"
    if field.type in {"integer", "number"}:
        return "number"
    kinds = {"date": "date", "datetime": "moment", "boolean": "check"}
    return kinds.get(field.type) or ("area" if field.name in LONG else "text")


def hint_of(field: Field, language: str) -> str:
    """Return the line under a field's label in *language*; blank where the schema has none."""
    return field.hint.get(language) or field.hint.get("en", "")


def is_asked(field: Field, values: Mapping[str, Any]) -> bool:
    """Say whether a field's `show_if` (field -> code or codes) holds for *values*."""
    return all(values.get(name) in codes for name, codes in field.show_if.items())
