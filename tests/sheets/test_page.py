"""The page over HTTP: what it shows, what it refuses, what it lets nobody do."""

import json
import re
from typing import Any

import gspread
import pytest
import requests
from gspread.utils import ValidationConditionType

from local_sheets.page.words import LANGUAGES, WORDS, language_of

NASTY = "</span><script>alert('x')</script>\"&"


@pytest.fixture
def desk(book: gspread.Spreadsheet) -> gspread.Worksheet:
    """Return a sheet with a header, a dropdown, a number rule and one row."""
    sheet = book.sheet1
    sheet.update([["id", "priority", "score", NASTY], ["T-1", "P1", 4, NASTY]], "A1", raw=True)
    sheet.freeze(rows=1)
    sheet.insert_note("A1", f"why {NASTY}")
    sheet.add_validation("B2:B50", ValidationConditionType.one_of_list, ["P1", "P2"], strict=True)
    sheet.add_validation("C2:C50", ValidationConditionType.number_between, ["1", "5"], strict=True)
    return sheet


def open_page(server: Any, sheet: gspread.Worksheet, **query: str) -> requests.Response:
    """Return the page."""
    path = f"/spreadsheets/d/{sheet.spreadsheet.id}/htmlview"
    return server.call("GET", path, params={"gid": str(sheet.id)} | query)


def key_of(page: str, row: int) -> str:
    """Return the stable key of a row on the page."""
    match = re.search(rf'data-key="(\d+)"[^>]*id="r{row}"', page)
    assert match
    return match[1]


def edit(server: Any, sheet: gspread.Worksheet, **body: Any) -> requests.Response:
    """Send an edit as the page's script does."""
    path = f"/spreadsheets/d/{sheet.spreadsheet.id}/cell"
    given = {"gid": sheet.id, "before": None, "force": False} | body
    return server.call("POST", path, given, params={"lang": "en"})


def test_every_cell_note_and_title_is_escaped(server: Any, desk: gspread.Worksheet) -> None:
    """Nothing that a cell holds becomes markup, in the table or in its data."""
    desk.spreadsheet.update_title(NASTY)
    desk.update_title("<b>tab</b>")
    page = open_page(server, desk).text

    assert "<script>alert" not in page
    assert "<b>tab" not in page
    assert page.count("&lt;script&gt;") >= 5
    assert page.count("<script") == page.count("</script>") == 4


def test_the_page_carries_a_strict_policy(server: Any, desk: gspread.Worksheet) -> None:
    """No inline script or style could run, no foreign address be asked."""
    policy = open_page(server, desk).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_an_edit_is_read_as_typing(server: Any, desk: gspread.Worksheet) -> None:
    """A number typed is a number; the API reads it at once."""
    key = key_of(open_page(server, desk).text, 2)
    answer = edit(server, desk, key=key, column=2, text="3")

    assert answer.json()["cell"] == "C2"
    assert desk.acell("C2", value_render_option="UNFORMATTED_VALUE").value == 3


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [(1, "P9", "B2 must be one of: P1, P2."), (2, "9", "C2 must be between 1 and 5."), (2, "x", "a number")],
)
def test_the_server_refuses_what_the_rule_forbids(
    server: Any, desk: gspread.Worksheet, column: int, text: str, words: str
) -> None:
    """Paste goes around a dropdown; the sentence says what would be right, and nothing is written."""
    key = key_of(open_page(server, desk).text, 2)
    answer = edit(server, desk, key=key, column=column, text=text)

    assert answer.status_code == 422
    assert words in answer.json()["problems"][str(column)]
    assert desk.row_values(2)[:3] == ["T-1", "P1", "4"]


def test_an_edit_finds_its_row_after_an_insert_above(server: Any, desk: gspread.Worksheet) -> None:
    """Rows are addressed by their key, not by the number that was seen."""
    key = key_of(open_page(server, desk).text, 2)
    desk.insert_row(["new"], 2)
    edit(server, desk, key=key, column=0, text="changed")

    assert desk.col_values(1) == ["id", "new", "changed"]


def test_a_later_edit_is_told_of_the_earlier_one(server: Any, desk: gspread.Worksheet) -> None:
    """Nobody's typing is overwritten in silence; said twice it goes through."""
    key = key_of(open_page(server, desk).text, 2)
    desk.update_acell("A2", "theirs")
    late = edit(server, desk, key=key, column=0, text="mine", before="T-1")

    assert late.status_code == 409
    assert "theirs" in late.json()["problems"]["0"]
    assert desk.acell("A2").value == "theirs"
    assert edit(server, desk, key=key, column=0, text="mine", before="T-1", force=True).ok
    assert desk.acell("A2").value == "mine"


def test_a_deleted_row_cannot_be_edited(server: Any, desk: gspread.Worksheet) -> None:
    """The edit does not land in the row that moved up."""
    key = key_of(open_page(server, desk).text, 2)
    desk.delete_rows(2)
    assert edit(server, desk, key=key, column=0, text="x").status_code == 422
    assert desk.col_values(1) == ["id"]


def test_a_new_row_is_checked_whole(server: Any, desk: gspread.Worksheet) -> None:
    """All problems are told at once; then the row goes under the last, with its rules."""
    path = f"/spreadsheets/d/{desk.spreadsheet.id}/rows"

    def add(*texts: str) -> requests.Response:
        cells = {str(column): text for column, text in enumerate(texts)}
        return server.call("POST", path, {"gid": desk.id, "cells": cells}, params={"lang": "en"})

    refused = add("T-2", "P7", "99")
    assert refused.status_code == 422
    assert refused.json()["problems"].keys() == {"1", "2"}
    assert add("T-2", "P2", "5").json() == {"row": 3}
    assert desk.row_values(3) == ["T-2", "P2", "5"]


def test_text_that_looks_like_a_number_is_edited_as_text(server: Any, desk: gspread.Worksheet) -> None:
    """Opening and saving `0042` unchanged must not make it 42: the editor gets an apostrophe."""
    desk.update([["0042"]], "A2", raw=True)
    assert 'data-edit="&#x27;0042"' in open_page(server, desk).text


def test_a_window_is_shown_of_a_long_sheet(server: Any, book: gspread.Spreadsheet) -> None:
    """200 rows at a time; an anchor opens the window around its row; find shows rows that match."""
    sheet = book.sheet1
    sheet.update([[f"row {n}"] for n in range(1, 2001)], "A1")

    first = open_page(server, sheet).text
    assert first.count('data-key="') == 200
    assert "Rows 1 to 200 of 2000" in first
    anchored = open_page(server, sheet, range="A1500:A1500").text
    assert re.search(r'id="r1500" class="marked"', anchored)
    found = open_page(server, sheet, find="ROW 199").text
    assert "11 rows contain" in found
    assert open_page(server, sheet, count="all").text.count('data-key="') == 2000


def test_strangers_are_asked_for_the_token(server: Any, desk: gspread.Worksheet) -> None:
    """The right one is kept in a cookie that scripts and other sites cannot use, and leaves the address."""
    url = f"{server.address}/spreadsheets/d/{desk.spreadsheet.id}/htmlview"
    session = requests.Session()
    assert session.get(url, timeout=5).status_code == 403
    assert session.post(url, data={"token": "wrong"}, timeout=5).status_code == 403
    answer = session.get(url, params={"token": "test-token", "gid": "0"}, timeout=5)

    assert answer.ok
    assert answer.url == f"{url}?gid=0"
    cookie = answer.history[0].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_the_page_speaks_three_languages(server: Any, desk: gspread.Worksheet) -> None:
    """By the address, else by the browser."""
    assert '<html lang="zh-Hant"' in open_page(server, desk, lang="zh-Hant").text
    path = f"/spreadsheets/d/{desk.spreadsheet.id}/htmlview"
    asked = server.call("GET", path, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert "添加一行" in asked.text
    assert language_of(None, "de, en-GB;q=0.7") == "en"


@pytest.mark.parametrize("key", WORDS)
def test_every_word_is_there_in_every_language(key: str) -> None:
    """With the same facts in it."""
    facts = [sorted(re.findall(r"\{(\w+)\}", text)) for text in WORDS[key]]
    assert all(WORDS[key])
    assert len(WORDS[key]) == len(LANGUAGES)
    assert facts[0] == facts[1] == facts[2]


def test_a_missing_spreadsheet_is_said_in_a_sentence(server: Any) -> None:
    """404 with words, no traceback."""
    answer = server.call("GET", "/spreadsheets/d/none/edit?lang=en")
    assert answer.status_code == 404
    assert "There is no such spreadsheet" in answer.text
    assert json.loads(server.call("GET", "/v4/spreadsheets/none").text)["error"]["code"] == 404
