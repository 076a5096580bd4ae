"""Any sequence of edits by the app and by people: ids stay unique, and the journal can be replayed."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sheets_schema.book import Change, open_book
from sheets_schema.book.history.lines import in_order
from sheets_schema.book.history.replay import differences, replay, sheet_texts
from sheets_schema.errors import HeaderFault, MissingRow

TEXTS = st.sampled_from(["a", "=1+1", "0042", " b ", "-5%", "2026-11-23", "套餐", "TRUE"])
ROWS = st.integers(0, 5)
FIELDS = st.sampled_from(["subject", "need", "organisation", "csat_comment"])
STEPS = st.one_of(
    st.tuples(st.just("type"), ROWS, FIELDS, TEXTS),
    st.tuples(st.just("save"), ROWS, FIELDS, TEXTS),
    st.tuples(st.just("late save"), ROWS, FIELDS, TEXTS),
    st.tuples(st.just("add"), TEXTS),
    st.tuples(st.just("append"), TEXTS),
    st.tuples(st.just("sort"), FIELDS),
    st.tuples(st.just("delete"), ROWS),
    st.tuples(st.just("blank row"), ROWS),
    st.tuples(st.just("move column"), ROWS, ROWS),
    st.tuples(st.just("paste"), ROWS, TEXTS),
    st.tuples(st.just("rename"), FIELDS, st.sampled_from(["Other", "other {}", "", "{}"])),
    st.tuples(st.just("load")),
)


class People:
    """The app and a person, on one sheet of tickets."""

    def __init__(self, book, now):
        self.book, self.now, self.made = book, now, 0
        self.names = {}
        self.sheet = open_book(book.address.removesuffix("/edit")).workbook.worksheet("tickets")

    def do(self, kind, *facts):
        """Do one step."""
        getattr(self, kind.replace(" ", "_"))(*facts)

    def ids(self):
        """Return the ids that stand in the sheet."""
        return [id_ for id_ in self.sheet.col_values(self.column("id"))[1:] if id_]

    def column(self, name):
        """Return the number of a column."""
        names = self.sheet.row_values(1)
        shown = self.names.get(name, name)
        return (names.index(shown) if shown in names else len(names)) + 1

    def type(self, row, field, text):
        """Type into a row that has an id."""
        if ids := self.ids():
            where = self.sheet.col_values(self.column("id")).index(ids[row % len(ids)]) + 1
            self.sheet.update_cell(where, self.column(field), f"'{text}")

    def save(self, row, field, text):
        """Save a field, by the app."""
        ids = self.ids()
        if not ids or (field in {"subject", "need"} and not text.strip()):
            return
        change = Change("tickets", {field: text}, id=ids[row % len(ids)])
        with suppress(HeaderFault):  # renamed since it was read, or not to be known
            self.book.save([change], who="E01", source="test", now=self.now)

    def late_save(self, row, field, text):
        """Let a person sort between the app's reading and its writing."""
        write = self.book.write

        def disturbed(*args, **rest):
            self.book.write = write
            self.sort("subject")
            return write(*args, **rest)

        self.book.write = disturbed
        try:
            self.save(row, field, text)
        except MissingRow:
            pass
        finally:
            self.book.write = write

    def add(self, text):
        """Write a new row into the sheet, with an id of its own."""
        self.made += 1
        header = self.sheet.row_values(1)
        row = ["" for _ in range(len(header) + 1)]
        row[header.index("id")], row[self.column("subject") - 1] = f"T-X{self.made}", f"'{text}"
        self.sheet.append_row(row, value_input_option="USER_ENTERED")

    def append(self, text):
        """Add a row, by the app."""
        ticket = {"channel": "email", "requester": "R", "category": "PRE", "type": "consult", "status": "new"}
        new = {"opened_at": self.now, "subject": text, "need": "n", **ticket}
        with suppress(HeaderFault):
            self.book.save([Change("tickets", new)], who="E01", source="test", now=self.now)

    def rename(self, field, name):
        """Write another name above a column, or none; no two get the same."""
        if self.names.get(field, field) not in {"", "Other"} and name not in self.names.values():
            self.sheet.update_cell(1, self.column(field), name.format(field))
            self.names[field] = name.format(field)

    def sort(self, field):
        """Sort by a column."""
        self.sheet.sort((self.column(field), "des"), range=f"A2:AZ{self.sheet.row_count}")

    def delete(self, row):
        """Delete a row."""
        if len(self.ids()) > 1:
            self.sheet.delete_rows(2 + row % len(self.ids()))

    def blank_row(self, row):
        """Insert a blank row."""
        self.sheet.insert_row([], 2 + row)

    def move_column(self, one, other):
        """Move a column."""
        if one in (other, other - 1):
            return
        where = {"sheetId": self.sheet.id, "dimension": "COLUMNS", "startIndex": one, "endIndex": one + 1}
        move = {"moveDimension": {"source": where, "destinationIndex": other}}
        self.sheet.spreadsheet.batch_update({"requests": [move]})

    def paste(self, row, text):
        """Paste a block over two columns."""
        ids = self.ids()
        if len(ids) > row:
            left = self.column("organisation")
            where = self.sheet.col_values(self.column("id")).index(ids[row]) + 1
            self.sheet.update([[text]], f"R{where}C{left}", value_input_option="RAW")

    def load(self):
        """Load, which finds what people have edited."""
        self.book.load("tickets")


@pytest.fixture
def fresh(small_laid_out, monkeypatch):
    """Return a function that gives a book of its own for each example."""
    monkeypatch.setenv("OPSLINE_TOKEN", small_laid_out.token)

    def make():
        book = small_laid_out.copy()
        book.load("tickets")
        return book

    return make


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=1, max_size=10))
@example(steps=[("save", 0, "csat_comment", "a"), ("rename", "csat_comment", "Other")])
@example(
    steps=[
        ("add", "a"),
        ("type", 0, "subject", "a"),
        ("append", "a"),
        ("type", 0, "subject", "a"),
        ("save", 0, "organisation", "a"),
        ("late save", 3, "subject", "a"),
    ]
)
def test_any_sequence_of_edits_keeps_ids_unique_and_the_journal_replayable(fresh, now, steps):
    """Whatever the app and people do one after the other, journal and sheet tell the same in the end."""
    book = fresh()
    people = People(book, now)
    for step in steps:
        people.do(*step)
    snapshot = book.load("tickets")
    ids = snapshot["tickets"]["id"].dropna()
    assert ids.is_unique
    assert sorted(ids) == sorted(people.ids())
    told = replay(in_order([book.load("journal")["journal"]]), book.tables)["tickets"]
    values = book.read(["tickets"])[0]
    apart = differences(told, sheet_texts(book.tables["tickets"], values))
    assert apart.to_dict("records") == []
    assert book.load("tickets").edits == ()
