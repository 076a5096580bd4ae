"""The compact form of Google's discovery document (`sheets.json`; tests hold it against the original)."""

import functools
import json
import re
from dataclasses import dataclass
from importlib.resources import files

ENUM_NAMES = {
    "majorDimension": "Dimension",
    "dimension": "Dimension",
    "shiftDimension": "Dimension",
    "responseValueRenderOption": "ValueRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption",
    "horizontalAlignment": "HorizontalAlign",
    "verticalAlignment": "VerticalAlign",
    "numberFormat.type": "NumberFormat.NumberFormatType",
}
"""How Google's errors call the type of an enum where its field's name does not say it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Schemas by name: field, in either spelling, to (field, code); codes as in tests/sheets/discovery.py."""

    schemas: dict[str, dict[str, tuple[str, str]]]
    enums: list[frozenset[str]]
    queries: dict[str, dict[str, tuple[str, str]]]
    common: frozenset[str]


@functools.cache
def table() -> Table:
    """Return the table, read once."""
    read = json.loads((files("local_sheets.schema") / "sheets.json").read_text(encoding="utf-8"))
    return Table(
        {name: _spelt(fields) for name, fields in read["schemas"].items()},
        [frozenset(names) for names in read["enums"]],
        {name: _spelt(fields) for name, fields in read["queries"].items()},
        frozenset(read["common"]),
    )


def _spelt(fields: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return fields by both spellings that Google's parser takes: `sheetId` and `sheet_id`."""
    return {spelling: (name, code) for name, code in fields.items() for spelling in (name, underscored(name))}


def underscored(name: str) -> str:
    """Return a field's name as Google's errors write it.

    >>> underscored("userEnteredFormat"), underscored("a1Range")
    ('user_entered_format', 'a1_range')
    """
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def enum_name(field: str) -> str:
    """Return the name of an enum's type, as far as the field tells it.

    >>> enum_name("valueInputOption")
    'google.apps.sheets.v4.ValueInputOption'
    """
    return f"google.apps.sheets.v4.{ENUM_NAMES.get(field, field[0].upper() + field[1:])}"
