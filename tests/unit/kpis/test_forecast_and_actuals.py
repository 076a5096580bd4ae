"""Where the year ends; and which figure counts where two know a month."""

import math

import pandas as pd
import pytest

from sheets_schema.kpis.actuals import actuals, drafts, missing_months
from sheets_schema.kpis.forecast import forecast


def test_the_two_run_rates_differ_by_the_season():
    """812 + 150 x 812/850 = 955.3; 812 x 12/10 = 974.4; (1000 - 812)/2 = 94 a month, 188/150 of plan."""
    found = forecast(812, 850, 1000, 10)

    assert round(found.seasonal, 1) == 955.3
    assert round(found.plain, 1) == 974.4
    assert found.required == 94.0
    assert round(found.required_share, 3) == 1.253


def test_the_year_s_end_leaves_nothing_to_forecast():
    """No month remains, so no rate can be required."""
    found = forecast(990, 1000, 1000, 12)

    assert found.seasonal == 990.0
    assert math.isnan(found.required)
    assert math.isnan(forecast(0, 0, 1000, 0).seasonal)


@pytest.fixture
def kpis():
    """One KPI from tickets, one typed."""
    return pd.DataFrame(
        {"id": ["K05", "K10"], "source": ["tickets.sla_met", "typed"], "frequency": ["month", "quarter"]}
    )


@pytest.fixture
def typed():
    """Rows as `kpi_actuals` reads, indexed by the row of the sheet."""
    rows = [
        ("K05", pd.NA, pd.NA, "2026-01", 99.0, "approved"),
        ("K10", "company", pd.NA, "2026-Q1", 9000.0, "approved"),
        ("K10", "company", pd.NA, "2026-Q2", 9500.0, "draft"),
        ("K10", "team", "CS", "2026-02", 100.0, "approved"),
        ("K10", "team", "CS", "2026-02", 120.0, "approved"),
        ("K10", "company", pd.NA, "January", 1.0, "approved"),
    ]
    frame = pd.DataFrame(rows, columns=["kpi", "scope_type", "scope", "period", "value", "status"])
    frame[["numerator", "denominator", "n"]] = math.nan
    frame.index = pd.Index(range(2, 8), name="row")
    return frame


@pytest.fixture
def computed():
    """One month of one measure."""
    return pd.DataFrame(
        [("tickets.sla_met", "company", "", "2026-01", 86.0, 100.0, 86.0, 100.0)],
        columns=["source", "scope_type", "scope", "period", "numerator", "denominator", "value", "n"],
    )


def test_tickets_win_over_typing(kpis, typed, computed):
    """A figure with rows behind it is worth more than one without."""
    found = actuals(kpis, typed, computed).set_index(["kpi", "scope", "period"])

    assert found.loc[("K05", "", "2026-01"), ["value", "origin"]].tolist() == [86.0, "tickets"]


def test_a_quarter_stands_in_its_last_month(kpis, typed, computed):
    """The row of the sheet stays known, so that the page can link to it."""
    found = actuals(kpis, typed, computed).set_index(["kpi", "scope", "period"])

    assert found.loc[("K10", "", "2026-03"), ["value", "origin", "row"]].tolist() == [9000.0, "typed", 3]
    assert found.loc[("K10", "CS", "2026-02"), "value"] == 120.0


def test_a_draft_does_not_count_before_it_is_approved(kpis, typed, computed):
    """It is listed instead, for its owner."""
    found = actuals(kpis, typed, computed)

    assert len(found) == 3
    assert drafts(typed)["period"].tolist() == ["2026-Q2"]


def test_what_should_be_there_and_is_not_is_listed(kpis, typed, computed):
    """K05 has January only; K10 is quarterly and has its first quarter."""
    known = actuals(kpis, typed, computed)
    found = missing_months(known, kpis, "2026-06")

    assert found.to_numpy().tolist() == [*(["K05", f"2026-0{m}"] for m in range(2, 7)), ["K10", "2026-06"]]
