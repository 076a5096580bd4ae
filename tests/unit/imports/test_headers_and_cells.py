"""Tables in the middle of a sheet, faults by cell, ids that stay."""

import datetime as dt

import pytest
from openpyxl import Workbook

from opsline.imports.dates import Order
from opsline.imports.errors import BadMapping, NothingToRead
from opsline.imports.recipe import Column, Recipe, Rows, load_recipe, save_recipe
from opsline.imports.source import open_source

HEAD = "opened_at,requester,category,subject\n"


@pytest.fixture
def junk(tmp_path):
    """A workbook as people send it: a title, notes, a blank row, merged cells, spare blanks, a sum below."""
    book = Workbook()
    page = book.active
    page.title = "List"
    page["B1"] = "Requests of November"
    page["B2"] = "as of Monday"
    for column, name in enumerate(("Customer", "Issue type", "Date", "Title "), start=2):
        page.cell(4, column, name)
    rows = [
        ("Ann", "REF", dt.datetime(2026, 11, 3, 9, 30), "Refund"),
        ("Bob", "DEL", dt.date(2026, 11, 4), " Late "),
    ]
    for number, row in enumerate(rows, start=6):
        for column, value in enumerate(row, start=2):
            page.cell(number, column, value)
    page["B8"], page["D8"], page["E8"] = "Cid", dt.datetime(2026, 11, 5, 8, 0), "Also late"
    page.merge_cells("C7:C8")
    page["E11"] = "3 in all"
    page.merge_cells("B1:E1")
    path = tmp_path / "junk.xlsx"
    book.save(path)
    return path


def test_the_header_is_found_below_what_somebody_wrote_above(check, junk):
    """Row 4, columns B to E; the blank row 5 is skipped, and merged C7:C8 counts for both rows."""
    found = check(junk)

    assert found.plan.place.header == 4
    assert [record["category"] for record in found.records] == ["REF", "DEL", "DEL"]
    assert [record["subject"] for record in found.records] == ["Refund", "Late", "Also late"]


def test_what_is_written_below_is_a_fault_by_cell_and_no_ticket(check, junk):
    """E11 holds a sum; the row has no customer, category or date."""
    found = check(junk)

    assert found.refused == 1
    assert {fault.split(" ")[0] for fault in found.faults} == {"List!B11", "List!C11", "List!D11"}


def test_times_of_a_workbook_are_local_times(check, junk):
    """09:30 in the sheet is 09:30 in Shanghai: 01:30 UTC."""
    assert str(check(junk).records[0]["opened_at"]) == "2026-11-03 01:30:00+00:00"


def test_labels_in_any_language_name_the_columns(check, write):
    """A file that was exported from a Chinese desk."""
    found = check(write("受理时间,客户,類別,主题\n2026-11-23 09:00,陈,REF,退款\n"))

    assert found.faults == []
    assert found.records[0]["requester"] == "陈"


def test_names_of_rows_stand_for_their_ids(check, write):
    """People write "Refund" or 退款 and mean REF; a name that nobody knows is a fault at its cell."""
    rows = "2026-11-23,Ann,Refund,x\n2026-11-23,Bob,退款,y\n2026-11-23,Cid,Weather,z\n"
    found = check(write(HEAD + rows))

    assert [record["category"] for record in found.records] == ["REF", "REF"]
    assert found.faults == [
        "file!C4 (category) is 'Weather'; it must be the id or the name of a row of 'categories'."
    ]


def test_a_cell_that_is_wrong_is_left_out_and_listed_but_the_row_goes_in(check, write):
    """Only what a row must have keeps it out."""
    text = "opened_at,requester,category,subject,csat_score\n2026-11-23,Ann,REF,x,9\n"
    found = check(write(text))

    assert len(found.records) == 1
    assert "csat_score" not in found.records[0]
    assert found.faults[0].startswith("file!E2 (csat_score) is '9'")


def test_a_missing_column_is_said_once_and_nothing_goes_in(check, write):
    """Without a subject there is no ticket."""
    found = check(write("opened_at,requester,category\n2026-11-23,Ann,REF\n"))

    assert found.records == []
    assert [fault for fault in found.faults if "a column for 'subject'" in fault]


def test_rows_without_a_key_have_ids_that_stay(check, write):
    """The same file gives the same ids; the same row twice in a file gives two."""
    row = "2026-11-23,Ann,REF,x\n"
    first = check(write(HEAD + row + row, name="a.csv"))
    again = check(write(HEAD + row + row, name="b.csv"))
    ids = [record["id"] for record in first.records]

    assert ids == [record["id"] for record in again.records]
    assert len(set(ids)) == 2
    assert all(id_.startswith("T-") for id_ in ids)


def test_a_key_that_comes_twice_is_a_fault_at_the_second(check, write):
    """One of them would silently win otherwise."""
    text = "number," + HEAD + "7,2026-11-23,Ann,REF,x\n7,2026-11-23,Bob,REF,y\n"
    found = check(write(text))

    assert [record["requester"] for record in found.records] == ["Ann"]
    assert len(found.faults) == 1
    assert found.faults[0].startswith("file!A3 (id) is '7'")


def test_text_that_looks_like_a_formula_stays_text(check, write):
    """And the apostrophe by which our own export keeps it is taken off again."""
    found = check(write(HEAD + "2026-11-23,Ann,REF,=1+1\n2026-11-23,Bob,REF,'=1+1\n"))

    assert [record["subject"] for record in found.records] == ["=1+1", "=1+1"]


def test_a_recipe_is_the_same_after_saving(tmp_path):
    """What was proposed can be changed by hand and used again."""
    recipe = Recipe(
        "tickets",
        (
            Column("id", "number"),
            Column("opened_at", "opened", dates=Order.DAY_FIRST),
            Column("channel", "via", codes={"Tel": "phone"}, otherwise="form", blank="visit"),
            Column("subject", join="{a}, {b}"),
            Column("type", value="apply"),
            Column("flag", "flag", new="boolean", label={"en": "Flag"}),
        ),
        header=3,
        missing=("?",),
        rows=Rows(5000, {"state": ("Closed",)}, "number"),
    )
    save_recipe(tmp_path / "r.yaml", recipe)

    assert load_recipe(tmp_path / "r.yaml") == recipe


@pytest.mark.parametrize(
    "text",
    ["columns: [", "table: tickets\ncolour: red", "columns: {}", "table: t\ncolumns: {a: {form: b}}", "- 1"],
    ids=["torn", "unknown key", "no table", "misspelt", "a list"],
)
def test_a_recipe_that_cannot_be_understood_is_one_sentence(tmp_path, text):
    """It says what the word was and which there are."""
    path = tmp_path / "r.yaml"
    path.write_text(text)
    with pytest.raises(BadMapping, match=r"r\.yaml"):
        load_recipe(path)


def test_a_recipe_for_columns_that_are_not_there_says_which_are(check, write):
    """The file was exported differently this month."""
    recipe = Recipe("tickets", (Column("subject", "Titel"),))
    with pytest.raises(BadMapping, match=r"'Titel'.*opened_at, requester"):
        check(write(HEAD), recipe=recipe)


def test_a_sheet_without_a_header_is_one_sentence(check, tmp_path):
    """Numbers alone name no columns."""
    book = Workbook()
    book.active.append([1, 2, 3])
    book.save(tmp_path / "n.xlsx")
    with pytest.raises(NothingToRead, match="No header row"):
        check(tmp_path / "n.xlsx")


def test_dates_of_a_workbook_that_counts_from_1904_are_right(shared):
    """The file of readxl of five 2000-01-01: 36526 days after 1899-12-30, not four years off."""
    source = open_source(shared / "messy" / "readxl_dates-1904.xls")

    assert list(source.rows("Sheet1")) == [[36526] * 5]
