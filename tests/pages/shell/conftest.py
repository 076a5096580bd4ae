"""A laid-out workbook on a real local server, with a few people in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import requests

from sheets_schema.book import Book, Change, open_book
from widgets.desk import Desk

NOW = pd.Timestamp("2026-11-23T01:00:00Z")
PEOPLE = (
    {"id": "P01", "name": "Wang Fang", "role": "manager"},
    {"id": "P02", "name": "Li Lei <b>", "role": "agent"},
    {"id": "P03", "name": "Vera Viewer", "role": "viewer"},
)


@pytest.fixture(scope="package")
def workbook_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workbook's file; its server is ended afterwards, by its own door."""
    file = tmp_path_factory.mktemp("shell") / "workbook.sqlite"
    yield file
    note = Path(f"{file}.server")
    if note.exists():
        kept = json.loads(note.read_text(encoding="utf-8"))
        headers = {"Authorization": f"Bearer {kept['token']}"}
        requests.post(f"{kept['address']}/shutdown", headers=headers, timeout=5)


@pytest.fixture(scope="package")
def book(workbook_file: Path) -> Book:
    """The workbook, with three people and the settings of a company."""
    opened = open_book(str(workbook_file))
    settings = {"time_zone": "Asia/Shanghai", "default_person": "P01", "appetite_score": "8"}
    opened.save(
        [
            *(Change("people", person) for person in PEOPLE),
            *(Change("settings", {"id": name, "value": value}) for name, value in settings.items()),
        ],
        who="P01",
        source="test",
        now=NOW,
    )
    return opened


@pytest.fixture
def desk(book: Book) -> Desk:
    """A desk on the workbook, as the manager, in English."""
    return Desk(
        book, "tickets", ["tickets", "teams", "actions"], environment={"OPSLINE_NOW": NOW.isoformat()}
    )


def desk_with(book: Book, query: str = "", **environment: str) -> Desk:
    """Return a desk that was asked for with a query and an environment."""
    return Desk(book, "tickets", ["tickets", "actions"], environment={"QUERY_STRING": query, **environment})


@pytest.fixture
def desk_for(book: Book):
    """Make a desk from a query and an environment."""
    return lambda query="", **environment: desk_with(book, query, **environment)
