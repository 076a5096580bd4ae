"""Reading a workbook for the sheet doctor: every cell with its formula, and how its sheets are laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sheets_schema import workbook
from sheets_schema.book import columns, layout
from sheets_schema.book.layout import Standing
from sheets_schema.book.load import understood
from sheets_schema.book.titles import quoted
from sheets_schema.doctor import Finding, Fix, Sheet, diagnose
from sheets_schema.doctor.diagnose import in_order
from sheets_schema.errors import UnknownTable
from sheets_schema.language import Fault, Table
from sheets_schema.language.cells import address
from sheets_schema.language.header import Header, match
from sheets_schema.words import Message

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["Examination", "changes_of_layout", "examine", "read_sheets"]

Json = dict[str, Any]
Cells = list[list[Any]]

RENDER: Final = {"valueRenderOption": "FORMULA", "dateTimeRenderOption": "SERIAL_NUMBER"}
MANY: Final = 60
"""With more ranges than that, the sheets that have formulas are read whole a second time."""
LAID_OUT: Final = Fix("lay_out", Message("doctor.fix.lay_out"))


@dataclass(frozen=True)
class Examination:
    """What the doctor has found.

    Args:
        sheets: What was looked at, by name; with them those that they refer to.
        asked: The names of the sheets that were asked for.
        findings: All that is wrong in those, by sheet, row and column.
    """

    sheets: Mapping[str, Sheet]
    asked: tuple[str, ...]
    findings: tuple[Finding, ...]

    def with_newer(self, other: Examination) -> Examination:
        """Return this with the sheets that were examined again since."""
        kept = [each for each in self.findings if each.fault.sheet not in other.asked]
        found = [*kept, *other.findings]
        by_sheet = [each for name in self.asked for each in found if each.fault.sheet == name]
        return Examination({**self.sheets, **other.sheets}, self.asked, tuple(by_sheet))


def examine(
    book: Book, names: Iterable[str] = (), told: Callable[[int, int], None] | None = None
) -> Examination:
    """Look at some sheets, or all: in three requests, and a fourth where there are formulas.

    Args:
        book: The workbook. It is not changed, but that the journal learns what people have edited in a sheet
            whose columns are not all there: they are recognised by what is known of it.
        names: Their tables; all where left out. The tables that they refer to are read along.
        told: Called with how many steps are done, and how many there are: each sheet is read, then judged.

    Raises:
        UnknownTable: A name that the workbook does not declare.
        BookError: The workbook cannot be reached or read.
    """
    book.load()
    asked = tuple(names) or tuple(book.tables)
    for name in asked:
        if name not in book.tables:
            raise UnknownTable(table=name, tables=", ".join(book.tables))
    along = (each.foreign for name in asked for each in book.tables[name].fields if each.foreign)
    wanted = [name for name in dict.fromkeys((*asked, *along)) if name in book.tables]
    book.workbook.refresh()
    there = [name for name in wanted if name in book.workbook.grids]

    def step(done: int) -> None:
        if told is not None:
            told(done, 2 * len(there))

    sheets = read_sheets(book, there, step)
    readings = {name: sheet.reading for name, sheet in sheets.items()}
    between = workbook.check(readings, book.tables)
    cells = diagnose(sheets, book.tables, between, book.time_zone, lambda done: step(len(there) + done))
    laid_out = _layout_findings(book, there)
    gone = [_gone(name) for name in asked if name not in there]
    found = [*gone, *(each for each in (*cells, *laid_out) if each.fault.sheet in asked)]
    by_sheet = {name: in_order(each for each in found if each.fault.sheet == name) for name in asked}
    return Examination(sheets, asked, tuple(each for some in by_sheet.values() for each in some))


def read_sheets(
    book: Book, names: Sequence[str], told: Callable[[int], None] | None = None
) -> dict[str, Sheet]:
    """Read sheets with their formulas: one request, and a second for what the formulas give.

    Those whose columns are not all there by name are loaded, too, so that renamed ones are recognised.

    A text may look like a formula; it is none where the sheet shows the text itself.
    """
    if not names:
        return {}
    answer = book.client.values_batch_get(book.workbook.id, [quoted(name) for name in names], dict(RENDER))
    held: dict[str, Cells] = {
        name: found.get("values", []) for name, found in zip(names, answer["valueRanges"], strict=True)
    }
    formulas = {name: _looks_like_one(cells) for name, cells in held.items()}
    _put_results(book, held, formulas)
    odd = [name for name in names if match(book.tables[name], held[name][0] if held[name] else ()).faults]
    if odd:
        book.load(*odd)
    sheets = {}
    for name in names:
        sheets[name] = Sheet(
            book.tables[name],
            held[name],
            book.tables[name].read(held[name], time_zone=book.time_zone, header=_header(book, name, held)),
            {place: text for place, text in formulas[name].items() if _at(held[name], place) != text},
        )
        if told is not None:
            told(len(sheets))
    return sheets


def _header(book: Book, name: str, held: Mapping[str, Cells]) -> Header:
    """Return a sheet's first row, understood as when it was loaded."""
    return understood(book.tables[name], held[name], book.shown.get(name), book.time_zone)


def _looks_like_one(cells: Cells) -> dict[tuple[int, int], str]:
    """Return the cells that may be formulas: (number of the row, position of the column) -> text."""
    return {
        (number, place): cell
        for number, row in enumerate(cells, start=1)
        for place, cell in enumerate(row)
        if type(cell) is str and cell.startswith(("=", "'="))
    }


def _put_results(book: Book, held: Mapping[str, Cells], formulas: Mapping[str, Mapping[Any, str]]) -> None:
    """Put what formulas give into their cells."""
    places = [(name, place) for name, some in formulas.items() for place in some]
    if not places:
        return
    if len(places) > MANY:
        some = list(dict.fromkeys(name for name, _ in places))
        whole = dict(zip(some, book.read([quoted(name) for name in some]), strict=True))
        results = [_at(whole[name], place) for name, place in places]
    else:
        ranges = [f"{quoted(name)}!{address(place, row)}" for name, (row, place) in places]
        results = [_at(found, (1, 0)) for found in book.read(ranges)]
    for (name, (row, place)), result in zip(places, results, strict=True):
        held[name][row - 1][place] = result


def _at(cells: Cells, place: tuple[int, int]) -> Any:
    """Return a cell by the number of its row and the position of its column; blank beyond an end."""
    row = cells[place[0] - 1] if place[0] <= len(cells) else []
    return row[place[1]] if place[1] < len(row) else ""


def _gone(name: str) -> Finding:
    """Return the finding of a sheet that is not there."""
    fault = Fault(name, "", "", 0, "", Message("doctor.must.missing_sheet"))
    return Finding("missing_sheet", fault, LAID_OUT, "sure")


def _layout_findings(book: Book, names: Sequence[str]) -> list[Finding]:
    """Return where sheets are not laid out as their tables say any more."""
    return [
        Finding(kind, _layout_fault(name, kind, place, now), LAID_OUT, "sure", place=place)
        for name, (now, changes) in changes_of_layout(book, names).items()
        for kind, place in changes
    ]


def _layout_fault(name: str, kind: str, place: int, now: Standing) -> Fault:
    """Return what is wrong with a column's layout."""
    header = now.names[place] if place < len(now.names) else ""
    return Fault(name, address(place, 1), header, 1, "", Message(f"doctor.must.{kind}", {"name": header}))


Changes = dict[tuple[str, int], list[Json]]
"""Kind of finding and position of the column -> the requests that put it right."""


def changes_of_layout(book: Book, names: Sequence[str]) -> dict[str, tuple[Standing, Changes]]:
    """Return what would lay sheets out as their tables say, by what it puts right.

    It is asked of `layout`, so whatever that lays out is looked after here. Columns that are missing
    are the header's concern, and left out.
    """
    known = layout.standing(book.workbook, list(book.tables))
    keys = layout.key_ranges(book.tables, known)
    found = {}
    for name in names:
        now, places = known[name], match(book.tables[name], known[name].names).places
        there = replace(
            book.tables[name],
            fields=tuple(each for each in book.tables[name].fields if each.name in places),
            carried=0,
        )
        requests = layout.requests_for(there, now, now.columns, keys) if places else []
        changes: Changes = {}
        for request in requests:
            for kind, place in _puts_right(there, request, now, keys):
                changes.setdefault((kind, place), []).append(request)
        found[name] = (now, changes)
    return found


def _puts_right(table: Table, request: Json, now: Standing, keys: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return what a request of the layout puts right, and in which column."""
    (action, body), place = next(iter(request.items())), _column(request)
    if action == "updateSheetProperties":
        return [("frozen", 0)]
    if action == "addConditionalFormatRule":
        return [("colours", place)]
    if "Protected" in action:
        return [("protection", place)]
    if action == "updateCells":
        return [("note" if body["fields"] == "note" else "look", place)]
    if action == "repeatCell" and body["range"].get("startRowIndex", 0) == 0:
        return [("look", place)]
    return [(kind, place) for kind in _lost(table, place, now, keys)]


def _lost(table: Table, place: int, now: Standing, keys: Mapping[str, str]) -> list[str]:
    """Return what a column's cells have lost: their number format, their rule, or both."""
    header = now.names[place] if place < len(now.names) else ""
    name = table.name_of(header)
    if name is None:
        return ["look"]
    below = now.below[place] if place < len(now.below) else {}
    wanted = columns.template(table.field(name), keys)
    kinds = {"userEnteredFormat": "number_format", "dataValidation": "validation"}
    lost = [kinds[part] for part in wanted if not layout.same_column(below, {part: wanted[part]})]
    return lost or ["validation"]


def _column(request: Json | list[Any]) -> int:
    """Return the first column that a request of the layout is about."""
    if isinstance(request, dict):
        for name in ("startColumnIndex", "columnIndex"):
            if isinstance(request.get(name), int):
                return int(request[name])
        inside: Iterable[Any] = request.values()
    else:
        inside = request
    return next((place for each in inside if isinstance(each, dict | list) and (place := _column(each))), 0)
