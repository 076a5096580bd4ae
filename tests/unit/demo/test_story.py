"""The story of the sample is in the records: computed from them, not from constants."""

import pandas as pd
import pytest

from sheets_schema.quality.measures import measured

ZONE = "Asia/Shanghai"


def test_november_to_date_keeps_86_percent_of_its_resolution_times(full, now):
    """Story 1: K05 is in time / (met or fallen due in the month); open and overdue is missed."""
    tickets = full["tickets"]
    start = pd.Timestamp("2026-11-01", tz=ZONE)
    due, done = tickets["resolution_due"], tickets["resolved_at"]
    met = done.notna() & (done <= due) & (done >= start)
    missed = (due >= start) & (due <= now) & ~(done <= due)

    assert round(100 * met.sum() / (met.sum() + missed.sum())) == 86


def test_no_month_before_november_falls_below_94_percent(full, now, month_of):
    """November stands out because the other months are near the goal of 95 %."""
    tickets = full["tickets"]
    due, done = tickets["resolution_due"], tickets["resolved_at"]
    met = done <= due
    month = month_of(done.where(met, due.where(due <= now)))
    shares = met.groupby(month).mean().drop("2026-11")

    assert shares.between(0.935, 0.97).all()


def test_a_day_from_10_november_brings_2_3_times_the_tickets(full):
    """Story 1: 13 days from the 10th to the 22nd against the nine days before."""
    opened = full["tickets"]["opened_at"].dt.tz_convert(ZONE)
    sale = ((opened >= "2026-11-10") & (opened < "2026-11-23")).sum() / 13
    before = ((opened >= "2026-11-01") & (opened < "2026-11-10")).sum() / 9

    assert sale / before == pytest.approx(2.3, abs=0.06)


def test_volumes_are_the_samples(full, month_of):
    """About 1,150 tickets a month January to October, 2,300 in November to date."""
    volumes = full["tickets"].groupby(month_of(full["tickets"]["opened_at"])).size()

    assert volumes["2026-11"] == 2300
    assert volumes.drop("2026-11").between(1050, 1250).all()
    assert len(volumes) == 11


def test_31_complaints_of_which_12_are_in_november(full, month_of):
    """12 / 2,300 is 5.2 per mille: amber on K02 (goal 4.0, red flag 6.0)."""
    complaints = full["tickets"][full["tickets"]["type"] == "complaint"]

    assert len(complaints) == 31
    assert (month_of(complaints["opened_at"]) == "2026-11").sum() == 12


def test_refunds_were_reopened_in_9_8_percent_until_the_training(full):
    """Story 2: T04 was held on 21 October; afterwards the rate is about half."""
    tickets = full["tickets"]
    refunds = tickets[(tickets["category"] == "REF") & tickets["resolved_at"].notna()]
    reopened = refunds["reopen_count"] > 0
    before = refunds["opened_at"] < pd.Timestamp("2026-10-21", tz=ZONE)

    assert round(100 * reopened[before].mean(), 1) == 9.8
    assert reopened[~before].mean() < 0.06


def test_the_data_error_rate_spikes_in_june_and_is_below_half_a_percent_since_august(full):
    """Story 3: K07 from its typed numerators and denominators."""
    actuals = full["kpi_actuals"]
    errors = actuals[actuals["kpi"] == "K07"].set_index("period")
    rate = 100 * errors["numerator"] / errors["denominator"]

    assert rate.idxmax() == "2026-06"
    assert rate["2026-06"] > 1.0
    assert (rate["2026-08":] < 0.5).all()


def test_the_sheet_doctors_checks_give_the_typed_error_rate_and_completeness(full):
    """Story 3 again: K07 and K08 are rebuilt from what the doctor kept, month by month."""
    typed = full["kpi_actuals"].set_index(["kpi", "period"])[["numerator", "denominator"]]
    figures = measured(full["data_quality"]).set_index(["source", "period"])[["numerator", "denominator"]]

    for source, code in [("quality.error_rate", "K07"), ("quality.completeness", "K08")]:
        assert figures.loc[source].to_dict() == typed.loc[code].to_dict()
    sources = full["kpis"].set_index("id")["source"]
    assert sources[["K07", "K08"]].tolist() == ["quality.error_rate", "quality.completeness"]


def test_sales_are_at_97_percent_of_plan_and_the_fourth_quarter_carries_15360(full):
    """Story 4: January to October 35,851 of 36,960; and November to date keeps the same pace."""
    sales = full["kpi_actuals"].query("kpi == 'K10'").set_index("period")["value"]
    plan = full["kpi_targets"].query("kpi == 'K10'").set_index("period")["target"]

    for last in ("2026-10", "2026-11"):
        assert round(100 * sales[:last].sum() / plan["2026-01":last].sum()) == 97
    assert plan["2026-Q4"] == 15_360


def test_the_plan_of_sales_is_the_vector_of_d4(full):
    """48,000 by monthly shares: quarters 9,360, 12,000, 11,280, 15,360, and both levels sum."""
    plan = full["kpi_targets"].query("kpi == 'K10'").set_index("period")["target"]
    quarters = [plan[f"2026-Q{number}"] for number in range(1, 5)]

    assert quarters == [9360, 12000, 11280, 15360]
    assert sum(plan[f"2026-{month:02}"] for month in range(1, 13)) == plan["2026"] == 48_000


def test_r07_moved_from_3x5_to_2x5(full):
    """Story 5: the last two quarterly rounds."""
    rows = full["risk_assessments"].query("risk == 'R07' and stage == 'current'").sort_values("at")
    pairs = list(zip(rows["likelihood"], rows["impact"], strict=True))

    assert pairs[-2:] == [(3, 5), (2, 5)]


def test_the_acceptance_of_r12_expires_on_30_november(full):
    """Story 5: one week after the demo's clock."""
    treatment = full["treatments"].query("risk == 'R12'").iloc[0]

    assert treatment["strategy"] == "accept"
    assert treatment["expires"] == pd.Timestamp("2026-11-30")


def test_there_are_20_risks_with_four_quarterly_assessments(full):
    """Besides the inherent and the target stage, which are assessed once."""
    current = full["risk_assessments"].query("stage == 'current'")

    assert len(full["risks"]) == 20
    assert current.groupby("risk").size().eq(4).all()


def test_some_actions_are_overdue_and_some_are_done(full, now):
    """The page of open actions has something to say."""
    actions = full["actions"]
    today = now.tz_convert(ZONE).tz_localize(None).normalize()
    is_open = actions["status"] == "open"

    assert (is_open & (actions["due"] < today)).sum() >= 3
    assert (actions["status"] == "done").sum() >= 3


def test_satisfaction_is_near_its_goal_and_lower_in_november(full, month_of):
    """K01: ratings 4-5 / ratings; the goal is 92 and the red flag 88."""
    rated = full["tickets"].dropna(subset=["csat_score"])
    good = (rated["csat_score"] >= 4).groupby(month_of(rated["csat_at"])).mean().astype(float)

    assert 0.88 < good["2026-11"] < 0.90
    assert 0.91 < good.drop("2026-11").mean() < 0.94
