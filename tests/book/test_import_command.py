"""`opsline import` against a real server: dry first, whole portions, never a row twice."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from opsline.cli import main
from opsline.demo import generate_frames
from opsline.demo.fill import fill
from sheets_schema.book import Book

HEAD = "opened_at,requester,category,subject\n"
RULES = ("settings", "teams", "people", "categories", "statuses")


@pytest.fixture(scope="session")
def rules() -> dict[str, pd.DataFrame]:
    """Return what tickets refer to."""
    frames = generate_frames(0.02)
    return {name: frames[name] for name in RULES}


@pytest.fixture
def desk(book, rules, tmp_path, monkeypatch) -> Book:
    """Return a workbook with what tickets refer to, and no ticket; work in a scratch folder."""
    monkeypatch.chdir(tmp_path)
    fill(book, rules)
    return book


@pytest.fixture
def run(desk):
    """Return a function: run `opsline import` on the desk."""
    return lambda *words: main(["import", *map(str, words), "--to", desk.address])


@pytest.fixture
def file(tmp_path):
    """Return a function: write a CSV file of some rows."""

    def written(text, name="file.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def count(book) -> int:
    """Return how many tickets there are; none of them twice."""
    ids = book.load("tickets")["tickets"]["id"]

    assert ids.is_unique
    return len(ids)


def test_a_dry_run_says_all_and_changes_nothing(desk, run, file, capsys):
    """The default: what would go in, from which column, how dates are read."""
    before = desk.version()
    path = file(HEAD + "29/11/2026 09:00,Ann,REF,x\n3/4/2026 10:00,Bob,DEL,y\n")

    assert run(path, "--table", "tickets") == 0
    said = capsys.readouterr().out
    assert "opened_at <- opened_at" in said
    assert "Dates of 'opened_at' are read day-first (1 of them" in said
    assert "2 rows would go in" in said
    assert desk.version() == before


def test_applied_rows_stand_in_the_workbook_with_their_journal(desk, run, file, capsys):
    """3/4 beside 29/11 is the 3rd of April; local 10:00 is 02:00 UTC; the journal says where from."""
    path = file(HEAD + "29/11/2026 09:00,Ann,REF,x\n3/4/2026 10:00,Bob,DEL,=1+1\n")

    assert run(path, "--table", "tickets", "--apply") == 0
    assert "2 rows went in" in capsys.readouterr().out
    snapshot = desk.load("tickets", "journal")
    bob = snapshot["tickets"].query("requester == 'Bob'").iloc[0]
    assert bob["opened_at"] == pd.Timestamp("2026-04-03T02:00Z")
    assert bob["subject"] == "=1+1"
    assert (bob["status"], bob["priority"], bob["created_by"]) == ("new", "P3", "P001")
    assert "opsline import" in snapshot["journal"]["source"].tolist()


def test_a_second_import_of_the_same_file_adds_nothing(desk, run, file, capsys):
    """Rows without a key have one made of what they hold."""
    path = file(HEAD + "2026-11-29,Ann,REF,x\n2026-11-29,Ann,REF,x\n2026-11-29,Bob,REF,y\n")
    run(path, "--table", "tickets", "--apply")
    capsys.readouterr()

    assert run(path, "--table", "tickets", "--apply") == 0
    assert "0 rows went in; 3 were there already" in capsys.readouterr().out
    assert count(desk) == 3


def test_faults_are_listed_by_cell_in_a_file(desk, run, file, tmp_path, capsys):
    """The row with a wrong mark goes in without it; the row without a category does not."""
    text = "opened_at,requester,category,subject,csat_score\n"
    path = file(text + "2026-11-29,Ann,REF,x,9\n2026-11-29,Bob,,y,5\n")

    assert run(path, "--table", "tickets", "--apply") == 1
    assert "1 rows went in; 0 were there already; 1 cannot go in" in capsys.readouterr().out
    faults = pd.read_csv(tmp_path / "file.csv.faults.csv")
    assert faults[["cell", "field"]].to_numpy().tolist() == [["E2", "csat_score"], ["C3", "category"]]
    assert count(desk) == 1


def test_the_proposed_mapping_can_be_saved_and_used(desk, run, file, tmp_path, capsys):
    """With value maps; what it says is done without a proposal."""
    head = "Created on,Customer,Issue type,Title,Source\n"
    path = file(head + "2026-11-29,Ann,REF,x,E-Mail\n2026-11-29,Bob,REF,y,Chat\n")
    run(path, "--table", "tickets", "--save-mapping", tmp_path / "m.yaml")
    text = (tmp_path / "m.yaml").read_text()
    (tmp_path / "m.yaml").write_text(text.replace("from: Title", "from: Title\n    blank: none"))
    capsys.readouterr()

    assert run(path, "--mapping", tmp_path / "m.yaml", "--apply") == 0
    assert sorted(desk.load("tickets")["tickets"]["channel"]) == ["chat", "email"]


def test_dates_that_nobody_can_tell_are_refused_and_then_told(desk, run, file, capsys):
    """Without a person at the keyboard it is a sentence and status 1."""
    path = file(HEAD + "3/4/2026,Ann,REF,x\n")

    assert run(path, "--table", "tickets", "--apply") == 1
    assert "say --day-first or --month-first" in capsys.readouterr().err
    assert count(desk) == 0
    assert run(path, "--table", "tickets", "--apply", "--month-first") == 0
    opened = desk.load("tickets")["tickets"]["opened_at"].iloc[0]
    assert opened.tz_convert(desk.time_zone).date().isoformat() == "2026-03-04"


def test_what_a_file_refers_to_and_new_fields_are_added(desk, run, file, tmp_path):
    """A mapping may add categories that are not there, and a field of the team's own."""
    path = file("opened_at,requester,category,subject,sla\n2026-11-29,Ann,Category 7,x,true\n")
    (tmp_path / "m.yaml").write_text(
        "table: tickets\ncolumns:\n  opened_at: opened_at\n  requester: requester\n  subject: subject\n"
        "  category: {from: category, add: true}\n  within: {from: sla, new: boolean, label: {en: Within}}\n"
    )

    assert run(path, "--mapping", tmp_path / "m.yaml", "--apply") == 0
    snapshot = desk.load("tickets", "categories", "fields")
    assert snapshot["tickets"]["within"].tolist() == [True]
    assert "Category 7" in snapshot["categories"]["id"].tolist()
    assert snapshot["fields"]["label_en"].tolist() == ["Within"]
    assert list(snapshot.faults) == []


def test_a_refused_row_adds_nothing_elsewhere(desk, run, file, tmp_path):
    """The category of a row that cannot go in is not added."""
    path = file("opened_at,requester,category,subject\n,Ann,Category 7,x\n")
    (tmp_path / "m.yaml").write_text(
        "table: tickets\ncolumns:\n  opened_at: opened_at\n  requester: requester\n  subject: subject\n"
        "  category: {from: category, add: true}\n"
    )

    assert run(path, "--mapping", tmp_path / "m.yaml", "--apply") == 1
    assert "Category 7" not in desk.load("categories")["categories"]["id"].tolist()


def test_an_import_that_is_killed_goes_on_where_it_stopped(desk, file):
    """After kill -9: whole portions are in, the second run brings the rest, no row is doubled."""
    total = 3000
    rows = "".join(f"2026-11-{1 + n % 20:02},Customer {n},REF,Subject {n % 700}\n" for n in range(total))
    words = ["import", str(file(HEAD + rows)), "--table", "tickets", "--apply", "--to", desk.address]
    started = subprocess.Popen(
        [sys.executable, "-m", "opsline", *words],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while (reached := count(desk)) == 0 and time.monotonic() < until and started.poll() is None:
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    started.wait(20)

    assert 0 < reached < total
    assert main(words) == 0
    assert count(desk) == total


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["absent.csv", "--table", "tickets"], "absent.csv cannot be read"),
        (["file.csv", "--table", "tikets"], "no table 'tikets'"),
        (["file.csv", "--table", "tickets", "--sheet", "Other"], "no sheet 'Other'"),
        (["file.csv", "--table", "tickets", "--encoding", "utf-99"], "cannot be read"),
        (["file.csv", "--mapping", "absent.yaml"], "absent.yaml cannot be understood"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_status_1(run, file, capsys, words, sentence):
    """No traceback, and what to do."""
    file(HEAD)

    assert run(*words) == 1
    assert sentence in capsys.readouterr().err
