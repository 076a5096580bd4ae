"""The live page's protocol: all see every change, nothing lands in another row, nothing is done twice."""

from collections.abc import Callable, Iterator
from typing import Any

import gspread
import pytest
import websocket
from gspread.utils import ValidationConditionType

from tests.sheets.live_page import LivePage

Visit = Callable[..., LivePage]


@pytest.fixture
def visit(server: Any, book: gspread.Spreadsheet) -> Iterator[Visit]:
    """Return a function that opens the spreadsheet's first sheet on another page."""
    pages: list[LivePage] = []

    def open_one(**options: Any) -> LivePage:
        page = LivePage(server, book.id, **options)
        pages.append(page)
        page.open(book.sheet1.id)
        return page

    yield open_one
    for page in pages:
        page.close()


def row(number: int, **keys: int) -> dict[str, Any]:
    """Return the DimensionRange of one row."""
    return keys | {"dimension": "ROWS", "startIndex": number, "endIndex": number + 1}


def test_every_page_sees_what_is_typed_and_what_a_program_writes(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """The server decides what typing means, and tells its author too."""
    one, two = visit(), visit()
    answer = one.type(0, 0, 0, "12%")
    sheet.update([["from a program"]], "B2")

    assert answer["problems"] == []
    for page in (one, two):
        page.until_shown(0, [[0.12], ["", "from a program"]])
    assert one.formats[str(one.rows[0][0][2]["f"]["0"])]["pattern"] == "0%"


def test_typing_follows_its_row_when_rows_are_inserted_deleted_and_sorted(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """The page that types has not heard of it yet: its row is found by key."""
    sheet.update([["c"], ["b"], ["a"]], "A1")
    page = visit()
    sheet.insert_row(["new"], 1)
    sheet.sort((1, "asc"), range="A2:A4")
    page.type(0, 0, 1, "belongs to c", base=page.version)

    assert sheet.get_values() == [["new", ""], ["a", ""], ["b", ""], ["c", "belongs to c"]]


def test_a_blank_row_without_a_key_and_a_column_are_carried_over_inserts(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """Addresses by number are meant as of the version that the page had seen."""
    sheet.update([["a", "b"]], "A1")
    page = visit()
    base = page.version
    sheet.insert_row([], 1)
    sheet.insert_cols([[]], 1)
    page.type(0, 4, 1, "under b", base=base)

    assert sheet.acell("C6").value == "under b"


def test_a_row_that_was_deleted_is_said_to_be_gone_and_the_text_comes_back(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    sheet.update([["a"], ["b"]], "A1")
    page = visit()
    sheet.delete_rows(1)
    answer = page.type(0, 0, 0, "precious", base=page.version)

    assert [(p["text"], p["reason"]) for p in answer["problems"]] == [
        ("precious", "This row was deleted meanwhile.")
    ]
    assert sheet.get_values() == [["b"]]


def test_undo_after_anothers_insert_touches_the_row_that_was_changed(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """An undo by number would have emptied somebody else's row."""
    sheet.update([["a"], ["b"], ["c"]], "A1")
    one, two = visit(), visit()
    one.type(0, 1, 0, "B!")
    two.request({"insertDimension": {"range": row(0)}})
    answer = one.ask({"type": "undo"})

    assert answer["problems"] == []
    assert (answer["undo"], answer["redo"]) == (0, 1)
    assert sheet.get_values() == [[""], ["a"], ["b"], ["c"]]
    one.ask({"type": "redo"})
    assert sheet.get_values() == [[""], ["a"], ["B!"], ["c"]]


def test_undo_leaves_alone_what_somebody_changed_since_and_says_so(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    sheet.update([["a", "b"]], "A1")
    one = visit()
    cells = [{"key": one.rows[0][0][0], "row": 0, "column": c, "text": "mine"} for c in (0, 1)]
    one.do({"kind": "cells", "gid": 0, "cells": cells})
    sheet.update([["theirs"]], "B1")
    answer = one.ask({"type": "undo"})

    assert [p["cell"] for p in answer["problems"]] == ["B1"]
    assert sheet.get_values() == [["a", "theirs"]]


COLUMN = {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}
CORNER = {"endRowIndex": 2, "endColumnIndex": 1}
ALL_ROWS = {"startRowIndex": 0, "endRowIndex": 4}
UNDOABLE: list[dict[str, Any]] = [
    {"insertDimension": {"range": row(1)}},
    {"deleteDimension": {"range": row(1)}},
    {"moveDimension": {"source": row(0), "destinationIndex": 3}},
    {"insertDimension": {"range": COLUMN}},
    {"deleteDimension": {"range": COLUMN}},
    {"moveDimension": {"source": COLUMN, "destinationIndex": 3}},
    {"sortRange": {"range": ALL_ROWS, "sortSpecs": [{"dimensionIndex": 1}]}},
    {"repeatCell": {"range": CORNER, "cell": BOLD, "fields": "userEnteredFormat.textFormat.bold"}},
    {"mergeCells": {"range": CORNER, "mergeType": "MERGE_ALL"}},
    {"updateDimensionProperties": {"range": row(0), "properties": {"pixelSize": 50}, "fields": "pixelSize"}},
    {"updateSheetProperties": {"properties": {"title": "other"}, "fields": "title"}},
    {"addSheet": {"properties": {"title": "more"}}},
    {"duplicateSheet": {}},
    {"setBasicFilter": {"filter": {"range": ALL_ROWS}}},
    {"findReplace": {"find": "a", "replacement": "z", "allSheets": True}},
    {"addNamedRange": {"namedRange": {"name": "here", "range": CORNER}}},
]


@pytest.mark.parametrize("request_", UNDOABLE, ids=lambda request: next(iter(request)))
def test_whatever_is_done_can_be_taken_back_and_done_again(
    server: Any, visit: Visit, book: gspread.Spreadsheet, request_: dict[str, Any]
) -> None:
    """Undo gives the whole spreadsheet back, redo what was done."""
    sheet = book.sheet1
    sheet.update([["a", 4, "=1+1"], ["b", 3], ["c", 1, "x"], ["", 2]], "A1", raw=False)
    sheet.insert_note("A2", "a note")
    sheet.freeze(rows=1)

    def whole() -> Any:
        path = f"/v4/spreadsheets/{book.id}"
        return server.call("GET", path, params={"includeGridData": "true"}).json()

    page = visit()
    before = whole()
    assert page.request(request_)["type"] == "done"
    after = whole()
    assert after != before
    assert page.ask({"type": "undo"})["problems"] == []
    assert whole() == before
    assert page.ask({"type": "redo"})["problems"] == []
    assert without_random_ids(whole()) == without_random_ids(after)


def without_random_ids(answer: Any) -> Any:
    """Return an answer without the ids that are drawn anew."""
    if isinstance(answer, dict):
        return {k: without_random_ids(v) for k, v in answer.items() if k not in ("sheetId", "namedRangeId")}
    return [without_random_ids(part) for part in answer] if isinstance(answer, list) else answer


def test_a_deleted_sheet_comes_back_with_its_rows(visit: Visit, book: gspread.Spreadsheet) -> None:
    other = book.add_worksheet("other", 10, 3)
    other.update([["kept"]], "B2")
    page = visit()
    page.request({"deleteSheet": {"sheetId": other.id}})
    assert [s["title"] for s in page.book["sheets"]] == ["Sheet1"]
    page.ask({"type": "undo"})

    assert [s["title"] for s in page.book["sheets"]] == ["Sheet1", "other"]
    assert book.worksheet("other").get_values() == [["", ""], ["", "kept"]]


def test_an_operation_that_is_sent_again_is_done_once(visit: Visit, sheet: gspread.Worksheet) -> None:
    """A page whose connection was cut does not know whether it was heard: the stored answer comes again."""
    sheet.add_validation("B1:B9", ValidationConditionType.one_of_list, ["P1"], strict=True)
    one = visit()
    step = {"kind": "request", "request": {"insertDimension": {"range": row(0)}}}
    wrong = {"kind": "cells", "gid": 0, "cells": [{"key": 0, "row": 2, "column": 1, "text": "P9"}]}
    first = one.do(step, wrong)
    one.close()
    two = visit(session=one.session)
    again = two.do(step, wrong, op=1)

    assert two.book["done"] == 1
    assert len(first["problems"]) == 1
    assert again["problems"] == first["problems"]
    assert sheet.spreadsheet.get_worksheet(0).row_count == 1001


def test_what_was_done_is_known_after_the_server_was_killed(start: Any) -> None:
    """The answer is kept in the same transaction as what it answers."""
    server = start()
    book = server.gspread().create("killed")
    page = LivePage(server, book.id)
    page.open(0)
    page.request({"insertDimension": {"range": row(0)}})
    server.kill()
    again = start()
    back = LivePage(again, book.id, session=page.session)
    back.do({"kind": "request", "request": {"insertDimension": {"range": row(0)}}}, op=1)

    assert again.gspread().open_by_key(book.id).sheet1.row_count == 1001


def test_a_value_that_a_rule_forbids_is_refused_by_cell_and_the_others_are_written(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """A pasted block goes around every dropdown: the server checks each cell."""
    sheet.update([["P1"], ["P2"], ["P3"]], "A1")
    sheet.add_validation("A1:A9", ValidationConditionType.one_of_list, ["P1", "P2", "P3"], strict=True)
    page = visit()
    keys = [line[0] for line in page.rows[0]]
    pasted = [
        {"key": k, "row": n, "column": 0, "text": t}
        for n, (k, t) in enumerate(zip(keys, ["P2", "urgent", "P1"], strict=False))
    ]
    answer = page.do({"kind": "cells", "gid": 0, "cells": pasted})

    assert [(p["cell"], p["text"], p["reason"]) for p in answer["problems"]] == [
        ("A2", "urgent", "A2 must be one of: P1, P2, P3.")
    ]
    assert sheet.get_values() == [["P2"], ["P2"], ["P1"]]
    assert page.rules[str(page.rows[0][0][2]["d"]["0"])]["choices"] == ["P1", "P2", "P3"]


def test_choices_from_a_range_are_told_anew_when_the_range_changes(
    visit: Visit, book: gspread.Spreadsheet
) -> None:
    lists = book.add_worksheet("lists", 10, 1)
    lists.update([["red"]], "A1")
    book.sheet1.add_validation("A1:A9", ValidationConditionType.one_of_range, ["=lists!A1:A9"], strict=True)
    page = visit()
    assert [rule["choices"] for rule in page.rules.values()] == [["red"]]
    lists.update([["red"], ["blue"]], "A1")
    page.until(lambda message: message["type"] == "looks")

    assert [rule["choices"] for rule in page.rules.values()] == [["red", "blue"]]


def test_an_edit_over_anothers_is_noticed_when_the_page_says_what_it_saw(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    sheet.update([["old"]], "A1")
    page = visit()
    sheet.update([["theirs"]], "A1")
    late = page.type(0, 0, 0, "mine", before="old")
    assert [(p["late"], p["theirs"]) for p in late["problems"]] == [(True, "theirs")]
    assert page.type(0, 0, 0, "mine", before="old", force=True)["problems"] == []
    assert sheet.get_values() == [["mine"]]


def test_a_request_whose_rows_were_sorted_meanwhile_is_refused(
    visit: Visit, sheet: gspread.Worksheet
) -> None:
    """Nobody can say any more which rows were meant."""
    sheet.update([["b"], ["a"]], "A1")
    page = visit()
    base = page.version
    sheet.sort((1, "asc"))
    answer = page.request({"deleteDimension": {"range": row(0)}}, base=base)

    assert answer["type"] == "refused"
    assert "moved meanwhile" in answer["reason"]
    assert sheet.get_values() == [["a"], ["b"]]


def test_a_change_of_thousands_of_rows_is_read_anew(visit: Visit, sheet: gspread.Worksheet) -> None:
    page = visit()
    sheet.update([[n] for n in range(1, 901)] * 3, "A1")
    page.until(lambda message: message["type"] == "rows" and not message["more"])

    assert len(page.values(0)) == 2700
    assert "reload" in [step["kind"] for m in page.heard if m["type"] == "change" for step in m["steps"]]


def test_others_are_seen_with_their_cursors_and_are_gone_when_they_leave(visit: Visit) -> None:
    """The session's name stays with its page: with it, one could undo what another did."""
    one, two = visit(), visit()
    two.send({"type": "here", "gid": 0, "key": 0, "row": 3, "column": 2})
    seen = one.until(lambda m: m["type"] == "people" and bool(m["people"]) and "row" in m["people"][0])
    assert (seen["people"][0]["row"], seen["people"][0]["column"]) == (3, 2)
    assert two.session not in str(one.heard)
    two.type(0, 0, 0, "x")
    one.until_shown(0, [["x"]])
    assert two.session not in str(one.heard)
    two.close()
    one.until(lambda m: m["type"] == "people" and not m["people"])


def test_a_deleted_spreadsheet_ends_its_pages(server: Any, visit: Visit) -> None:
    client = server.gspread()
    book = client.create("short-lived")
    page = LivePage(server, book.id)
    client.del_spreadsheet(book.id)

    assert page.until(lambda message: message["type"] == "problem")["final"] is True


@pytest.mark.parametrize(
    ("headers", "options"),
    [
        ([], {}),
        ({"Authorization": "Bearer wrong"}, {}),
        ({"Authorization": "Bearer test-token"}, {"origin": "http://evil.example"}),
        ({"Authorization": "Bearer test-token"}, {"host": "evil.example"}),
        ({"Cookie": "local_sheets_token=test-token"}, {"suppress_origin": True}),
    ],
    ids=["no token", "wrong token", "foreign origin", "foreign host", "a cookie without an origin"],
)
def test_strangers_are_refused_before_the_connection_is_taken_up(
    server: Any, book: gspread.Spreadsheet, headers: Any, options: dict[str, Any]
) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        LivePage(server, book.id, headers=headers, **options)
    assert refused.value.status_code in (401, 403)


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        "[]",
        '{"type":"?"}',
        '{"type":"hello"}',
        '{"type":"do"}',
        '{"type":"open","gid":"x"}',
        '{"type":"open","gid":5}',
        '{"type":"do","op":1,"do":[{"kind":"cells"}]}',
        '{"type":"do","op":2,"do":[{"kind":"request","request":{"a":1}}]}',
    ],
)
def test_a_message_that_makes_no_sense_is_answered_and_the_page_goes_on(visit: Visit, message: str) -> None:
    page = visit()
    page.socket.send(message)
    page.until(lambda heard: heard["type"] in ("problem", "refused"))
    assert page.type(0, 0, 0, "fine")["problems"] == []


def test_a_server_that_ends_lets_its_pages_go_without_a_word_of_complaint(start: Any, visit: Visit) -> None:
    """Also while a page still waits for a large sheet."""
    server = start()
    book = server.gspread().create("ending")
    book.sheet1.update([["x" * 100] * 20 for _ in range(20_000)], "A1")
    page = LivePage(server, book.id)
    page.send({"type": "open", "gid": 0})
    server.process.terminate()
    said, _ = server.process.communicate(timeout=10)

    assert said == ""
    assert server.process.returncode == 0


@pytest.fixture
def shared(start: Any) -> tuple[Any, gspread.Spreadsheet]:
    """Return a server with a spreadsheet: Ada may write, Ray read, and only the owner edits column A."""
    server = start("--person", "ada@example.com=ada-token", "--person", "ray@example.com=ray-token")
    book = server.gspread().create("shared")
    book.sheet1.update([["id", "text"], ["1", "a"], ["2", "b"]], "A1")
    book.share("ada@example.com", perm_type="user", role="writer", notify=False)
    book.share("ray@example.com", perm_type="user", role="reader", notify=False)
    whole_column = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    protect = {"addProtectedRange": {"protectedRange": {"range": whole_column}}}
    book.batch_update({"requests": [protect]})
    return server, book


def page_of(person: str, server: Any, book: gspread.Spreadsheet) -> LivePage:
    """Return the page of a person."""
    page = LivePage(server, book.id, headers={"Authorization": f"Bearer {person}-token"})
    page.open(0)
    return page


def test_a_reader_sees_what_happens_and_may_not_change_it(shared: tuple[Any, gspread.Spreadsheet]) -> None:
    server, book = shared
    page = page_of("ray", server, book)
    answer = page.type(0, 1, 1, "changed")
    book.sheet1.update([["A"]], "B2")
    page.until_shown(0, [["id", "text"], ["1", "A"], ["2", "b"]])

    assert page.book["role"] == "reader"
    assert answer["reason"] == "You may read this spreadsheet, not change it."


def test_a_protected_cell_is_refused_by_itself_and_a_protected_row_is_not_deleted(
    shared: tuple[Any, gspread.Spreadsheet],
) -> None:
    """A writer who is not among its editors keeps their text, and what else they typed is saved."""
    server, book = shared
    page = page_of("ada", server, book)
    assert [item["editable"] for item in page.about[0]["protectedRanges"]] == [False]
    cells = [{"key": page.rows[0][1][0], "row": 1, "column": c, "text": "typed"} for c in (0, 1)]
    answer = page.do({"kind": "cells", "gid": 0, "cells": cells})
    deleted = page.request({"deleteDimension": {"range": row(1)}})

    assert [(p["cell"], p["reason"]) for p in answer["problems"]] == [("A2", "This cell is protected.")]
    assert deleted == {"type": "refused", "op": 2, "reason": "This cell is protected."}
    assert book.sheet1.get_values() == [["id", "text"], ["1", "typed"], ["2", "b"]]


def test_whoever_is_let_in_no_more_is_told_and_their_page_ends(
    shared: tuple[Any, gspread.Spreadsheet],
) -> None:
    server, book = shared
    page = page_of("ray", server, book)
    book.remove_permissions("ray@example.com", role="reader")

    assert page.until(lambda message: message["type"] == "problem")["final"] is True
