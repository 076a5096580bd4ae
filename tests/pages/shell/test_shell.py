"""The frame around a page."""

from __future__ import annotations

import json
from pathlib import Path

import ipywidgets as ipw
import pytest

from sheets_schema.book import Book, Change, open_book
from sheets_schema.errors import Unreachable
from widgets.desk import Desk
from widgets.live import ask
from widgets.shell import Shell, page


def notebook(heading: str, **said: object) -> str:
    """Return a notebook's text."""
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": [f"# {heading}\n", "Why."]}]
    about = {"opsline": said} if said else {}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with a page of ours, an analyst's, and a file that is half written."""
    (tmp_path / "tickets.ipynb").write_text(notebook("Tickets", key="tickets", order=30))
    (tmp_path / "churn.ipynb").write_text(notebook("Churn <script>"))
    (tmp_path / "broken.ipynb").write_text('{"cells": [')
    return tmp_path


@pytest.fixture
def shell(book: Book, pages: Path) -> Shell:
    """A page of one line in its frame."""
    environment = {"OPSLINE_PAGES": str(pages), "OPSLINE_NOW": "2026-11-23T01:00Z"}
    desk = Desk(book, "tickets", ["tickets"], environment=environment)
    return Shell(desk, lambda desk: ipw.Label(desk.language))


def test_a_saved_notebook_is_a_page(shell: Shell, pages: Path) -> None:
    """An analyst adds a page by saving a file; one that cannot be read breaks nobody's navigation."""
    assert [entry["label"] for entry in shell.bar.pages] == ["Tickets", "Churn <script>"]

    (pages / "new.ipynb").write_text(notebook("New", order=1))
    shell.fill()

    assert [entry["label"] for entry in shell.bar.pages] == ["New", "Tickets", "Churn <script>"]
    assert [entry["current"] for entry in shell.bar.pages] == [False, True, False]


def test_the_language_switch_speaks_at_once(shell: Shell) -> None:
    """Navigation and content change in place; the address keeps the choice for the next page."""
    shell.bar.language = "zh-Hant"

    assert shell.bar.heading == "工單"
    assert shell.main.children[-1].value == "zh-Hant"
    assert shell.desk.query["lang"] == "zh-Hant"
    assert shell.bar.pages[0]["href"] == "tickets?lang=zh-Hant"


def test_the_back_button_brings_the_language_back(shell: Shell) -> None:
    """The address bar and what is read on the page never disagree."""
    shell.bar.language = "zh-Hans"
    shell.address.arrived = {"query": {"lang": "en"}, "n": 1}

    assert shell.desk.language == "en"
    assert shell.main.children[-1].value == "en"
    assert shell.address.query == {"lang": "en"}


def test_a_theme_that_is_chosen_leaves_the_address(book: Book) -> None:
    """A link that said "dark" must not overrule what the person has switched to since."""
    desk = Desk(book, "t", environment={"QUERY_STRING": "theme=dark&status=open"})
    shell = Shell(desk, lambda _: ipw.Label())

    shell.bar.theme = "light"

    assert shell.address.query == {"status": "open"}


def test_the_person_switch_is_shut_where_the_server_knows(book: Book) -> None:
    """Behind a login nobody becomes somebody else by a forged message."""
    fixed = Shell(Desk(book, "t", environment={"OPSLINE_PERSON": "P03"}), lambda _: ipw.Label())

    fixed.bar.person = "P01"

    assert fixed.bar.people == []
    assert fixed.desk.person == "P03"


def test_a_stranger_is_told_so(book: Book) -> None:
    """Someone whom the sheet does not know may look; that nothing will be saved is said before."""
    shell = Shell(Desk(book, "t", environment={"QUERY_STRING": "person=P77"}), lambda _: ipw.Label())

    assert "P77" in shell.bar.notice
    assert shell.bar.people[0] == ["Nobody (read only)", "P77"]


def test_a_fault_is_told_with_its_cell(workbook_file: Path) -> None:
    """A cell that someone broke in the sheet stands on every page, with a link to it."""
    book = open_book(str(workbook_file))
    desk = Desk(book, "t", environment={})
    where = desk.frame("people").index[0]
    worksheet = book.workbook.worksheet("people")
    column = worksheet.row_values(1).index("role") + 1
    role = worksheet.cell(int(where), column).value
    shell = Shell(desk, lambda _: ipw.Label())
    assert shell.bar.faults == {}

    worksheet.update_cell(int(where), column, "emperor")
    seen, found, error = ask(desk)
    assert error is None
    assert found is not None
    assert seen is desk.snapshot
    desk.take(found)

    try:
        told = shell.bar.faults["items"][0]
        assert told["cell"].startswith("people!")
        assert "emperor" in told["text"]
        assert told["href"].endswith(f"&range={told['cell'].removeprefix('people!')}")
        assert len(desk.frame("people")) >= 3
    finally:
        worksheet.update_cell(int(where), column, role)


def test_an_edit_in_the_sheet_is_news(book: Book) -> None:
    """The version moves with every edit; asked again without one, nothing is loaded."""
    book.load("people", "teams")  # what other tests have typed is journalled
    desk = Desk(book, "t", ["teams"], environment={})
    told: list[int] = []
    desk.on_refresh(lambda: told.append(len(desk.frame("teams"))))
    shell = Shell(desk, lambda _: ipw.Label())
    desk.on_refresh(lambda: told.append(len(desk.frame("teams"))))
    shell.watch.look()
    assert told == []

    book.save(
        [Change("teams", {"id": "NEW", "name": "New", "kind": "team"})],
        who="P01",
        source="test",
        now=desk.now(),
    )
    shell.watch.look()

    assert len(told) == 1


def test_an_unreachable_workbook_is_said_in_the_freshness_place(shell: Shell, monkeypatch) -> None:
    """The page stays, with the rows it has, and says of when they are."""

    def away() -> str:
        raise Unreachable(address="http://127.0.0.1:9")

    monkeypatch.setattr(shell.desk.book, "version", away)

    shell.watch.look()

    assert "http://127.0.0.1:9" in shell.bar.fresh["text"]
    assert shell.bar.fresh["tone"] == "red"
    assert shell.main.children


def test_what_opens_badly_is_a_card() -> None:
    """No traceback: one sentence, and a way to try again."""

    def shut() -> Book:
        raise Unreachable(address="http://127.0.0.1:9")

    shown = page(shut, "home", [], lambda _: ipw.Label())

    card = shown.main.children[0]
    words = [part.value for part in card.children]
    assert any("Nothing answers at http://127.0.0.1:9" in value for value in words)
    assert "Try again" in words[-1]
