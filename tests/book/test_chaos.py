"""Eight writers, a person in the sheet, a server in trouble, kills: nothing is lost, nothing comes twice.

`OPSLINE_CHAOS=500 pytest -s tests/book/test_chaos.py` makes 500 saves a writer and prints what happened.
"""

import os

import pandas as pd
import pytest

from sheets_schema.book import Change, open_book
from tests.book.chaos.trial import Trial
from tests.book.chaos.verdict import judge

NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")
SAVES = int(os.environ.get("OPSLINE_CHAOS", "12"))
TICKETS = 14


@pytest.fixture
def trial(small_laid_out, tmp_path, monkeypatch):
    """Return a run on a copy of the small book with some more tickets; all that runs ends with it."""
    monkeypatch.setenv("OPSLINE_TOKEN", small_laid_out.token)
    made = Trial(
        small_laid_out.with_rows([ticket(number) for number in range(4, TICKETS)]), tmp_path, SAVES, 7
    )
    yield made
    made.end()


def ticket(number):
    """Return one more ticket."""
    values = {"id": f"T-{number}", "opened_at": NOW, "channel": "phone", "requester": "R", "category": "PRE"}
    return Change("tickets", {**values, "subject": "S", "priority": "P3", "status": "new"})


def test_every_acknowledged_save_is_there_once_or_shown_as_a_conflict(trial, monkeypatch, tmp_path):
    """And no id stands twice, and the replayed journal is the sheet, whoever wrote into it."""
    trial.chaos()
    first, again = trial.settle(), trial.look_again()
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path / "judge"))
    book = open_book(trial.address)
    book.load("tickets")
    verdict = judge(book, trial.notes(), first)
    counts = verdict.counts + trial.counts
    for what, times in sorted(counts.items()):
        print(f"{times:8,} {what}")  # noqa: T201 - the run's figures, with -s
    assert verdict.wrong == {}
    later = [line for each in (*first[1:], *again) for line in each["found"] if line[2] != "#header"]
    assert later == [], "an edit was journalled twice"
    assert {len(each["stuck"]) for each in again} == {len(each["stuck"]) for each in first}
    assert counts["saves saved"] + counts["saves kept"] > trial.saves * 4
    assert counts["lines of sheet"]
    assert counts["writers killed"] == counts["servers killed"] == 2
