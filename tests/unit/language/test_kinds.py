"""Each kind of cell reads what it writes, and refuses what it cannot be sure of."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheets_schema.language import TYPES, Field
from sheets_schema.language.kinds import (
    Boolean,
    Choice,
    Date,
    Integer,
    Kind,
    Moment,
    Number,
    Period,
    Text,
    Unfit,
    Zone,
)

ZONES = (
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
PRIORITY = Choice(
    {
        "P1": {"en": "Urgent", "zh-Hans": "紧急", "zh-Hant": "緊急"},
        "P2": {"en": "High", "zh-Hans": "高", "zh-Hant": "高"},
    }
)
KINDS = (Text(), PRIORITY, Number(), Integer(), Boolean(), Date(), Moment(), Zone(), Period())
GARBAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(alphabet="0123456789-/:., 年月日TZ+%¥１２。", max_size=20),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.dates(),
    st.binary(max_size=4),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.just("\ud800"),
)


def _name(kind: Kind) -> str:
    return type(kind).__name__


@given(st.text().map(str.strip).filter(lambda text: text not in ("", "#N/A")))
def test_text_comes_back(text: str) -> None:
    """What somebody typed is theirs."""
    assert Text().parse(Text().format(text)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back(value: float) -> None:
    """A double goes through a cell unchanged."""
    assert Number().parse(Number().format(value)) == value


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_comes_back(value: int) -> None:
    """Up to 2 to the power of 53 a cell knows every whole number."""
    assert Integer().parse(float(Integer().format(value))) == value


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_comes_back(value: bool) -> None:
    """A check box has two states."""
    assert Boolean().parse(Boolean().format(value)) is value


@given(st.dates(dt.date(1910, 1, 1), dt.date(2199, 12, 29)))
def test_a_day_comes_back(day: dt.date) -> None:
    """A day is a serial number in the sheet and midnight in a frame."""
    assert Date().parse(Date().format(day)) == pd.Timestamp(day)


@given(st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2199, 12, 1)), st.sampled_from(ZONES))
def test_a_moment_comes_back(moment: dt.datetime, zone: str) -> None:
    """To the millisecond, in every zone, but for the hour that a clock change repeats."""
    written = pd.Timestamp(moment, tz="UTC").round("ms")
    local = written.tz_convert(zone).tz_localize(None)
    assume(local.tz_localize(zone, ambiguous=True) == local.tz_localize(zone, ambiguous=False))

    assert Moment().parse(Moment().format(written, zone), zone) == written


def test_a_repeated_hour_is_read_as_its_first() -> None:
    """On 2026-11-01 New York has 01:30 at 05:30 and at 06:30 UTC; a cell cannot say which."""
    serial = Date().format(pd.Timestamp("2026-11-01")) + 1.5 / 24

    assert Moment().parse(serial, "America/New_York") == pd.Timestamp("2026-11-01 05:30", tz="UTC")


def test_an_hour_left_out_is_read_as_the_first_moment_after_it() -> None:
    """On 2026-03-08 New York goes from 02:00 to 03:00, which is 07:00 UTC."""
    cell = "2026-03-08 02:30"

    assert Moment().parse(cell, "America/New_York") == pd.Timestamp("2026-03-08 07:00", tz="UTC")


def test_a_serial_number_counts_from_the_end_of_1899() -> None:
    """46349 is 2026-11-23, and .5 is noon: 04:00 UTC in Shanghai."""
    assert Date().parse(46349) == pd.Timestamp("2026-11-23")
    assert Moment().parse(46349.5, "Asia/Shanghai") == pd.Timestamp("2026-11-23 04:00", tz="UTC")
    assert Moment().format(pd.Timestamp("2026-11-23 04:00", tz="UTC"), "Asia/Shanghai") == 46349.5


@pytest.mark.parametrize("kind", KINDS, ids=_name)
@given(cell=GARBAGE)
def test_garbage_is_refused_in_words(kind: Kind, cell: object) -> None:
    """Whatever stands in a cell, the worst that happens is a sentence."""
    try:
        value = kind.parse(cell, "Asia/Shanghai")
    except Unfit as unfit:
        assert unfit.message.text("zh-Hans")
    else:
        again = kind.parse(kind.format(value, "Asia/Shanghai"), "Asia/Shanghai")
        assert (again is None) == (value is None)


@pytest.mark.parametrize("kind", KINDS, ids=_name)
@given(cells=st.lists(GARBAGE, max_size=12))
def test_a_column_is_read_as_its_cells_are(kind: Kind, cells: list[object]) -> None:
    """The quick way for a whole column and the way for one cell must not differ."""
    values, faults = kind.column(cells, "America/New_York", frozenset({""}))

    assert str(values.dtype) == kind.dtype
    assert len(values) == len(cells)
    for position, cell in enumerate(cells):
        try:
            alone = kind.parse(cell, "America/New_York")
        except Unfit:
            assert position in faults
            assert pd.isna(values[position])
        else:
            assert position not in faults
            assert pd.isna(values[position]) if alone is None else values[position] == alone


@pytest.mark.parametrize("kind", KINDS, ids=_name)
@given(cells=st.lists(GARBAGE, max_size=12))
def test_a_column_is_written_as_its_values_are(kind: Kind, cells: list[object]) -> None:
    """The same for writing."""
    values, _ = kind.column(cells, "Asia/Shanghai", frozenset({""}))
    held = [None if pd.isna(value) else value for value in values]

    assert kind.written(held, "Asia/Shanghai") == [kind.format(value, "Asia/Shanghai") for value in held]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Number(), "1,200", 1200.0),
        (Number(), "1,234,567.5", 1234567.5),
        (Number(), " 12 ", 12.0),
        (Number(), "12%", 0.12),
        (Number(), "１２．５", 12.5),
        (Number(), "¥1,200", 1200.0),
        (Number(), "−3", -3.0),
        (Number(), "1e3", 1000.0),
        (Integer(), 3.0, 3),
        (Integer(), "1,200", 1200),
        (Integer(), "３", 3),
        (Boolean(), "是", True),
        (Boolean(), "否", False),
        (Boolean(), " yes ", True),
        (Boolean(), "No", False),
        (Boolean(), "true", True),
        (Boolean(), "FALSE", False),
        (Boolean(), 1, True),
        (Boolean(), 0.0, False),
        (PRIORITY, "p1", "P1"),
        (PRIORITY, " Urgent ", "P1"),
        (PRIORITY, "緊急", "P1"),
        (PRIORITY, "Ｐ２", "P2"),
        (Text(), 42.0, "42"),
        (Text(), True, "TRUE"),
        (Text(), 1.5, "1.5"),
        (Text(), "0042 ", "0042"),
        (Zone(), " Asia/Shanghai", "Asia/Shanghai"),
        (Period(), 2026.0, "2026"),
        (Period(), 46023, "2026-01"),
        (Period(), "2026年3月", "2026-03"),
        (Period(), "2026/3", "2026-03"),
        (Period(), "q2 2026", "2026-Q2"),
        (Period(), "2026年第二季度", "2026-Q2"),
        (Date(), 20261123, pd.Timestamp("2026-11-23")),
        (Date(), 46349.7, pd.Timestamp("2026-11-23")),
    ],
)
def test_what_can_mean_one_thing_is_read(kind: Kind, cell: object, value: object) -> None:
    """People paste; a sheet keeps what they pasted."""
    assert kind.parse(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Number(), "1,2"),
        (Number(), "1,20"),
        (Number(), "1.200.000"),
        (Number(), "about 5"),
        (Number(), "12 - 15"),
        (Number(), math.inf),
        (Number(), 10**400),
        (Number(), True),
        (Integer(), 3.5),
        (Integer(), "12%"),
        (Integer(), 2**60),
        (Boolean(), "perhaps"),
        (Boolean(), 2),
        (PRIORITY, "P9"),
        (Date(), 2026),
        (Date(), "2026-02-30"),
        (Date(), "2026-11-23T00:00Z"),
        (Date(), False),
        (Date(), dt.date(1800, 1, 1)),
        (Date(), 109_575),
        (Moment(), "1910-01-01T00:00+14:00"),
        (Moment(), "soon"),
        (Moment(), "09:30"),
        (Zone(), "Beijing"),
        (Period(), "2026-13"),
        (Period(), 46024),
        *((kind, error) for kind in KINDS for error in ("#N/A", "#REF!")),
    ],
)
def test_what_can_mean_two_things_or_nothing_is_refused(kind: Kind, cell: object) -> None:
    """A wrong guess is worse than a question."""
    with pytest.raises(Unfit):
        kind.parse(cell)


@pytest.mark.parametrize("kind", KINDS, ids=_name)
@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000"])
def test_nothing_is_nothing(kind: Kind, cell: object) -> None:
    """White space is nothing, in any width."""
    assert kind.parse(cell) is None


@pytest.mark.parametrize("kind", KINDS, ids=_name)
@pytest.mark.parametrize("value", [None, math.nan, pd.NA, pd.NaT, np.float64("nan")])
def test_a_missing_value_is_written_as_an_empty_text(kind: Kind, value: object) -> None:
    """All that pandas calls missing clears the cell."""
    assert kind.format(value) == ""


def test_a_moment_without_a_zone_is_not_written() -> None:
    """Nobody could tell which moment it was."""
    with pytest.raises(Unfit) as caught:
        Moment().format(dt.datetime(2026, 11, 23, 9, 30), "Asia/Shanghai")

    assert caught.value.message.text() == "it must name its time zone"


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2026-11-23 01:30", tz="UTC"),
        pd.Timestamp("2026-11-23 09:30", tz="Asia/Shanghai"),
        dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC),
        "2026-11-23 09:30",
    ],
)
def test_a_moment_is_written_in_the_workbooks_zone(value: object) -> None:
    """9:30 is 19/48 of the day, whatever zone the value came in."""
    assert Moment().format(value, "Asia/Shanghai") == pytest.approx(46349 + 19 / 48)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_a_kind(name: str) -> None:
    """A team may choose any of them for a field of its own."""
    assert isinstance(Field("extra", name).kind, Kind)
