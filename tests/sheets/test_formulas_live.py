"""Formulas on live pages: results reach every page, undo leaves what only followed, protection too."""

from collections.abc import Callable, Iterator
from typing import Any

import gspread
import pytest

from tests.sheets.live_page import LivePage

pytest.importorskip("formualizer")

Visit = Callable[[], LivePage]


@pytest.fixture
def visit(server: Any, book: gspread.Spreadsheet) -> Iterator[Visit]:
    """Return a function that opens the spreadsheet's first sheet on another page."""
    pages: list[LivePage] = []

    def open_one() -> LivePage:
        pages.append(LivePage(server, book.id))
        pages[-1].open(0)
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()


def rows(start: int, count: int = 1) -> dict[str, Any]:
    """Return a DimensionRange."""
    return {"dimension": "ROWS", "startIndex": start, "endIndex": start + count}


def formula(sheet: gspread.Worksheet, cell: str) -> Any:
    """Return a cell's formula."""
    return sheet.acell(cell, value_render_option="FORMULA").value


def test_a_result_reaches_every_page_with_its_look(visit: Visit, sheet: gspread.Worksheet) -> None:
    """Somebody types a number; all see the sum, and a date that a formula gives is told as one."""
    sheet.update([[1, 2, "=A1+B1"], ["2026-01-05", "=A2+1"]], raw=False)
    one, two = visit(), visit()
    one.type(0, 0, 0, "40")

    two.until_shown(0, [[40, 2, 42], [46027, 46028]])
    look = two.rows[0][1][2]["a"]["1"]
    assert two.formats[str(look)]["pattern"] == "yyyy-mm-dd"


def test_a_formula_that_is_not_computed_is_warned_of(visit: Visit) -> None:
    """The text is kept, and the person is told."""
    answer = visit().type(0, 0, 0, '=GOOGLEFINANCE("GOOG")')

    assert [warning["cell"] for warning in answer["warnings"]] == ["A1"]
    assert visit().type(0, 1, 0, "=1+1")["warnings"] == []


def test_undoing_an_insert_keeps_what_another_insert_did_to_a_formula(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """A1:A2 grew to A1:A3 and then to A1:A4; without the first insert it is A1:A3 again, and not A1:A2."""
    sheet.update([[1, "=SUM(A1:A2)"], [2]], raw=False)
    one, two = visit(), visit()
    one.request({"insertDimension": {"range": rows(1)}})
    two.request({"insertDimension": {"range": rows(1)}})
    assert formula(sheet, "B1") == "=SUM(A1:A4)"

    answer = one.ask({"type": "undo"})

    assert answer["problems"] == []
    assert formula(sheet, "B1") == "=SUM(A1:A3)"
    one.ask({"type": "redo"})
    assert formula(sheet, "B1") == "=SUM(A1:A4)"


def test_undoing_a_deletion_brings_back_what_formulas_had_lost(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """#REF! becomes the reference that it was."""
    other = sheet.spreadsheet.add_worksheet("Other", 5, 5)
    sheet.update([[1], [2]], "A1")
    other.update([["=Sheet1!A2*10"]], "A1", raw=False)
    one = visit()
    one.request({"deleteDimension": {"range": rows(1)}})
    assert (formula(other, "A1"), other.acell("A1").value) == ("=#REF!*10", "#REF!")

    answer = one.ask({"type": "undo"})

    assert answer["problems"] == []
    assert (formula(other, "A1"), other.acell("A1").value) == ("=Sheet1!A2*10", "20")


def test_undo_of_typing_computes_again(visit: Visit, sheet: gspread.Worksheet) -> None:
    """What depends on the cell is as before."""
    sheet.update([[1, "=A1*2", "=UNIQUE(A1:A2)"], [1]], raw=False)
    one = visit()
    one.type(0, 0, 0, "5")
    assert sheet.get("A1:C2") == [["5", "10", "5"], ["1", "", "1"]]

    answer = one.ask({"type": "undo"})

    assert answer["problems"] == []
    assert sheet.get("A1:C2") == [["1", "2", "1"], ["1"]]


def test_a_protected_summary_does_not_forbid_an_insert_that_it_follows(people: Any) -> None:
    """A writer inserts a row; the owner's protected formulas move with it, but cannot be typed over."""
    book = people.shared("Summary")
    book.sheet1.update([[1], [2]], "A1")
    summary = book.add_worksheet("Summary", 5, 5)
    summary.update([["=SUM(Sheet1!A1:A2)", "=SEQUENCE(2)"]], "A1", raw=False)
    book.batch_update(
        {"requests": [{"addProtectedRange": {"protectedRange": {"range": {"sheetId": summary.id}}}}]}
    )

    theirs = people.client("writer").open_by_key(book.id)
    theirs.sheet1.insert_rows([[10]], 2)

    assert (formula(summary, "A1"), summary.acell("A1").value) == ("=SUM(Sheet1!A1:A3)", "13")
    with pytest.raises(gspread.exceptions.APIError, match="protected"):
        theirs.worksheet("Summary").update([["=1"]], "A1", raw=False)
    mixed = [
        {"insertDimension": {"range": {"sheetId": 0, **rows(1)}}},
        {"updateCells": {"start": {"sheetId": summary.id}, "fields": "userEnteredValue", "rows": [
            {"values": [{"userEnteredValue": {"formulaValue": "=1"}}]}]}},
    ]  # fmt: skip
    with pytest.raises(gspread.exceptions.APIError, match="protected"):
        theirs.batch_update({"requests": mixed})
    assert formula(summary, "A1") == "=SUM(Sheet1!A1:A3)"
