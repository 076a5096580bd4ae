"""The sheet doctor on a real workbook in a real server: found by cell, put right by tick, journalled."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from sheets_schema.book import Book
from sheets_schema.book.examine import examine
from sheets_schema.book.quality import record
from sheets_schema.book.quarantine import restore
from sheets_schema.book.treat import treat
from sheets_schema.doctor import Finding
from sheets_schema.errors import MissingRow

NAMES = ("tickets", "people", "statuses")


@pytest.fixture
def cell(small_book: Book) -> Callable[..., str]:
    """Return the address of a field's cell: `cell("tickets", "need", 3)`."""

    def address(table: str, name: str, row: int) -> str:
        from sheets_schema.language.cells import address as written

        header = small_book.read([f"{table}!1:1"])[0][0]
        place = small_book.tables[table].place(name, header)
        assert place is not None
        return written(place, row)

    return address


@pytest.fixture
def typed(small_book: Book, cell: Callable[..., str]) -> Callable[..., None]:
    """Write cells as a person or a script does, past the book: `typed("tickets", 2, need=" x")`."""

    def write(table: str, row: int, **cells: Any) -> None:
        sheet = small_book.workbook.worksheet(table)
        data = [{"range": cell(table, name, row), "values": [[value]]} for name, value in cells.items()]
        sheet.batch_update(data, raw=not any(str(value).startswith("=") for value in cells.values()))

    return write


def kinds(findings: Any) -> dict[str, str]:
    """Return cell -> kind."""
    return {f"{each.fault.sheet}!{each.fault.cell}": each.kind for each in findings}


def pick(findings: Any, *wanted: str) -> list[Finding]:
    """Return the findings of some kinds."""
    return [each for each in findings if each.kind in wanted]


def now_in(book: Book, now: pd.Timestamp) -> dict[str, Any]:
    """Return who treats, and when."""
    return {"who": "E01", "source": "doctor", "now": now}


def test_a_workbook_just_laid_out_is_clean(small_book: Book) -> None:
    """Rows that the book wrote, in sheets that the book laid out."""
    assert examine(small_book).findings == ()


def test_what_people_broke_is_found_by_cell(
    small_book: Book, typed: Callable[..., None], cell: Callable[..., str]
) -> None:
    """Four cells in three rows."""
    typed("tickets", 2, need=" To be told", opened_at="2026-11-20 09:30")
    typed("tickets", 3, assignee="李娜", priority="P9")
    typed("tickets", 4, reopen_count="=1+1")
    found = examine(small_book, NAMES)

    assert kinds(found.findings) == {
        f"tickets!{cell('tickets', 'need', 2)}": "space",
        f"tickets!{cell('tickets', 'opened_at', 2)}": "text_date",
        f"tickets!{cell('tickets', 'assignee', 3)}": "orphan_id",
        f"tickets!{cell('tickets', 'priority', 3)}": "unknown_code",
        f"tickets!{cell('tickets', 'reopen_count', 4)}": "formula",
    }


def test_a_text_that_looks_like_a_formula_is_none(small_book: Book, now: pd.Timestamp) -> None:
    """A subject that begins with = stays a subject."""
    from sheets_schema.book import Change

    small_book.save([Change("tickets", {"subject": "=1+1"}, id="T-1")], who="E01", source="test", now=now)

    assert examine(small_book, ["tickets"]).findings == ()


def test_only_what_is_ticked_is_changed(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp, calls: Any
) -> None:
    """The space goes, the text date stays; the journal has the space, and who took it away."""
    typed("tickets", 2, need=" To be told", opened_at="2026-11-20 09:30")
    found = examine(small_book, ["tickets"]).findings
    done = treat(small_book, pick(found, "space"), **now_in(small_book, now))

    assert [each.kind for each in done.done] == ["space"]
    assert [each.kind for each in done.examination.findings] == ["text_date"]
    after = small_book.load("tickets", "journal")
    line = after["journal"].iloc[-1]
    assert line[["sheet", "row_id", "field", "new", "source", "who"]].tolist() == [
        "tickets", "T-1", "need", "To be told", "doctor", "E01",
    ]  # fmt: skip
    ticket = after["tickets"].set_index("id").loc["T-1"]
    assert (ticket["need"], ticket["version"], ticket["updated_by"]) == ("To be told", 2, "E01")


def test_a_date_becomes_one_that_the_sheet_can_reckon_with(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp, cell: Callable[..., str]
) -> None:
    """Even in a cell that somebody had formatted as text."""
    typed("tickets", 2, opened_at="2026-11-20 09:30")
    treat(small_book, examine(small_book, ["tickets"]).findings, **now_in(small_book, now))
    place = f"tickets!{cell('tickets', 'opened_at', 2)}"
    shown = small_book.workbook.values_get(place, {"valueRenderOption": "FORMATTED_VALUE"})["values"]

    assert small_book.read([place]) == [[[46346.395833333336]]]
    assert shown == [["2026-11-20 09:30"]]


def test_a_formula_goes_to_the_journal(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp
) -> None:
    """Its value stands in the cell."""
    typed("tickets", 4, reopen_count="=1+1")
    found = examine(small_book, ["tickets"]).findings
    treat(small_book, found, **now_in(small_book, now))

    line = small_book.load("journal")["journal"].iloc[-1]
    assert line[["field", "old", "new"]].tolist() == ["reopen_count", "=1+1", "2"]
    assert small_book.load("tickets")["tickets"]["reopen_count"].iloc[-1] == 2
    assert examine(small_book, ["tickets"]).findings == ()


def test_twice_changes_nothing_the_second_time(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp
) -> None:
    """All that is sure, and then all that is sure again: no save."""
    typed("tickets", 2, need=" x  y ", priority="p1", opened_at="2026/11/20 9:30", channel="Phone")
    typed("people", 3, email="li@example.com ")
    for saves in (1, 0):
        sure = [each for each in examine(small_book).findings if each.confidence == "sure"]
        assert len(treat(small_book, sure, **now_in(small_book, now)).saves) == saves
    assert examine(small_book).findings == ()


def test_what_changed_since_it_was_ticked_is_left(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp, cell: Callable[..., str]
) -> None:
    """Somebody typed something else into the cell meanwhile; their text stays."""
    typed("tickets", 2, need=" x")
    found = examine(small_book, ["tickets"]).findings
    typed("tickets", 2, need="something else ")
    done = treat(small_book, found, **now_in(small_book, now))

    assert (done.done, done.left, done.saves) == ((), found, ())
    assert small_book.read([f"tickets!{cell('tickets', 'need', 2)}"]) == [[["something else "]]]


def test_a_row_that_moved_is_put_right_where_it_is(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp
) -> None:
    """Somebody sorts the sheet between looking and applying."""
    typed("tickets", 2, need=" x")
    found = examine(small_book, ["tickets"]).findings
    sheet = small_book.workbook.worksheet("tickets")
    sheet.sort((1, "des"))
    done = treat(small_book, found, **now_in(small_book, now))

    needs = small_book.load("tickets")["tickets"].set_index("id")["need"]
    assert (done.done, done.left) == (found, ())
    assert needs.to_dict() == {"T-1": "x", "T-2": "To be told", "T-3": "To be told"}
    assert examine(small_book, ["tickets"]).findings == ()


def test_ids_are_given_to_rows_without_one_and_to_doubles(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp
) -> None:
    """Rows keep what they hold."""
    typed("tickets", 3, id="")
    typed("tickets", 4, id="T-1")
    found = examine(small_book, ["tickets"]).findings
    assert [each.kind for each in found] == ["blank_key", "duplicate_id"]
    treat(small_book, found, **now_in(small_book, now))

    tickets = small_book.load("tickets")["tickets"]
    assert tickets["requester"].tolist() == ["Requester 1", "Requester 2", "Requester 3"]
    assert tickets["id"].str.match(r"T-261123-[A-Z2-9]{4}").tolist() == [False, True, True]
    journal = small_book.load("journal")["journal"]
    lines = journal[journal["source"] == "doctor"]
    assert lines["row_id"].tolist() == tickets["id"].tolist()[1:]
    assert lines["old"].tolist()[1] == "T-1"
    typed_over = journal[journal["source"] == "sheet"]
    assert typed_over[["row_id", "field"]].to_numpy().tolist() == [["T-2", "id"], ["T-3", "id"]]


def test_a_row_outside_the_table_goes_to_quarantine_and_comes_back(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp
) -> None:
    """With its reason, its cells, its lines in the journal; nothing is lost on either way."""
    typed("tickets", 5, subject="Total", need="3 of them")
    found = examine(small_book, ["tickets"]).findings
    assert [(each.kind, each.fix.action) for each in found] == [("stray_row", "quarantine")]
    treat(small_book, found, **now_in(small_book, now))

    after = small_book.load("tickets", "quarantine", "journal")
    kept = after["quarantine"].iloc[0]
    assert len(after["tickets"]) == 3
    assert json.loads(kept["cells"]) == {"subject": "Total", "need": "3 of them"}
    assert kept[["sheet", "row", "said"]].tolist() == ["tickets", 5, "Total · 3 of them"]
    assert "not one of the table's" in kept["reason"]
    taken = after["journal"][after["journal"]["sheet"] == "tickets"].iloc[-1]
    assert taken["field"] == "*"
    assert json.loads(taken["old"]) == {"subject": "Total", "need": "3 of them"}

    back = restore(small_book, [kept["id"]], who="E01", source="doctor", now=now)
    row = small_book.load("tickets")["tickets"].iloc[-1]
    assert row[["id", "subject", "need"]].tolist() == [back[0], "Total", "3 of them"]
    assert small_book.load("quarantine")["quarantine"]["restored_at"].notna().all()
    with pytest.raises(MissingRow):
        restore(small_book, [kept["id"]], who="E01", source="doctor", now=now)


def test_a_sort_in_the_last_instant_loses_no_row(
    small_book: Book, typed: Callable[..., None], now: pd.Timestamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody sorts between reading and deleting: what was deleted in the stray row's place comes back."""
    typed("tickets", 5, subject="Total")
    found = examine(small_book, ["tickets"]).findings
    write, sheet = small_book.write, small_book.workbook.worksheet("tickets")

    def sorted_first(requests: Any, shown: Any = ()) -> Any:
        if any("deleteDimension" in request for request in requests):
            order = {"dimensionIndex": sheet.row_values(1).index("subject"), "sortOrder": "DESCENDING"}
            span = {"sheetId": sheet.id, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0}
            write([{"sortRange": {"range": span, "sortSpecs": [order]}}])
        return write(requests, shown)

    monkeypatch.setattr(small_book, "write", sorted_first)
    treat(small_book, found, **now_in(small_book, now))
    monkeypatch.undo()

    after = small_book.load("tickets", "journal")
    assert set(after["tickets"]["id"].dropna()) == {"T-1", "T-2", "T-3"}
    assert after["tickets"].set_index("id").loc["T-1", "requester"] == "Requester 1"
    assert after["journal"].iloc[-1]["field"] == "*"


def test_a_copy_goes_and_the_first_stays(small_book: Book, now: pd.Timestamp) -> None:
    """A row that somebody pasted twice; below it a gap of blank rows is closed in the same save."""
    rows = small_book.read(["tickets"])[0]
    small_book.workbook.worksheet("tickets").update([rows[1]], "A10", raw=True)
    found = examine(small_book, ["tickets"]).findings
    assert [each.kind for each in found] == ["blank_rows", "duplicate_id"]
    done = treat(small_book, found, **now_in(small_book, now))

    assert len(done.saves) == 1
    assert small_book.read(["tickets"])[0] == rows
    small_book.load("tickets")
    assert "sheet" not in set(small_book.load("journal")["journal"]["source"])
    assert small_book.load("quarantine")["quarantine"]["row_id"].tolist() == ["T-1"]


def test_a_renamed_header_is_named_again(
    small_book: Book, now: pd.Timestamp, cell: Callable[..., str]
) -> None:
    """Proposed as likely, never as sure; then the column is read again."""
    place = cell("tickets", "channel", 1)
    small_book.workbook.worksheet("tickets").update_acell(place, "How")
    found = examine(small_book, ["tickets"]).findings
    assert [(each.fault.cell, each.kind, each.fix.value, each.confidence) for each in found] == [
        (place, "renamed_header", "channel", "likely")
    ]
    treat(small_book, found, **now_in(small_book, now))

    after = small_book.load("tickets", "journal")
    assert after["tickets"]["channel"].tolist() == ["phone"] * 3
    assert after["journal"].iloc[-1][["field", "old", "new"]].tolist() == ["#header", "How", "channel"]


def test_a_header_row_that_was_deleted_comes_back_above_the_rows(small_book: Book, now: pd.Timestamp) -> None:
    """No row is overwritten."""
    before = small_book.read(["tickets"])[0]
    small_book.workbook.worksheet("tickets").delete_rows(1)
    found = examine(small_book, ["tickets"]).findings
    treat(small_book, pick(found, "no_header"), **now_in(small_book, now))

    assert small_book.read(["tickets"])[0] == before


def test_a_column_that_was_deleted_is_added_again(small_book: Book, now: pd.Timestamp) -> None:
    """At the end, blank, with its rules."""
    header = small_book.read(["tickets!1:1"])[0][0]
    place = header.index("channel")
    small_book.workbook.worksheet("tickets").delete_columns(place + 1)
    found = examine(small_book, ["tickets"]).findings
    assert [(each.kind, each.fault.field) for each in pick(found, "missing_column")] == [
        ("missing_column", "channel")
    ]
    treat(small_book, pick(found, "missing_column"), **now_in(small_book, now))

    assert small_book.read(["tickets!1:1"])[0][0] == [*header[:place], *header[place + 1 :], "channel"]


def test_rules_formats_colours_and_frozen_rows_that_were_removed_are_found(
    small_book: Book, now: pd.Timestamp, cell: Callable[..., str]
) -> None:
    """What layout lays out is looked after; a tick lays out that, and no more."""
    number = small_book.grid("tickets").id
    header = small_book.read(["tickets!1:1"])[0][0]
    below = {"sheetId": number, "startRowIndex": 1}

    def column(name: str) -> dict[str, Any]:
        place = header.index(name)
        return {**below, "startColumnIndex": place, "endColumnIndex": place + 1}

    frozen = {"sheetId": number, "gridProperties": {"frozenRowCount": 0}}
    small_book.write(
        [
            {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}},
            {"repeatCell": {"range": column("channel"), "cell": {}, "fields": "dataValidation"}},
            {"repeatCell": {"range": column("opened_at"), "cell": {}, "fields": "userEnteredFormat"}},
        ]
    )
    found = examine(small_book, ["tickets"]).findings
    assert kinds(found) == {
        "tickets!A1": "frozen",
        f"tickets!{cell('tickets', 'channel', 1)}": "validation",
        f"tickets!{cell('tickets', 'opened_at', 1)}": "number_format",
    }
    done = treat(small_book, pick(found, "validation"), **now_in(small_book, now))
    assert sorted(each.kind for each in done.examination.findings) == ["frozen", "number_format"]
    done = treat(small_book, done.examination.findings, **now_in(small_book, now))
    assert done.examination.findings == ()


def test_protections_and_colours_that_were_removed_are_found(small_book: Book, now: pd.Timestamp) -> None:
    """The warning over the ids, the colours of urgent tickets."""
    mask = "sheets(properties.sheetId,protectedRanges.protectedRangeId,conditionalFormats.ranges.sheetId)"
    number = small_book.grid("tickets").id
    about = small_book.workbook.fetch_sheet_metadata({"fields": mask})["sheets"]
    mine = next(each for each in about if each["properties"]["sheetId"] == number)
    small_book.write(
        [
            *(
                {"deleteProtectedRange": {"protectedRangeId": each["protectedRangeId"]}}
                for each in mine["protectedRanges"]
            ),
            *(
                {"deleteConditionalFormatRule": {"sheetId": number, "index": 0}}
                for _ in mine["conditionalFormats"]
            ),
        ]
    )
    found = examine(small_book, ["tickets"]).findings
    assert {each.kind for each in found} == {"protection", "colours"}
    done = treat(small_book, pick(found, "protection"), **now_in(small_book, now))
    assert {each.kind for each in done.examination.findings} == {"colours"}
    done = treat(small_book, done.examination.findings, **now_in(small_book, now))
    assert done.examination.findings == ()


def test_a_sheet_that_is_gone_is_laid_out(small_book: Book, now: pd.Timestamp) -> None:
    """Without its rows: those are the journal's to bring back."""
    small_book.workbook.del_worksheet(small_book.workbook.worksheet("actions"))
    found = examine(small_book).findings
    assert [(each.kind, each.fault.sheet) for each in found] == [("missing_sheet", "actions")]
    treat(small_book, found, **now_in(small_book, now))

    assert examine(small_book).findings == ()


def test_scores_are_kept_once_a_day(small_book: Book, typed: Callable[..., None], now: pd.Timestamp) -> None:
    """Recorded again after a repair, the rows of the day say so; the next day has rows of its own."""
    typed("tickets", 2, priority="P9")
    first = record(small_book, examine(small_book), **now_in(small_book, now))
    rows = small_book.load("data_quality")["data_quality"]
    held = rows.set_index("id").loc["DQ-261123-tickets-validity"]
    assert len(rows) == len(first)
    assert held["checked"] - held["passed"] == 1
    typed("tickets", 2, priority="P3")
    record(small_book, examine(small_book), **now_in(small_book, now))
    again = small_book.load("data_quality")["data_quality"]
    held = again.set_index("id").loc["DQ-261123-tickets-validity"]
    assert len(again) == len(rows)
    assert held["checked"] == held["passed"]
    record(small_book, examine(small_book), **now_in(small_book, now + pd.Timedelta(days=1)))
    assert small_book.load("data_quality")["data_quality"]["date"].nunique() == 2


def test_looking_asks_little(small_book: Book, calls: Any, typed: Callable[..., None]) -> None:
    """What it knows, all values, all layouts; one more where there are formulas."""
    counted = calls(small_book)
    examine(small_book)

    assert counted.sent.count("GET values:batchGet") <= 2
    assert len(counted.sent) <= 5


def test_the_small_demo_is_clean(read_only_demo: Book) -> None:
    """What we ship passes its own doctor."""
    assert examine(read_only_demo).findings == ()
