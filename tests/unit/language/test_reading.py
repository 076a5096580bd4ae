"""A sheet that people have worked in is read in full, and what is wrong is named by cell."""

import json
import time

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_schema.language import Field, Reading, Table

HEADER = ["id", "opened_at", "priority", "score", "hours", "vip", "due", "subject"]
GOOD = ["T-1", 46349.5, "P1", 4, 1.5, True, 46349, "Lamp is broken"]


def _read(table: Table, *rows: list[object], header: list[object] | None = None) -> Reading:
    return table.read([header or HEADER, *rows], time_zone="Asia/Shanghai")


def test_a_clean_sheet_has_no_fault(table: Table) -> None:
    """A row is typed as its columns declare; 46349.5 is noon in Shanghai, 04:00 UTC."""
    reading = _read(table, GOOD)
    row = reading.frame.loc[2]

    assert reading.faults == ()
    assert row.to_dict() == {
        "id": "T-1",
        "opened_at": pd.Timestamp("2026-11-23 04:00", tz="UTC"),
        "priority": "P1",
        "score": 4,
        "hours": 1.5,
        "vip": True,
        "due": pd.Timestamp("2026-11-23"),
        "subject": "Lamp is broken",
    }


def test_every_column_has_its_dtype_even_when_empty(table: Table) -> None:
    """A rule never has to ask what it was given."""
    expected = ["str", "datetime64[us, UTC]", "str", "Int64", "float64", "boolean"]
    expected += ["datetime64[us]", "str"]

    for rows in ([], [GOOD], [["T-1"]], [["T-1", "x", "x", "x", "x", "x", "x"]]):
        assert _read(table, *rows).frame.dtypes.astype(str).tolist() == expected


def test_the_index_is_the_row_of_the_sheet(table: Table) -> None:
    """A person finds a row by the number at its left, blank rows counted."""
    frame = _read(table, ["T-1"], [], ["", " "], ["T-2"], [False, False]).frame

    assert frame.index.name == "row"
    assert frame.index.tolist() == [2, 5]


def test_a_fault_says_where_what_and_what_it_must_be(table: Table) -> None:
    """The address is the one that the name box of the sheet takes."""
    reading = _read(table, ["T-1", "soon", "Urgent", 9, -1, "perhaps", "03/04/2026"])

    assert [str(fault) for fault in reading.faults] == [
        "tickets!B2 (opened_at) is 'soon'; it must be a date and time such as 2026-11-23 09:30.",
        "tickets!C2 (priority) is 'Urgent'; it must be one of P1, P2, P3.",
        "tickets!D2 (score) is '9'; it must be 5 or less.",
        "tickets!E2 (hours) is '-1'; it must be 0 or more.",
        "tickets!F2 (vip) is 'perhaps'; it must be TRUE or FALSE.",
        (
            "tickets!G2 (due) is '03/04/2026'; it can be read as 2026-03-04 or as 2026-04-03; "
            "write it as 2026-11-23."
        ),
    ]
    assert reading.faults[0].text("zh-Hans") == (
        "tickets!B2（opened_at）的内容是“soon”；应为日期和时间，例如 2026-11-23 09:30。"
    )


def test_a_fault_hides_no_row(table: Table) -> None:
    """The cell is missing, the row is there with the rest of its values."""
    row = _read(table, ["T-1", "soon", "P1", 9, 2]).frame.loc[2]

    assert pd.isna(row["opened_at"])
    assert pd.isna(row["score"])
    assert (row["id"], row["priority"], row["hours"]) == ("T-1", "P1", 2)


def test_a_blank_id_and_a_repeated_id_are_faults_and_their_rows_stay(table: Table) -> None:
    """Two rows of one id cannot be told apart; the first keeps it."""
    reading = _read(table, ["T-1"], ["", 46349], ["T-1", 46350])

    assert [str(fault) for fault in reading.faults] == [
        "tickets!A3 (id) is blank; it must be filled in.",
        "tickets!A4 (id) is 'T-1'; it must be unique, and A2 has it already.",
    ]
    assert reading.frame["id"].isna().tolist() == [False, True, True]
    assert reading.frame["opened_at"].notna().tolist() == [False, True, True]


def test_headers_are_matched_in_any_case_order_and_language(table: Table) -> None:
    """People move columns and translate headers; the column is still the column."""
    header = [" 工单编号 ", "SUBJECT", "受理時間", "Ｓｃｏｒｅ", "Priority", "hours", "vip", "Due "]
    reading = _read(table, ["T-1", "Lamp", 46349.5, 4, "p2"], header=header)

    assert reading.faults == ()
    assert reading.frame.loc[2, ["id", "subject", "score", "priority"]].tolist() == [
        "T-1",
        "Lamp",
        4,
        "P2",
    ]
    assert list(reading.frame)[: len(HEADER)] == HEADER


def test_unknown_columns_are_kept_as_they_are(table: Table) -> None:
    """A team's own notes are theirs."""
    reading = _read(table, [*GOOD, 7, "x"], header=[*HEADER, " Colour ", "Room"])

    assert reading.unknown == ("Colour", "Room")
    assert reading.frame.loc[2, ["Colour", "Room"]].tolist() == [7, "x"]
    assert reading.faults == ()


def test_a_missing_column_is_one_fault_and_not_one_for_each_row(table: Table) -> None:
    """It names the cell where the name can be written back."""
    reading = _read(table, GOOD[:-1], GOOD[:-1], header=HEADER[:-1])

    assert [str(fault) for fault in reading.faults if fault.row == 1] == [
        "tickets!H1 (subject) is blank; the column 'subject' is missing: write subject into a cell of row 1."
    ]
    assert reading.frame["subject"].isna().all()


def test_a_column_named_twice_is_a_fault_and_keeps_its_values(table: Table) -> None:
    """The first is the column; the second is kept under its letter."""
    reading = _read(table, [*GOOD, "other"], header=[*HEADER, "Subject"])

    assert [str(fault) for fault in reading.faults] == [
        "tickets!I1 (subject) is 'Subject'; it must name another column, since H1 names this one."
    ]
    assert reading.frame.loc[2, "subject"] == "Lamp is broken"
    assert reading.frame.loc[2, "Subject (I)"] == "other"


def test_values_without_a_header_are_a_fault_and_are_kept(table: Table) -> None:
    """Somebody typed beside the table; it must not vanish."""
    reading = _read(table, [*GOOD, "", "aside"], header=[*HEADER, "", ""])

    assert [str(fault) for fault in reading.faults] == [
        "tickets!J1 is blank; the column below it has values and needs a name."
    ]
    assert reading.frame.loc[2, "J"] == "aside"


@pytest.mark.parametrize("values", [[], [[]], [["", " "]]])
def test_a_sheet_without_a_header_is_one_fault(table: Table, values: list[list[object]]) -> None:
    """The whole header is gone, not thirty columns."""
    reading = table.read(values, time_zone="UTC")

    assert [str(fault) for fault in reading.faults] == [
        "tickets!A1 is blank; the first row must name the columns."
    ]
    assert reading.frame.empty


def test_missing_values_are_missing(table: Table) -> None:
    """This table says that a dash stands for nothing."""
    reading = _read(table, ["T-1", "-", " - ", "-", "-", "-", "-", "-"])

    assert reading.faults == ()
    assert reading.frame.iloc[0].isna().sum() == 7


def test_all_faults_are_found_in_one_pass_in_the_order_of_the_sheet(table: Table) -> None:
    """Nobody wants to mend a sheet one fault at a time."""
    reading = _read(table, ["T-1", "x", "x"], ["T-2", 46349, "x"], ["T-3", "x", "P1"])

    assert [fault.cell for fault in reading.faults] == ["B2", "C2", "C3", "B4"]


def test_a_formulas_error_is_a_fault_in_every_column(table: Table) -> None:
    """#REF! is nobody's subject."""
    reading = _read(table, ["T-1", *["#REF!"] * 7])

    assert {fault.message.key for fault in reading.faults} == {"language.must.no_error"}
    assert len(reading.faults) == 7


def test_columns_beyond_z_have_two_letters() -> None:
    """The 28th column is AB."""
    fields = tuple(Field(f"c{number}", "number") for number in range(30))
    reading = Table("wide", fields).read(
        [[field.name for field in fields], [1] * 27 + ["x", 1, 1]], time_zone="UTC"
    )

    assert [fault.cell for fault in reading.faults] == ["AB2"]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["id", "Score", "工单编号", "2026-11-23", "#N/A", "P1", " ", "TRUE", 46349.5]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.lists(CELLS, max_size=12), max_size=8))
def test_reading_garbage_never_raises(table: Table, values: list[list[object]]) -> None:
    """The worst sheet is a list of faults, each with a sentence in every language."""
    reading = table.read(values, time_zone="America/New_York")

    assert set(table.names) <= set(reading.frame.columns)
    assert reading.frame.columns.is_unique
    for fault in reading.faults:
        assert all(fault.text(language) for language in ("en", "zh-Hans", "zh-Hant"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.lists(CELLS, max_size=12), min_size=1, max_size=8))
def test_no_row_and_no_cell_is_lost(table: Table, values: list[list[object]]) -> None:
    """What stands in a row is in its row of the frame, or in a fault that names it."""
    reading = table.read(values, time_zone="UTC")
    faulty = {fault.cell for fault in reading.faults}

    for number, row in enumerate(values[1:], start=2):
        for place, cell in enumerate(row):
            if cell in (None, False) or str(cell).strip() in ("", "-", "nan"):  # no JSON brings a NaN
                continue
            assert number in reading.frame.index
            kept = reading.frame.loc[number].notna().sum()
            assert kept or faulty & {f"{chr(65 + place)}{number}"}


def test_the_answer_of_the_api_is_read_as_it_comes(table: Table) -> None:
    """Ragged rows, whole numbers without a point, as JSON gives them."""
    answer = json.loads('[["id", "score", "subject"], ["T-1", 4], [], ["T-2", 4.0, "\\u706f"]]')
    frame = table.read(answer, time_zone="UTC").frame

    assert frame["score"].tolist() == [4, 4]
    assert frame["subject"].tolist()[1] == "灯"


def test_a_hundred_thousand_rows_are_read_well_under_two_seconds() -> None:
    """Twenty columns, in seconds of a processor; the best of three."""
    kinds = ("string", "datetime", "number", "integer", "boolean", "date")
    fields = [Field("id", required=True, unique=True)]
    fields += [Field(f"c{number}", kinds[number % 6]) for number in range(1, 20)]
    cells = {"string": "Where is it", "datetime": 46349.4, "number": 1.5, "integer": 3}
    cells |= {"boolean": True, "date": 46349}
    row = [cells[field.type] for field in fields[1:]]
    values = [
        [field.name for field in fields],
        *([f"T-{number}", *row] for number in range(100_000)),
    ]
    table = Table("wide", tuple(fields))

    def seconds() -> float:
        start = time.process_time()
        reading = table.read(values, time_zone="Asia/Shanghai")
        assert len(reading.frame) == 100_000
        assert reading.faults == ()
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 2


def test_half_a_character_under_a_header_of_ones_own_is_read(table: Table) -> None:
    """JSON can carry half of a surrogate pair; no person ever typed one on purpose."""
    reading = _read(table, [*GOOD, "\ud800 and"], header=[*HEADER, "more"])

    assert reading.frame["more"].tolist() == ["? and"]
