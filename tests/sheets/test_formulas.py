"""Formulas over HTTP: when they are computed, what readers see of them, what happens without an engine."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import gspread
import pytest

from local_sheets.formulas import clock
from local_sheets.formulas.recalculation import refresh
from local_sheets.store import Store

pytest.importorskip("formualizer")

TYPED = "USER_ENTERED"


def put(sheet: gspread.Worksheet, cell: str, *values: Any) -> None:
    """Type values into a column from a cell on."""
    sheet.update([[value] for value in values], cell, value_input_option=TYPED)


def data(sheet: gspread.Worksheet, address: str, fields: str = "") -> list[list[dict[str, Any]]]:
    """Return CellData."""
    params = {"ranges": f"{sheet.title}!{address}", "includeGridData": True}
    if fields:
        params["fields"] = f"sheets.data.rowData.values({fields})"
    found = sheet.spreadsheet.fetch_sheet_metadata(params)["sheets"][0]["data"][0].get("rowData", [])
    return [row.get("values", []) for row in found]


def test_a_chain_across_sheets_is_computed_in_one_write(book: gspread.Spreadsheet) -> None:
    """Also by way of a hidden sheet: 2 doubled is 4, and one more is 5; then 3, 6, 7."""
    first, hidden = book.sheet1, book.add_worksheet("Behind", 10, 5)
    put(first, "A1", 2, "=Behind!A1+1")
    put(hidden, "A1", "=Sheet1!A1*2")
    hidden.hide()
    assert first.acell("A2").value == "5"

    put(first, "A1", 3)

    assert first.acell("A2").value == "7"


def test_the_answer_of_a_write_has_the_new_results(sheet: gspread.Worksheet) -> None:
    """includeValuesInResponse, and includeSpreadsheetInResponse of a batch."""
    put(sheet, "B1", "=A1*10")
    answer = sheet.spreadsheet.values_update(
        "A1:B1",
        {"valueInputOption": "RAW", "includeValuesInResponse": True,
         "responseValueRenderOption": "UNFORMATTED_VALUE"},
        {"values": [[4, None]]},
    )  # fmt: skip
    assert answer["updatedData"]["values"] == [[4, 40]]

    answer = sheet.spreadsheet.batch_update({
        "requests": [{"updateCells": {
            "start": {"sheetId": sheet.id}, "fields": "userEnteredValue",
            "rows": [{"values": [{"userEnteredValue": {"numberValue": 5}}]}]}}],
        "includeSpreadsheetInResponse": True, "responseIncludeGridData": True,
    })  # fmt: skip
    cells = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert cells[1]["effectiveValue"] == {"numberValue": 50}


def test_raw_text_stays_text_and_a_formula_value_is_a_formula(sheet: gspread.Worksheet) -> None:
    """As Google: RAW writes `=1+1` as it stands; updateCells' formulaValue is computed."""
    sheet.update([["=1+1"]], "A1", value_input_option="RAW")
    sheet.spreadsheet.batch_update({"requests": [{"updateCells": {
        "start": {"sheetId": sheet.id, "rowIndex": 1}, "fields": "userEnteredValue",
        "rows": [{"values": [{"userEnteredValue": {"formulaValue": "=1+1"}}]}]}}]})  # fmt: skip

    assert sheet.get("A1:A2") == [["=1+1"], ["2"]]
    assert data(sheet, "A1:A2", "userEnteredValue") == [
        [{"userEnteredValue": {"stringValue": "=1+1"}}],
        [{"userEnteredValue": {"formulaValue": "=1+1"}}],
    ]


@pytest.mark.parametrize(
    ("formula", "text", "kind", "message"),
    [
        ("=1/0", "#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
        ("=FOO(1)", "#NAME?", "NAME", "Unknown function: 'FOO'."),
        ("=foo", "#NAME?", "NAME", "Unknown range name: 'FOO'."),
        ("=Nope!A1", "#REF!", "REF", "Unresolved sheet name 'Nope'."),
        ("=SUM(", "#ERROR!", "ERROR", "Formula parse error."),
        (
            "=A1",
            "#REF!",
            "REF",
            "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
        ),
        ("=QUERY(B1:B2)", "#NAME?", "NAME", "The function QUERY is not computed by this server."),
        ('=VLOOKUP("x",B1:C2,2,FALSE)', "#N/A", "N_A", "Did not find the value in VLOOKUP evaluation."),
    ],
)
def test_an_error_has_googles_type_and_a_reason(
    sheet: gspread.Worksheet, formula: str, text: str, kind: str, message: str
) -> None:
    """In grid data an errorValue; as text what the cell shows."""
    put(sheet, "A1", formula)

    assert sheet.acell("A1").value == text
    [[cell]] = data(sheet, "A1", "userEnteredValue,effectiveValue,formattedValue")
    assert cell == {
        "userEnteredValue": {"formulaValue": formula},
        "effectiveValue": {"errorValue": {"type": kind, "message": message}},
        "formattedValue": text,
    }


def test_a_circle_of_two_is_found_and_opened(sheet: gspread.Worksheet) -> None:
    """A1 waits for A2, which waits for A1; a number in one of them frees the other."""
    put(sheet, "A1", "=A2+1", "=A1+1")
    assert sheet.get("A1:A2") == [["#REF!"], ["#REF!"]]

    put(sheet, "A2", 5)

    assert sheet.get("A1:A2") == [["6"], ["5"]]


def test_an_array_has_values_but_only_its_first_cell_was_entered(sheet: gspread.Worksheet) -> None:
    """Spilled cells have an effectiveValue and no userEnteredValue; they come and go with the data."""
    put(sheet, "A1", "x", "y", "x")
    put(sheet, "C1", "=UNIQUE(A1:A3)")
    assert [row[2] for row in data(sheet, "A1:C2", "userEnteredValue,effectiveValue")] == [
        {"userEnteredValue": {"formulaValue": "=UNIQUE(A1:A3)"}, "effectiveValue": {"stringValue": "x"}},
        {"effectiveValue": {"stringValue": "y"}},
    ]

    put(sheet, "A3", "z")
    assert sheet.col_values(3) == ["x", "y", "z"]
    put(sheet, "A2", "x", "x")
    assert sheet.col_values(3) == ["x"]


def test_an_array_without_room_says_which_cell_is_in_its_way(sheet: gspread.Worksheet) -> None:
    """#REF!, and the array as soon as the cell is empty."""
    put(sheet, "A1", 1, 2, 3)
    put(sheet, "B2", "mine")
    put(sheet, "B1", "=ARRAYFORMULA(A1:A3*2)")

    [[cell]] = data(sheet, "B1", "effectiveValue")
    reason = "Array result was not expanded because it would overwrite data in B2."
    assert cell == {"effectiveValue": {"errorValue": {"type": "REF", "message": reason}}}
    assert sheet.acell("B2").value == "mine"

    sheet.batch_clear(["B2"])
    assert sheet.col_values(2) == ["2", "4", "6"]


def test_typing_into_an_array_takes_its_room_and_is_not_lost(sheet: gspread.Worksheet) -> None:
    """What was typed stays."""
    put(sheet, "A1", "=SEQUENCE(3)")
    put(sheet, "A2", "typed")
    assert sheet.col_values(1) == ["#REF!", "typed"]


def test_a_date_stays_a_date_until_a_format_says_otherwise(sheet: gspread.Worksheet) -> None:
    """The automatic format is effective, not entered; one that was given wins."""
    put(sheet, "A1", "2026-01-05", "=A1+7", "=A2", "=A3-A1")
    assert sheet.col_values(1) == ["2026-01-05", "2026-01-12", "2026-01-12", "7"]
    cell = data(sheet, "A2", "userEnteredFormat,effectiveFormat.numberFormat")[0][0]
    assert cell == {"effectiveFormat": {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}}

    sheet.format("A2", {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}})
    assert sheet.acell("A2").value == "46034.0"


def test_a_german_sheet_parts_arguments_with_semicolons(book: gspread.Spreadsheet) -> None:
    """1,5 is a number there: 1.5 + 2 = 3.5, and 3.5 rounded is 4."""
    book.update_locale("de_DE")
    put(book.sheet1, "A1", "=SUM(1,5;2)", '=IF(A1>3;"ja";"nein")', "=ROUND(A1;0)", "={1\\2;3\\4}")

    assert book.sheet1.get("A1:B5") == [["3,5"], ["ja"], ["4"], ["1", "2"], ["3", "4"]]


def test_a_named_range_is_followed(sheet: gspread.Worksheet) -> None:
    """When it is made, moved and taken away."""
    put(sheet, "A1", 5, 7)
    put(sheet, "C1", "=rate*2")
    assert sheet.acell("C1").value == "#NAME?"

    answer = sheet.define_named_range("A1:A1", "rate")
    number = answer["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"]
    assert sheet.acell("C1").value == "10"

    place = {"sheetId": sheet.id, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0}
    named = {"namedRangeId": number, "name": "rate", "range": place | {"endColumnIndex": 1}}
    sheet.spreadsheet.batch_update(
        {"requests": [{"updateNamedRange": {"namedRange": named, "fields": "range"}}]}
    )
    assert sheet.acell("C1").value == "14"

    sheet.delete_named_range(number)
    assert sheet.acell("C1").value == "#NAME?"


def test_rows_that_are_appended_count_at_once(sheet: gspread.Worksheet) -> None:
    """An open column takes in what is appended, also beyond the grid; so does COUNTBLANK's end."""
    sheet.resize(3, 4)
    put(sheet, "A1", 1, 2, 3)
    put(sheet, "D1", "=SUM(A:A)", "=COUNTBLANK(A1:A)", "=ROWS(A:A)")
    sheet.append_rows([[4], [5]], table_range="A1:A3")

    assert sheet.col_values(4) == ["15", "0", "5"]


def test_a_refused_batch_leaves_no_trace_in_results(sheet: gspread.Worksheet) -> None:
    """The first request was computed, the second is refused: the sum is the old one."""
    put(sheet, "A1", 1, 2)
    put(sheet, "B1", "=SUM(A1:A2)")
    cell = {"rows": [{"values": [{"userEnteredValue": {"numberValue": 100}}]}], "fields": "userEnteredValue"}
    with pytest.raises(gspread.exceptions.APIError):
        sheet.spreadsheet.batch_update(
            {
                "requests": [
                    {"updateCells": cell | {"start": {"sheetId": sheet.id}}},
                    {"deleteSheet": {"sheetId": 4711}},
                ]
            }
        )
    assert sheet.acell("B1").value == "3"

    put(sheet, "A2", 3)
    assert sheet.acell("B1").value == "4"


def test_results_survive_a_restart(start: Callable[..., Any]) -> None:
    """The engine is made anew at the next write."""
    server = start()
    client = server.gspread()
    book = client.create("Kept")
    put(book.sheet1, "A1", 1, 2, "=SUM(A1:A2)", "=UNIQUE(A1:A2)")
    server.kill()

    again = start(data=server.data).gspread().open_by_key(book.id).sheet1
    assert again.col_values(1) == ["1", "2", "3", "1", "2"]
    put(again, "A2", 1)
    assert again.col_values(1) == ["1", "1", "2", "1"]


def test_without_the_engine_text_and_last_value_are_kept(start: Callable[..., Any]) -> None:
    """An old formula shows its last value; a new one, which never had any, says why it shows none."""
    server = start()
    book = server.gspread().create("Kept")
    put(book.sheet1, "A1", 1, 2, "=SUM(A1:A2)")
    server.stop()

    without = start(data=server.data, without="formualizer")
    sheet = without.gspread().open_by_key(book.id).sheet1
    put(sheet, "A1", 10)
    put(sheet, "B1", "=SUM(A1:A2)", "=4/2", "=SUM(A1:A2)")
    put(sheet, "A3", "=SUM(A1:A2)")
    assert sheet.get("A1:B3") == [["10", "#NAME?"], ["2", "2"], ["3", "#NAME?"]]
    assert sheet.acell("A3", value_render_option="FORMULA").value == "=SUM(A1:A2)"
    [[cell]] = data(sheet, "B1", "effectiveValue")
    assert cell["effectiveValue"]["errorValue"]["message"] == "The formula is not computed by this server."

    sheet.insert_rows([[]], 1)
    assert sheet.acell("A4", value_render_option="FORMULA").value == "=SUM(A2:A3)"
    assert sheet.acell("A4").value == "3"
    without.stop()

    back = start(data=server.data).gspread().open_by_key(book.id).sheet1
    put(back, "D1", "x")
    assert back.get("A2:B4") == [["10", "12"], ["2", "2"], ["12", "12"]]


def test_the_engine_is_imported_only_for_formulas(tmp_path: Path) -> None:
    """A workbook without any costs nothing."""
    program = (
        "import sys\n"
        "from local_sheets import api_books, api_values\n"
        "from local_sheets.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "def make(s):\n"
        "    with s.writing():\n"
        "        return api_books.create(s, {}).id\n"
        "key = store.wait(make)\n"
        "def write(text):\n"
        "    def work(s):\n"
        "        book = s.book(key)\n"
        "        with s.writing(book):\n"
        "            api_values.update(book, 'A1', {'values': [[text]]}, 'USER_ENTERED', {})\n"
        "    store.wait(work)\n"
        "    return 'formualizer' in sys.modules\n"
        "print([write('text'), write('=SUM(B1:B2)')])\n"
        "store.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "b.sqlite")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.lower()) == [False, True]


def test_a_new_day_is_seen_by_whoever_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TODAY is computed again when the day that it was computed on has passed in the spreadsheet's zone."""
    from local_sheets import api_books, api_values

    store = Store(tmp_path / "book.sqlite")

    def make(inside: Store) -> str:
        with inside.writing():
            book = api_books.create(inside, {"properties": {"timeZone": "Asia/Shanghai"}})
            api_values.update(book, "A1", {"values": [["=TODAY()"]]}, "USER_ENTERED", {})
        return book.id

    key = store.wait(make)

    def read(inside: Store) -> tuple[Any, int]:
        book = inside.book(key)
        refresh(inside, book)
        return book.sheets[0].lines.row(0).get(0), book.version

    today, version = store.wait(read)
    assert store.wait(read) == (today, version), "the same day, nothing is written"
    real = clock.now
    monkeypatch.setattr(
        "local_sheets.formulas.recalculation.now", lambda book: real(book) + timedelta(days=1)
    )
    assert store.wait(read) == (today + 1, version + 1)
    store.close()


def test_a_formula_that_takes_too_long_is_taken_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, the others are computed, and the next write does not wait for it again."""
    from local_sheets import api_books, api_values

    monkeypatch.setattr("local_sheets.formulas.mirror.LONGEST", 20)
    store = Store(tmp_path / "book.sqlite")
    heavy = "=SUMPRODUCT((SEQUENCE(900)=TRANSPOSE(SEQUENCE(900)))*A1)"

    def make(inside: Store) -> list[Any]:
        with inside.writing():
            book = api_books.create(inside, {})
            api_values.update(book, "A1:C1", {"values": [[1, heavy, "=A1+1"]]}, "USER_ENTERED", {})
        with inside.writing(book):
            api_values.update(book, "A1", {"values": [[2]]}, "USER_ENTERED", {})
        return book.sheets[0].lines.row(0).values

    assert store.wait(make) == [2, "#ERROR!", 3]
    store.close()
