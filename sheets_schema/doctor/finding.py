"""A finding: a cell, what is wrong with it, and what would put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sheets_schema.language import Fault
from sheets_schema.words import Message, say

__all__ = ["DIMENSIONS", "KINDS", "LAYOUT", "PERSON", "Confidence", "Finding", "Fix"]

Confidence = Literal["sure", "likely", "person"]
"""Sure: it can mean nothing else. Likely: look at it before you tick it. Person: no rule can know."""

Action = Literal["write", "new_id", "header", "headers", "lay_out", "quarantine", "close", "person"]

DIMENSIONS: Final = ("completeness", "uniqueness", "timeliness", "validity", "accuracy", "consistency")
"""The six of DAMA UK, as formulas.md D5 has them."""

KINDS: Final[Mapping[str, str]] = {
    "no_header": "consistency",
    "missing_column": "consistency",
    "renamed_header": "consistency",
    "exchanged_header": "consistency",
    "duplicate_header": "consistency",
    "nameless_column": "consistency",
    "unknown_column": "consistency",
    "blank_key": "completeness",
    "blank_required": "completeness",
    "duplicate_id": "uniqueness",
    "duplicate_value": "uniqueness",
    "unknown_code": "validity",
    "wrong_value": "validity",
    "ambiguous_date": "validity",
    "formula_error": "validity",
    "text_date": "validity",
    "text_number": "validity",
    "text_boolean": "validity",
    "spelling": "validity",
    "formula": "validity",
    "space": "validity",
    "width": "validity",
    "orphan_id": "consistency",
    "circle": "consistency",
    "stray_row": "validity",
    "blank_rows": "consistency",
    "missing_sheet": "consistency",
    "frozen": "consistency",
    "note": "consistency",
    "look": "consistency",
    "number_format": "consistency",
    "validation": "consistency",
    "colours": "consistency",
    "protection": "consistency",
}
"""Kind of finding -> the dimension of data quality that it belongs to."""

LAYOUT: Final = frozenset(
    {"missing_sheet", "frozen", "note", "look", "number_format", "validation", "colours", "protection"}
)
"""Kinds that are about how a sheet is laid out, and not about what stands in it."""

WHOLE: Final = LAYOUT | {"stray_row", "blank_rows", "unknown_column", "renamed_header", "no_header"}
"""Kinds whose sentence says all of it; the others say what the cell is and what it must be."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What would put a finding right.

    Args:
        action: Write a cell, give a new id, write a header cell or the whole header, lay out anew,
            move the row to quarantine, close a gap of blank rows; or `person`, where no rule knows.
        message: The proposal as a sentence.
        value: What is written: a cell as the sheet takes it, or a name for a header.
        rows: The rows that a gap has, first and last.
    """

    action: Action
    message: Message
    value: object = None
    rows: tuple[int, int] = (0, 0)


PERSON: Final = Fix("person", Message("doctor.fix.person"))
"""No rule can know what is right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Args:
        kind: One of `KINDS`.
        fault: Where it is, what stands there and what it must be.
        fix: What would put it right.
        confidence: How far the fix can be trusted.
        row_id: The id of the row; blank where it has none, or for a header.
        formula: The formula that stands there; blank where none does.
        place: The position of the column, from 0.
    """

    kind: str
    fault: Fault
    fix: Fix = PERSON
    confidence: Confidence = "person"
    row_id: str = ""
    formula: str = ""
    place: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """What the finding is called by, the same in each run as long as it stands there.

        >>> Finding("space", Fault("tickets", "D12", "need", 12, " x", Message("doctor.must.space"))).id
        'tickets.D12.space'
        """
        return f"{self.fault.sheet}.{self.fault.cell or 'A1'}.{self.kind}"

    @property
    def dimension(self) -> str:
        """The dimension of data quality that it belongs to."""
        return KINDS[self.kind]

    @property
    def can_fix(self) -> bool:
        """Whether a rule can put it right."""
        return self.fix.action != "person"

    def what(self, language: str = "en") -> str:
        """Return one sentence: where, and what is wrong."""
        if self.kind not in WHOLE:
            return self.fault.text(language)
        facts = {"sheet": self.fault.sheet, "cell": self.fault.cell, "what": self.fault.message}
        return say("doctor.at", language, **facts)
