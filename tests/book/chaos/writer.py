"""One writer of the chaos test, a process of its own: saves of every kind, each noted before and after."""

import json
import os
import random
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from sheets_schema.book import Book, Change, Snapshot, open_book
from sheets_schema.book.client import Patience
from sheets_schema.book.failures import Lost
from sheets_schema.book.left import open_parts
from sheets_schema.book.waiting import conflicts_of
from sheets_schema.errors import BookError, MissingRow, OpslineError, QuotaFault, Unreachable

NOW = pd.Timestamp("2026-11-23 01:00", tz="UTC")
TABLES = ("tickets", "ticket_events", "people")
FIELDS = ("subject", "need", "organisation", "requester", "resolution", "csat_comment")
PAUSE = 0.3
"""Seconds between two saves, at the most."""
LOOKS = 6
"""Saves after which a writer looks at the sheet again, as a page does."""


def opened(address: str, counted: Counter[str]) -> Book:
    """Open the workbook, however often that fails at first; count what is sent."""
    while True:
        with suppress(Unreachable, QuotaFault):
            book = open_book(address)
            _count(book, counted)
            book.client.quick = Patience(again=4, first=0.05, longest=0.4)
            book.client.quota = Patience(again=4, first=0.05, longest=0.4)
            book.load(*TABLES)
            return book
        time.sleep(0.1)


def _count(book: Book, counted: Counter[str]) -> None:
    """Count requests, and those that failed."""
    session, send = book.client.session, book.client.session.request

    def request(*args: Any, **rest: Any) -> requests.Response:
        counted["requests"] += 1
        try:
            answer = send(*args, **rest)
        except requests.RequestException:
            counted["cut"] += 1
            raise
        if answer.status_code in {429, 503}:
            counted[str(answer.status_code)] += 1
        return answer

    session.request = request


class Writer:
    """Makes saves and notes what it is told of them.

    Args:
        book: The workbook.
        name: The writer's name; it is part of every value that it writes, so that none comes twice.
        log: Where it notes what it does, a line each, on disk before it goes on.
    """

    def __init__(self, book: Book, name: str, log: Path, counted: Counter[str]) -> None:
        self.book, self.name, self.counted = book, name, counted
        self.log = log.open("a", encoding="utf-8")
        self.snapshot: Snapshot = book.load(*TABLES)
        self.added: list[str] = []

    def note(self, **facts: object) -> None:
        """Note something so that a `kill -9` does not take it away."""
        self.log.write(json.dumps({"writer": self.name, **facts}) + "\n")
        self.log.flush()
        os.fsync(self.log.fileno())

    def save(self, number: int) -> None:
        """Make one save, and note what became of it."""
        dice = random.Random(f"{self.name} {number}")
        if number % LOOKS == 0:
            with suppress(BookError):
                self.snapshot = self.book.load(*TABLES)
        value = f"{self.name}-{number}"
        changes = self.changes(dice, value)
        cells = [[each.table, each.id, *_said(each, value)] for each in changes]
        self.note(number=number, state="begun", cells=cells)
        keep = dice.random() < 0.8
        try:
            saved = self.book.save(changes, who=self.name, source="chaos", now=NOW, keep=keep)
        except OpslineError as error:
            self.note(number=number, counted=dict(self.counted), **_refused(error))
            return
        state = "saved" if saved.kept is None else "kept"
        told = {"save": saved.save, "ids": list(saved.ids), "counted": dict(self.counted)}
        self.note(number=number, state=state, **told)
        self.added += [id_ for each, id_ in zip(changes, saved.ids, strict=True) if each.id is None]

    def changes(self, dice: random.Random, value: str) -> list[Change]:
        """Return what a save does."""
        kind = dice.choices(["add", "add several", "change", "several", "take"], [4, 2, 6, 3, 1])[0]
        if kind == "take" and self.added:
            taken = self.added.pop(dice.randrange(len(self.added)))
            return [Change("ticket_events", {}, id=taken, gone=True)]
        if kind == "change":
            return [self.change(dice, value)]
        if kind == "several":
            person = Change("people", {"post": value}, id=dice.choice(["E01", "E02"]))
            return [self.change(dice, value), event(value), person]
        several = range(3 if kind == "add several" else 1)
        return [event(f"{value}.{each}") for each in several]

    def change(self, dice: random.Random, value: str) -> Change:
        """Return a change of a ticket: of what was seen there, or of whatever stands there."""
        tickets = self.snapshot["tickets"]
        row = tickets.iloc[dice.randrange(len(tickets))]
        name = dice.choice(FIELDS)
        seen = {name: None if pd.isna(row[name]) else row[name]} if dice.random() < 0.5 else {}
        return Change("tickets", {name: value}, id=str(row["id"]), before=seen)


def event(text: str) -> Change:
    """Return a new event."""
    return Change("ticket_events", {"ticket": "T-1", "at": NOW, "kind": "note", "by": "E02", "text": text})


def _said(change: Change, value: str) -> list[str]:
    """Return the field that shows a change, and what it holds then."""
    if change.gone:
        return ["*", value]
    name = "text" if change.table == "ticket_events" else next(iter(change.values))
    return [name, str(change.values[name])]


def _refused(error: OpslineError) -> dict[str, object]:
    """Return what a writer is told of a save that failed."""
    shown = conflicts_of(error)
    kind = "lost" if isinstance(error, Lost) else "conflict" if shown else "refused"
    told = {"state": kind, "error": type(error).__name__, "said": error.said_by, "done": error.done}
    return {**told, "ids": error.facts.get("ids", ()), "open": open_of(error)}


def open_of(error: OpslineError | None) -> list[list[str]]:
    """Return what an error shows as open: row, field, yours; of a row that is gone, only the row."""
    if error is None:
        return []
    shown = [[id_, name, str(each.facts["yours"])] for (_, id_, name), each in conflicts_of(error).items()]
    left = open_parts(error) if error.done else ()
    return [*shown, *([str(each.facts["id"]), "*", ""] for each in left if isinstance(each, MissingRow))]


def main(address: str, name: str, first: str, count: str, log: str) -> None:
    """Wait for a line of input, then save."""
    counted: Counter[str] = Counter()
    writer = Writer(opened(address, counted), name, Path(log), counted)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(first), int(first) + int(count)):
        writer.save(number)
        time.sleep(random.uniform(0, PAUSE))


if __name__ == "__main__":
    main(*sys.argv[1:])
