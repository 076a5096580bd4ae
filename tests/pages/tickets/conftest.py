"""A real book with the rules of a small company, and pages over it with a fixed clock and person."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sheets_schema.book import Change
from widgets import tickets as pages

C = "09:00-12:00 13:30-18:00"
STATUSES = [
    ("new", "New", "新建", "open", "assigned in_progress resolved"),
    ("assigned", "Assigned", "已分派", "open", "in_progress transferred waiting_customer resolved"),
    ("in_progress", "In progress", "处理中", "open", "transferred waiting_customer resolved"),
    ("transferred", "Transferred", "已转办", "open", "in_progress resolved"),
    ("waiting_customer", "Waiting for customer", "待客户回复", "paused", "in_progress resolved"),
    ("resolved", "Resolved", "已解决", "resolved", "closed reopened"),
    ("closed", "Closed", "已关闭", "closed", "reopened"),
    ("reopened", "Reopened", "重新打开", "open", "in_progress resolved"),
]
MATRIX = dict(
    zip(
        ["hh", "hm", "hl", "mh", "mm", "ml", "lh", "lm", "ll"],
        ["P1", "P1", "P2", "P1", "P3", "P3", "P2", "P3", "P4"],
        strict=True,
    )
)
DEGREES = {"h": "high", "m": "medium", "l": "low"}


def local(text):
    """Return a moment of Shanghai."""
    return pd.Timestamp(text, tz="Asia/Shanghai")


def rules():
    """Yield the rows of the sheets that the rules follow."""
    yield "settings", {"id": "time_zone", "value": "Asia/Shanghai"}
    yield "settings", {"id": "due_soon_share", "value": "0.75"}
    for id_, name, role in [
        ("E01", "Chen Wei", "manager"),
        ("E02", "Li Na", "agent"),
        ("E03", "Guest", "viewer"),
    ]:
        yield "people", {"id": id_, "name": name, "role": role}
    yield "teams", {"id": "cs", "name": "Customer service", "name_zh_hans": "客服组", "kind": "team"}
    yield "teams", {"id": "finance", "name": "Finance", "kind": "department"}
    yield "teams", {"id": "quality", "name": "Quality", "kind": "department"}
    week = dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday"], C)
    yield "calendars", {"id": "C", "name": "Office", "time_zone": "Asia/Shanghai", **week, "make_up": C}
    yield (
        "holidays",
        {"id": "H1", "calendar": "C", "date": date(2026, 10, 10), "kind": "make_up", "name": "Make-up"},
    )
    for place, (id_, name, chinese, kind, following) in enumerate(STATUSES):
        cells = {
            "name": name,
            "name_zh_hans": chinese,
            "category": kind,
            "next": following,
            "position": place,
        }
        yield "statuses", {"id": id_, **cells}
    yield (
        "categories",
        {
            "id": "REF",
            "name": "Refund",
            "name_zh_hans": "退款",
            "type": "apply",
            "priority": "P2",
            "team": "cs",
            "department": "finance",
            "active": True,
        },
    )
    yield (
        "categories",
        {
            "id": "PRE",
            "name": "Product question",
            "type": "consult",
            "priority": "P3",
            "team": "cs",
            "active": True,
        },
    )
    for number, (key, priority) in enumerate(MATRIX.items()):
        cells = {"impact": DEGREES[key[0]], "urgency": DEGREES[key[1]], "priority": priority}
        yield "priority_matrix", {"id": f"M{number}", **cells}
    for id_, priority, answer, solution, place in [("S1", "P1", 0.25, 4.0, 1), ("S0", None, 0.5, 15.0, 2)]:
        cells = {"calendar": "C", "first_response_hours": answer, "resolution_hours": solution}
        yield (
            "sla_policies",
            {"id": id_, "name": id_, "priority": priority, **cells, "warn_share": 0.75, "position": place},
        )


def tickets():
    """Yield two tickets: one late and one that is not."""
    base = {
        "channel": "phone",
        "category": "REF",
        "type": "apply",
        "priority": "P2",
        "team": "cs",
        "sla_policy": "S0",
    }
    yield (
        "tickets",
        {
            **base,
            "id": "T-1",
            "opened_at": local("2026-11-19 09:00"),
            "requester": "Wang Wei",
            "contact": "13800138000",
            "subject": "Refund <b>has</b> not arrived",
            "status": "in_progress",
            "assignee": "E02",
            "first_response_due": local("2026-11-19 09:30"),
            "first_response_at": local("2026-11-19 09:10"),
            "resolution_due": local("2026-11-20 18:00"),
        },
    )
    yield (
        "tickets",
        {
            **base,
            "id": "T-2",
            "opened_at": local("2026-11-23 09:00"),
            "requester": "Zhao Min",
            "subject": "Sofa is damaged",
            "status": "new",
            "first_response_due": local("2026-11-23 09:30"),
            "resolution_due": local("2026-11-24 18:00"),
        },
    )


@pytest.fixture
def desk_book(book, now):
    """Return a book with rules and two tickets, in a real local server."""
    rows = [Change(table, values) for table, values in (*rules(), *tickets())]
    book.save(rows, who="E01", source="test", now=now)
    return book


@pytest.fixture
def at(monkeypatch):
    """Return a function that sets the clock of pages, in Shanghai's time."""

    def set_clock(text):
        monkeypatch.setenv("OPSLINE_NOW", local(text).isoformat())

    set_clock("2026-11-23 10:00")
    return set_clock


@pytest.fixture
def open_page(desk_book, monkeypatch, at):
    """Return a function that opens a page as a person, with an address, and gives its content."""

    def open_it(name, query="", person="E02"):
        monkeypatch.setenv("QUERY_STRING", query)
        monkeypatch.setenv("OPSLINE_PERSON", person)
        shell = getattr(pages, f"{name}_page")(desk_book)
        view = shell.main.children[-1]
        assert hasattr(view, "desk"), view.children[-1].value
        return view

    return open_it


@pytest.fixture
def rows(desk_book):
    """Return a function that reads a table of the real book anew."""

    def read(name):
        return desk_book.load(name)[name]

    return read
