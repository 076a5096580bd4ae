"""A real book with a plan year: a ratio from tickets, a sum that is typed, a level, and people."""

import pandas as pd
import pytest

from sheets_schema.book import Change
from sheets_schema.kpis.periods import months_of
from sheets_schema.kpis.split import glide_year, repeat_year, split_year
from sheets_schema.kpis.targets import rows_of
from widgets.kpis import kpis_page

NOW = pd.Timestamp("2026-11-23T09:00:00+08:00").tz_convert("UTC")
SEASON = dict(zip(months_of("2026"), [6.5, 5.5, 7.5, 7.5, 8, 9.5, 7.5, 7.5, 8.5, 9, 13, 10], strict=True))
SALES = [3104, 2530, 3461, 3580, 3686, 4477, 3438, 3530, 3896, 4149]
WEEK = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], "09:00-12:00 13:30-18:00")


def company():
    """Yield settings, people, a team and the rules that tickets follow."""
    for id_, value in {"time_zone": "Asia/Shanghai", "plan_year": "2026", "fiscal_start_month": "1"}.items():
        yield "settings", {"id": id_, "value": value}
    for id_, name, role in [
        ("E01", "Chen Wei", "manager"),
        ("E02", "Li Na", "analyst"),
        ("E03", "Guest", "viewer"),
    ]:
        yield "people", {"id": id_, "name": name, "role": role}
    yield "teams", {"id": "CS", "name": "Customer service", "name_zh_hant": "客服組", "kind": "team"}
    yield "calendars", {"id": "C", "name": "Office", "time_zone": "Asia/Shanghai", **WEEK}
    for place, (id_, category) in enumerate({"new": "open", "resolved": "resolved"}.items()):
        yield "statuses", {"id": id_, "name": id_, "category": category, "position": place}
    yield "categories", {"id": "ORD", "name": "Order", "type": "apply", "priority": "P2", "team": "CS"}


def tickets():
    """Yield ten tickets of November, eight solved in time, and one of October, late."""
    for number in range(11):
        opened = pd.Timestamp(
            "2026-10-12" if number == 10 else "2026-11-10", tz="Asia/Shanghai"
        ) + pd.Timedelta(hours=10)
        late = number >= 8
        yield (
            "tickets",
            {
                "id": f"T-{number:02}",
                "opened_at": opened,
                "channel": "phone",
                "requester": f"Requester {number}",
                "category": "ORD",
                "type": "apply",
                "subject": "=HYPERLINK(1) <b>" if number == 8 else f"Subject {number}",
                "need": "Help",
                "priority": "P2",
                "team": "CS",
                "assignee": "E02",
                "status": "resolved",
                "first_response_at": opened + pd.Timedelta(minutes=20),
                "first_response_due": opened + pd.Timedelta(minutes=30),
                "resolution_due": opened + pd.Timedelta(hours=24),
                "resolved_at": opened + pd.Timedelta(hours=48 if late else 2),
            },
        )


def kpis():
    """Yield the definitions."""
    common = {"frequency": "month", "owner": "E01", "team": "CS"}
    sla = {"family": "efficiency", "name": "Resolution SLA met", "unit": "%", "direction": "higher",
           "aggregation": "ratio", "scale": 100, "decimals": 1, "source": "tickets.sla_met", "goal": 95,
           "red_flag": 90, "min_n": 5, "split_method": "repeat"}  # fmt: skip
    sales = {"family": "growth", "name": "Sales revenue", "name_zh_hant": "銷售額", "unit": "CNY 10k",
             "direction": "higher", "aggregation": "sum", "scale": 1, "decimals": 0, "source": "typed",
             "goal": 48000, "red_share": 0.9, "split_method": "seasonal", "split_unit": 10}  # fmt: skip
    users = {"family": "growth", "name": "Active users", "unit": "k", "direction": "higher",
             "aggregation": "last", "decimals": 1, "source": "typed", "goal": 320, "red_flag": 300,
             "baseline": 260, "split_method": "glide", "split_unit": 1}  # fmt: skip
    for id_, kpi in {"K05": sla, "K10": sales, "K11": users}.items():
        yield "kpis", {"id": id_, **common, **kpi}


def plans():
    """Yield the approved plans, and the typed actuals."""
    plan = {
        "K05": (repeat_year(2026, 95.0), "repeat", None),
        "K10": (split_year(2026, 48000, 10, SEASON), "seasonal", SEASON),
        "K11": (glide_year(2026, 260, 320, 1), "glide", None),
    }
    for kpi, (made, method, weights) in plan.items():
        for row in rows_of(
            made, kpi=kpi, scope_type="company", scope="", year=2026, method=method, version=1,
            status="approved", weights=weights,
        ):  # fmt: skip
            yield "kpi_targets", row
    for month, value in zip(months_of("2026"), SALES, strict=False):
        typed = {"kpi": "K10", "scope_type": "company", "period": month, "value": value}
        yield "kpi_actuals", {**typed, "status": "approved"}
    draft = {"kpi": "K10", "scope_type": "company", "period": "2026-11", "value": 5000}
    yield "kpi_actuals", {**draft, "status": "draft"}


@pytest.fixture(scope="session")
def planned(local_server):
    """Return the server with all of the above in the spreadsheet that it copies."""
    rows = [*company(), *tickets(), *kpis(), *plans()]
    return local_server.with_rows([Change(table, values) for table, values in rows])


@pytest.fixture
def year_book(planned, monkeypatch):
    """Return a copy of one's own."""
    monkeypatch.setenv("OPSLINE_TOKEN", planned.token)
    return planned.copy()


@pytest.fixture
def open_kpis(year_book, monkeypatch):
    """Return a function that opens the page as somebody and gives its view."""

    def opened(query="", person="E01"):
        monkeypatch.setenv("OPSLINE_NOW", NOW.isoformat())
        monkeypatch.setenv("OPSLINE_PERSON", person)
        monkeypatch.setenv("QUERY_STRING", query)
        return kpis_page(year_book).main.children[-1]

    return opened
