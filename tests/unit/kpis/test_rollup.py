"""One figure of many, by the KPI's own kind."""

import math

import pandas as pd
import pytest

from sheets_schema.kpis.rollup import KINDS, aggregate, average_of_averages, combine, target_over, weighted


@pytest.fixture
def months():
    """Two months of a rate: 81 of 90, and 5 of 10."""
    return pd.DataFrame(
        {
            "period": ["2026-02", "2026-01"],
            "numerator": [5.0, 81.0],
            "denominator": [10.0, 90.0],
            "value": [50.0, 90.0],
            "n": [10.0, 90.0],
        }
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("sum", 140.0), ("ratio", 86.0), ("wavg", 86.0), ("avg", 70.0), ("last", 50.0), ("max", 90.0),
     ("min", 50.0)],
)  # fmt: skip
def test_each_kind_has_its_own_figure(months, kind, expected):
    """(81 + 5) / (90 + 10) = 86 %; the average of the averages would say 70."""
    assert combine(kind, months, scale=100) == pytest.approx(expected)


def test_people_are_recounted_and_never_added(months):
    """Somebody active in both months is one person; only one month has a figure of its own."""
    assert math.isnan(combine("distinct", months))
    assert combine("distinct", months.iloc[:1]) == 50.0


def test_the_average_of_averages_is_shown_to_be_wrong(months):
    """The page puts it beside the true figure."""
    assert average_of_averages(months) == 70.0


def test_a_ratio_typed_without_its_parts_is_weighed_with_n(months):
    """(90 x 90 + 50 x 10) / 100 = 86; without n there is no honest figure."""
    months.loc[0, ["numerator", "denominator"]] = math.nan

    assert combine("ratio", months, scale=100) == pytest.approx(86.0)
    assert math.isnan(combine("ratio", months.assign(n=math.nan, denominator=math.nan), scale=100))


def test_nothing_at_all_is_nothing(months):
    """No rows, no figure, no error."""
    for kind in KINDS:
        assert math.isnan(combine(kind, months.iloc[:0]))


def test_a_month_without_a_figure_does_not_count(months):
    """The last value is the last that is known."""
    blank = {
        "period": "2026-03",
        "numerator": math.nan,
        "denominator": math.nan,
        "value": math.nan,
        "n": math.nan,
    }
    longer = pd.concat([months, pd.DataFrame([blank])], ignore_index=True)

    assert combine("last", longer) == 50.0


def test_groups_keep_their_names_and_their_n(months):
    """One row a group, with the parts that a drill needs."""
    rows = pd.concat([months.assign(kpi="K05", aggregation="ratio", scale=100.0),
                      months.assign(kpi="K10", aggregation="sum", scale=1.0)])  # fmt: skip
    found = aggregate(rows, ["kpi"]).set_index("kpi")

    assert found["value"].tolist() == [86.0, 140.0]
    assert found["n"].tolist() == [100.0, 100.0]
    assert found["rows"].tolist() == [2, 2]


def test_the_unknown_does_not_weigh():
    """(3 x 0.5 + 1 x 0.9) / 4 = 0.6, by hand; the child without a score takes its weight away."""
    children = pd.DataFrame(
        {"family": list("aaab"), "score": [0.5, 0.9, math.nan, math.nan], "weight": [3.0, 1.0, 6.0, 1.0]}
    )
    found = weighted(children, ["family"]).set_index("family")

    assert found.loc["a", "score"] == pytest.approx(0.6)
    assert found.loc["a", "coverage"] == pytest.approx(0.4)
    assert math.isnan(found.loc["b", "score"])
    assert found.loc["b", "coverage"] == 0.0


def test_the_target_of_a_year_so_far_follows_the_same_kind():
    """Sum 30, mean 15, last 20; a ratio with volumes (10 x 90 + 20 x 10) / 100 = 11."""
    assert target_over("sum", [10.0, 20.0]) == 30.0
    assert target_over("ratio", [10.0, 20.0]) == 15.0
    assert target_over("ratio", [10.0, 20.0], [90.0, 10.0]) == pytest.approx(11.0)
    assert target_over("ratio", [10.0, 20.0], [90.0, math.nan]) == 15.0
    assert target_over("last", [10.0, 20.0, math.nan]) == 20.0
    assert target_over("max", [10.0, 20.0]) == 20.0
    assert math.isnan(target_over("sum", [math.nan]))
