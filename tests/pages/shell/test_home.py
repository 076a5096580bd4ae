"""The home page over a real, if small, workbook."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import requests

from sheets_schema.book import Book, Change, open_book
from widgets.desk import Desk
from widgets.home.figures import above_appetite, backlog
from widgets.home.page import TABLES, Home

NOW = pd.Timestamp("2026-11-23T01:00:00Z")
ROWS = {
    "settings": [
        {"id": "time_zone", "value": "Asia/Shanghai"},
        {"id": "default_person", "value": "P01"},
        {"id": "appetite_score", "value": "8"},
        {"id": "plan_year", "value": "2026"},
    ],
    "people": [
        {"id": "P01", "name": "Wang <i>", "role": "manager"},
        {"id": "P02", "name": "Li", "role": "agent"},
    ],
    "calendars": [
        {"id": "C", "name": "Week", "time_zone": "Asia/Shanghai"}
        | dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-12:00 13:30-18:00")
    ],
    "statuses": [
        {"id": "new", "name": "New", "category": "open", "next": "closed", "position": 1},
        {"id": "closed", "name": "Closed", "category": "closed", "position": 2},
    ],
    "categories": [{"id": "REF", "name": "Refund", "type": "apply", "priority": "P2", "active": True}],
    "actions": [
        {
            "id": "A-1",
            "title": "Late <b>",
            "owner": "P02",
            "due": pd.Timestamp("2026-11-20"),
            "status": "open",
        },
        {"id": "A-2", "title": "Mine", "owner": "P01", "due": pd.Timestamp("2026-11-23"), "status": "open"},
        {"id": "A-3", "title": "Done", "owner": "P01", "due": pd.Timestamp("2026-11-01"), "status": "done"},
    ],
    "risk_levels": [
        {"id": "low", "name": "Low", "score_from": 1, "score_to": 8},
        {"id": "high", "name": "High", "score_from": 9, "score_to": 25},
    ],
    "risks": [
        {"id": "R01", "name": "Peak", "category": "market", "status": "open", "owner": "P02"},
        {"id": "R02", "name": "Calm", "category": "market", "status": "open", "owner": "P02"},
    ],
    "risk_assessments": [
        {"risk": "R01", "at": NOW, "stage": "current", "likelihood": 3, "impact": 3},
        {"risk": "R02", "at": NOW, "stage": "current", "likelihood": 2, "impact": 4},
    ],
    "treatments": [
        {"risk": "R02", "strategy": "accept", "measure": "Bear it", "owner": "P02", "status": "open"}
        | {"expires": pd.Timestamp("2026-11-30")}
    ],
}


def ticket(number: int, **more: object) -> dict[str, object]:
    """Return a ticket of the manager's, opened on Friday and due at noon."""
    return {
        "id": f"T-{number}",
        "opened_at": pd.Timestamp("2026-11-20T02:00Z"),
        "channel": "phone",
        "requester": "<script>",
        "subject": "<img src=x>",
        "category": "REF",
        "type": "apply",
        "priority": "P2",
        "status": "new",
        "assignee": "P01",
        "resolution_due": pd.Timestamp("2026-11-23T04:00Z"),
        **more,
    }


TICKETS = [
    ticket(1),
    ticket(2, resolution_due=pd.Timestamp("2026-11-20T09:00Z")),
    ticket(3, status="closed", closed_at=NOW, resolved_at=NOW),
]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A workbook in which every list of the page has something to say."""
    file = tmp_path_factory.mktemp("home") / "workbook.sqlite"
    opened = open_book(str(file))
    tables = ROWS | {"tickets": TICKETS}
    settings = [Change("settings", row) for row in tables.pop("settings")]
    rows = [Change(table, row) for table, found in tables.items() for row in found]
    for changes in (settings, rows):  # the zone before the moments that are written by it
        opened.save(changes, who="P01", source="test", now=NOW)
    yield opened
    kept = json.loads(Path(f"{file}.server").read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {kept['token']}"}
    requests.post(f"{kept['address']}/shutdown", headers=headers, timeout=5)


@pytest.fixture
def home(book: Book) -> Home:
    """The page as the manager sees it on Monday at nine."""
    return Home(Desk(book, "home", TABLES, environment={"OPSLINE_NOW": NOW.isoformat()}))


def tile(home: Home, label: str) -> tuple[str, str]:
    """Return the value of a tile and where it leads."""
    found = re.search(
        rf'<a href="([^"]*)"><span class="op-tile-label">{label}</span><span class="op-tile-value">([^<]*)<',
        home.tiles.value,
    )
    assert found is not None
    return found[2], html.unescape(found[1])


@pytest.mark.parametrize(
    ("label", "value", "href"),
    [
        ("Open tickets", "2", "tickets"),
        ("Due today", "1", "tickets?due=today"),
        ("Overdue", "1", "tickets?due=overdue"),
        ("Risks above appetite", "1", "home?show=appetite"),
        ("Actions overdue", "1", "home?show=actions"),
    ],
)
def test_a_figure_leads_to_its_rows(home: Home, label: str, value: str, href: str) -> None:
    """T-1 and T-2 are open, T-1 due at noon, T-2 since Friday; R01 scores 9 where 8 is borne; A-1 is late."""
    assert tile(home, label) == (value, href)


def test_my_own_work_is_there(home: Home) -> None:
    """The overdue ticket first; my action of today; the acceptance that ends in a week."""
    numbers = re.findall(r">(T-\d)</a>", home.lists["tickets"].value)
    assert numbers == ["T-2", "T-1"]
    assert "Mine" in home.lists["actions"].value
    assert "Done" not in home.lists["actions"].value
    assert "R02 Calm" in home.lists["acceptances"].value


def test_the_rows_behind_a_figure_are_shown_in_place(home: Home) -> None:
    """A tile's own address opens the list; closed again, it is gone."""
    home.desk.arrive({"show": "appetite"})
    assert home.behind_card.layout.display is None
    assert "R01 Peak" in home.behind.value
    assert "R02" not in home.behind.value

    home.desk.arrive({"show": "actions"})
    assert "Late &lt;b&gt;" in home.behind.value

    home.desk.arrive({})
    assert home.behind_card.layout.display == "none"


def test_words_of_customers_are_words(home: Home) -> None:
    """A subject with a tag in it is a subject."""
    shown = home.tiles.value + "".join(part.value for part in home.lists.values())

    assert "<img" not in shown
    assert "<script" not in shown
    assert "&lt;img src=x&gt;" in shown


def test_a_change_is_activity_at_once(home: Home) -> None:
    """What I save stands at the top, in words: who, what, when."""
    home.desk.save([Change("actions", {"note": "Called the vendor"}, id="A-2")], "home")

    first = home.lists["activity"].value.split("</li>")[0]
    assert "A-2" in first
    assert "Wang &lt;i&gt; changed Actions: Note" in first


def test_the_backlog_is_counted_at_the_same_hour_of_each_day() -> None:
    """One ticket opened on Friday 10:00, due on Saturday 09:00, solved on Sunday 10:00; now is Monday 09:00.

    Thursday none; Friday 09:00 not yet opened; Saturday 09:00 open and due this very moment; Sunday
    09:00 open and overdue; Monday solved.
    """

    def moments(*written: str | None) -> pd.Series:
        return pd.Series(pd.to_datetime(list(written), utc=True)).astype("datetime64[us, UTC]")

    tickets = pd.DataFrame(
        {
            "opened_at": moments("2026-11-20T10:00"),
            "resolution_due": moments("2026-11-21T09:00"),
            "first_response_due": moments(None),
            "first_response_at": moments(None),
        }
    )
    done = moments("2026-11-22T10:00")

    story = backlog(tickets, done, pd.Timestamp("2026-11-23T09:00Z"), days=4)

    assert story.open == (0, 0, 1, 1, 0)
    assert story.overdue == (0, 0, 0, 1, 0)


def test_a_closed_risk_is_above_nothing() -> None:
    """Only open risks are borne; what was assessed later than asked for is not known yet."""
    risks = pd.DataFrame({"id": ["R1", "R2"], "status": ["open", "closed"]})
    levels = pd.DataFrame({"id": ["high"], "score_from": [1], "score_to": [25]})
    assessed = pd.DataFrame(
        {
            "risk": ["R1", "R2", "R1"],
            "stage": ["current"] * 3,
            "at": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-06-01"], utc=True),
            "likelihood": pd.array([5, 5, 1], dtype="Int64"),
            "impact": pd.array([5, 5, 1], dtype="Int64"),
        }
    )

    assert above_appetite(risks, assessed, levels, 6)["risk"].tolist() == []
    before = above_appetite(risks, assessed, levels, 6, pd.Timestamp("2026-03-01", tz="UTC"))
    assert before["risk"].tolist() == ["R1"]
