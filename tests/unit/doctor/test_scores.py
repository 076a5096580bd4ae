"""The score by dimension, worked by hand (formulas D5)."""

from typing import Any

import pandas as pd
import pytest

from sheets_schema.doctor.scores import scores
from sheets_schema.doctor.trust import accuracy, timeliness
from sheets_schema.quality.measures import latest, measured, trend

HEADER = ["id", "name", "made", "price", "state", "maker", "stocked"]
NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")


def test_each_dimension_counts_its_own(sheets: Any, look: Any) -> None:
    """Four rows and a sum below. Filled: 8 of 8 but one name and one id, 6. Doubles: one of 4.

    Cells that hold something: 4 + 3 ids and names less one each (3 + 3), dates 4, makers 2: 12;
    the text date fails, and so does the unknown maker's key: 1 of 2 agrees.
    """
    grid = [
        ["P-1", "Lamp", 46349, "", "", "M1"],
        ["P-1", "Desk", "2026-11-23", "", "", "M9"],
        ["", "Chair", 46349],
        ["P-4", "", 46349],
        ["", "", "", "Total"],
    ]
    found = look(*grid)
    made = {
        (each.dimension): (each.passed, each.checked)
        for each in scores(sheets([HEADER, *grid]), ["parts"], found)
    }

    assert made == {
        "completeness": (6, 8),
        "uniqueness": (3, 4),
        "validity": (11, 12),
        "consistency": (1, 2),
    }


def test_nothing_to_check_is_no_score(sheets: Any) -> None:
    """0 of 0 is not 100 %."""
    assert scores(sheets([HEADER]), ["parts"], []) == []


@pytest.fixture
def kpi_frames() -> dict[str, pd.DataFrame]:
    """One typed KPI a month, one a quarter, one computed; values of January to March."""
    kpis = pd.DataFrame(
        {
            "id": ["K1", "K2", "K3"],
            "source": ["typed", None, "tickets.csat"],
            "frequency": ["month", "quarter", "month"],
        }
    )
    made = ["2026-02-05", "2026-03-11", "2026-04-02", "2026-04-09"]
    actuals = pd.DataFrame(
        {
            "kpi": ["K1", "K1", "K1", "K2"],
            "scope_type": "company",
            "period": ["2026-01", "2026-02", "2026-03", "2026-Q1"],
            "created_at": pd.to_datetime(made, utc=True),
        }
    )
    return {"kpis": kpis, "kpi_actuals": actuals, "settings": pd.DataFrame({"id": [], "value": []})}


def test_a_value_is_in_time_by_its_due_day(kpi_frames: Any) -> None:
    """On 15 April: within ten days came K1 of January and March, and K2; February's on the eleventh day."""
    now = pd.Timestamp("2026-04-15", tz="UTC")
    score = timeliness(kpi_frames, now=now, time_zone="Asia/Shanghai")

    assert score is not None
    assert (score.passed, score.checked) == (3, 4)


def test_the_due_day_is_a_setting_and_nothing_due_is_not_measured(kpi_frames: Any) -> None:
    """With twelve days February is in time; in January nothing was due."""
    kpi_frames["settings"] = pd.DataFrame({"id": ["kpi_due_days"], "value": ["12"]})
    score = timeliness(kpi_frames, now=pd.Timestamp("2026-04-15", tz="UTC"), time_zone="Asia/Shanghai")

    assert score is not None
    assert (score.passed, score.checked) == (4, 4)
    assert timeliness(kpi_frames, now=pd.Timestamp("2026-01-20", tz="UTC"), time_zone="UTC") is None


def test_accuracy_is_measured_only_where_both_are_known() -> None:
    """0.9234 x 100 is 92.3 to one decimal; 95 is not; March is not over."""
    kpis = pd.DataFrame({"id": ["K1"], "source": ["tickets.csat"], "scale": [100.0], "decimals": [1]})
    typed = pd.DataFrame(
        {
            "kpi": "K1",
            "scope_type": "company",
            "scope": None,
            "period": ["2026-01", "2026-02", "2026-03"],
            "value": [92.3, 95.0, 1.0],
            "status": "approved",
        }
    )
    computed = pd.DataFrame(
        {
            "source": "tickets.csat",
            "scope_type": "company",
            "scope": "",
            "period": ["2026-01", "2026-02", "2026-03"],
            "value": [0.9234, 0.9, 0.5],
        }
    )
    score = accuracy(kpis, typed, computed, "2026-02")

    assert score is not None
    assert (score.passed, score.checked) == (1, 2)
    assert accuracy(kpis, typed.iloc[:0], computed, "2026-02") is None


@pytest.fixture
def kept() -> pd.DataFrame:
    """Two days of November."""
    rows = [
        ("2026-11-02", "parts", "completeness", 90, 100),
        ("2026-11-02", "parts", "validity", 95, 100),
        ("2026-11-02", "makers", "uniqueness", 10, 10),
        ("2026-11-09", "parts", "completeness", 99, 100),
        ("2026-11-09", "parts", "validity", 100, 100),
    ]
    frame = pd.DataFrame(rows, columns=["date", "sheet", "dimension", "passed", "checked"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def test_the_policys_kpis_are_rebuilt_from_their_parts(kept: pd.DataFrame) -> None:
    """Errors: 5 of 100 + 100 + 10; filled: 189 of 200."""
    figures = measured(kept).set_index("source")[["period", "numerator", "denominator", "n"]]

    assert figures.loc["quality.error_rate"].tolist() == ["2026-11", 5, 210, 210]
    assert figures.loc["quality.completeness"].tolist() == ["2026-11", 189, 200, 200]


def test_the_newest_score_and_its_trend(kept: pd.DataFrame) -> None:
    """By day, over all sheets."""
    assert trend(kept, "completeness").tolist() == [0.9, 0.99]
    assert sorted(latest(kept)["passed"]) == [10, 99, 100]
