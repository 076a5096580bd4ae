"""Attainment by direction: the published vectors, and the promise never to raise."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.kpis.attainment import appraised, attainment, progress
from sheets_schema.kpis.score import rate

HART = Path(__file__).parents[4] / "shared/data/hart_dc_kpis_2014_15_q2.csv"
FIGURE = st.one_of(st.just(math.nan), st.floats(-1e9, 1e9))


def one(actual, target, direction="higher", **more):
    """Return the attainment of one row."""
    row = {"actual": actual, "target": target, "direction": direction, **more}
    return attainment(pd.DataFrame([row])).iloc[0]


@pytest.mark.parametrize(
    ("actual", "target", "direction", "method", "expected"),
    [
        (9.0, 10.0, "higher", "", 0.9),
        (5.0, 4.0, "lower", "linear", 0.75),
        (5.0, 4.0, "lower", "ratio", 0.80),
        (3.0, 4.0, "lower", "linear", 1.25),
        (-50.0, -100.0, "higher", "", 1.5),
        (0.0, 4.0, "lower", "linear", 2.0),
        (0.0, 0.0, "lower", "linear", 1.0),
        (1.0, 0.0, "lower", "linear", 0.0),
        (0.0, 0.0, "lower", "ratio", 1.0),
        (0.0, 4.0, "lower", "ratio", math.inf),
    ],
)
def test_the_vectors_of_chinese_practice_come_out(actual, target, direction, method, expected):
    """Formulas D3: A/T; 2 - A/T or T/A; 2 - 0.5 = 150 % for half of a planned loss."""
    assert one(actual, target, direction, lower_method=method) == pytest.approx(expected)


def test_to_lose_more_than_planned_is_never_better():
    """Where lower is better and the plan is -100 (a saving), -150 is 150 % and -50 is 50 %."""
    assert one(-150.0, -100.0, "lower") == pytest.approx(1.5)
    assert one(-50.0, -100.0, "lower") == pytest.approx(0.5)


def test_a_target_of_nothing_has_no_ratio_where_higher_is_better():
    """A reference value is needed: the page shows the difference instead."""
    assert math.isnan(one(5.0, 0.0))


def test_a_range_is_full_inside_and_falls_to_nothing_at_the_tolerance():
    """Range 10-20, tolerance 4: 21 is 1/4 of the way out, 30 is far beyond it."""
    limits = {"range_low": 10.0, "range_high": 20.0, "tolerance": 4.0}
    found = [one(actual, math.nan, "range", **limits) for actual in (10, 15, 21, 7, 30)]

    assert found == [1.0, 1.0, 0.75, 0.25, 0.0]


def test_missing_is_not_zero():
    """IT06 of Hart: an actual that nobody entered is no attainment at all."""
    assert math.isnan(one(math.nan, 90.0))


def test_appraisal_is_capped_and_the_dashboard_is_not():
    """The cap belongs to a person's score, not to what happened."""
    reached = pd.Series([one(30.0, 10.0), one(-5.0, 10.0)])

    assert reached.tolist() == [3.0, -0.5]
    assert appraised(reached, 1.2).tolist() == [1.2, 0.0]


def test_progress_needs_a_way_to_go():
    """Baseline and target at the same place leave no share to speak of."""
    found = progress(pd.Series([5.0, 5.0]), pd.Series([0.0, 3.0]), pd.Series([10.0, 3.0]))

    assert found.iloc[0] == 0.5
    assert math.isnan(found.iloc[1])


@given(
    st.lists(
        st.tuples(FIGURE, FIGURE, st.sampled_from(["higher", "lower", "range"]), FIGURE, FIGURE, FIGURE),
        max_size=6,
    ),
    st.sampled_from(["linear", "ratio", ""]),
)
def test_it_never_raises_and_never_guesses(rows, method):
    """Whatever numbers a sheet holds, each row has an answer, and NaN stays NaN."""
    names = ["actual", "target", "direction", "range_low", "range_high", "tolerance"]
    kpis = pd.DataFrame(rows, columns=names).assign(lower_method=method)
    found = attainment(kpis)

    assert len(found) == len(kpis)
    assert found[kpis["actual"].isna()].isna().all()


@given(st.floats(-1e6, 1e6), st.floats(0.1, 1e6), st.floats(0, 1e6), st.sampled_from([-1, 1]))
def test_better_never_attains_less(actual, size, step, sign):
    """In both directions, and for a plan below nothing too."""
    target = sign * size
    assert one(actual + step, target) >= one(actual, target) - 1e-9
    assert one(actual - step, target, "lower") >= one(actual, target, "lower") - 1e-9


@pytest.mark.skipif(not HART.exists(), reason="Hart's published scorecard is not on this machine")
def test_hart_s_published_colours_follow_in_35_of_41():
    """Six do not, and each has its story: missing entered as 0, a cumulative target, a hand-set colour."""
    card = pd.read_csv(HART)
    card = card[card["status"].isin(["green", "amber", "red"])]
    lower = {"ETS01", "HR11", "HS01", "RB07", "RB08", "RB09"}
    ours = rate(
        pd.DataFrame(
            {
                "actual": card["this_quarter"].astype(float),
                "target": card["target"].astype(float),
                "direction": ["lower" if kpi in lower else "higher" for kpi in card["kpi"]],
            }
        )
    )
    same = (ours["colour"] == "green") == (card["status"] == "green")

    assert len(card) == 41
    assert same.sum() == 35
    assert set(card.loc[~same, "kpi"]) == {"IT06", "PS05", "HS16", "ETS01", "HR11", "FI06"}
