"""The register as it stands."""

import pandas as pd
import pytest

from sheets_schema.risks.register import register

NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")


@pytest.fixture
def frames():
    """Two risks: one assessed in all stages and in money, one not at all."""
    text = {"name": "x", "response": pd.NA, "status": "open"}
    risks = pd.DataFrame(
        [{"id": "R01", **text, "response": "accept"}, {"id": "R02", **text}, {"id": pd.NA, **text}],
        index=pd.Index([2, 5, 6], name="row"),
    )
    risks["next_review"] = pd.Series([pd.NaT, pd.Timestamp("2026-11-22"), pd.NaT], index=risks.index)
    rows = [("R01", "inherent", 5, 4, "2026-01-05"), ("R01", "current", 4, 4, "2026-10-01"),
            ("R01", "target", 1, 3, "2026-01-05"), ("R01", "current", 1, 1, "2027-01-01")]  # fmt: skip
    assessments = pd.DataFrame(rows, columns=["risk", "stage", "likelihood", "impact", "at"])
    assessments["at"] = pd.to_datetime(assessments["at"], utc=True)
    assessments = assessments.astype({"likelihood": "Int64", "impact": "Int64"})
    assessments[["probability", "loss_low", "loss_high"]] = (0.8, 20.0, 120.0)
    assessments[["aro", "sle"]] = float("nan")
    levels = pd.DataFrame(
        {
            "id": ["extreme", "high", "moderate", "low"],
            "score_from": [15, 8, 4, 1],
            "score_to": [25, 12, 6, 3],
            "review_days": [30, 91, 182, 365],
            "responses": ["avoid reduce transfer", pd.NA, pd.NA, pd.NA],
            "approver_role": pd.NA,
        }
    )
    treatments = pd.DataFrame(
        {"strategy": ["accept"], "status": ["open"], "expires": pd.to_datetime(["2026-11-30"])}
    )
    return {"risks": risks, "risk_assessments": assessments, "risk_levels": levels, "treatments": treatments}


def test_each_risk_has_its_three_stages_and_its_money(frames):
    """16 is extreme now; 0.8 x mean of the lognormal; what lies in the future does not count."""
    found = register(frames, now=NOW, time_zone="Asia/Shanghai")
    one = found.risk("R01")

    assert [one[f"{stage}_score"] for stage in ("inherent", "current", "target")] == [20, 16, 3]
    assert one["current_level"] == "extreme"
    assert 40 < one["ale"] < 55
    assert found.risks.index.tolist() == [2, 5]
    assert found.risk("R09") is None


def test_a_risk_without_an_assessment_is_listed_all_the_same(frames):
    """It has no level, no money and no rank; its own review day is over."""
    one = register(frames, now=NOW, time_zone="Asia/Shanghai").risk("R02")

    assert one["current_level"] == ""
    assert pd.isna(one["ale"])
    assert one["overdue"]


def test_the_level_sets_the_review_where_the_sheet_does_not(frames):
    """Extreme is reviewed 30 days after 1 October, so it is overdue."""
    one = register(frames, now=NOW, time_zone="Asia/Shanghai").risk("R01")

    assert one["review_due"] == pd.Timestamp("2026-10-31")
    assert one["overdue"]


def test_what_breaks_the_rules_and_what_runs_out_is_listed(frames):
    """An extreme risk is accepted; an acceptance has seven days left; one risk is above 6."""
    found = register(frames, now=NOW, time_zone="Asia/Shanghai")

    assert found.broken["id"].tolist() == ["R01"]
    assert found.accepted["days_left"].tolist() == [7]
    assert found.above(6)["id"].tolist() == ["R01"]


def test_an_empty_register_is_no_error(frames):
    """A new workbook has no risk yet."""
    empty = {name: frame if name == "risk_levels" else frame.iloc[:0] for name, frame in frames.items()}

    assert register(empty, now=NOW, time_zone="Asia/Shanghai").risks.empty
