"""Day first or month first: one decision for a whole column, and said."""

import pytest

from opsline.imports.dates import Evidence, Order, decide, look_at, read_dated
from opsline.imports.errors import AmbiguousDates

HEAD = "opened_at,requester,category,subject\n"


def test_one_date_that_can_be_read_one_way_decides_for_the_column():
    """29/2 is no month-day; so 3/4 in the same column is the 3rd of April."""
    evidence = look_at(["3/4/2016 05:00", "29/2/2016 01:16", "7/7/2016"])

    assert decide("opened", evidence) is Order.DAY_FIRST


def test_the_majority_decides_and_the_others_are_faults(check, write):
    """Two dates that can only be day-first against one that can only be month-first."""
    rows = "".join(f"{day},Ann,REF,x\n" for day in ("13/4/2026", "14/4/2026", "4/15/2026", "1/2/2026"))
    found = check(write(HEAD + rows))

    assert len(found.records) == 4 - found.refused
    assert [fault.split(" (")[0] for fault in found.faults] == ["file!A4"]


def test_a_column_that_can_be_read_both_ways_is_refused_with_a_sentence():
    """Nothing in the column decides; only the person knows."""
    evidence = look_at(["3/4/2026", "5/6/2026"])
    with pytest.raises(AmbiguousDates, match=r"2026-04-03 or 2026-03-04.*--day-first or --month-first"):
        decide("opened", evidence)


def test_as_many_of_each_kind_are_refused_too():
    """One for each order decides nothing."""
    with pytest.raises(AmbiguousDates, match="day-first"):
        decide("opened", look_at(["13/4/2026", "4/13/2026"]))


def test_what_the_person_says_goes_first():
    """--month-first against every sign of day-first makes faults, not other dates."""
    assert decide("opened", Evidence(days=9), Order.MONTH_FIRST) is Order.MONTH_FIRST
    assert read_dated("29/2/2016", Order.MONTH_FIRST) is None


def test_dates_that_need_no_decision_ask_for_none(check, write):
    """ISO dates, month names and serial numbers can be read in one way only."""
    rows = "2026-11-23 09:00,Ann,REF,x\n23 Nov 2026,Bob,REF,y\n2026年11月23日,陈,REF,z\n"
    found = check(write(HEAD + rows))

    assert found.faults == []
    assert found.plan.orders == {"opened_at": None}
    assert len(found.records) == 3


@pytest.mark.parametrize(
    ("text", "hours"), [("3/4/26 1:05 PM", 13), ("3/4/2026 12:05 am", 0), ("3.4.2026 23:05", 23)]
)
def test_clock_times_and_short_years_are_read(text, hours):
    """46115 is 2026-04-03; the fraction is the time of day."""
    serial = read_dated(text, Order.DAY_FIRST)

    assert int(serial) == 46115
    assert round((serial % 1) * 24 * 60) == hours * 60 + 5
