"""`opsline certify`: it tells what holds from what does not, and leaves the spreadsheet as it was."""

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from local_sheets import drills
from opsline.cli import main
from sheets_schema.book import guarantees
from sheets_schema.book.certify import certify
from sheets_schema.book.guarantees import AFTERWARDS, GUARANTEES, State
from sheets_schema.book.open import reach
from sheets_schema.errors import CredentialFault
from sheets_schema.words import LANGUAGES

ALL = (*GUARANTEES, *AFTERWARDS)
QUOTA = ("--quota-reads", "130")
"""Room for the other trials, and then none."""


def whole(book):
    """Return all that the spreadsheet says of itself, with the cells of the first rows."""
    return book.workbook.fetch_sheet_metadata({"fields": "*"})


def certified(book):
    """Return guarantee -> (what is known of it, what was seen); changes must be seen soon."""
    return {
        result.guarantee.name: (result.state, result.seen.text()) for result in certify(book, patience=1.5)
    }


@pytest.fixture
def blank(failing, tmp_path, monkeypatch):
    """Return a function that starts a server with options, and gives a spreadsheet in it that is blank."""

    def start(*options):
        address, _file = failing(tmp_path / "blank.sqlite", "--token", "t", *options)
        monkeypatch.setenv("OPSLINE_TOKEN", "t")
        made = requests.post(
            f"{address}/v4/spreadsheets", json={}, headers={"Authorization": "Bearer t"}, timeout=30
        )
        return reach(f"{address}/spreadsheets/d/{made.json()['spreadsheetId']}")

    return start


def test_every_guarantee_holds_at_a_server_that_keeps_them(small_book):
    """Seen on a workbook in use, whose cells, sheets and metadata are afterwards as they were."""
    before = whole(small_book)
    found = certified(small_book)
    assert found.pop("quota")[0] is State.NOT_TRIED
    assert {name: said for name, said in found.items() if said[0] is not State.HOLDS} == {}
    assert set(found) == {each.name for each in GUARANTEES}
    assert whole(small_book) == before


@pytest.mark.parametrize("name", drills.NAMES)
def test_what_is_taken_away_is_what_fails(blank, name):
    """Each promise by itself: that line says so, and no other."""
    found = certified(blank("--without", name, *(QUOTA if name == "quota" else ())))
    if name != "quota":
        assert found.pop("quota")[0] is State.NOT_TRIED
    assert [each for each, (state, _) in found.items() if state is not State.HOLDS] == [name], found
    assert found[name][0] is State.FAILS


def test_a_quota_is_met_where_there_is_one(blank):
    """The last trial of all, so that the others have room; the scratch sheets are gone by then."""
    book = blank(*QUOTA)
    assert certified(book)["quota"] == (State.HOLDS, "429: pause")


def test_each_guarantee_has_its_words_and_its_drill():
    """A title, why the book needs it and how it is tried, in three languages; a switch that breaks it."""
    assert sorted(each.name for each in ALL) == sorted(drills.NAMES)
    said = [
        each.said(what, language)
        for each in ALL
        for what in ("title", "why", "how")
        for language in LANGUAGES
    ]
    assert all(said)
    assert guarantees.__doc__


def test_the_command_says_what_is_missing_and_why(blank, capsys):
    """Exit status 1, the line, the reason; in the language that was asked for."""
    book = blank("--without", "copies")
    assert main(["certify", book.address, "--language", "zh-Hans"]) == 1
    said = capsys.readouterr().out
    assert "写入前可先复制原行" in said
    assert "不成立" in said
    assert "请勿在此存放工作簿" in said


def test_the_command_is_content_with_what_the_desk_needs(blank, capsys):
    """Exit status 0, though metadata does not move with its row: the desk does without."""
    book = blank("--without", "metadata-follows")
    before = whole(book)
    assert main(["certify", book.address]) == 0
    said = capsys.readouterr().out
    assert "DOES NOT HOLD" in said
    assert "All 21 guarantees" in said
    assert whole(book) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_takes_its_sheets_away(blank, number):
    """By Ctrl-C or by a service manager, in the middle of it."""
    book = blank("--latency-ms", "40")
    before = whole(book)
    # what runs behind a shell would else inherit that Ctrl-C is ignored
    command = ["env", "--default-signal=INT", sys.executable, "-m", "opsline", "certify", book.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as process:
        until = time.monotonic() + 60
        while len(whole(book)["sheets"]) < 4:
            assert process.poll() is None
            assert time.monotonic() < until
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert whole(book) == before


def test_what_a_killed_run_has_left_goes_with_the_next_one_after_an_hour(blank):
    """A sheet of two hours ago goes, one of now may be somebody else's."""
    book = blank()
    for title in (
        f"opsline certify {int(time.time()) - 7200} abc",
        f"opsline certify {int(time.time())} abc",
    ):
        book.workbook.add_worksheet(title, 3, 3)
    certified(book)
    left = [sheet.title for sheet in book.workbook.worksheets()]
    assert len(left) == 2
    assert left[1].startswith(f"opsline certify {int(time.time()) // 10_000}")


def test_a_reader_is_told_so(blank, monkeypatch):
    """One sentence: nothing can be tried without the right to write."""
    book = blank("--person", "a@example.com=reader")
    sharing = {"type": "user", "role": "reader", "emailAddress": "a@example.com"}
    book.client.request(
        "post", f"https://www.googleapis.com/drive/v3/files/{book.workbook.id}/permissions", json=sharing
    )
    monkeypatch.setenv("OPSLINE_TOKEN", "reader")
    with pytest.raises(CredentialFault, match="share the spreadsheet with it as an editor"):
        certify(reach(book.address))
