"""The board of a plan year, from frames as the sheets give them."""

import pandas as pd
import pytest

from sheets_schema.desk_rules.kpis import calendar_days, kpi_board
from sheets_schema.kpis.periods import months_of
from sheets_schema.workbook import tables

ZONE = "Asia/Shanghai"
NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")


def frames(**rows):
    """Return every table as it is read, with the given rows in some of them."""
    found = {}
    for name, table in tables().items():
        header = list(table.names)
        written = table.write(rows.get(name, []), header, time_zone=ZONE) if name in rows else []
        found[name] = table.read([header, *written], time_zone=ZONE).frame
    return found


def kpi(**more):
    """Return a KPI that is a sum, typed by month."""
    common = {"id": "K10", "family": "growth", "name": "Sales", "direction": "higher", "aggregation": "sum"}
    return {**common, "frequency": "month", "source": "typed", "goal": 1200.0, "red_share": 0.9, **more}


def actual(period, value, **more):
    """Return an approved value of K10."""
    common = {"id": f"A-{period}-{more.get('scope', '')}", "kpi": "K10", "scope_type": "company"}
    return {**common, "period": period, "value": value, "status": "approved", **more}


def target(period, value, version=1, status="approved"):
    """Return a target of K10."""
    kind = {4: "year", 7: "month"}[len(period)]
    common = {"id": f"T-{period}-{version}", "kpi": "K10", "scope_type": "company", "year": 2026}
    return {
        **common,
        "period_type": kind,
        "period": period,
        "target": value,
        "plan_version": version,
        "status": status,
    }


@pytest.fixture
def sums():
    """Ten months of 100 planned, 90 reached; the running month half done."""
    return frames(
        kpis=[kpi()],
        kpi_targets=[target(month, 100.0) for month in months_of("2026")],
        kpi_actuals=[actual(month, 90.0) for month in months_of("2026")[:10]] + [actual("2026-11", 40.0)],
    )


def test_an_empty_workbook_has_an_empty_board():
    """No KPI, no target, no ticket: no figure and no error."""
    board = kpi_board(frames(), now=NOW, time_zone=ZONE)

    assert (board.year, board.today) == (2026, "2026-11")
    assert board.report.empty
    assert board.newest.empty
    assert board.so_far.empty


def test_the_running_month_of_a_sum_does_not_count_yet(sums):
    """900 of 1 000 to October; 40 of November's 100 is no verdict, and neither is the fourth quarter."""
    board = kpi_board(sums, now=NOW, time_zone=ZONE)
    so_far = board.so_far.iloc[0]

    assert so_far[["actual", "target", "attainment"]].tolist() == [900.0, 1000.0, 0.9]
    assert so_far[["rows", "months"]].tolist() == [10, 10]
    assert board.newest.iloc[0]["as_of"] == "2026-10"
    assert (
        board.of("K10").set_index("period").loc[["2026-11", "2026-Q4", "2026"], "why"].tolist()
        == ["running"] * 3
    )


def test_a_missing_month_takes_its_target_away(sums):
    """Nine months of ten: 810 of 900, and the page can say that one is missing."""
    actuals = sums["kpi_actuals"]
    sums["kpi_actuals"] = actuals[actuals["period"] != "2026-04"]
    board = kpi_board(sums, now=NOW, time_zone=ZONE)

    assert board.so_far.iloc[0][["actual", "target", "rows", "months"]].tolist() == [810.0, 900.0, 9, 10]
    assert board.missing["period"].tolist() == ["2026-04"]


def test_a_figure_that_is_too_old_is_grey(sums):
    """September's value in November is stale; with a month of grace it is not."""
    actuals = sums["kpi_actuals"]
    sums["kpi_actuals"] = actuals[actuals["period"] <= "2026-09"]
    late = kpi_board(sums, now=NOW, time_zone=ZONE).newest.iloc[0]
    sums["settings"] = frames(settings=[{"id": "kpi_grace_months", "value": "1"}])["settings"]
    allowed = kpi_board(sums, now=NOW, time_zone=ZONE).newest.iloc[0]

    assert (late["colour"], late["why"]) == ("grey", "stale")
    assert allowed["why"] == "beyond"


def test_only_an_approved_plan_is_measured_against(sums):
    """Version 2 is a draft, version 3 is approved."""
    draft = frames(kpi_targets=[target("2026-01", 500.0, version=2, status="draft")])["kpi_targets"]
    sums["kpi_targets"] = pd.concat([sums["kpi_targets"], draft])
    first = kpi_board(sums, now=NOW, time_zone=ZONE).of("K10").set_index("period")
    agreed = frames(kpi_targets=[target("2026-01", 300.0, version=3)])["kpi_targets"]
    sums["kpi_targets"] = pd.concat([sums["kpi_targets"], agreed])
    second = kpi_board(sums, now=NOW, time_zone=ZONE).of("K10").set_index("period")

    assert first.loc["2026-01", "target"] == 100.0
    assert second.loc["2026-01", "target"] == 300.0
    assert pd.isna(second.loc["2026-02", "target"])


def test_quarters_follow_the_fiscal_year(sums):
    """From April: January 2026 belongs to the year before, and Q1 is April to June."""
    fiscal = frames(settings=[{"id": "fiscal_start_month", "value": "4"}])["settings"]
    board = kpi_board(sums | {"settings": fiscal}, now=NOW, time_zone=ZONE)
    quarter = board.of("K10").set_index("period").loc["2026-Q1"]

    assert quarter["actual"] == 270.0
    assert "2026-01" not in set(board.report["period"])


def test_a_past_year_is_over():
    """Seen from November 2026, all of 2025 counts, December too."""
    past = frames(kpis=[kpi()], kpi_actuals=[actual(month, 10.0) for month in months_of("2025")])
    board = kpi_board(past, now=NOW, time_zone=ZONE, year=2025)

    assert board.so_far.iloc[0]["actual"] == 120.0
    assert board.so_far.iloc[0]["months"] == 12


def test_a_team_without_a_plan_of_its_own_is_measured_by_the_company_s_ratio():
    """A ratio's target holds for every team; a sum's does not."""
    ratio = frames(
        kpis=[kpi(aggregation="ratio", scale=100, goal=95.0)],
        teams=[{"id": "CS", "name": "CS", "kind": "team"}],
        kpi_actuals=[actual("2026-10", 90.0, scope_type="team", scope="CS", numerator=9.0, denominator=10.0)],
    )
    team = kpi_board(ratio, now=NOW, time_zone=ZONE).newest.set_index("scope").loc["CS"]

    assert team[["actual", "target"]].tolist() == [90.0, 95.0]


def test_working_days_come_from_the_first_calendar():
    """Monday to Friday, one holiday: 20 days in November 2026."""
    week = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], "09:00-17:00")
    found = frames(
        calendars=[{"id": "C", "name": "C", "time_zone": ZONE, **week}],
        holidays=[
            {"id": "H", "calendar": "C", "date": pd.Timestamp("2026-11-02"), "kind": "holiday", "name": "x"}
        ],
    )

    assert calendar_days(found, ("2026-11",)) == {"2026-11": 20.0}
    assert calendar_days(frames(), ("2026-11",)) == {}


def test_reports_are_made_again_only_when_a_figure_or_the_plan_changes(sums):
    """A ticket more that changes no figure leaves them as they are; so does a minute more."""
    first, again = (kpi_board(sums, now=NOW + pd.Timedelta(minutes=each), time_zone=ZONE) for each in (0, 1))
    assert again.report is first.report
    assert again.so_far is first.so_far
    replanned = {**sums, "kpi_targets": sums["kpi_targets"].assign(target=7.0)}
    typed = {**sums, "kpi_actuals": sums["kpi_actuals"].assign(value=sums["kpi_actuals"]["value"] + 1)}
    for changed in (replanned, typed):
        assert kpi_board(changed, now=NOW, time_zone=ZONE).report is not first.report
