"""`opsline doctor` as a person at a terminal, or a job at night, runs it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from opsline.cli import main
from sheets_schema.book import Book


@pytest.fixture
def doctor(small_book: Book, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the command on the small book; return its status and what it printed."""

    def run(*words: str) -> tuple[int, str]:
        address = f"{small_book.client.door.swap('https://docs.google.com')}/spreadsheets/d/{small_book.workbook.id}"
        status = main(["doctor", "--book", address, *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


@pytest.fixture
def broken(small_book: Book) -> Book:
    """A space too many, and a code that there is not."""
    sheet = small_book.workbook.worksheet("tickets")
    header = sheet.row_values(1)
    sheet.update_cell(2, header.index("need") + 1, "To  be told")
    sheet.update_cell(3, header.index("priority") + 1, "P9")
    return small_book


def test_a_clean_workbook_is_status_0(doctor: Any) -> None:
    """With its scores; what cannot be measured is said."""
    status, said = doctor()

    assert status == 0
    assert "Nothing is wrong in 23 sheets" in said
    assert "Completeness: 100.00%" in said
    assert "Accuracy: not measured" in said


def test_findings_are_status_1_and_nothing_is_changed(doctor: Any, broken: Book) -> None:
    """By sheet: the cell, what is wrong, the fix, and what to type to have it."""
    before = broken.version()
    status, said = doctor("--table", "tickets")

    assert status == 1
    assert "tickets (Tickets)" in said
    assert "(need) is 'To  be told'; it has spaces at its ends" in said
    assert ".space [sure] Write it as 'To be told'." in said
    assert "2 findings in 1 sheets: 1 sure, 0 likely, 1 need a person." in said
    assert broken.version() == before


def test_all_that_is_sure_is_put_right_and_the_rest_stays(doctor: Any, broken: Book) -> None:
    """Still status 1: a person has to look at the code."""
    status, said = doctor("--table", "tickets", "--fix", "all-sure")

    assert status == 1
    assert "Put right: 1." in said
    assert broken.load("tickets")["tickets"]["need"].iloc[0] == "To be told"
    assert len(broken.load("data_quality")["data_quality"]) > 0


def test_one_finding_by_its_id(doctor: Any, broken: Book) -> None:
    """As the list names it; in JSON for other programs."""
    _, listed = doctor("--json", "--table", "tickets")
    found = json.loads(listed)
    wanted = next(each["id"] for each in found["findings"] if each["kind"] == "space")
    status, said = doctor("--table", "tickets", "--fix", wanted, "--json")
    after = json.loads(said)

    assert status == 1
    assert after["done"] == [wanted]
    assert [each["kind"] for each in after["findings"]] == ["unknown_code"]
    assert {each["dimension"] for each in after["scores"]} >= {"completeness", "uniqueness", "validity"}


def test_an_id_that_nothing_has_is_told(doctor: Any) -> None:
    """Nothing is changed on a misunderstanding."""
    status, said = doctor("--fix", "tickets.Z9.space")

    assert status == 1
    assert "There is no finding 'tickets.Z9.space' now" in said
