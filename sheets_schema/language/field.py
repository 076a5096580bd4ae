"""A field: one column of a table, declared once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sheets_schema.errors import CellFault, SchemaFault
from sheets_schema.language import kinds
from sheets_schema.language.rules import violation
from sheets_schema.words import Message

__all__ = ["TYPES", "Field"]

KINDS: Final[Mapping[str, type[kinds.Kind]]] = {
    "string": kinds.Text,
    "integer": kinds.Integer,
    "number": kinds.Number,
    "boolean": kinds.Boolean,
    "date": kinds.Date,
    "datetime": kinds.Moment,
}
HOLDS: Final[Mapping[str, type[kinds.Kind]]] = {"time_zone": kinds.Zone, "period": kinds.Period}
TYPES: Final = tuple(KINDS)

Labels = Mapping[str, str]
"""Language -> words."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its kind, its rules, its words, and how a form shows it.

    Args:
        name: The header cell, and the column's name in a frame.
        type: One of `TYPES`.
        title: The English label.
        description: Why the column exists: header note, form hint, line of the README.
        example: A value as it should look, for a field with a pattern.
        enum: The codes that it may hold; empty for any value.
        foreign: The table whose `id` it holds.
        show_if: Other fields and the codes of theirs with which a form shows this one.
        computed: A rule fills it, not a person.
        personal: It holds personal data, which dashboards mask and exports leave out.
        width: The column's width in the sheet, in pixels.
        on_form: The table's form asks for it.
        holds: What its text names, where that can be checked: `time_zone` or `period`.
        why: The description in the Chinese languages; `explain` gives it in any.
    """

    name: str
    type: str = "string"
    title: str = ""
    description: str = ""
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | str | None = None
    maximum: float | str | None = None
    pattern: str | None = None
    example: str = ""
    labels: Labels = field(default_factory=dict)
    choices: Mapping[str, Labels] = field(default_factory=dict)
    default: object = None
    hint: Labels = field(default_factory=dict)
    show_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    computed: bool = False
    personal: bool = False
    width: int | None = None
    foreign: str | None = None
    on_form: bool = False
    holds: str = ""
    why: Labels = field(default_factory=dict)
    kind: kinds.Kind = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Choose the kind of cell; raise SchemaFault for a type or pattern that is none."""
        if self.type not in KINDS:
            raise SchemaFault(where=self.name, reason=f"type {self.type!r}")
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise SchemaFault(where=self.name, reason=f"pattern {self.pattern!r}: {error}") from None
        object.__setattr__(self, "kind", self._kind())

    def _kind(self) -> kinds.Kind:
        """Return the kind of cell that type, choices and `holds` ask for."""
        if self.type == "string" and self.enum:
            return kinds.Choice({code: dict(self.choices.get(code, {})) for code in self.enum})
        return (HOLDS.get(self.holds) or KINDS[self.type])()

    def label(self, language: str = "en") -> str:
        """Return what a person sees above the column, the English title where it has no other."""
        return self.labels.get(language) or self.title or self.name

    def choice_label(self, code: object, language: str = "en") -> str:
        """Return what a person sees for a code; the code itself where it has no label."""
        labels = self.choices.get(str(code), {})
        return labels.get(language) or labels.get("en") or str(code)

    def explain(self, language: str = "en") -> str:
        """Return why the column exists; in English where it is not said in the language."""
        return self.why.get(language) or self.description

    def parse(self, cell: object, time_zone: str = "UTC") -> object:
        """Return the value in a cell or a form's box, None if it is blank.

        Raises:
            CellFault: It is not of this field's kind; `fault.facts["must"]` is the Message.
        """
        try:
            return self.kind.parse(cell, time_zone)
        except kinds.Unfit as unfit:
            raise self._fault(cell, unfit.message) from None

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return what is written to the sheet for a value, an empty text for a missing one.

        Raises:
            CellFault: The value is not of this field's kind.
        """
        try:
            return self.kind.format(value, time_zone)
        except kinds.Unfit as unfit:
            raise self._fault(value, unfit.message) from None

    def format_all(self, values: Sequence[object], time_zone: str = "UTC") -> list[object]:
        """Return what is written to the sheet for n values; see `format`."""
        try:
            return self.kind.written(values, time_zone)
        except kinds.Unfit:
            return [self.format(value, time_zone) for value in values]

    def check(self, value: object, time_zone: str = "UTC") -> Message | None:
        """Say what a value must be, if it may not stand in this field; None if it may.

        >>> Field("score", "integer", required=True, minimum=1, maximum=5).check(9).text()
        'it must be 5 or less'
        """
        try:
            parsed = self.kind.parse(self.kind.format(value, time_zone), time_zone)
        except kinds.Unfit as unfit:
            must: Message | None = unfit.message
        else:
            must = violation(self, parsed)
        return Message(must.key, must.facts, self.name) if must else None

    def _fault(self, found: object, must: Message) -> CellFault:
        """Return the error for a value that does not fit."""
        said = Message(must.key, must.facts, self.name)
        return CellFault(field=dict(self.labels) or {"en": self.name}, found=str(found)[:60], must=said)
