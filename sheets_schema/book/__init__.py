"""The workbook: open it, read it, save to it. The only room that knows gspread.

Every save goes through an outbox on this machine's disk (`outbox.py`): what waits is sent together, in
order, once; what the workbook does not take now is kept and sent later. Requests keep Google's quotas for
all processes of the machine (`quota.py`).

What Google does and does not promise, and what the book therefore does:

* `spreadsheets.batchUpdate` is promised to be all or nothing: a save is one of them, journal included.
* A chosen `metadataId` is promised to be unique in its spreadsheet: a save claims its own number and
  the next version of every row with one, so that a second writer, or the same request sent twice, is
  refused as a whole (`claims.py`).
* `AppendCells` is promised to write after the last row with data; a row number is never computed.
* That a sheet is not sorted between two requests is promised by nobody: rows are found by id just
  before each write, the same request copies aside what it writes over, and its answer shows whose rows
  those were (`before.py`, `checking.py`). What landed in another row is put right at once (`putright.py`).

All that the book takes for granted stands in `guarantees/`, each with a trial; `opsline certify` tries them.
"""

from sheets_schema.book.append import Appended
from sheets_schema.book.book import Book
from sheets_schema.book.changes import Change, Saved, settled
from sheets_schema.book.history.as_of import Past
from sheets_schema.book.history.undo import Undone
from sheets_schema.book.left import changes_left
from sheets_schema.book.open import open_book
from sheets_schema.book.snapshot import Snapshot
from sheets_schema.book.waiting import Waiting

__all__ = [
    "Appended",
    "Book",
    "Change",
    "Past",
    "Saved",
    "Snapshot",
    "Undone",
    "Waiting",
    "changes_left",
    "open_book",
    "settled",
]
