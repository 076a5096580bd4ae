"""Records go into the sheet's own columns, and come back as they were."""

import datetime as dt
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_schema.errors import CellFault, HeaderFault, UnknownField
from sheets_schema.language import Field, Table
from sheets_schema.language.cells import ERRORS
from sheets_schema.workbook import tables

MOMENT = pd.Timestamp("2026-11-23 04:00", tz="UTC")


def test_cells_follow_the_header_of_the_sheet(table: Table) -> None:
    """People move columns; a value goes to its column and to no other."""
    header = ["Colour", "subject", "受理時間", "Number"]
    record = {"id": "T-1", "opened_at": MOMENT, "subject": "Lamp"}

    assert table.write([record], header, time_zone="Asia/Shanghai") == [[None, "Lamp", 46349.5, "T-1"]]


def test_what_a_record_leaves_out_is_left_alone(table: Table) -> None:
    """None means hands off, an empty text means clear the cell."""
    cells = table.write([{"id": "T-1", "score": None}], ["id", "score", "hours"], time_zone="UTC")

    assert cells == [["T-1", "", None]]


def test_a_formula_stays_text(table: Table) -> None:
    """The writer hands over what was typed; nothing is evaluated here."""
    record = {"id": "T-1", "subject": "=HYPERLINK(1)"}

    assert table.write([record], ["id", "subject"], time_zone="UTC") == [["T-1", "=HYPERLINK(1)"]]


def test_a_name_that_the_table_has_not_raises(table: Table) -> None:
    """A misspelt field is a bug, and not a value to drop."""
    with pytest.raises(UnknownField, match=r"The table 'tickets' has no field 'subjekt'\."):
        table.write([{"id": "T-1", "subjekt": "Lamp"}], ["id"], time_zone="UTC")


def test_a_value_without_a_column_raises(table: Table) -> None:
    """Somebody deleted the column; what was typed must not go to nowhere."""
    with pytest.raises(HeaderFault, match="no column for: subject"):
        table.write([{"id": "T-1", "subject": "Lamp"}], ["id"], time_zone="UTC")


def test_a_missing_value_needs_no_column(table: Table) -> None:
    """There is nothing to lose."""
    assert table.write([{"id": "T-1", "subject": None}], ["id"], time_zone="UTC") == [["T-1"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", "many"),
        ("score", 3.5),
        ("hours", math.inf),
        ("priority", "P9"),
        ("due", MOMENT),
        ("opened_at", dt.datetime(2026, 11, 23)),
        ("vip", "perhaps"),
        ("subject", "x" * 50_001),
    ],
)
def test_a_value_of_another_kind_raises_and_names_its_field(table: Table, field: str, value: object) -> None:
    """Python checks what a page sends, since a page can be made to send anything."""
    with pytest.raises(CellFault) as caught:
        table.write([{field: value}], table.names, time_zone="UTC")

    assert caught.value.facts["must"].field == field


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id", None, "it must be filled in"),
        ("score", 9, "it must be 5 or less"),
        ("score", "4", None),
        ("priority", "P9", "it must be one of P1, P2, P3"),
        ("priority", "p1", None),
        ("subject", None, None),
    ],
)
def test_check_judges_a_value_as_the_reader_would(
    table: Table, field: str, value: object, said: str | None
) -> None:
    """A form and a sheet must not disagree about what is right."""
    found = table.field(field).check(value)

    assert (found and found.text()) == said


TEXT = st.text(max_size=30).map(str.strip).filter(lambda text: text not in {"", "-", "—", *ERRORS})
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1))
VALUES = {
    "number": st.floats(-1e12, 1e12),
    "integer": st.integers(-(10**9), 10**9),
    "boolean": st.booleans(),
    "date": st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)).map(pd.Timestamp),
    "datetime": MOMENTS.map(lambda moment: pd.Timestamp(moment, tz="UTC").round("ms")),
}
PATTERNED = {
    "email": st.just("name@example.com"),
    "period": st.sampled_from(["2026", "2026-Q4", "2026-11"]),
    "time_zone": st.sampled_from(["UTC", "Asia/Shanghai"]),
    "name": st.sampled_from(["warranty_no", "保修编号"]),
}


def _values(field: Field) -> st.SearchStrategy[object]:
    """Return values that may stand in a field."""
    if field.enum:
        allowed: st.SearchStrategy[object] = st.sampled_from(field.enum)
    elif field.pattern or field.holds:
        allowed = PATTERNED.get(field.name, st.just("09:00-12:00 13:30-18:00"))
    elif field.minimum is not None or field.maximum is not None:
        allowed = st.integers(int(field.minimum or 0), int(field.maximum or field.minimum or 0) + 0)
    else:
        allowed = VALUES.get(field.type, TEXT)
    return allowed if field.required else st.none() | allowed


@pytest.mark.parametrize("name", tables())
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_written_is_read(name: str, data: st.DataObject) -> None:
    """Every table, every field: the sheet is where the values are kept."""
    table = tables()[name]
    row = st.fixed_dictionaries({field.name: _values(field) for field in table.fields})
    records = data.draw(st.lists(row, min_size=1, max_size=3, unique_by=lambda each: each["id"]))
    header = data.draw(st.permutations(table.names))

    cells = table.write(records, header, time_zone="Asia/Shanghai")
    reading = table.read([list(header), *cells], time_zone="Asia/Shanghai")

    assert reading.faults == ()
    for record, (_, read) in zip(records, reading.frame.iterrows(), strict=True):
        for field, value in record.items():
            assert pd.isna(read[field]) if value is None else read[field] == value


def test_many_records_are_written_as_one_by_one(table: Table) -> None:
    """The quick way for a column of like values and the way for mixed ones agree."""
    records = [
        {"id": "T-1", "opened_at": MOMENT, "hours": 1.5, "due": pd.Timestamp("2026-11-23")},
        {"id": "T-2", "opened_at": None, "hours": None, "due": None},
        {"id": "T-3", "opened_at": pd.NaT, "hours": math.nan, "due": pd.NaT},
        {"id": "T-4", "opened_at": MOMENT.tz_convert("Asia/Tokyo"), "hours": 2, "due": "2026-11-24"},
    ]
    header = ["id", "opened_at", "hours", "due"]
    together = table.write(records, header, time_zone="Asia/Shanghai")

    assert together == [table.write([record], header, time_zone="Asia/Shanghai")[0] for record in records]
    assert together[3] == ["T-4", 46349.5, 2.0, 46350.0]
