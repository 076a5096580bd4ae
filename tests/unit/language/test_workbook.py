"""What must agree across sheets is looked at across sheets; a team adds its own columns."""

import random
import re

import pandas as pd
import pytest

from sheets_schema.language import Reading
from sheets_schema.workbook import check, new_id, tables, time_zone, with_team_fields

FIELDS = ["id", "table", "name", "type", "required", "choices", "label_en", "label_zh_hans"]


def _read(name: str, *values: list[object]) -> Reading:
    return tables()[name].read(list(values), time_zone="UTC")


def _said(*readings: tuple[str, Reading]) -> list[str]:
    return [str(fault) for fault in check(dict(readings))]


def test_a_key_that_leads_nowhere_is_a_fault() -> None:
    """The team was renamed; the person still has the old code, and it is still shown."""
    people = _read("people", ["id", "name", "role", "team"], ["P1", "Ann", "agent", "XX"])
    teams = _read("teams", ["id", "name", "kind"], ["CS", "Customer service", "team"])

    assert _said(("people", people), ("teams", teams)) == [
        "people!D2 (team) is 'XX'; it must be the id of a row in 'teams'."
    ]
    assert people.frame["team"].tolist() == ["XX"]


def test_a_key_into_a_sheet_that_was_not_loaded_is_not_judged() -> None:
    """A page loads what it needs."""
    people = _read("people", ["id", "name", "role", "team"], ["P1", "Ann", "agent", "XX"])

    assert _said(("people", people)) == []


def test_a_blank_key_leads_nowhere_and_is_no_fault() -> None:
    """Not everybody has a manager."""
    people = _read("people", ["id", "name", "role", "manager"], ["P1", "Ann", "manager", ""])

    assert _said(("people", people)) == []


def test_nobody_is_above_themselves() -> None:
    """P1 -> P2 -> P1 is a circle; P3 only leads into it."""
    people = _read(
        "people",
        ["id", "name", "role", "manager"],
        ["P1", "Ann", "agent", "P2"],
        ["P2", "Ben", "lead", "P1"],
        ["P3", "Cai", "agent", "P1"],
    )

    assert _said(("people", people)) == [
        "people!D2 (manager) is 'P2'; it must not lead back to its own row.",
        "people!D3 (manager) is 'P1'; it must not lead back to its own row.",
    ]


def test_one_target_for_one_period() -> None:
    """Two targets of one KPI and month would both be right; the second is asked about."""
    header = ["id", "kpi", "scope_type", "scope", "year", "period_type", "period", "target"]
    header += ["plan_version", "status"]
    row = ["K01", "company", "", 2026, "month", "2026-01", 92, 1, "approved"]
    targets = _read("kpi_targets", header, ["KT-1", *row], ["KT-2", *row])

    assert _said(("kpi_targets", targets)) == [
        (
            "kpi_targets!I3 (plan_version) is '1'; together with kpi, scope_type, scope, period "
            "it must be unique, and row 2 has the same."
        )
    ]


def test_a_time_zone_that_does_not_exist_is_a_fault_and_utc_holds() -> None:
    """Every moment of the workbook hangs on it."""
    settings = _read("settings", ["id", "value"], ["time_zone", "Beijing"])

    assert _said(("settings", settings)) == [
        "settings!B2 (value) is 'Beijing'; it must be the name of a time zone such as Asia/Shanghai."
    ]
    assert time_zone(settings.frame) == "UTC"


def test_the_time_zone_is_the_settings() -> None:
    """No code knows where the company is."""
    settings = _read("settings", ["id", "value"], ["time_zone", "Asia/Shanghai"])

    assert time_zone(settings.frame) == "Asia/Shanghai"
    assert _said(("settings", settings)) == []


def test_a_teams_field_is_a_field() -> None:
    """A row in `fields`, and reader, writer and form know the column."""
    row = ["F-1", "tickets", "warranty", "string", True, "none | 1 year|2 years", "Warranty", "保修"]
    fields = _read("fields", FIELDS, row)
    tickets = with_team_fields(tables(), fields.frame)["tickets"]
    field = tickets.field("warranty")

    assert field.required
    assert field.on_form
    assert field.enum == ("none", "1 year", "2 years")
    assert field.label("zh-Hans") == field.label("zh-Hant") == "保修"
    assert tickets.names[-6:] == ("warranty", *tables()["tickets"].names[-5:])
    assert tickets.read([["id", "保修"], ["T-1", "1 YEAR"]], time_zone="UTC").frame["warranty"].tolist() == [
        "1 year"
    ]
    assert tickets.write([{"warranty": "none"}], ["warranty"], time_zone="UTC") == [["none"]]


@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", "date", "datetime"])
def test_a_teams_field_may_be_of_any_kind(kind: str) -> None:
    """And its column is typed accordingly."""
    fields = _read("fields", FIELDS, ["F-1", "people", "extra", kind])
    people = with_team_fields(tables(), fields.frame)["people"]

    assert people.field("extra").type == kind
    assert people.read([], time_zone="UTC").frame["extra"].empty


def test_choices_of_numbers_are_numbers() -> None:
    """1 | 2 | 3 of a whole number allows 2 and not 4."""
    fields = _read("fields", FIELDS, ["F-1", "people", "grade", "integer", False, "1|2|3"])
    people = with_team_fields(tables(), fields.frame)["people"]
    reading = people.read([["id", "grade"], ["P1", 2.0], ["P2", 4]], time_zone="UTC")

    assert people.field("grade").check(2) is None
    assert [str(fault) for fault in reading.faults if fault.field == "grade"] == [
        "people!B3 (grade) is '4'; it must be one of 1, 2, 3."
    ]


def test_a_teams_field_takes_no_name_that_is_taken() -> None:
    """Neither one of ours nor one of its own, in any case."""
    fields = _read(
        "fields",
        FIELDS,
        ["F-1", "tickets", "Status", "string"],
        ["F-2", "tickets", "colour", "string"],
        ["F-3", "tickets", "Colour", "string"],
        ["F-4", "nothing", "x", "string"],
        ["F-5", "journal", "x", "string"],
    )

    assert _said(("fields", fields)) == [
        "fields!C2 (name) is 'Status'; it must be a name that 'tickets' does not have yet.",
        "fields!C4 (name) is 'Colour'; it must be a name that 'tickets' does not have yet.",
    ]
    assert [fault.cell for fault in fields.faults if fault.row > 1] == ["B5", "B6"]
    widened = with_team_fields(tables(), fields.frame)
    assert [name for name in widened["tickets"].names if name not in tables()["tickets"].names] == ["colour"]
    assert widened["journal"] == tables()["journal"]


def test_a_teams_fields_stand_in_their_order() -> None:
    """By position, then as they stand in the sheet."""
    rows = [["F-1", "people", "b", "string", 2], ["F-2", "people", "a", "string", 1]]
    fields = _read("fields", ["id", "table", "name", "type", "position"], *rows)
    people = with_team_fields(tables(), fields.frame)["people"]

    assert people.names[-7:-5] == ("a", "b")


def test_a_new_id_is_kind_date_and_four_letters() -> None:
    """Nothing has to be counted, and nothing can be misread over the phone."""
    now = pd.Timestamp("2026-11-23 09:00", tz="Asia/Shanghai")

    assert re.fullmatch(r"T-261123-[A-HJ-NP-Z2-9]{4}", new_id(tables()["tickets"], now))
    assert new_id(tables()["risks"], now, random.Random(1)) == new_id(
        tables()["risks"], now, random.Random(1)
    )


def test_new_ids_differ() -> None:
    """A thousand in one day: 32 to the power of 4 is a million, so a few may meet, and no more."""
    now = pd.Timestamp("2026-11-23", tz="UTC")
    ids = {new_id(tables()["tickets"], now, random.Random(seed)) for seed in range(1000)}

    assert len(ids) >= 995
