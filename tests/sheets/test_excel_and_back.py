"""A spreadsheet as an Excel file and back: nothing that people see or rely on is lost."""

import io
import string
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation

from local_sheets import OWNER, Store, answers, api_books, drive_exchange
from local_sheets.batch import batch_update
from local_sheets.mime import XLSX
from local_sheets.store import Book

Json = dict[str, Any]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Return a store for all tests of this file."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder, "book.sqlite"))
        yield store
        store.close()


def seen(book: Book) -> Json:
    """Return all that `spreadsheets.get` says with grid data, without the file's own name and address."""
    said = deepcopy(answers.spreadsheet(book, "", {}, with_cells=True))
    said.pop("spreadsheetId")
    said.pop("spreadsheetUrl")
    said["properties"].pop("title")
    return said


def there_and_back(store: Store, sheets: list[Json], requests: list[Json]) -> tuple[Json, Json]:
    """Make a spreadsheet, export and import it; return what is seen before and after."""

    def make(store: Store) -> tuple[str, Json]:
        with store.writing():
            book = api_books.create(store, {"sheets": sheets})
            if requests:
                batch_update(book, {"requests": requests}, "")
        return book.id, seen(book)

    key, before = store.wait(make)
    how = drive_exchange.export(XLSX)
    content = how.write(store.wait(lambda store: how.take(store.book(key), None)))
    parsed = drive_exchange.parse(content, XLSX)

    def back(store: Store) -> Json:
        with store.writing():
            book = drive_exchange.create(store, {"name": "Back"}, OWNER, parsed)
        after = seen(store.book(book.id))
        with store.writing():
            store.delete(book)
            store.delete(store.book(key))
        return after

    return before, store.wait(back)


def differing(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Yield what differs, and where."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from differing(one.get(name), other.get(name), f"{where}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from differing(*pair, f"{where}[{number}]")
    elif one != other or type(one) is not type(other):
        yield f"{where}: {str(one)[:300]!r} came back as {str(other)[:300]!r}"


def cells(*values: Json, row: int = 0, column: int = 0, sheet: int = 0) -> Json:
    """Return the request that writes cells."""
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    mask = "userEnteredValue,userEnteredFormat,note,dataValidation"
    return {"updateCells": {"start": start, "rows": [{"values": list(values)}], "fields": mask}}


def one_of(*choices: str, **more: Any) -> Json:
    """Return a dropdown."""
    values = [{"userEnteredValue": choice} for choice in choices]
    return {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True} | more


COLOUR = st.fixed_dictionaries(
    {}, optional={part: st.sampled_from([0.2, 0.5, 1, 0.12, 0.7019608]) for part in ("red", "green", "blue")}
)
ODD_TEXTS = st.sampled_from(
    ["=1+1", "+49 30", "-8 %", "@home", "'quoted", "0042", "TRUE", "1e5", "2026-01-02", "  two  ", "a\nb",
     "a\r\nb", "_x0041_", "\x0b\x1f", "<b>&amp;</b>]]>", "套餐 🛋", "🇩🇪👨‍👩‍👧", "#N/A", "\t", "نص"]
)  # fmt: skip
TEXTS = st.one_of(ODD_TEXTS, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
NUMBERS = st.one_of(
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([46_024, 46_024.5]),
)
FORMULAS = st.sampled_from(
    [
        "=1/0",
        "=SUM(A1:A3)",
        '="a"&1',
        "=1+1",
        "=A2:A",
        "=SUM('Data & more'!B2:B)",
        "=IFS(A1>1,2)",
        "=1=1",
        '=""',
    ]
)
VALUES = st.one_of(
    TEXTS.map(lambda text: {"stringValue": text}),
    NUMBERS.map(lambda number: {"numberValue": number}),
    st.booleans().map(lambda value: {"boolValue": value}),
    FORMULAS.map(lambda formula: {"formulaValue": formula}),
)
PATTERNS = st.sampled_from(
    [("DATE", "yyyy-mm-dd"), ("DATE_TIME", "dd/mm/yyyy hh:mm"), ("NUMBER", "#,##0.00"), ("PERCENT", "0.0%"),
     ("CURRENCY", '"¥"#,##0'), ("CURRENCY", "0.00"), ("TEXT", "@"), ("TIME", "[h]:mm"), ("NUMBER", '0 "pcs"')]
)  # fmt: skip
NUMBER_FORMATS = st.one_of(
    PATTERNS.map(lambda both: {"type": both[0], "pattern": both[1]}),
    st.sampled_from(["DATE", "NUMBER", "PERCENT", "SCIENTIFIC"]).map(lambda kind: {"type": kind}),
)
TEXT_FORMATS = st.fixed_dictionaries(
    {},
    optional={
        "bold": st.booleans(),
        "italic": st.booleans(),
        "strikethrough": st.booleans(),
        "underline": st.just(True),
        "fontSize": st.integers(6, 30),
        "fontFamily": st.sampled_from(["Arial", "Roboto", "宋体"]),
        "foregroundColor": COLOUR,
        "link": st.just({"uri": "https://example.com/a?b=c&d=1"}),
    },
)
LINES = st.fixed_dictionaries(
    {"style": st.sampled_from(["SOLID", "SOLID_THICK", "DOTTED", "DASHED", "DOUBLE", "SOLID_MEDIUM"])},
    optional={"color": COLOUR},
)
LOOKS = st.fixed_dictionaries(
    {},
    optional={
        "backgroundColor": COLOUR,
        "numberFormat": NUMBER_FORMATS,
        "textFormat": TEXT_FORMATS,
        "borders": st.dictionaries(st.sampled_from(["top", "bottom", "left", "right"]), LINES, min_size=1),
        "horizontalAlignment": st.sampled_from(["LEFT", "CENTER", "RIGHT"]),
        "verticalAlignment": st.sampled_from(["TOP", "MIDDLE", "BOTTOM"]),
        "wrapStrategy": st.sampled_from(["WRAP", "CLIP", "OVERFLOW_CELL"]),
        "textRotation": st.sampled_from([{"angle": 45}, {"angle": -30}, {"vertical": True}]),
        "padding": st.just({"top": 9, "left": 4}),
    },
)
CHOICES = st.lists(
    st.text(string.ascii_letters + ' ,"\n套=', min_size=1, max_size=8), min_size=1, max_size=4, unique=True
)
CONDITIONS = st.sampled_from(
    [("NUMBER_GREATER", ["5"]), ("NUMBER_BETWEEN", ["1", "10.5"]), ("DATE_AFTER", ["2026-01-02"]),
     ("TEXT_IS_EMAIL", []), ("TEXT_CONTAINS", ['a"b']), ("DATE_IS_VALID", []),
     ("CUSTOM_FORMULA", ["=LEN(A1)<5"]),
     ("BOOLEAN", []), ("BOOLEAN", ["yes", "no"]), ("ONE_OF_RANGE", ["='Data & more'!$A$2:$A"])]
)  # fmt: skip
RULES = st.one_of(
    CHOICES.map(lambda choices: one_of(*choices)),
    st.just(one_of(*(f"choice number {number}" for number in range(20)))),
    CONDITIONS.map(
        lambda both: {
            "condition": {"type": both[0]}
            | ({"values": [{"userEnteredValue": value} for value in both[1]]} if both[1] else {})
        }
    ),
).flatmap(
    lambda rule: st.fixed_dictionaries(
        {}, optional={"strict": st.booleans(), "inputMessage": st.sampled_from(["Choose", "m" * 260])}
    ).map(lambda more: rule | more)
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "userEnteredValue": VALUES,
        "userEnteredFormat": LOOKS,
        "note": TEXTS,
        "dataValidation": RULES,
    },
)
PLACES = st.tuples(st.integers(0, 12), st.integers(0, 6))
SHEETS = [
    {"properties": {"sheetId": 0, "title": "First"}},
    {
        "properties": {
            "sheetId": 7,
            "title": "Data & more",
            "gridProperties": {"rowCount": 50, "columnCount": 9},
        }
    },
]
CONDITIONAL = st.sampled_from(
    [("NUMBER_LESS", ["3"]), ("TEXT_EQ", ["P1"]), ("TEXT_CONTAINS", ["late"]), ("TEXT_STARTS_WITH", ["x"]),
     ("BLANK", []), ("NOT_BLANK", []), ("CUSTOM_FORMULA", ["=$B1>3"]), ("DATE_BEFORE", ["2026-01-02"]),
     ("NUMBER_NOT_BETWEEN", ["1", "2"]), ("TEXT_IS_URL", [])]
)  # fmt: skip


def conditional(both: tuple[str, list[str]], look: Json, box: Json) -> Json:
    """Return the request that adds a conditional format."""
    condition: Json = {"type": both[0]}
    if both[1]:
        condition["values"] = [{"userEnteredValue": value} for value in both[1]]
    rule = {"ranges": [{"sheetId": 7} | box], "booleanRule": {"condition": condition, "format": look}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


BOXES = st.sampled_from(
    [{"startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 0, "endColumnIndex": 2},
     {"startRowIndex": 1, "startColumnIndex": 3, "endColumnIndex": 4}, {}]
)  # fmt: skip
SMALL_LOOKS = st.fixed_dictionaries(
    {"backgroundColor": COLOUR},
    optional={"textFormat": st.just({"bold": True, "foregroundColor": {"red": 1}})},
)


@settings(
    max_examples=80,
    suppress_health_check=list(HealthCheck),
    phases=set(Phase) - {Phase.explain},
)
@given(
    st.dictionaries(PLACES, CELLS, max_size=12),
    st.lists(st.builds(conditional, CONDITIONAL, SMALL_LOOKS, BOXES), max_size=3),
)
def test_any_cells_come_back_as_they_were(
    store: Store, given_cells: dict[tuple[int, int], Json], conditions: list[Json]
) -> None:
    """Values, formats, notes, dropdowns, checks and conditional colours of two sheets."""
    requests = [cells(cell, row=row, column=column) for (row, column), cell in given_cells.items()]
    requests += [cells(cell, row=row, column=column, sheet=7) for (row, column), cell in given_cells.items()]
    before, after = there_and_back(store, deepcopy(SHEETS), deepcopy(requests + conditions))
    assert list(differing(before, after)) == []


def side(kind: str, start: int, end: int) -> Json:
    """Return a DimensionRange of the second sheet."""
    return {"sheetId": 7, "dimension": kind, "startIndex": start, "endIndex": end}


FRAME: list[Json] = [
    {"updateSheetProperties": {
        "properties": {"sheetId": 7, "gridProperties": {"frozenRowCount": 1, "frozenColumnCount": 2},
                       "tabColor": {"red": 1, "green": 0.4}, "hidden": True, "rightToLeft": True},
        "fields": "gridProperties(frozenRowCount,frozenColumnCount),tabColor,hidden,rightToLeft"}},
    {"updateDimensionProperties": {
        "range": side("COLUMNS", 1, 3), "properties": {"pixelSize": 237}, "fields": "pixelSize"}},
    {"updateDimensionProperties": {
        "range": side("COLUMNS", 4, 6), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}},
    {"updateDimensionProperties": {
        "range": side("ROWS", 2, 4), "properties": {"pixelSize": 55}, "fields": "pixelSize"}},
    {"updateDimensionProperties": {
        "range": side("ROWS", 5, 7), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}},
    {"mergeCells": {"mergeType": "MERGE_ALL", "range": {
        "sheetId": 7, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}}},
    {"setBasicFilter": {"filter": {"range": {
        "sheetId": 7, "startRowIndex": 0, "endRowIndex": 40, "startColumnIndex": 0, "endColumnIndex": 5}}}},
    {"addNamedRange": {"namedRange": {"namedRangeId": "n1", "name": "Rates", "range": {
        "sheetId": 7, "startRowIndex": 1, "startColumnIndex": 3, "endColumnIndex": 4}}}},
    {"addNamedRange": {"namedRange": {"namedRangeId": "n2", "name": "R", "range": {
        "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 3, "endColumnIndex": 4}}}},
    {"addProtectedRange": {"protectedRange": {"protectedRangeId": 5, "range": {"sheetId": 7}}}},
    {"addProtectedRange": {"protectedRange": {"protectedRangeId": 6, "warningOnly": True, "range": {
        "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}}}},
    {"addBanding": {"bandedRange": {"bandedRangeId": 8, "range": {
        "sheetId": 7, "startRowIndex": 0, "endRowIndex": 9, "startColumnIndex": 0, "endColumnIndex": 5},
        "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {"green": 1}}}}},
    {"addConditionalFormatRule": {"index": 0, "rule": {
        "ranges": [{"sheetId": 7, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 3,
                    "endColumnIndex": 4}],
        "gradientRule": {"minpoint": {"type": "MIN", "color": {"red": 1}},
                         "midpoint": {"type": "PERCENTILE", "value": "50", "color": {"red": 1, "green": 1}},
                         "maxpoint": {"type": "MAX", "color": {"green": 1}}}}}},
    {"createDeveloperMetadata": {"developerMetadata": {
        "metadataId": 77, "metadataKey": "version", "metadataValue": "3", "visibility": "DOCUMENT",
        "location": {"spreadsheet": True}}}},
]  # fmt: skip


def test_frames_come_back_as_they_were(store: Store) -> None:
    """Frozen, hidden, sized, merged, filtered, named, protected, banded, shaded; claims of the book too."""
    before, after = there_and_back(store, deepcopy(SHEETS), deepcopy(FRAME))
    assert list(differing(before, after)) == []


def test_titles_that_excel_does_not_allow_come_back(store: Store) -> None:
    """Cut to 31 characters and told apart in the file; formulas that name them follow."""
    long = "A title of more than thirty-one characters, no. "
    titles = [long + "1", long + "2", "a/b", "A:B", "'quoted'", "history", "一" * 60]
    sheets = [{"properties": {"sheetId": n, "title": title}} for n, title in enumerate(titles)]
    formula = cells({"userEnteredValue": {"formulaValue": f"=SUM('{long}2'!A1:A3)"}})
    before, after = there_and_back(store, sheets, [formula])
    assert list(differing(before, after)) == []


def exported(store: Store, requests: list[Json]) -> tuple[Any, bytes]:
    """Return a spreadsheet's Excel file as openpyxl reads it, and its bytes."""

    def make(store: Store) -> Any:
        with store.writing():
            book = api_books.create(store, {"sheets": deepcopy(SHEETS)})
            batch_update(book, {"requests": deepcopy(requests)}, "")
        return drive_exchange.export(XLSX).take(book, None)

    content = drive_exchange.export(XLSX).write(store.wait(make))
    return load_workbook(io.BytesIO(content)), content


def test_excel_itself_sees_what_people_see(store: Store) -> None:
    """The file says it in Excel's own words: openpyxl, which knows nothing of ours, reads it."""
    look = {
        "backgroundColor": {"red": 1},
        "textFormat": {"bold": True, "link": {"uri": "https://example.com/"}},
        "numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"},
    }
    day = {"userEnteredValue": {"numberValue": 46_024}, "userEnteredFormat": look, "note": "A note"}
    text = {"userEnteredValue": {"stringValue": "=1+1"}, "dataValidation": one_of("a", "b", strict=True)}
    total = {"userEnteredValue": {"formulaValue": "=1+1"}, "dataValidation": one_of(*"abc, d")}
    book, content = exported(store, [*FRAME, cells(day, text, total)])
    first, second = book["First"], book["Data & more"]

    assert first["A1"].value == datetime(2026, 1, 2)
    assert (first["A1"].font.b, first["A1"].fill.fgColor.rgb) == (True, "00FF0000")
    assert (first["A1"].comment.text, first["A1"].hyperlink.target) == ("A note", "https://example.com/")
    assert (first["B1"].value, first["B1"].data_type, first["B1"].quotePrefix) == ("=1+1", "s", True)
    assert (first["C1"].value, first["C1"].data_type) == ("=1+1", "f")
    assert load_workbook(io.BytesIO(content), data_only=True)["First"]["C1"].value == 2
    lists = {str(rule.sqref): rule.formula1 for rule in first.data_validations.dataValidation}
    assert lists == {"B1": '"a,b"', "C1": "_local_sheets!$E$1:$E$6"}
    assert [book["_local_sheets"][f"E{n}"].value for n in range(1, 7)] == list("abc, d")
    assert book["_local_sheets"].sheet_state == "veryHidden"
    assert (second.freeze_panes, second.sheet_state, second.sheet_properties.tabColor.rgb) == (
        "C2",
        "hidden",
        "00FF6600",
    )
    assert [str(place) for place in second.merged_cells.ranges] == ["A2:B3"]
    assert second.column_dimensions["B"].width == pytest.approx(237 / 7)
    assert second.column_dimensions["E"].hidden
    assert second.row_dimensions[3].ht == 55 * 0.75
    assert second.protection.sheet
    assert not first.protection.sheet
    assert book.defined_names["Rates"].attr_text == "'Data & more'!$D$2:$D$50"


def test_a_file_that_was_edited_in_excel_is_read_by_what_it_says_there(store: Store) -> None:
    """Openpyxl stands for Excel: it writes values, colours, sizes and dropdowns of its own."""
    rule = one_of("a", "b", strict=True)
    cell = {"userEnteredValue": {"numberValue": 1}, "userEnteredFormat": {"padding": {"top": 9}}}
    book, _ = exported(store, [*FRAME, cells(cell | {"dataValidation": rule})])
    first, second = book["First"], book["Data & more"]
    first["A1"], first["A3"] = "changed", "新"
    first["A3"].fill = PatternFill("solid", fgColor="00FF00")
    first["A3"].comment = Comment("from Excel", "somebody")
    first.data_validations.dataValidation[0].formula1 = '"x,y,z"'
    second.freeze_panes = "A3"
    second.column_dimensions["B"].width = 30
    saved = io.BytesIO()
    book.save(saved)

    after = imported(store, saved.getvalue())
    one, two = after["sheets"]
    rows = one["data"][0]["rowData"]
    assert rows[0]["values"][0]["userEnteredValue"] == {"stringValue": "changed"}
    choices = rows[0]["values"][0]["dataValidation"]["condition"]["values"]
    assert [choice["userEnteredValue"] for choice in choices] == ["x", "y", "z"]
    new = rows[2]["values"][0]
    assert (new["userEnteredFormat"]["backgroundColor"], new["note"]) == ({"green": 1}, "from Excel")
    assert two["properties"]["gridProperties"]["frozenRowCount"] == 2
    assert two["properties"]["sheetId"] == 7
    assert two["data"][0]["columnMetadata"][1]["pixelSize"] == 210
    assert [sheet["properties"]["title"] for sheet in after["sheets"]] == ["First", "Data & more"]


def imported(store: Store, content: bytes) -> Json:
    """Return what is seen of a file that was imported."""
    parsed = drive_exchange.parse(content, XLSX)

    def work(store: Store) -> Json:
        with store.writing():
            return seen(drive_exchange.create(store, {"name": "x"}, OWNER, parsed))

    return store.wait(work)


def test_a_stranger_file_is_read_in_excels_words(store: Store) -> None:
    """Shared texts, theme colours with a tint, shared formulas, the Mac's calendar, whole columns."""
    book = Workbook()
    page = book.active
    page.append(["name", "when", "rate"])
    page.append(["Ann", datetime(2026, 1, 2), 0.5])
    page["C2"].number_format = "0%"
    page["A1"].font = Font(bold=True, color=Color(theme=4, tint=0.5), name="Calibri", sz=11)
    page.conditional_formatting.add(
        "C2:C9", CellIsRule("greaterThan", ["0.4"], fill=PatternFill(bgColor="FFC7CE"))
    )
    dropdown = DataValidation("list", "=$A$1:$A$3", showErrorMessage=True)
    dropdown.add("D1:D1048576")
    page.add_data_validation(dropdown)
    book.epoch = CALENDAR_MAC_1904
    saved = io.BytesIO()
    book.save(saved)

    sheet = imported(store, saved.getvalue())["sheets"][0]
    header, row = (item["values"] for item in sheet["data"][0]["rowData"][:2])
    assert header[0]["userEnteredFormat"]["textFormat"]["bold"] is True
    assert header[0]["userEnteredFormat"]["textFormat"]["foregroundColor"] == {
        "red": 0.654902, "green": 0.7529412, "blue": 0.87058824,
    }  # fmt: skip
    assert row[1]["userEnteredValue"] == {"numberValue": 46_024}
    assert row[1]["formattedValue"] == "2026-01-02 0:00:00"
    assert row[2]["formattedValue"] == "50%"
    assert row[3]["dataValidation"]["condition"]["values"] == [{"userEnteredValue": "=$A$1:$A$3"}]
    assert sheet["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    condition = sheet["conditionalFormats"][0]["booleanRule"]["condition"]
    assert condition == {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "0.4"}]}


@pytest.mark.parametrize("text", ["x" * 32_767, "x" * 32_768, "套" * 50_000, "🛋" * 16_383, "🛋" * 20_000])
def test_a_text_that_excel_cannot_hold_says_so_in_its_cell_and_comes_back_whole(
    store: Store, text: str
) -> None:
    """Excel's limit is 32,767 units of 16 bits, Google's 50,000 characters."""
    long = cells({"userEnteredValue": {"stringValue": text}}, row=6, column=1, sheet=7)
    before, after = there_and_back(store, deepcopy(SHEETS), [long])
    assert after == before
    shown = exported(store, [long])[0]["Data & more"]["B7"].value
    units = len(shown.encode("utf-16-le")) // 2
    assert units <= 32_767
    assert (shown == text) == (len(text.encode("utf-16-le")) // 2 <= 32_767)
    assert shown == text or shown.endswith(f" … [{len(text)} characters, of which Excel shows these]")
