"""How a column of a table looks and behaves in its sheet: format, dropdown, width, note, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sheets_schema.book.titles import quoted
from sheets_schema.language import Field, Table
from sheets_schema.language.cells import column_letters
from sheets_schema.words import LANGUAGES

__all__ = [
    "COLOURS",
    "LISTED",
    "RULE_MASK",
    "column_rules",
    "id_range",
    "note",
    "runs",
    "same_form",
    "span",
    "spread",
    "templates",
    "width",
]

Json = dict[str, Any]

FORMATS: Final[Mapping[str, Json]] = {
    "string": {"type": "TEXT"},
    "date": {"type": "DATE", "pattern": "yyyy-mm-dd"},
    "datetime": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"},
    "integer": {"type": "NUMBER", "pattern": "0"},
}
"""Text columns are plain text, so that `0042`, `1-2` and `=1` typed by a person stay what they are."""

FAMILIES: Final[Mapping[str, str]] = {
    "TEXT": "text",
    "DATE": "date",
    "DATE_TIME": "date",
    **dict.fromkeys(("NUMBER", "PERCENT", "CURRENCY", "SCIENTIFIC"), "number"),
}
"""Type of a number format -> what a cell of that type holds, whatever its pattern shows of it."""

LISTED: Final = frozenset(
    {"people", "teams", "categories", "statuses", "sla_policies", "calendars", "kpis", "risks"}
)
"""Tables short enough for a dropdown of their ids."""

WIDTHS: Final[Mapping[str, int]] = {"date": 100, "datetime": 140, "integer": 80, "number": 90, "boolean": 70}
USUAL_WIDTH: Final = 120

FORMAT_MASK: Final = "userEnteredFormat.numberFormat"
RULE_MASK: Final = f"{FORMAT_MASK},dataValidation"
MASKS: Final[Mapping[str, str]] = {"userEnteredFormat": FORMAT_MASK, "dataValidation": "dataValidation"}
"""What a column decides of its cells besides their value -> field mask."""

COLOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "priority": {"P1": "#f8d0cc", "P2": "#fde4c3"},
    "status": {
        "new": "#d8e7fb",
        "resolved": "#d5efdb",
        "closed": "#e6e8eb",
        "done": "#d5efdb",
        "reopened": "#f8d0cc",
    },
}
"""Field -> code -> background of the whole cell, for what should catch the eye in a long sheet."""


def number_format(field: Field) -> Json | None:
    """Return the number format of a field's cells; None for the sheet's own."""
    return FORMATS.get(field.type)


def same_form(there: Json, wanted: Json) -> bool:
    """Say whether a number format keeps what a column needs; its pattern is for people to choose.

    >>> same_form({"type": "DATE", "pattern": "d.m.yy"}, {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"})
    True
    >>> same_form({"type": "NUMBER", "pattern": "0"}, {"type": "TEXT"})
    False
    """
    return FAMILIES.get(there.get("type", ""), "") == FAMILIES[wanted["type"]]


def validation(field: Field, key_columns: Mapping[str, str]) -> Json | None:
    """Return the rule that offers a dropdown or a calendar; None where anything may be typed.

    Args:
        field: The field.
        key_columns: Table -> range of its ids, such as `=people!$A$2:$A`.
    """
    if field.type == "boolean":
        return _one_of(["TRUE", "FALSE"], strict=False)
    if field.enum:
        return _one_of(list(field.enum), strict=True)
    if field.foreign in LISTED and field.foreign in key_columns:
        condition = {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": key_columns[field.foreign]}]}
        return {"condition": condition, "showCustomUi": True}
    if field.type in {"date", "datetime"}:
        return {"condition": {"type": "DATE_IS_VALID"}}
    return None


def _one_of(codes: list[str], *, strict: bool) -> Json:
    """Return the rule of a dropdown."""
    values = [{"userEnteredValue": code} for code in codes]
    rule: Json = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True}
    return {**rule, "strict": True} if strict else rule


def note(field: Field) -> str:
    r"""Return the note of a header cell: what people call the column, why it exists, what it takes.

    >>> note(Field("due", "date", "Due", "The day by which it must be done."))
    'Due\nThe day by which it must be done.'
    """
    names = dict.fromkeys(field.label(language) for language in LANGUAGES)
    lines = [" · ".join(names), field.description]
    for code in field.enum:
        labels = dict.fromkeys(field.choice_label(code, language) for language in LANGUAGES)
        lines.append(f"{code}: {' · '.join(labels)}")
    return "\n".join(line for line in lines if line)


def width(field: Field) -> int:
    """Return the width of a column, in pixels."""
    return field.width or WIDTHS.get(field.type, USUAL_WIDTH)


def span(sheet: int, column: int, start: int = 1, end: int | None = None) -> Json:
    """Return the range of one column below the header, to the end of the sheet where *end* is left out."""
    place = {
        "sheetId": sheet,
        "startRowIndex": start,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    return place if end is None else {**place, "endRowIndex": end}


def column_rules(
    table: Table,
    places: Mapping[str, int],
    sheet: int,
    rows: int,
    keys: Mapping[str, str],
) -> list[Json]:
    """Return the requests that give all rows of a sheet the formats and dropdowns of their columns.

    They are given to the first row below the header, and spread from there.

    Args:
        table: The sheet's table.
        places: Field -> position of its column; only these are looked at.
        sheet: The sheet's number.
        rows: Rows of the sheet.
        keys: Table -> range of its ids, for dropdowns of ids.
    """
    requests: list[Json] = []
    told: list[int] = []
    for name, place in places.items():
        cell = template(table.field(name), keys)
        if cell:
            mask = ",".join(MASKS[part] for part in cell)
            repeat = {"range": span(sheet, place, 1, 2), "cell": cell, "fields": mask}
            requests.append({"repeatCell": repeat})
            told.append(place)
    return [*requests, *spread(sheet, told, 2, rows)]


def spread(sheet: int, columns: Sequence[int], start: int, end: int) -> list[Json]:
    """Return the requests that give rows the formats and dropdowns of the first row below the header.

    Args:
        sheet: The sheet's number.
        columns: Positions of the columns.
        start: The first row to be told, counted from 0.
        end: The row after the last.
    """
    if end <= start:
        return []
    return [
        {
            "copyPaste": {
                "source": _block(sheet, first, last, 1, 2),
                "destination": _block(sheet, first, last, start, end),
                "pasteType": kind,
            }
        }
        for first, last in runs(columns)
        for kind in ("PASTE_FORMAT", "PASTE_DATA_VALIDATION")
    ]


def runs(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Return neighbouring columns as runs: the first, and the one after the last.

    >>> runs([0, 1, 2, 5])
    [(0, 3), (5, 6)]
    """
    runs: list[tuple[int, int]] = []
    for column in sorted(columns):
        if runs and runs[-1][1] == column:
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    return runs


def _block(sheet: int, left: int, right: int, top: int, bottom: int) -> Json:
    """Return a range of some columns and rows."""
    columns = {"sheetId": sheet, "startColumnIndex": left, "endColumnIndex": right}
    return {**columns, "startRowIndex": top, "endRowIndex": bottom}


def template(field: Field, keys: Mapping[str, str]) -> Json:
    """Return what a new cell of a column has besides its value: format and dropdown."""
    cell: Json = {}
    if (form := number_format(field)) is not None:
        cell["userEnteredFormat"] = {"numberFormat": form}
    if (rule := validation(field, keys)) is not None:
        cell["dataValidation"] = rule
    return cell


def templates(table: Table, places: Mapping[str, int], length: int, keys: Mapping[str, str]) -> list[Json]:
    """Return what each cell of a new row has besides its value.

    Args:
        table: The row's table.
        places: Field -> position of its column.
        length: Cells in the row.
        keys: Table -> range of its ids, for dropdowns of ids.
    """
    found: list[Json] = [{} for _ in range(length)]
    for name, place in places.items():
        found[place] = template(table.field(name), keys)
    return found


def id_range(title: str, place: int) -> str:
    """Return the range of a sheet's ids, as a dropdown's rule names it.

    >>> id_range("people", 0)
    "='people'!$A$2:$A"
    """
    letters = column_letters(place)
    return f"={quoted(title)}!${letters}$2:${letters}"
