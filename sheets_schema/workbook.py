"""The workbook: all tables in order, what a team adds to them, and what must agree across them."""

from __future__ import annotations

import random as chance
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from sheets_schema.desk.team_fields import CLOSED, taken_names, with_team_fields
from sheets_schema.language import Fault, Reading, Table
from sheets_schema.language.agreement import disagreements
from sheets_schema.language.cells import address
from sheets_schema.language.kinds.zone import is_zone
from sheets_schema.language.schema import load
from sheets_schema.words import Message

__all__ = ["LETTERS", "ahead", "check", "new_id", "tables", "time_zone", "with_team_fields"]

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
    "quality/data_quality",
    "quality/quarantine",
    "desk/journal",
)
"""The table files in the order of the sheets: daily work first, rules and records last."""


@cache
def tables() -> Mapping[str, Table]:
    """Return every table of the workbook by name, in the order of its sheets.

    >>> list(tables())[:3]
    ['tickets', 'ticket_events', 'kpis']
    """
    folder = Path(__file__).parent
    loaded = [load(folder / f"{place}.yaml") for place in ORDER]
    by_name = {table.name: table for table in loaded}
    return MappingProxyType({**by_name, "fields": _knowing_tables(by_name)})


def _knowing_tables(by_name: Mapping[str, Table]) -> Table:
    """Return the table `fields`; the tables that a team may widen are the choices of `table`."""
    fields = by_name["fields"]
    open_ones = {name: dict(table.labels) for name, table in by_name.items() if name not in CLOSED}
    chosen = replace(fields.field("table"), enum=tuple(open_ones), choices=open_ones)
    return replace(fields, fields=tuple(chosen if each.name == "table" else each for each in fields.fields))


def time_zone(settings: pd.DataFrame) -> str:
    """Return the workbook's time zone from its settings; UTC where they name none that exists.

    Args:
        settings: The rows of `settings`: id, value.
    """
    named = settings.loc[settings["id"] == "time_zone", "value"].dropna()
    return next((str(name) for name in named if is_zone(str(name))), "UTC")


def ahead(as_of: str | None, started: str | None) -> pd.Timedelta:
    """Return how far the workbook's clock is ahead of the real one; the demo's is, by its settings.

    What cannot be read as a moment sets no clock.

    Args:
        as_of: The setting `as_of`: the moment that it was when the clock was started.
        started: The setting `as_of_started`: when that was.
    """
    moments = pd.to_datetime(pd.Series([as_of, started]), utc=True, errors="coerce", format="ISO8601")
    return pd.Timedelta(0) if moments.isna().any() else moments.iloc[0] - moments.iloc[1]


def check(readings: Mapping[str, Reading], read_with: Mapping[str, Table] | None = None) -> tuple[Fault, ...]:
    """Return what does not agree across the sheets of a workbook, by cell.

    Foreign keys name rows that exist, unique keys are not repeated, nothing is above itself, a
    team's fields have new names, and the time zone exists.

    Args:
        readings: The sheets that were loaded, by name; what refers to others is left unjudged.
        read_with: The tables that they were read with; `workbook.tables()` where left out.
    """
    known = read_with or tables()
    faults = [*disagreements(known, readings), *_wrong_zone(known, readings)]
    if "fields" in readings:
        faults += taken_names(tables(), readings["fields"])
    return tuple(faults)


def _wrong_zone(known: Mapping[str, Table], readings: Mapping[str, Reading]) -> Iterator[Fault]:
    """Yield a fault for a time zone in the settings that does not exist."""
    if "settings" not in readings:
        return
    reading = readings["settings"]
    place = known["settings"].place("value", reading.header)
    rows = reading.frame[reading.frame["id"] == "time_zone"]
    for number, value in rows["value"].items():
        if place is not None and not is_zone(str(value)):
            row = int(str(number))
            must = Message("language.must.time_zone")
            yield Fault("settings", address(place, row), "value", row, value, must)


def new_id(table: Table, now: pd.Timestamp, random: chance.Random | None = None) -> str:
    """Return an id such as T-261123-K7Q4: kind, date, four letters; nothing has to be counted.

    Args:
        table: The table that the row goes to.
        now: The moment of saving, with a time zone; the id has its day in that zone.
        random: Where the letters come from; the system's own randomness where left out.

    >>> new_id(Table("tickets", (), "T"), pd.Timestamp("2026-11-23", tz="UTC"), chance.Random(1))
    'T-261123-E52J'
    """
    source = random or chance.SystemRandom()
    prefix = table.id_prefix or table.name[:1].upper()
    return f"{prefix}-{now:%y%m%d}-{''.join(source.choices(LETTERS, k=4))}"
