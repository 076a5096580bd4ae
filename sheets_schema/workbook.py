"""The workbook: all tables in order, what a team adds to them, and what must agree across them."""

from __future__ import annotations

import random as chance
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from sheets_schema.language import Field, Table

__all__ = ["LETTERS", "new_id", "tables", "with_team_fields"]

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What an id ends in: no 0 or O, no 1 or I, so that it can be read out over the phone."""

ORDER: Final = (
    "tickets/tickets",
    "tickets/events",
    "kpis/kpis",
    "kpis/targets",
    "kpis/actuals",
    "risks/risks",
    "risks/assessments",
    "risks/treatments",
    "actions/actions",
    "people/people",
    "people/teams",
    "tickets/categories",
    "tickets/sla_policies",
    "tickets/statuses",
    "tickets/priority_matrix",
    "tickets/calendars",
    "tickets/holidays",
    "risks/levels",
    "desk/settings",
    "desk/fields",
    "desk/journal",
)
"""The table files, in the order of the workbook's sheets: daily work first, rules and records last."""


@cache
def tables() -> Mapping[str, Table]:
    """Return every table of the workbook by name, in the order of its sheets."""
    folder = Path(__file__).parent
    loaded = (Table.load(folder / f"{place}.yaml") for place in ORDER)
    return MappingProxyType({table.name: table for table in loaded})


def with_team_fields(tables: Mapping[str, Table], fields: pd.DataFrame) -> Mapping[str, Table]:
    """Return the tables with the fields that a team has added.

    Args:
        tables: The tables by name.
        fields: Rows of the `fields` sheet: table, name, type, labels, hint, required, choices. A row
            whose table is unknown, or whose name is blank or taken, adds nothing.

    Returns:
        The tables in their order; a team's fields stand before the columns of every record.
    """
    extra: dict[str, list[Field]] = {}
    for row in fields.sort_values("position", kind="stable").to_dict("records"):
        table, name = row["table"], row["name"]
        if table not in tables or pd.isna(name):
            continue
        taken = {*tables[table].names, *(each.name for each in extra.get(table, ()))}
        if name not in taken:
            extra.setdefault(table, []).append(_team_field(row))
    return MappingProxyType(
        {name: table.with_fields(extra[name]) if name in extra else table for name, table in tables.items()}
    )


def _team_field(row: Mapping[str, object]) -> Field:
    """Return the field that a row of `fields` declares; every form shows it."""
    cells = {name: "" if pd.isna(value) else str(value) for name, value in row.items()}  # type: ignore[call-overload]
    choices = [code for part in cells["choices"].split("|") if (code := part.strip())]
    english = cells["label_en"] or cells["name"]
    hint = cells["hint"]
    return Field(
        name=cells["name"],
        type=cells["type"] or "string",
        title=english,
        description=hint or english,
        required=cells["required"] == "True",
        enum=tuple(choices),
        labels={
            "en": english,
            "zh-Hans": cells["label_zh_hans"] or english,
            "zh-Hant": cells["label_zh_hant"] or cells["label_zh_hans"] or english,
        },
        choices={code: {"en": code, "zh-Hans": code, "zh-Hant": code} for code in choices},
        hint=dict.fromkeys(("en", "zh-Hans", "zh-Hant"), hint) if hint else {},
        on_form=True,
    )


def new_id(table: Table, now: pd.Timestamp, random: chance.Random | None = None) -> str:
    """Return an id such as T-261123-K7Q4: kind, date, four letters; nothing has to be counted.

    Args:
        table: The table that the row goes to.
        now: The moment of saving, with a time zone; the id has its day in that zone.
        random: Where the letters come from; the system's own randomness where left out.

    >>> new_id(Table("tickets", (), "T"), pd.Timestamp("2026-11-23", tz="UTC"), chance.Random(1))
    'T-261123-EMD6'
    """
    source = random or chance.SystemRandom()
    return f"{table.id_prefix or table.name[:1].upper()}-{now:%y%m%d}-{''.join(source.choices(LETTERS, k=4))}"
