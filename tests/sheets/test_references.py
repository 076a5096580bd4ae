"""A formula's references follow the cells they point at: the text, then whole spreadsheets over HTTP."""

from typing import Any

import gspread
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from local_sheets.a1 import Box
from local_sheets.formulas.rewriting import (
    COLUMNS,
    ROWS,
    On,
    closing,
    copying,
    cutting,
    losing,
    moving,
    opening,
    renaming,
    rewrite,
    within,
)
from local_sheets.formulas.tokens import tokens

HERE = On("Here", "Here")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=A1+A2+A3", "=A1+A4+A5"),
        ("=SUM(A1:A3)", "=SUM(A1:A5)"),
        ("=SUM(A2:A3)", "=SUM(A4:A5)"),
        ("=SUM(A1:A1)", "=SUM(A1:A1)"),
        ("=SUM(A2:A)", "=SUM(A4:A)"),
        ("=SUM(A:A)", "=SUM(A:A)"),
        ("=SUM(1:2)", "=SUM(1:4)"),
        ("=$A$2&a2", "=$A$4&A4"),
        ("=Here!A2+'Here'!A2+There!A2", "=Here!A4+'Here'!A4+There!A2"),
        ('="A2"&A2&"He said ""A2"""', '="A2"&A4&"He said ""A2"""'),
        ("=LOG10(A2)", "=LOG10(A4)"),
        ("=LOG10 (A2)", "=LOG10 (A4)"),
        ("=A2B+TAX.A2+A2.5+_A2", "=A2B+TAX.A2+A2.5+_A2"),
        ("=A2*1E2", "=A4*1E2"),
        ("='it''s A2'!A2", "='it''s A2'!A2"),
        ("=#REF!+Here!#REF!+A2", "=#REF!+Here!#REF!+A4"),
        ('=VLOOKUP("A2",A2:B2,2,FALSE)', '=VLOOKUP("A2",A4:B4,2,FALSE)'),
        ("={A2,A3;1,2}", "={A4,A5;1,2}"),
        ('="open', '="open'),
    ],
)
def test_two_rows_opened_before_row_two(before: str, after: str) -> None:
    """What lies at or below the second row moves down; a range around it grows; text is left alone."""
    assert rewrite(before, opening(HERE, ROWS, 1, 2)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=A1+A2+A4", "=A1+#REF!+A2"),
        ("=SUM(A1:A3)", "=SUM(A1:A1)"),
        ("=SUM(A2:A5)", "=SUM(A2:A3)"),
        ("=SUM(A2:A3)", "=SUM(#REF!)"),
        ("=SUM(A3:A)", "=SUM(A2:A)"),
        ("=SUM(2:2)", "=SUM(#REF!)"),
        ("=SUM(B:B)", "=SUM(B:B)"),
    ],
)
def test_rows_two_and_three_taken_away(before: str, after: str) -> None:
    """What was there is lost; a range keeps what is left of it."""
    assert rewrite(before, closing(HERE, ROWS, 1, 3)) == after


def test_columns_move_as_rows_do() -> None:
    """A whole column moves with the columns, a whole row does not."""
    assert rewrite("=B1+B:B+1:1", opening(HERE, COLUMNS, 1, 1)) == "=C1+C:C+1:1"
    assert rewrite("=B1+B:B+A:C", closing(HERE, COLUMNS, 1, 2)) == "=#REF!+#REF!+A:B"


def test_a_moved_row_takes_its_references_along() -> None:
    """Row 2 goes before row 5: it is row 4 then, and rows 3 and 4 are rows 2 and 3."""
    change = moving(HERE, ROWS, 1, 2, 4)
    assert rewrite("=A2+A3+A4+A5+SUM(A1:A5)+SUM(A3:A4)", change) == "=A4+A2+A3+A5+SUM(A1:A5)+SUM(A2:A3)"


def test_a_copy_moves_what_has_no_dollar() -> None:
    """Down by two, right by one; off the sheet there is nothing."""
    assert rewrite("=A1+$A1+A$1+$A$1+SUM(A:A)", copying(2, 1)) == "=B3+$A3+B$1+$A$1+SUM(B:B)"
    assert rewrite("=A1", copying(-1, 0)) == "=#REF!"


def test_cut_cells_are_followed_and_covered_ones_lost() -> None:
    """A1:A2 goes to C1: what pointed there follows; C1 was written over."""
    change = cutting(HERE, Box(0, 2, 0, 1), "Here", 0, 2)
    assert rewrite("=A1+SUM(A1:A2)+SUM(A1:A3)+C1", change) == "=C1+SUM(C1:C2)+SUM(A1:A3)+#REF!"
    assert rewrite("=A1", cutting(HERE, Box(0, 2, 0, 1), "Other one", 4, 0)) == "='Other one'!A5"


def test_cells_pushed_down_only_within_their_columns() -> None:
    """Cells opened at B1:B1 push column B; a range over A:C stays."""
    box = Box(0, 1, 1, 2)
    assert rewrite("=A1+B1+SUM(A1:C1)", within(opening(HERE, ROWS, 0, 1), box, ROWS)) == "=A1+B2+SUM(A1:C1)"


def test_a_sheet_renamed_and_a_sheet_gone() -> None:
    """The new title is quoted where it must be."""
    assert rewrite("=Old!A1+'old'!A1+\"Old!A1\"", renaming("Old", "it's new")) == (
        "='it''s new'!A1+'it''s new'!A1+\"Old!A1\""
    )
    assert rewrite("=Old!A1+Other!A1", losing("Old")) == "=#REF!+Other!A1"


corner = some.builds(
    lambda dollar, column, other, row: f"{dollar}{column}{other}{row}",
    some.sampled_from(["", "$"]),
    some.sampled_from(["A", "b", "Z", "AB"]),
    some.sampled_from(["", "$"]),
    some.integers(1, 40),
)
column_only = some.sampled_from(["A", "$C", "AB"])
area = some.one_of(
    corner,
    some.tuples(corner, corner).map(":".join),
    some.tuples(column_only, column_only).map(":".join),
    some.tuples(corner, column_only).map(":".join),
    some.tuples(some.integers(1, 40), some.integers(1, 40)).map(lambda pair: f"{pair[0]}:{pair[1]}"),
)
reference = some.tuples(some.sampled_from(["", "Here!", "'Here'!", "There!", "'it''s'!"]), area).map("".join)
text = some.text(some.sampled_from("A1:$!\"' b"), max_size=8).map(lambda t: '"' + t.replace('"', '""') + '"')
part = some.one_of(
    reference, text, some.sampled_from(["12", "1.5", "TRUE", "LOG10(A1)", "rate", "SUM(B2:C9)"])
)
formula = some.lists(part, min_size=1, max_size=5).map(lambda parts: "=" + "&".join(parts))


@given(formula)
def test_the_parts_are_the_whole(typed: str) -> None:
    """Nothing of a formula's text is lost by reading it."""
    assert "".join(token.text for token in tokens(typed)) == typed


@given(some.text(max_size=40))
def test_any_text_is_read_without_loss(typed: str) -> None:
    """Also what is no formula at all."""
    assert "".join(token.text for token in tokens(typed)) == typed


@given(formula, some.sampled_from([ROWS, COLUMNS]), some.integers(0, 45), some.integers(1, 9))
def test_insert_then_delete_gives_the_text_back(typed: str, dimension: str, start: int, count: int) -> None:
    """Whatever is opened and closed again, every reference reads as before."""
    there = rewrite(typed, opening(HERE, dimension, start, count))
    back = rewrite(there, closing(HERE, dimension, start, start + count))
    assert back.upper() == typed.upper()


@given(formula, some.integers(0, 20), some.integers(1, 5), some.integers(0, 40))
def test_single_cells_follow_a_move_and_come_back(typed: str, start: int, count: int, target: int) -> None:
    """Moving rows away and back again leaves single cells where they were."""
    if start <= target <= start + count:
        return
    there = rewrite(typed, moving(HERE, ROWS, start, start + count, target))
    landed = target if target < start else target - count
    home = start if target > start else start + count
    back = rewrite(there, moving(HERE, ROWS, landed, landed + count, home))
    cells = [t.text.upper() for t in tokens(typed) if t.kind == "reference" and ":" not in t.area]
    returned = [t.text.upper() for t in tokens(back) if t.kind == "reference" and ":" not in t.area]
    assert cells == returned


@given(formula, some.integers(0, 30), some.integers(0, 30))
def test_a_copy_there_and_back(typed: str, down: int, right: int) -> None:
    """A copy moved back reads as the first one."""
    assert rewrite(rewrite(typed, copying(down, right)), copying(-down, -right)).upper() == typed.upper()


@given(formula)
def test_a_change_of_nothing_changes_nothing(typed: str) -> None:
    """Rewriting is no formatter: what keeps its meaning keeps its text."""
    assert rewrite(typed, lambda found: found) == typed
    assert rewrite(typed, opening(On("Elsewhere", "Here"), ROWS, 0, 5)) == typed


@given(formula)
@settings(max_examples=50)
def test_strings_are_untouched(typed: str) -> None:
    """What stands between quotation marks is text, also when it looks like a cell."""
    changed = rewrite(typed, opening(HERE, ROWS, 0, 7))
    before = [token.text for token in tokens(typed) if token.kind == "string"]
    assert [token.text for token in tokens(changed) if token.kind == "string"] == before


# Over HTTP ------------------------------------------------------------------------------------------


def put(sheet: gspread.Worksheet, cells: dict[str, str]) -> None:
    """Type formulas into cells."""
    sheet.batch_update(
        [{"range": cell, "values": [[text]]} for cell, text in cells.items()],
        value_input_option="USER_ENTERED",
    )


def formula_at(sheet: gspread.Worksheet, cell: str) -> Any:
    """Return a cell's formula."""
    return sheet.acell(cell, value_render_option="FORMULA").value


def send(sheet: gspread.Worksheet, kind: str, **request: Any) -> None:
    """Send one request of a batchUpdate."""
    sheet.spreadsheet.batch_update({"requests": [{kind: request}]})


def grid(sheet: gspread.Worksheet, top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    """Return a GridRange."""
    return {
        "sheetId": sheet.id, "startRowIndex": top, "endRowIndex": bottom,
        "startColumnIndex": left, "endColumnIndex": right,
    }  # fmt: skip


def test_inserted_and_deleted_rows_and_columns(sheet: gspread.Worksheet) -> None:
    """Formulas of this sheet and of another follow."""
    other = sheet.spreadsheet.add_worksheet("Other sheet", 10, 10)
    put(sheet, {"D5": "=SUM(A2:A4)+B3"})
    put(other, {"A1": "=Sheet1!B3"})

    sheet.insert_rows([[], []], 2)
    assert formula_at(sheet, "D7") == "=SUM(A4:A6)+B5"
    assert formula_at(other, "A1") == "=Sheet1!B5"

    sheet.delete_rows(5)
    assert formula_at(sheet, "D6") == "=SUM(A4:A5)+#REF!"
    assert formula_at(other, "A1") == "=#REF!"

    send(sheet, "insertDimension", range={
        "sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1})  # fmt: skip
    assert formula_at(sheet, "E6") == "=SUM(B4:B5)+#REF!"


def test_a_moved_row_and_a_sorted_range(sheet: gspread.Worksheet) -> None:
    """A move is followed; a sort keeps a row's formula on its own row."""
    sheet.update([[3, "=A1*2"], [1, "=A2*2"], [2, "=A3*2"]], raw=False)
    sheet.sort((1, "asc"))
    assert sheet.get("A1:B3", value_render_option="FORMULA") == [[1, "=A1*2"], [2, "=A2*2"], [3, "=A3*2"]]

    put(sheet, {"D1": "=A3"})
    send(sheet, "moveDimension", destinationIndex=0, source={
        "sheetId": sheet.id, "dimension": "ROWS", "startIndex": 2, "endIndex": 3})  # fmt: skip
    assert formula_at(sheet, "D2") == "=A1"
    assert formula_at(sheet, "B1") == "=A1*2"


def test_a_sort_of_some_columns(sheet: gspread.Worksheet) -> None:
    """Cells beside the range stay, and so the rows keep their identity; formulas follow all the same."""
    sheet.update([[3, "=A1*2", "x"], [1, "=A2*2", "y"]], raw=False)
    sheet.sort((1, "asc"), range="A1:B2")
    assert sheet.get("A1:C2", value_render_option="FORMULA") == [[1, "=A1*2", "x"], [3, "=A2*2", "y"]]


def test_copies_and_cuts(sheet: gspread.Worksheet) -> None:
    """A copy moves what has no `$`; a cut formula points where it pointed, and is followed."""
    put(sheet, {"B1": "=A1+$A$1", "D1": "=B1"})
    send(sheet, "copyPaste", source=grid(sheet, 0, 1, 1, 2), destination=grid(sheet, 1, 4, 1, 2))
    assert sheet.col_values(2, value_render_option="FORMULA") == [
        "=A1+$A$1", "=A2+$A$1", "=A3+$A$1", "=A4+$A$1",
    ]  # fmt: skip

    send(sheet, "cutPaste", source=grid(sheet, 0, 1, 1, 2),
         destination={"sheetId": sheet.id, "rowIndex": 7, "columnIndex": 2})  # fmt: skip
    assert formula_at(sheet, "C8") == "=A1+$A$1"
    assert formula_at(sheet, "D1") == "=C8"


def test_a_cut_to_another_sheet(sheet: gspread.Worksheet) -> None:
    """The formula names the sheet that it left."""
    other = sheet.spreadsheet.add_worksheet("Other", 10, 10)
    put(sheet, {"B1": "=A1", "C1": "=B1"})
    send(sheet, "cutPaste", source=grid(sheet, 0, 1, 1, 2),
         destination={"sheetId": other.id, "rowIndex": 0, "columnIndex": 0})  # fmt: skip
    assert formula_at(other, "A1") == "=Sheet1!A1"
    assert formula_at(sheet, "C1") == "=Other!A1"


def test_a_repeated_formula_moves_along(sheet: gspread.Worksheet) -> None:
    """As Google's guide says of repeatCell."""
    send(sheet, "repeatCell", range=grid(sheet, 0, 2, 1, 3), fields="userEnteredValue",
         cell={"userEnteredValue": {"formulaValue": "=A1*$A$9"}})  # fmt: skip
    assert sheet.get("B1:C2", value_render_option="FORMULA") == [
        ["=A1*$A$9", "=B1*$A$9"], ["=A2*$A$9", "=B2*$A$9"],
    ]  # fmt: skip


def test_cells_opened_and_closed_within_a_column(sheet: gspread.Worksheet) -> None:
    """InsertRange and deleteRange push one column only."""
    put(sheet, {"D1": "=A2+B2"})
    send(sheet, "insertRange", range=grid(sheet, 0, 1, 1, 2), shiftDimension="ROWS")
    assert formula_at(sheet, "D1") == "=A2+B3"
    send(sheet, "deleteRange", range=grid(sheet, 0, 1, 1, 2), shiftDimension="ROWS")
    assert formula_at(sheet, "D1") == "=A2+B2"


def test_a_sheet_renamed_duplicated_deleted(sheet: gspread.Worksheet) -> None:
    """Its name in formulas follows; a copy's own references stay its own; what is gone is lost."""
    other = sheet.spreadsheet.add_worksheet("Other", 10, 10)
    put(sheet, {"A1": "=Other!B2+B2"})
    other.update_title("Über uns")
    assert formula_at(sheet, "A1") == "='Über uns'!B2+B2"
    copy = sheet.duplicate(new_sheet_name="Copy")
    assert formula_at(copy, "A1") == "='Über uns'!B2+B2"
    sheet.spreadsheet.del_worksheet(other)
    assert formula_at(sheet, "A1") == "=#REF!+B2"


def test_conditions_and_rules_follow(sheet: gspread.Worksheet) -> None:
    """A conditional format's formula and a dropdown's range point at the same cells after an insert."""
    lists = sheet.spreadsheet.add_worksheet("Lists", 10, 10)
    sheet.spreadsheet.batch_update({"requests": [
        {"addConditionalFormatRule": {"index": 0, "rule": {
            "ranges": [grid(sheet, 1, 9, 0, 3)],
            "booleanRule": {"condition": {"type": "CUSTOM_FORMULA", "values": [
                {"userEnteredValue": "=$A2>Lists!$A$3"}]}, "format": {"textFormat": {"bold": True}}}}}},
        {"setDataValidation": {"range": grid(sheet, 1, 4, 1, 2), "rule": {"condition": {
            "type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Lists!$A$2:$A$5"}]}}}},
    ]})  # fmt: skip

    lists.insert_rows([[]], 1)
    sheet.insert_rows([[]], 1)

    found = sheet.spreadsheet.fetch_sheet_metadata({"includeGridData": True, "ranges": "Sheet1!A1:C9"})
    first = found["sheets"][0]
    assert first["conditionalFormats"][0]["booleanRule"]["condition"]["values"] == [
        {"userEnteredValue": "=$A3>Lists!$A$4"}
    ]
    rule = first["data"][0]["rowData"][2]["values"][1]["dataValidation"]
    assert rule["condition"]["values"] == [{"userEnteredValue": "=Lists!$A$3:$A$6"}]
