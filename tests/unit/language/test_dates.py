"""A typed date is read where it can mean one day, in either language."""

import datetime as dt

import pytest

from sheets_schema.language.dates import Unclear, read_text

DAY = dt.datetime(2026, 11, 23)
HALF_PAST_NINE = dt.datetime(2026, 11, 23, 9, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026/11/23",
        "2026.11.23",
        "20261123",
        "2026年11月23日",
        "2026 年 11 月 23 日",
        "２０２６年１１月２３日",
        "23/11/2026",
        "11/23/2026",
        "23-11-2026",
        "23.11.2026",
        "23 Nov 2026",
        "23-Nov-2026",
        "Nov 23, 2026",
        "November 23rd, 2026",
        "23 november 2026",
        " 2026-11-23 ",
    ],
)
def test_one_day_is_read(text: str) -> None:
    """A year first, a month by name, or a day above twelve."""
    assert read_text(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 09:30",
        "2026-11-23T09:30",
        "2026-11-23 9:30:00",
        "2026-11-23 09:30:00.000",
        "2026/11/23 9:30 AM",
        "23/11/2026 09:30",
        "2026年11月23日 9时30分",
        "2026年11月23日 9點30分",
        "2026年11月23日上午9:30",
        "２０２６－１１－２３　０９：３０",
    ],
)
def test_a_time_of_day_is_read_with_it(text: str) -> None:
    """With seconds or without, with the half of the day before or behind."""
    assert read_text(text) == HALF_PAST_NINE


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-23 12:15 AM", 0),
        ("2026-11-23 12:15 PM", 12),
        ("2026-11-23 3:15 pm", 15),
        ("2026-11-23 下午3:15", 15),
        ("2026-11-23 中午12:15", 12),
        ("2026-11-23 晚上8:15", 20),
        ("2026-11-23 早上8:15", 8),
    ],
)
def test_halves_of_the_day(text: str, hour: int) -> None:
    """Twelve is the one that everybody gets wrong."""
    assert read_text(text) == dt.datetime(2026, 11, 23, hour, 15)


@pytest.mark.parametrize("text", ["2026-11-23T01:30Z", "2026-11-23 09:30+08:00", "2026-11-23T01:30:00+0000"])
def test_a_zone_in_the_text_holds(text: str) -> None:
    """Machines write their zone; it is theirs, not the workbook's."""
    assert read_text(text) == dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


def test_two_readings_are_named() -> None:
    """The person who typed it knows which one was meant."""
    with pytest.raises(Unclear) as caught:
        read_text("03/04/2026")

    assert caught.value.message.text() == (
        "it can be read as 2026-03-04 or as 2026-04-03; write it as 2026-11-23"
    )


def test_a_day_that_is_its_month_is_clear() -> None:
    """05/05/2026 is the fifth of May either way."""
    assert read_text("05/05/2026") == dt.datetime(2026, 5, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026",
        "2026-13-01",
        "2026-02-29",
        "31/02/2026",
        "23/11/26",
        "0001-01-01",
        "9999-01-01",
        "2026-11-23 25:00",
        "2026-11-23 09:60",
        "2026-11-23 tomorrow",
        "23 Nov",
        "32 Nov 2026",
        "23 Foo 2026",
        "2026-11-23 10:00 +99:99",
        "09:30",
    ],
)
def test_no_day_is_refused(text: str) -> None:
    """Two digits of a year, no year, a day that the month has not."""
    with pytest.raises(Unclear):
        read_text(text)
