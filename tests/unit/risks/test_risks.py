"""Levels, assessments, money, responses and the heat map."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.risks import assess, heat, level, money, responses

TIKASATHI = Path(__file__).parents[4] / "shared/data/tikasathi_risk_register.xlsx"


@pytest.fixture
def levels():
    """The bands and rules of formulas D6."""
    return pd.DataFrame(
        {
            "id": ["low", "moderate", "high", "extreme"],
            "score_from": [1, 4, 8, 15],
            "score_to": [3, 6, 12, 25],
            "review_days": [365, 182, 91, 30],
            "responses": ["avoid reduce transfer accept"] * 3 + ["avoid reduce transfer"],
            "approver_role": [pd.NA, pd.NA, "manager", "manager"],
        }
    )


@pytest.fixture
def assessments():
    """R07 moved from 3 x 5 to 2 x 5; R01 is in one cell; R02 has no target."""
    rows = [
        ("R07", "2026-03-31", "current", 3, 5),
        ("R07", "2026-09-30", "current", 2, 5),
        ("R07", "2026-03-31", "inherent", 4, 5),
        ("R01", "2026-03-31", "current", 4, 3),
        ("R01", "2026-03-31", "inherent", 5, 4),
        ("R02", "2026-09-30", "current", 4, 3),
    ]
    frame = pd.DataFrame(rows, columns=["risk", "at", "stage", "likelihood", "impact"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return frame.astype({"likelihood": "Int64", "impact": "Int64"})


def test_bands_hold_their_ends(levels):
    """1-3 low, 4-6 moderate, 8-12 high, 15-25 extreme; every score of a 5 x 5 has one."""
    found = level.level_of(pd.Series([1, 3, 4, 6, 8, 12, 15, 25, pd.NA], dtype="Int64"), levels)

    assert found.tolist() == ["low"] * 2 + ["moderate"] * 2 + ["high"] * 2 + ["extreme"] * 2 + [""]
    assert level.uncovered_scores(levels) == []


def test_a_hole_in_the_bands_is_named(levels):
    """Somebody set moderate to end at 5: a score of 6 has no level, and the page says so."""
    levels.loc[1, "score_to"] = 5

    assert level.uncovered_scores(levels) == [6]


def test_the_newest_assessment_is_in_force_and_the_older_stays(assessments):
    """History is read, never overwritten."""
    now = assess.latest(assessments)
    then = assess.latest(assessments, pd.Timestamp("2026-06-30", tz="UTC"))
    r07 = (now["risk"] == "R07") & (now["stage"] == "current")

    assert now[r07]["likelihood"].tolist() == [2]
    assert then[(then["risk"] == "R07") & (then["stage"] == "current")]["likelihood"].tolist() == [3]
    assert len(assess.history(assessments, "R07")) == 3


def test_two_at_one_moment_the_lower_row_wins(assessments):
    """A correction typed under the first one counts."""
    same = assessments.iloc[[1, 1]].assign(likelihood=[3, 1])

    assert assess.latest(same)["likelihood"].tolist() == [1]


def test_movement_between_stages_and_between_dates(assessments):
    """R07: 4 x 5 = 20 to 2 x 5 = 10; since June 15 to 10. R02 appeared, it did not move."""
    stages = assess.movement(assessments).set_index("risk")["change"].to_dict()
    dates = assess.moved_since(assessments, pd.Timestamp("2026-06-30", tz="UTC"))

    assert stages == {"R01": -8, "R07": -10}
    assert dates.set_index("risk")["change"].to_dict() == {"R01": 0, "R07": -5}


def test_review_follows_the_level(levels):
    """Extreme is reviewed monthly, low yearly, an unknown level never by rule."""
    at = pd.Timestamp("2026-11-01 05:00", tz="UTC")

    assert assess.next_review(at, "extreme", levels) == pd.Timestamp("2026-12-01", tz="UTC")
    assert assess.next_review(at, "none", levels) is None


def test_a_reassessment_is_a_new_row():
    """What was not asked is left blank, not written as None."""
    row = assess.new_assessment(
        "R01", "current", 2, 3, "P01", pd.Timestamp("2026-11-23", tz="UTC"), probability=None
    )

    assert row["stage"] == "current"
    assert "probability" not in row


def test_cells_are_counted_and_listed(assessments):
    """R01 and R02 share 4 x 3; R07's old place is empty now."""
    now = assess.latest(assessments)
    table = heat.counts(now, "current")

    assert table.loc[4, 3] == 2
    assert table.loc[3, 5] == 0
    assert table.to_numpy().sum() == 3
    assert heat.in_cell(now, "current", 4, 3)["risk"].tolist() == ["R01", "R02"]


def test_the_map_s_colours_are_the_workbook_s(levels):
    """Row 5, column 5 is extreme; a hole is blank."""
    found = heat.bands(levels)

    assert found.loc[5, 5] == "extreme"
    assert found.loc[1, 1] == "low"
    assert found.loc[2, 4] == "high"


def test_the_lognormal_of_a_90_percent_interval():
    """20 000-200 000: mu 11.0548, sigma 0.6999, median 63 246, mean 80 800; with p 0.3 24 240."""
    loss = money.lognormal(20_000, 200_000)

    assert round(loss.mu, 4) == 11.0548
    assert round(loss.sigma, 4) == 0.6999
    assert round(loss.median) == 63246
    assert loss.mean == pytest.approx(80_800, rel=1e-3)
    assert loss.mean * 0.3 == pytest.approx(24_240, rel=1e-3)


def test_a_simulation_comes_near_to_the_exact_figure():
    """100 000 years, seeded, lie within three standard errors of it."""
    random = np.random.default_rng(26)
    loss = money.lognormal(20_000, 200_000)
    years = (random.random(100_000) < 0.3) * random.lognormal(loss.mu, loss.sigma, 100_000)

    assert abs(years.mean() - loss.mean * 0.3) < 3 * years.std() / math.sqrt(len(years))


def test_ale_by_rate_and_the_chance_of_one():
    """400 000 x 25 % x every other year = 50 000; an ARO of 0.5 is a chance of 0.393."""
    assert money.annual_loss(money.single_loss(400_000, 0.25), 0.5) == 50_000
    assert round(money.chance_of_one(0.5), 3) == 0.393


@pytest.mark.parametrize(("low", "high"), [(0, 10), (-1, 10), (10, 5), (math.nan, 5)])
def test_an_impossible_interval_is_refused(low, high):
    """And in a table it is simply not known."""
    with pytest.raises(ValueError, match="interval"):
        money.lognormal(low, high)
    row = pd.DataFrame(
        {"probability": [0.5], "loss_low": [low], "loss_high": [high], "aro": [2.0], "sle": [5.0]}
    )

    assert money.expected_loss(row).tolist() == [10.0]


def test_the_matrix_and_the_money_may_rank_differently():
    """Cox: the cell says R01 first, the money says R02; R03 has no money and no rank."""
    rated = pd.DataFrame({"risk": ["R01", "R02", "R03"], "score": [12, 8, 25], "ale": [10.0, 90.0, math.nan]})
    found = money.rank_disagreement(rated).set_index("risk")

    assert found["disagreement"].to_dict() == {"R02": 1.0, "R01": -1.0}


@given(st.floats(0.01, 1e9), st.floats(1, 1e3))
def test_the_mean_lies_above_the_median(low, times):
    """A lognormal leans to the right."""
    loss = money.lognormal(low, low * times)

    assert loss.mean >= loss.median * (1 - 1e-12)


def test_an_extreme_risk_is_never_accepted(levels):
    """Avoid, reduce or transfer only, whoever asks."""
    with pytest.raises(responses.ResponseRefused) as caught:
        responses.check_response("accept", "extreme", "admin", levels, expires=pd.Timestamp("2027-01-01"))
    assert str(caught.value) == (
        "A risk of level 'extreme' cannot be answered with 'accept'; allowed are: avoid, reduce, transfer."
    )
    assert "可用策略：规避、降低、转移" in caught.value.text("zh-Hans")
    responses.check_response("reduce", "extreme", "lead", levels)


def test_a_high_risk_is_accepted_by_a_manager_only_and_for_a_time(levels):
    """The level's approver_role is asked; the acceptance needs a day that is not over."""
    day, today = pd.Timestamp("2026-11-30"), pd.Timestamp("2026-11-23")
    with pytest.raises(responses.ApprovalNeeded, match="manager"):
        responses.check_response("accept", "high", "lead", levels, expires=day)
    with pytest.raises(responses.ExpiryNeeded):
        responses.check_response("accept", "high", "manager", levels)
    with pytest.raises(responses.ExpiryPast):
        responses.check_response("accept", "high", "manager", levels, expires=today, today=day)
    responses.check_response("accept", "high", "manager", levels, expires=day, today=today)
    responses.check_response("accept", "low", "lead", levels, expires=day, today=today)


def test_a_blank_rule_allows_everything(levels):
    """A workbook that says nothing forbids nothing."""
    assert responses.allowed("low", levels.assign(responses=pd.NA)) == responses.RESPONSES


def test_risks_whose_answer_is_not_allowed_any_more_are_listed(levels):
    """A risk accepted while it was low, and extreme today."""
    risks = pd.DataFrame(
        {
            "id": ["R01", "R02", "R03", "R04"],
            "response": ["accept", "accept", pd.NA, "accept"],
            "level": ["extreme", "low", "extreme", "extreme"],
            "status": ["open", "open", "open", "closed"],
        }
    )

    assert responses.broken_rules(risks, levels)["id"].tolist() == ["R01"]


def test_the_acceptance_of_r12_has_seven_days_left():
    """It expires on 30 November; today is the 23rd."""
    treatments = pd.DataFrame(
        {
            "risk": ["R12", "R02", "R01", "R05"],
            "strategy": ["accept", "accept", "reduce", "accept"],
            "status": ["open", "open", "open", "cancelled"],
            "expires": pd.to_datetime(["2026-11-30", "2026-11-01", None, "2026-12-01"]),
        }
    )
    found = responses.acceptances(treatments, pd.Timestamp("2026-11-23 09:00"))

    assert found.set_index("risk")["days_left"].to_dict() == {"R02": -22, "R12": 7}


@pytest.mark.skipif(not TIKASATHI.exists(), reason="the Tikasathi register is not on this machine")
def test_a_real_register_s_scores_come_out():
    """Every cached score equals impact x probability, 23 of 23."""
    sheet = pd.read_excel(TIKASATHI, header=18, engine="calamine")
    columns = {str(name).casefold().split()[0]: name for name in sheet.columns if "\n" in str(name)}
    wanted = [columns[word] for word in ("probability", "impact", "priority")]
    figures = sheet[wanted].apply(pd.to_numeric, errors="coerce").dropna()
    figures.columns = ["likelihood", "impact", "published"]
    ours = level.score(figures["likelihood"], figures["impact"])

    assert len(figures) == 23
    assert (ours == figures["published"]).sum() == 23
