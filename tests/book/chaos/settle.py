"""One machine when all is over: it sends what waits, looks at the sheet, and says what it found."""

import json
import sys

from sheets_schema.book import open_book
from tests.book.chaos.writer import TABLES, open_of


def main(address: str) -> None:
    """Print what waits, what needs a person, and what people have edited."""
    book = open_book(address)
    while not book.outbox.is_empty:
        if (error := book.outbox.send()) is not None:
            raise error
    snapshot = book.load(*TABLES)
    stuck = {
        each.save: {
            "said": each.error.said_by if each.error else "",
            "done": each.error.done if each.error else "",
            "open": open_of(each.error),
        }
        for each in book.outbox.waiting()
    }
    found = [[line.sheet, line.row_id, line.field, line.old, line.new] for line in snapshot.edits]
    print(json.dumps({"stuck": stuck, "found": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
