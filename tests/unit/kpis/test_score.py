"""Scores, colours and their reasons."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.kpis.score import COLOURS, rate, red_flags, score


def rated(**row):
    """Return one row, rated."""
    return rate(pd.DataFrame([{"direction": "higher", "target": 95.0, "red_flag": 90.0, **row}])).iloc[0]


@pytest.mark.parametrize(("actual", "expected"), [(300, 0), (500, 3.33), (600, 5), (700, 6.67), (900, 10)])
def test_spider_s_vectors_come_out(actual, expected):
    """G 700, R 500."""
    found = score(np.array([float(actual)]), np.array([700.0]), np.array([500.0]))[0]

    assert round(found, 2) == expected


@pytest.mark.parametrize(
    ("actual", "colour", "why"),
    [(95.0, "green", "reached"), (92.0, "amber", "between"), (90.0, "red", "beyond"),
     (86.0, "red", "beyond"), (math.nan, "grey", "missing")],
)  # fmt: skip
def test_the_sla_kpi_has_its_colours(actual, colour, why):
    """K05: goal 95, red flag 90; 86 % in November is red."""
    found = rated(actual=actual)

    assert (found["colour"], found["why"]) == (colour, why)


def test_lower_is_better_turns_the_scale_around():
    """K02: goal 4.0, red flag 6.0; 5.2 complaints per mille are amber."""
    found = [rated(actual=a, target=4.0, red_flag=6.0, direction="lower")["colour"] for a in (3.9, 5.2, 6.1)]

    assert found == ["green", "amber", "red"]


def test_too_few_cases_have_no_colour():
    """No red, amber or green under the minimum n: 1 of 2 is no finding."""
    assert rated(actual=50.0, n=2, min_n=10)["why"] == "small"
    assert rated(actual=50.0, n=10, min_n=10)["colour"] == "red"


def test_an_old_figure_has_no_colour():
    """A stale green would calm where nobody looked."""
    assert rated(actual=99.0, stale=True)["why"] == "stale"


def test_without_a_red_flag_nothing_lies_between():
    """A missed goal is red; there is no amber to hide in."""
    assert [rated(actual=a, red_flag=math.nan)["colour"] for a in (95.0, 94.9)] == ["green", "red"]


def test_without_a_target_there_is_nothing_to_compare_with():
    """Grey, and it says so."""
    assert rated(actual=95.0, target=math.nan)["why"] == "untargeted"


def test_a_range_is_coloured_by_its_distance():
    """Range 10-20, tolerance 4: inside green, 22 amber, 24 at the tolerance red."""
    limits = {"direction": "range", "range_low": 10.0, "range_high": 20.0, "tolerance": 4.0}
    found = [rated(actual=a, target=math.nan, red_flag=math.nan, **limits)["colour"] for a in (15, 22, 24)]

    assert found == ["green", "amber", "red"]


def test_the_red_flag_climbs_with_the_plan():
    """K10: 90 % of each month's plan. K11: 300 of 320 is 257.8 of 275 in March."""
    flags = red_flags(
        pd.DataFrame(
            {
                "target": [4000.0, 275.0, 95.0],
                "goal": [48000.0, 320.0, 95.0],
                "red_flag": [math.nan, 300.0, 90.0],
                "red_share": [0.9, math.nan, math.nan],
            }
        )
    )

    assert flags.round(1).tolist() == [3600.0, 257.8, 90.0]


@given(
    st.floats(-1e6, 1e6) | st.just(math.nan),
    st.floats(-1e6, 1e6) | st.just(math.nan),
    st.floats(-1e6, 1e6) | st.just(math.nan),
    st.sampled_from(["higher", "lower", "range"]),
)
def test_every_row_has_one_of_four_colours_and_a_score_on_the_scale(actual, target, flag, direction):
    """Whatever the sheet holds."""
    found = rated(actual=actual, target=target, red_flag=flag, direction=direction)

    assert found["colour"] in COLOURS
    assert math.isnan(found["score"]) or 0 <= found["score"] <= 10
