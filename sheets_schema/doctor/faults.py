"""What reading has found already, with what would put each right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pandas as pd

from sheets_schema.doctor.finding import PERSON, Confidence, Finding, Fix
from sheets_schema.doctor.likeness import likeliest
from sheets_schema.doctor.sheet import Sheet
from sheets_schema.doctor.spaces import tidy
from sheets_schema.language import Fault, Field, Table
from sheets_schema.language.cells import as_text
from sheets_schema.language.kinds import Unfit
from sheets_schema.words import Message

__all__ = ["Ward", "fault_findings"]

Treatment = tuple[str, Fix, Confidence]
"""Kind, fix, and how far to trust it."""

NAMES: Final = ("name", "name_zh_hans", "name_zh_hant", "email")
"""Fields by which people know a row whose id they should have written."""
DOTTED: Final = re.compile(r"\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\b.*")
NUMBERS: Final = re.compile(r"\s*(\d{1,2})[-/](\d{1,2})[-/]\d{4}\b")
COMMA: Final = re.compile(r"[+-]?\d+,\d{1,2}")
WORDY: Final = re.compile(r"[^\d+-]{0,6}?([+-]?\d+(?:\.\d+)?)\s*[^\W\d]{1,6}\.?")


@dataclass
class Ward:
    """All sheets that are looked at together.

    Args:
        sheets: The sheets by name.
        tables: All tables.
        time_zone: The workbook's.
    """

    sheets: Mapping[str, Sheet]
    tables: Mapping[str, Table]
    time_zone: str
    _ways: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def keys(self) -> dict[str, frozenset[str]]:
        """Table -> its ids."""
        return {
            name: frozenset(sheet.reading.frame[sheet.table.key].dropna().astype(str))
            for name, sheet in self.sheets.items()
        }

    def ways(self, name: str) -> Mapping[str, str]:
        """Return every way to name a row of a table -> its id."""
        if name not in self._ways:
            frame = self.sheets[name].reading.frame
            known = frame[frame["id"].notna()]
            ids = known["id"].astype(str).tolist()
            ways: dict[str, str] = {}
            for column in [each for each in NAMES if each in frame]:
                texts = known[column].astype("object").where(known[column].notna(), "").astype(str)
                ways |= {way: id_ for way, id_ in zip(texts, ids, strict=True) if way}
            self._ways[name] = {**ways, **{id_: id_ for id_ in ids}}
        return self._ways[name]


def fault_findings(ward: Ward, sheet: Sheet, faults: Iterator[Fault]) -> Iterator[Finding]:
    """Yield a finding for each fault below the header of one sheet."""
    names = sheet.header.places
    for fault in faults:
        if fault.row < 2 or fault.field not in names:  # noqa: PLR2004 - below the header
            continue
        kind, fix, confidence = _treatment(ward, sheet, sheet.table.field(fault.field), fault)
        yield sheet.finding(kind, fault, names[fault.field], fix, confidence)


def _treatment(ward: Ward, sheet: Sheet, declared: Field, fault: Fault) -> Treatment:
    """Return what kind of finding a fault is, and what would put it right."""
    key = fault.message.key.removeprefix("language.must.")
    treat = TREATMENTS.get(key)
    return treat(ward, sheet, declared, fault) if treat else ("wrong_value", PERSON, "person")


def _write(declared: Field, value: object, shown: object, zone: str, key: str = "write") -> Fix:
    """Return the fix that writes a value, as its field's cells hold it."""
    return Fix("write", Message(f"doctor.fix.{key}", {"value": shown}), declared.format(value, zone))


def _filled(ward: Ward, sheet: Sheet, declared: Field, _fault: Fault) -> Treatment:
    """A cell that must be filled and is blank."""
    if declared.name == sheet.table.key:
        fix = Fix("new_id", Message("doctor.fix.new_id"))
        return "blank_key", fix, "sure" if declared.computed else "likely"
    if declared.default is None:
        return "blank_required", PERSON, "person"
    value = declared.kind.parse(declared.default, ward.time_zone)
    label = dict(declared.choices.get(str(value), {})) or str(value)
    fix = Fix(
        "write", Message("doctor.fix.default", {"value": label}), declared.format(value, ward.time_zone)
    )
    return "blank_required", fix, "likely"


def _twice(_ward: Ward, sheet: Sheet, declared: Field, fault: Fault) -> Treatment:
    """A value that another row has already."""
    if declared.name != sheet.table.key:
        return "duplicate_value", PERSON, "person"
    first = int(re.sub(r"\D", "", str(fault.message.facts["first"])))
    if _alike(sheet, first, fault.row):
        fix = Fix("quarantine", Message("doctor.fix.quarantine_copy", {"row": first}))
        return "duplicate_id", fix, "likely"
    return "duplicate_id", Fix("new_id", Message("doctor.fix.another_id")), "likely"


def _alike(sheet: Sheet, one: int, other: int) -> bool:
    """Say whether two rows hold the same, apart from what the book fills."""
    kept = sheet.table.names[len(sheet.table.names) - sheet.table.carried :]
    places = [place for name, place in sheet.header.places.items() if name not in kept]
    return all(as_text(sheet.cell(one, place)) == as_text(sheet.cell(other, place)) for place in places)


def _only_one(_ward: Ward, sheet: Sheet, _declared: Field, fault: Fault) -> Treatment:
    """A row with a unique key that another row has."""
    first = int(str(fault.message.facts["row"]))
    names = [name for name in sheet.header.places if name != sheet.table.key]
    kept = sheet.table.names[len(sheet.table.names) - sheet.table.carried :]
    places = [sheet.header.places[name] for name in names if name not in kept]
    if all(as_text(sheet.cell(first, at)) == as_text(sheet.cell(fault.row, at)) for at in places):
        fix = Fix("quarantine", Message("doctor.fix.quarantine_copy", {"row": first}))
        return "duplicate_value", fix, "likely"
    return "duplicate_value", PERSON, "person"


def _code(ward: Ward, _sheet: Sheet, declared: Field, fault: Fault) -> Treatment:
    """A code that there is not."""
    ways = {label: code for code in declared.enum for label in declared.choices.get(code, {}).values()}
    found = likeliest(
        tidy(as_text(fault.found), code=True), {**ways, **{code: code for code in declared.enum}}
    )
    if found is None:
        return "unknown_code", PERSON, "person"
    code, exact = found
    return "unknown_code", _write(declared, code, code, ward.time_zone), "sure" if exact else "likely"


def _orphan(ward: Ward, _sheet: Sheet, declared: Field, fault: Fault) -> Treatment:
    """An id of a row that there is not."""
    there = declared.foreign or ""
    if there not in ward.sheets:
        return "orphan_id", PERSON, "person"
    found = likeliest(tidy(as_text(fault.found), code=True), ward.ways(there))
    if found is None:
        return "orphan_id", Fix("person", Message("doctor.fix.orphan", {"table": there})), "person"
    id_, exact = found
    same_id = exact and id_.casefold() == tidy(as_text(fault.found), code=True).casefold()
    fix = _write(declared, id_, id_, ward.time_zone, "point")
    return "orphan_id", fix, "sure" if same_id else "likely"


def _date(ward: Ward, sheet: Sheet, declared: Field, fault: Fault) -> Treatment:
    """A date that can be read in two ways: with dots the day is first, else as the column's others are."""
    text = as_text(fault.found)
    day_first = True if DOTTED.fullmatch(text) else _day_first(sheet, declared)
    if day_first is None:
        return "ambiguous_date", PERSON, "person"
    day = pd.Timestamp(str(fault.message.facts["second" if day_first else "first"]))
    rest = re.sub(r"^\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", f"{day:%Y-%m-%d}", text)
    try:
        value = declared.kind.parse(rest, ward.time_zone)
    except Unfit:
        return "ambiguous_date", PERSON, "person"
    return "ambiguous_date", _write(declared, value, rest, ward.time_zone), "likely"


def _day_first(sheet: Sheet, declared: Field) -> bool | None:
    """Say which comes first in a column's other texts, day or month; None where they do not tell."""
    texts = [cell for cell in sheet.column(sheet.header.places[declared.name]) if isinstance(cell, str)]
    pairs = [(int(found[1]), int(found[2])) for text in texts if (found := NUMBERS.match(text))]
    days = sum(first > 12 for first, _ in pairs)  # noqa: PLR2004 - months of a year
    months = sum(second > 12 for _, second in pairs)  # noqa: PLR2004
    return None if bool(days) == bool(months) else bool(days)


def _number(ward: Ward, _sheet: Sheet, declared: Field, fault: Fault) -> Treatment:
    """A text that is nearly a number: a comma for the point, or a unit behind it."""
    text = tidy(as_text(fault.found), code=True)
    guess = text.replace(",", ".") if COMMA.fullmatch(text) else None
    if guess is None and (found := WORDY.fullmatch(text)):
        guess = found[1]
    if guess is None or declared.check(guess, ward.time_zone) is not None:
        return "wrong_value", PERSON, "person"
    value = declared.kind.parse(guess, ward.time_zone)
    return "wrong_value", _write(declared, value, as_text(value), ward.time_zone), "likely"


def _error(_ward: Ward, _sheet: Sheet, _declared: Field, _fault: Fault) -> Treatment:
    """An error where a formula should have had a value."""
    return "formula_error", PERSON, "person"


def _circle(_ward: Ward, _sheet: Sheet, _declared: Field, _fault: Fault) -> Treatment:
    """A row that is above itself."""
    return "circle", PERSON, "person"


TREATMENTS: Final[Mapping[str, Callable[[Ward, Sheet, Field, Fault], Treatment]]] = {
    "filled": _filled,
    "unique": _twice,
    "only_one": _only_one,
    "choice": _code,
    "exist": _orphan,
    "one_date": _date,
    "number": _number,
    "integer": _number,
    "no_error": _error,
    "no_circle": _circle,
}
"""What a cell must be (`language.must.*`) -> what is to be done where it is not."""
