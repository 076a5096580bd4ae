"""A target and its parts: whatever the method, they are the whole."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheets_schema.errors import OpslineError
from sheets_schema.kpis.periods import months_of, quarters_of
from sheets_schema.kpis.split import (
    SplitRefused,
    check_method,
    glide_year,
    ratio_gap,
    repeat_year,
    split_year,
    spread,
)
from sheets_schema.kpis.weights import NoWeights, month_weights, seasonal_shares

MONTHS = months_of("2026")
WORKING_DAYS = dict(zip(MONTHS, [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23], strict=True))
SEASON = dict(zip(MONTHS, [6.5, 5.5, 7.5, 7.5, 8, 9.5, 7.5, 7.5, 8.5, 9, 13, 10], strict=True))


def total(parts):
    """Add figures as a person reads them: 0.1 is one tenth."""
    return sum(map(Decimal, map(str, parts)), Decimal(0))


def test_a_thousand_in_even_parts():
    """84 x 4 and 83 x 8, the earlier months first."""
    assert list(spread(1000, 1, dict.fromkeys(MONTHS, 1)).values()) == [84] * 4 + [83] * 8


def test_twelve_thousand_by_working_days():
    """The vector of formulas D4, months at once."""
    expected = [1016, 774, 1065, 1016, 919, 1016, 1113, 1016, 1065, 871, 1016, 1113]

    assert list(spread(12000, 1, WORKING_DAYS).values()) == expected


def test_sales_by_season_in_quarters():
    """48 000 in tens: 9 360, 12 000, 11 280, 15 360, and the months below sum to each."""
    plan = split_year(2026, 48000, 10, SEASON)

    assert list(plan.quarters.values()) == [9360, 12000, 11280, 15360]
    assert plan.is_exact()


def test_a_held_month_keeps_its_figure_and_the_rest_makes_room():
    """1 200 even, May held at 300: 900 over eleven months, and Q2 is what May makes it."""
    plan = split_year(2026, 1200, 1, dict.fromkeys(MONTHS, 1), {"2026-05": 300})

    assert plan.months["2026-05"] == 300
    assert total(plan.months.values()) == 1200
    assert plan.is_exact()


def test_a_held_quarter_keeps_its_sum():
    """Its months divide what the quarter holds."""
    plan = split_year(2026, 1000, 1, dict.fromkeys(MONTHS, 1), {"2026-Q3": 100, "2026-08": 90})

    assert plan.quarters["2026-Q3"] == 100
    assert [plan.months[m] for m in months_of("2026-Q3")] == [5, 90, 5]
    assert plan.is_exact()


@pytest.mark.parametrize(
    ("held", "key"),
    [
        ({"2026-05": 1300}, "kpis.split.held_too_much"),
        (dict.fromkeys(MONTHS, 50), "kpis.split.nothing_free"),
        ({"2026-05": 0.5}, "kpis.split.not_a_multiple"),
        ({"2026-Q1": 10, "2026-01": 20}, "kpis.split.held_too_much"),
        (dict.fromkeys(months_of("2026-Q1"), 50) | {"2026-Q1": 10}, "kpis.split.nothing_free"),
    ],
)
def test_what_cannot_be_split_is_refused_with_a_reason(held, key):
    """No part is ever lost in silence."""
    with pytest.raises(SplitRefused) as caught:
        split_year(2026, 1200, 1, dict.fromkeys(MONTHS, 1), held)

    assert caught.value.said_by == key


def test_a_total_finer_than_its_unit_is_refused():
    """1 000.5 cannot be given out in whole ones."""
    with pytest.raises(SplitRefused, match=r"1000\.5"):
        spread(1000.5, 1, dict.fromkeys(MONTHS, 1))


@pytest.mark.parametrize("unit", [0, -1, float("nan")])
def test_a_unit_is_above_nothing(unit):
    """Else there would be no end to the parts."""
    with pytest.raises(SplitRefused):
        spread(10, unit, dict.fromkeys(MONTHS, 1))


def test_no_weight_at_all_is_refused():
    """Where every free month weighs nothing, nobody can say which one gets it."""
    with pytest.raises(SplitRefused):
        split_year(2026, 10, 1, dict.fromkeys(MONTHS, 0))


def test_a_ratio_is_never_split_and_a_sum_never_repeated():
    """95 % a year is not 8 % a month; 48 000 a year is not 48 000 a month."""
    check_method("even", "sum")
    check_method("repeat", "ratio")
    for method, kind in (("even", "ratio"), ("repeat", "sum"), ("thumb", "sum")):
        with pytest.raises(SplitRefused):
            check_method(method, kind)


def test_active_users_glide_from_260_to_320():
    """K11: five thousand a month; a quarter's target is that of its last month."""
    plan = glide_year(2026, 260, 320, 1)

    assert list(plan.months.values()) == list(range(265, 321, 5))
    assert list(plan.quarters.values()) == [275, 290, 305, 320]


def test_a_ratio_repeats():
    """95 % in every month, but for the one that is held."""
    plan = repeat_year(2026, 95.0, {"2026-11": 90.0})

    assert set(plan.months.values()) == {95.0, 90.0}
    assert plan.quarters["2026-Q4"] == 95.0


def test_the_gap_of_a_ratio_is_weighed_with_volumes():
    """(90 x 100 + 96 x 300) / 400 = 94.5, half a point under 95."""
    assert ratio_gap([90.0, 96.0], [100, 300], 95.0) == pytest.approx(-0.5)
    assert ratio_gap([], [], 95.0) == 0.0


def test_each_method_weighs_as_it_says():
    """4-4-5 weeks; growth of 10 %; typed; working days."""
    assert list(month_weights("445", MONTHS).values())[:3] == [4, 4, 5]
    assert month_weights("growth", MONTHS, growth=0.1)["2026-03"] == pytest.approx(1.21)
    assert month_weights("weighted", MONTHS, typed={"2026-01": 2})["2026-02"] == 0
    assert month_weights("working_days", MONTHS, working_days=WORKING_DAYS) == WORKING_DAYS


@pytest.mark.parametrize("method", ["working_days", "seasonal", "weighted", "growth"])
def test_a_method_without_its_figures_says_so(method):
    """It does not fall back to even parts behind the manager's back."""
    with pytest.raises(NoWeights):
        month_weights(method, MONTHS)


def test_the_season_is_the_mean_share_of_whole_years():
    """A year with a month missing says nothing; (0.1 + 0.3) / 2 = 0.2 of the year in January."""
    years = {2024: [10] + [90 / 11] * 11, 2025: [30] + [70 / 11] * 11, 2023: [100]}
    history = pd.DataFrame(
        [(year, month, value) for year, values in years.items() for month, value in enumerate(values, 1)],
        columns=["year", "month_of_year", "value"],
    )

    assert seasonal_shares(history)[0] == pytest.approx(0.2)
    assert seasonal_shares(history[history["year"] == 2023]) is None


WEIGHTS = st.lists(st.floats(0, 1e4).map(lambda w: round(w, 3)), min_size=12, max_size=12)
UNITS = st.sampled_from([0.01, 0.1, 0.5, 1, 10, 1000])


@given(
    units=st.integers(-(10**7), 10**7),
    unit=UNITS,
    weights=WEIGHTS,
    held=st.dictionaries(st.integers(0, 15), st.integers(-(10**6), 10**6), max_size=6),
    start=st.integers(1, 12),
)
def test_the_parts_are_always_the_whole(units, unit, weights, held, start):
    """Any weights, holds of months and quarters, units, fiscal years: exact on both levels, or refused."""
    months = months_of("2026", start)
    names = [*months, *quarters_of(2026)]
    assume(sum(weights) > 0)
    step = Decimal(str(unit))
    fixed = {names[place]: float(step * count) for place, count in held.items()}
    whole = float(step * units)
    try:
        plan = split_year(2026, whole, unit, dict(zip(months, weights, strict=True)), fixed, start)
    except OpslineError as refusal:
        assert refusal.text("zh-Hant")
        return
    assert total(plan.months.values()) == total(plan.quarters.values()) == Decimal(str(whole))
    for quarter in quarters_of(2026):
        assert total(plan.months[m] for m in months_of(quarter, start)) == Decimal(
            str(plan.quarters[quarter])
        )
    assert all(Decimal(str(part)) % step == 0 for part in plan.months.values())
    assert all(plan.months.get(name, plan.quarters.get(name)) == figure for name, figure in fixed.items())
    assert plan.is_exact(start)


@given(
    method=st.sampled_from(["even", "working_days", "seasonal", "weighted", "growth", "445"]),
    units=st.integers(0, 10**6),
    growth=st.floats(-0.5, 0.5),
    typed=WEIGHTS,
    start=st.integers(1, 12),
)
def test_every_method_gives_out_all_of_it(method, units, growth, typed, start):
    """Without holds nothing is ever refused where some month weighs something."""
    assume(sum(typed) > 0)
    months = months_of("2026", start)
    weights = month_weights(
        method, months, working_days=dict.fromkeys(months, 21), growth=growth,
        typed=dict(zip(months, typed, strict=True)),
    )  # fmt: skip
    plan = split_year(2026, units, 1, weights, start=start)

    assert sum(plan.months.values()) == sum(plan.quarters.values()) == units


@given(units=st.integers(1, 10**6), weights=WEIGHTS)
def test_no_part_is_a_unit_away_from_its_quota(units, weights):
    """The largest remainder stays within one unit of the exact share."""
    assume(sum(weights) > 0)
    parts = spread(units, 1, dict(zip(MONTHS, weights, strict=True)))

    for month, weight in zip(MONTHS, weights, strict=True):
        assert abs(parts[month] - units * weight / sum(weights)) < 1 + 1e-6
