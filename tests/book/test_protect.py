"""Protected columns: a warning over ids and what the book fills, put back when gone, never in the way."""

import pytest
import requests

from sheets_schema import workbook
from sheets_schema.book import Change, open_book
from sheets_schema.book.open import reach
from sheets_schema.errors import CredentialFault, NotProtected

MASK = {"fields": "sheets(properties(title),protectedRanges,conditionalFormats)"}


def laid_out(book, name, what="protectedRanges"):
    """Return the protected ranges of a sheet, or its rules of colours."""
    sheets = book.workbook.fetch_sheet_metadata(MASK)["sheets"]
    (found,) = [each.get(what, []) for each in sheets if each["properties"]["title"] == name]
    return found


def protected(book, name):
    """Return the names of a sheet's columns that are protected, and whether all only warn."""
    header = book.workbook.worksheet(name).row_values(1)
    ranges = [each["range"] for each in laid_out(book, name)]
    names = {header[at] for each in ranges for at in range(each["startColumnIndex"], each["endColumnIndex"])}
    return names, all(each.get("warningOnly") for each in laid_out(book, name))


def ask(book, *requests_):
    """Send requests as a person's program would."""
    book.workbook.batch_update({"requests": list(requests_)})


@pytest.mark.parametrize("name", ["tickets", "people", "journal"])
def test_ids_and_what_the_book_fills_are_protected_by_a_warning(book, name):
    """Those columns and no others; in the journal all of them."""
    table = workbook.tables()[name]
    wanted = {each.name for each in table.fields if each.computed or each.name == table.key}
    assert protected(book, name) == (wanted, True)
    assert {"id", "created_at", "updated_by", "version"} & set(table.names) <= wanted


@pytest.fixture
def shared(failing, tmp_path, monkeypatch):
    """Return a laid-out workbook of an owner, that a colleague may write in and a visitor read, by token."""
    people = ("--person", "lina@example.com=colleague", "--person", "guest@example.com=visitor")
    address, _file = failing(tmp_path / "shared.sqlite", "--token", "owner", *people)
    monkeypatch.setenv("OPSLINE_TOKEN", "owner")
    owner = reach(address, make=True)
    owner.lay_out("Asia/Shanghai")
    for email, role in (("lina@example.com", "writer"), ("guest@example.com", "reader")):
        requests.post(
            f"{address}/drive/v3/files/{owner.workbook.id}/permissions",
            json={"type": "user", "role": role, "emailAddress": email},
            headers={"Authorization": "Bearer owner"},
            timeout=10,
        ).raise_for_status()
    return owner


def of(owner, token, monkeypatch, opened=open_book):
    """Return the owner's workbook as somebody else opens it."""
    monkeypatch.setenv("OPSLINE_TOKEN", token)
    return opened(owner.address)


def test_a_colleague_writes_sorts_inserts_and_deletes_rows_through_it(shared, monkeypatch, now):
    """A warning keeps nobody out: neither the desk in their name nor their hands in the sheet."""
    book = of(shared, "colleague", monkeypatch)
    rows = [Change("people", {"id": f"E{n}", "name": f"Name {n}", "role": "agent"}) for n in (2, 1, 3)]
    book.save(rows, who="E1", source="test", now=now)
    sheet = book.workbook.worksheet("people")
    sheet.sort((1, "asc"), range="A2:Z4")
    sheet.insert_row(["E0"], 2)
    sheet.delete_rows(3)
    assert sheet.col_values(1) == ["id", "E0", "E2", "E3"]
    assert protected(book, "people")[0] >= {"id", "version"}


def test_what_was_taken_away_comes_back_alone(small_book, calls):
    """A protection, a dropdown and a colour; a second run asks nothing of anybody."""
    table = small_book.tables["tickets"]
    grid = small_book.grid("tickets").id
    place = table.names.index("priority")
    rules = laid_out(small_book, "tickets", "conditionalFormats")
    codes = [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in rules]
    column = {"sheetId": grid, "startRowIndex": 1, "startColumnIndex": place, "endColumnIndex": place + 1}
    before = protected(small_book, "tickets")
    first = laid_out(small_book, "tickets")[0]["protectedRangeId"]
    ask(
        small_book,
        {"deleteProtectedRange": {"protectedRangeId": first}},
        {"deleteConditionalFormatRule": {"sheetId": grid, "index": codes.index("P1")}},
        {"setDataValidation": {"range": column}},
    )
    values = small_book.workbook.worksheet("tickets").get_all_values()
    assert small_book.lay_out() == ("tickets",)
    assert protected(small_book, "tickets") == before
    rules = laid_out(small_book, "tickets", "conditionalFormats")
    back = [rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for rule in rules]
    assert sorted(back) == sorted(codes)
    params = {"ranges": ["tickets!2:2"], "includeGridData": "true"}
    (shown,) = small_book.workbook.fetch_sheet_metadata(params)["sheets"]
    assert shown["data"][0]["rowData"][0]["values"][place]["dataValidation"]["strict"]
    assert small_book.workbook.worksheet("tickets").get_all_values() == values
    counted = calls(small_book)
    assert small_book.lay_out() == ()
    assert {call.partition(" ")[0] for call in counted.sent} == {"GET"}


def test_what_people_have_made_of_the_looks_stays(small_book):
    """Their pattern of days, their colour for a code, a stricter protection, a wide column, their own."""
    sheet, grid = small_book.workbook.worksheet("tickets"), small_book.grid("tickets").id
    day = small_book.tables["tickets"].names.index("opened_at")
    days = {"sheetId": grid, "startRowIndex": 1, "startColumnIndex": day, "endColumnIndex": day + 1}
    pattern = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "d.m.yyyy"}}}
    rules = laid_out(small_book, "tickets", "conditionalFormats")
    rules[0]["booleanRule"]["format"] = {"backgroundColor": {"blue": 1}}
    kept = laid_out(small_book, "tickets")[0]
    wide = {"sheetId": grid, "dimension": "COLUMNS", "startIndex": day, "endIndex": day + 1}
    ask(
        small_book,
        {"repeatCell": {"range": days, "cell": pattern, "fields": "userEnteredFormat.numberFormat"}},
        {"updateConditionalFormatRule": {"index": 0, "rule": rules[0]}},
        {"deleteProtectedRange": {"protectedRangeId": kept["protectedRangeId"]}},
        {"addProtectedRange": {"protectedRange": {"range": kept["range"]}}},
        {
            "updateDimensionProperties": {
                "range": wide,
                "properties": {"pixelSize": 333},
                "fields": "pixelSize",
            }
        },
    )
    sheet.insert_cols([["remark", "mine"]], 3)
    whole = {"includeGridData": "true", "ranges": ["tickets!1:3"]}
    before = small_book.workbook.fetch_sheet_metadata(whole)
    assert small_book.lay_out() == ()
    assert small_book.workbook.fetch_sheet_metadata(whole) == before


def test_who_may_not_protect_is_told_so_and_the_rest_is_laid_out(shared, monkeypatch):
    """A sheet that its owner has locked; the colleague's run still brings back what lies elsewhere."""
    grid = shared.grid("people").id
    numbers = [each["protectedRangeId"] for each in laid_out(shared, "people")]
    taken = [{"deleteProtectedRange": {"protectedRangeId": number}} for number in numbers]
    free = [{"sheetId": grid, "startColumnIndex": 0}]
    lock = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": grid}, "unprotectedRanges": free}}}
    shared.workbook.del_worksheet(shared.workbook.worksheet("risks"))
    ask(shared, *taken, lock)
    book = of(shared, "colleague", monkeypatch)
    with pytest.raises(NotProtected, match=r"may not protect .* run .opsline init"):
        book.lay_out()
    assert book.workbook.worksheet("risks").row_values(1)[0] == "id"


def test_a_reader_is_told_what_is_missing(shared, monkeypatch):
    """One sentence, whether a protection is missing or a whole sheet."""
    book = of(shared, "visitor", monkeypatch)
    assert book.lay_out() == ()
    first = laid_out(shared, "people")[0]["protectedRangeId"]
    ask(shared, {"deleteProtectedRange": {"protectedRangeId": first}})
    with pytest.raises(NotProtected, match="may not protect"):
        book.lay_out()
    shared.workbook.del_worksheet(shared.workbook.worksheet("risks"))
    with pytest.raises(CredentialFault, match="share the spreadsheet with it as an editor"):
        book.lay_out()
