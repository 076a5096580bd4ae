"""The columns that a team adds to the workbook's tables, without a line of code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from sheets_schema.language import Fault, Field, Reading, Table
from sheets_schema.language.cells import address
from sheets_schema.language.header import same
from sheets_schema.language.kinds.base import is_missing
from sheets_schema.words import LANGUAGES, Message

__all__ = ["CLOSED", "taken_names", "with_team_fields"]

CLOSED = frozenset({"settings", "fields", "journal"})
"""The desk's own sheets, which the program reads itself and a team does not widen."""


def with_team_fields(tables: Mapping[str, Table], fields: pd.DataFrame) -> Mapping[str, Table]:
    """Return the tables with the fields that a team has added.

    Args:
        tables: The tables by name.
        fields: Rows of the `fields` sheet. A row whose table is unknown, or whose name is blank or
            taken, adds nothing.

    Returns:
        The tables in their order; a team's fields stand before the columns of every record.
    """
    extra: dict[str, list[Field]] = {}
    for _, row, is_new in _judged(tables, fields):
        if is_new:
            extra.setdefault(str(row["table"]), []).append(_field(row))
    return MappingProxyType(
        {name: table.with_fields(extra[name]) if name in extra else table for name, table in tables.items()}
    )


def taken_names(tables: Mapping[str, Table], reading: Reading) -> tuple[Fault, ...]:
    """Return a fault for each row of `fields` whose name its table has already.

    Args:
        tables: The tables by name, without the team's fields.
        reading: The `fields` sheet, read.
    """
    place = tables["fields"].place("name", reading.header)
    return tuple(
        Fault(
            "fields",
            address(place or 0, number),
            "name",
            number,
            row["name"],
            Message("language.must.other_field", {"table": row["table"]}),
        )
        for number, row, is_new in _judged(tables, reading.frame)
        if not is_new
    )


def _judged(
    tables: Mapping[str, Table], fields: pd.DataFrame
) -> Iterator[tuple[int, dict[str, object], bool]]:
    """Yield number, row, and whether its name is new, for each row that names table and field."""
    taken: dict[str, set[str]] = {}
    ordered = fields.sort_values("position", kind="stable")
    for number, row in zip(ordered.index, ordered.to_dict("records"), strict=True):
        table, name = row["table"], row["name"]
        if pd.isna(table) or pd.isna(name) or table not in tables or table in CLOSED:
            continue
        names = taken.setdefault(table, {same(each) for each in tables[table].names})
        yield int(number), {str(key): value for key, value in row.items()}, same(name) not in names
        names.add(same(name))


def _field(row: Mapping[str, object]) -> Field:
    """Return the field that a row of `fields` declares; every form shows it."""
    cells = {name: "" if is_missing(value) else str(value) for name, value in row.items()}
    choices = [code for part in cells["choices"].split("|") if (code := part.strip())]
    english = cells["label_en"] or cells["name"]
    labels = {
        "en": english,
        "zh-Hans": cells["label_zh_hans"] or cells["label_zh_hant"] or english,
        "zh-Hant": cells["label_zh_hant"] or cells["label_zh_hans"] or english,
    }
    return Field(
        name=cells["name"],
        type=cells["type"] or "string",
        title=english,
        description=cells["hint"] or english,
        required=row["required"] is True,
        enum=tuple(dict.fromkeys(choices)),
        labels=labels,
        choices={code: dict.fromkeys(LANGUAGES, code) for code in choices},
        hint=dict.fromkeys(LANGUAGES, cells["hint"]) if cells["hint"] else {},
        on_form=True,
    )
