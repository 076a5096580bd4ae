"""A spreadsheet as an Excel file and back: nothing that people see or rely on is lost."""

import string
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

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
     ("TEXT_IS_EMAIL", []), ("TEXT_CONTAINS", ['a"b']), ("CUSTOM_FORMULA", ["=LEN(A1)<5"]), ("DATE_IS_VALID", []),
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


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.explain})
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
