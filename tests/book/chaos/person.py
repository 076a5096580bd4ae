"""A person in the spreadsheet, by plain gspread: sorts, inserts, deletes, moves, types, until told to end."""

import json
import random
import select
import sys
import time
from collections import Counter
from collections.abc import Callable

import gspread
import requests
from gspread.exceptions import GSpreadException

from sheets_schema.book.doors import ServerDoor

PAUSE = 0.15
TYPED = ("subject", "organisation", "resolution", "contact")
DELETED = 4
"""Tickets that the person deletes at the most, so that some stay."""


class Person:
    """Somebody who works in the sheet and knows nothing of the book."""

    def __init__(self, workbook: gspread.Spreadsheet, seed: str) -> None:
        self.workbook, self.dice = workbook, random.Random(seed)
        self.done: Counter[str] = Counter()
        self.number = 0

    def act(self) -> None:
        """Do one thing; what the server refuses is not done, and what got lost may be."""
        kinds: dict[Callable[[gspread.Worksheet], None], int] = {
            self.type_in: 8, self.sort: 3, self.insert: 2, self.delete: 2,
            self.move_column: 1, self.add_row: 2, self.paste: 1,
        }  # fmt: skip
        self.number += 1
        work = self.dice.choices(list(kinds), list(kinds.values()))[0]
        try:
            work(self.workbook.worksheet(self.dice.choice(["tickets", "ticket_events"])))
        except (GSpreadException, requests.RequestException, ValueError):
            self.done["failed"] += 1
            time.sleep(PAUSE)
        else:
            self.done[work.__name__] += 1

    def type_in(self, _sheet: gspread.Worksheet) -> None:
        """Type something into a cell of a ticket."""
        sheet = self.workbook.worksheet("tickets")
        header, ids = sheet.row_values(1), self._ids(sheet)
        row = self.dice.choice([place for place, id_ in enumerate(ids, 1) if id_ and place > 1])
        sheet.update_cell(row, header.index(self.dice.choice(TYPED)) + 1, f"typed {self.number}")

    def sort(self, sheet: gspread.Worksheet) -> None:
        """Sort all rows by some column, up or down."""
        width = len(sheet.row_values(1))
        order = self.dice.choice(["ASCENDING", "DESCENDING"])
        spec = {"dimensionIndex": self.dice.randrange(width), "sortOrder": order}
        where = {"sheetId": sheet.id, "startRowIndex": 1}
        self.workbook.batch_update({"requests": [{"sortRange": {"range": where, "sortSpecs": [spec]}}]})

    def insert(self, sheet: gspread.Worksheet) -> None:
        """Insert blank rows somewhere."""
        sheet.insert_rows([[], []], row=self.dice.randrange(2, len(self._ids(sheet)) + 2))

    def delete(self, sheet: gspread.Worksheet) -> None:
        """Delete a row."""
        if sheet.title == "tickets":
            if self.done["deleted"] >= DELETED:
                return
            self.done["deleted"] += 1
        sheet.delete_rows(self.dice.randrange(2, len(self._ids(sheet)) + 1))

    def move_column(self, sheet: gspread.Worksheet) -> None:
        """Move a column."""
        width = len(sheet.row_values(1))
        start, to = self.dice.randrange(width), self.dice.randrange(width)
        source = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": start, "endIndex": start + 1}
        move = {"source": source, "destinationIndex": to}
        self.workbook.batch_update({"requests": [{"moveDimension": move}]})

    def add_row(self, _sheet: gspread.Worksheet) -> None:
        """Add an event with an id of one's own."""
        sheet = self.workbook.worksheet("ticket_events")
        cells = {"id": f"X-{self.number}", "ticket": "T-1", "at": 46349.5, "kind": "note"}
        row = [cells.get(name, "") for name in sheet.row_values(1)]
        sheet.append_row(row, insert_data_option="INSERT_ROWS")

    def paste(self, _sheet: gspread.Worksheet) -> None:
        """Paste a block over the organisations of some tickets."""
        sheet = self.workbook.worksheet("tickets")
        column, last = sheet.row_values(1).index("organisation") + 1, len(self._ids(sheet))
        row = self.dice.randrange(2, last + 1)
        block = [[f"pasted {self.number}.{each}"] for each in range(min(3, last + 1 - row))]
        sheet.update(block, gspread.utils.rowcol_to_a1(row, column))

    def _ids(self, sheet: gspread.Worksheet) -> list[str]:
        """Return the texts of the column of the ids."""
        return sheet.col_values(sheet.row_values(1).index("id") + 1)


def main(address: str, token: str, key: str, seed: str) -> None:
    """Act until a line comes in; then say what was done."""
    door = ServerDoor(address, token)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    workbook = None
    while workbook is None:
        try:
            workbook = gspread.Client(None, session, lambda _, s: Plain(s, door)).open_by_key(key)
        except (GSpreadException, requests.RequestException):
            time.sleep(0.1)
    person = Person(workbook, seed)
    print("ready", flush=True)
    sys.stdin.readline()
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        person.act()
    print(json.dumps(person.done), flush=True)


class Plain(gspread.HTTPClient):
    """gspread's own client, that only finds another host."""

    def __init__(self, session: requests.Session, door: ServerDoor) -> None:
        super().__init__(None, session)  # type: ignore[arg-type]
        self.door = door

    def request(self, method: str, endpoint: str, *args: object, **rest: object) -> requests.Response:
        """Send a request to the local server."""
        return super().request(method, self.door.swap(endpoint), *args, **rest)


if __name__ == "__main__":
    main(*sys.argv[1:])
