"""A small workbook's worth of rules, as frames: calendar C of 2026 and the policies of the sample."""

from __future__ import annotations

import pandas as pd
import pytest

from sheets_schema.people.calendar import working_time
from sheets_schema.tickets.rules import TicketRules
from sheets_schema.workbook import tables

C = "09:00-12:00 13:30-18:00"
ZONE = "Asia/Shanghai"
HOLIDAYS = [
    ("2026-01-01", 3, "New Year"),
    ("2026-02-15", 9, "Spring Festival"),
    ("2026-04-04", 3, "Qingming"),
    ("2026-05-01", 5, "Labour Day"),
    ("2026-06-19", 3, "Dragon Boat"),
    ("2026-09-25", 3, "Mid-Autumn"),
    ("2026-10-01", 7, "National Day"),
]
MAKE_UPS = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
STATUSES = [
    ("new", "New", "新建", "open", "assigned in_progress resolved"),
    ("assigned", "Assigned", "已分派", "open", "in_progress transferred waiting_customer resolved"),
    (
        "in_progress",
        "In progress",
        "处理中",
        "open",
        "transferred waiting_customer waiting_supplier resolved",
    ),
    ("transferred", "Transferred", "已转办", "open", "in_progress waiting_customer resolved"),
    ("waiting_customer", "Waiting for customer", "待客户回复", "paused", "in_progress resolved"),
    ("waiting_supplier", "Waiting for supplier", "待供应商", "paused", "in_progress resolved"),
    ("resolved", "Resolved", "已解决", "resolved", "closed reopened"),
    ("closed", "Closed", "已关闭", "closed", "reopened"),
    ("reopened", "Reopened", "重新打开", "open", "in_progress resolved"),
]
POLICIES = [
    ("P-DEF", None, None, 1.0, 15.0, 4),
    ("P-P1", None, "P1", 0.25, 4.0, 3),
    ("P-REF", "REF", None, 0.5, 15.0, 2),
    ("P-REF1", "REF", "P1", 0.25, 4.0, 1),
]
CATEGORIES = [
    ("REF", "Refund", "退款", "apply", "P2", "cs", "finance", True),
    ("SAF", "Safety incident", "安全事件", "complaint", "P1", "cs", "quality", True),
    ("PRE", "Product question", "售前咨询", "consult", "P3", "cs", None, True),
    ("OLD", "Fax", "传真", "consult", "P4", "cs", None, False),
]
MATRIX = dict(
    zip(
        ["hh", "hm", "hl", "mh", "mm", "ml", "lh", "lm", "ll"],
        ["P1", "P1", "P2", "P1", "P3", "P3", "P2", "P3", "P4"],
        strict=True,
    )
)


@pytest.fixture(scope="session")
def shanghai():
    """Return a reader of local moments."""
    return lambda text: pd.Timestamp(text, tz=ZONE)


@pytest.fixture(scope="session")
def holidays():
    """Return China's official holidays and make-up days of 2026, as the sheet holds them."""
    rows = [
        {"calendar": "C", "date": day, "kind": "holiday", "name": name}
        for first, count, name in HOLIDAYS
        for day in pd.date_range(first, periods=count)
    ]
    rows += [
        {"calendar": "C", "date": pd.Timestamp(day), "kind": "make_up", "name": "Make-up"} for day in MAKE_UPS
    ]
    return pd.DataFrame(rows).astype({"date": "datetime64[us]", "kind": "str", "name": "str"})


def calendar_row(zone=ZONE, hours=C, weekend=None, make_up=C):
    """Return a row of `calendars`: the same hours from Monday to Friday."""
    weekdays = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], hours)
    return pd.Series(
        {"id": "C", "time_zone": zone, **weekdays, "saturday": weekend, "sunday": weekend, "make_up": make_up}
    )


@pytest.fixture(scope="session")
def make_working(holidays):
    """Return a maker of working time for a calendar of 2025 to 2027."""

    def make(zone=ZONE, hours=C, weekend=None, make_up=C, days=holidays):
        first, last = pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2027-12-31", tz="UTC")
        return working_time(calendar_row(zone, hours, weekend, make_up), days, first, last)

    return make


@pytest.fixture(scope="session")
def working(make_working):
    """Return the working time of calendar C."""
    return make_working()


@pytest.fixture(scope="session")
def rules(working):
    """Return the rules of a small workbook."""
    degrees = {"h": "high", "m": "medium", "l": "low"}
    return TicketRules(
        statuses=pd.DataFrame(STATUSES, columns=["id", "name", "name_zh_hans", "category", "next"]).assign(
            name_zh_hant=None, position=range(len(STATUSES))
        ),
        categories=pd.DataFrame(
            CATEGORIES,
            columns=["id", "name", "name_zh_hans", "type", "priority", "team", "department", "active"],
        ).assign(name_zh_hant=None),
        matrix=pd.DataFrame(
            [(degrees[key[0]], degrees[key[1]], priority) for key, priority in MATRIX.items()],
            columns=["impact", "urgency", "priority"],
        ),
        policies=pd.DataFrame(
            POLICIES,
            columns=["id", "category", "priority", "first_response_hours", "resolution_hours", "position"],
        ).assign(calendar="C", warn_share=[0.75, None, None, None]),
        working={"C": working},
        due_soon_share=0.75,
    )


@pytest.fixture(scope="session")
def table():
    """Return the table `tickets` as it is declared."""
    return tables()["tickets"]


@pytest.fixture(scope="session")
def make_tickets(table):
    """Return a maker of a frame of tickets: every declared column, in its own dtype."""

    def make(*rows):
        values = [{"id": f"T-{number}", "status": "new", **row} for number, row in enumerate(rows, 1)]
        columns = {
            field.name: pd.Series(
                [_utc(field, row.get(field.name)) for row in values], dtype=field.kind.dtype
            )
            for field in table.fields
        }
        return pd.DataFrame(columns).set_axis(range(2, len(rows) + 2))

    return make


def _utc(field, value):
    """Return a moment in UTC; local times of Shanghai may be written as text."""
    if field.type != "datetime" or value is None:
        return value
    moment = pd.Timestamp(value)
    return (moment.tz_localize(ZONE) if moment.tzinfo is None else moment).tz_convert("UTC")


@pytest.fixture(scope="session")
def make_events():
    """Return a maker of a frame of events: (ticket, local time, kind, old, new, public)."""

    def make(*rows):
        names = ["ticket", "at", "kind", "old", "new", "public"]
        frame = pd.DataFrame([(*row, *[None] * 6)[:6] for row in rows], columns=names)
        at = pd.to_datetime(frame["at"]).dt.tz_localize(ZONE).dt.tz_convert("UTC").dt.as_unit("us")
        return frame.assign(at=at, public=frame["public"].astype("boolean"))

    return make
