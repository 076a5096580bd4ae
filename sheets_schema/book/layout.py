"""Laying out a workbook: its sheets, headers, notes, dropdowns, formats, colours and protected columns.

Laid out again, it changes only what differs, and never a row below a header. What people have made of the
looks stays: their columns, notes, widths, patterns of numbers and colours of their own.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.book import columns, protect
from sheets_schema.book.cells import cell_data
from sheets_schema.book.titles import quoted
from sheets_schema.language import Table
from sheets_schema.language.header import match

if TYPE_CHECKING:
    from sheets_schema.book.grids import Workbook

__all__ = ["Standing", "add_columns", "new_sheet", "requests_for", "same_column", "standing"]

Json = dict[str, Any]

ROWS: Final = 200
"""Rows that a new sheet has; it grows when they are full."""
HEADER: Final[Json] = {
    "backgroundColorStyle": {"rgbColor": {"red": 0.12, "green": 0.31, "blue": 0.47}},
    "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}}},
    "verticalAlignment": "MIDDLE",
    "wrapStrategy": "WRAP",
}
HEADER_MASK: Final = "userEnteredFormat(backgroundColorStyle,textFormat,verticalAlignment,wrapStrategy)"
CELL_MASK: Final = "userEnteredValue,formattedValue,note,userEnteredFormat,dataValidation"
MASK: Final = f"sheets(properties,conditionalFormats,protectedRanges,data(rowData(values({CELL_MASK}))))"


@dataclass(frozen=True, slots=True)
class Standing:
    """A table's sheet as it is laid out now.

    Args:
        id: The sheet's number.
        rows: Rows of its grid.
        columns: Columns of its grid.
        frozen: Rows that stay in sight.
        header: The cells of the first row.
        below: The cells of the second, whose formats and dropdowns stand for their columns'.
        colours: Its rules of conditional colours.
        protected: Its protected ranges.
        names: The texts of the first row.
    """

    id: int
    rows: int
    columns: int
    frozen: int
    header: Sequence[Json] = ()
    below: Sequence[Json] = ()
    colours: Sequence[Json] = ()
    protected: Sequence[Json] = ()
    names: tuple[str, ...] = ()


def standing(workbook: Workbook, names: Sequence[str]) -> dict[str, Standing]:
    """Return how the sheets of some tables are laid out, in one request; absent ones are left out."""
    there = [name for name in names if name in workbook.grids]
    if not there:
        return {}
    params = {"fields": MASK, "ranges": [f"{quoted(name)}!1:2" for name in there]}
    return {
        sheet["properties"]["title"]: _standing(sheet)
        for sheet in workbook.fetch_sheet_metadata(params)["sheets"]
    }


def _standing(sheet: Json) -> Standing:
    """Return how one sheet is laid out."""
    about = sheet["properties"]
    grid = about.get("gridProperties", {})
    rows = [row.get("values", []) for row in (sheet.get("data") or [{}])[0].get("rowData", [])]
    header, below = [*rows, [], []][:2]
    return Standing(
        about.get("sheetId", 0),
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        grid.get("frozenRowCount", 0),
        header,
        below,
        sheet.get("conditionalFormats", ()),
        sheet.get("protectedRanges", ()),
        tuple(cell.get("formattedValue", "") for cell in header),
    )


def new_sheet(table: Table, index: int, taken: frozenset[int], keys: Mapping[str, str]) -> list[Json]:
    """Return the requests that make a table's sheet.

    Args:
        table: The table.
        index: The position of its tab.
        taken: Numbers of sheets that are there already.
        keys: Table -> range of its ids, for dropdowns of ids.
    """
    number = _number(table.name, taken)
    grid = {"rowCount": ROWS, "columnCount": len(table.fields), "frozenRowCount": 1}
    about = {"sheetId": number, "title": table.name, "index": index, "gridProperties": grid}
    places = {name: place for place, name in enumerate(table.names)}
    return [
        {"addSheet": {"properties": about}},
        *_header(table, places, number),
        *_widths(table, places, number),
        *columns.column_rules(table, places, number, ROWS, keys),
        *colours(table, places, number, ()),
        *protect.protections(table, places, number, ROWS, ()),
    ]


def add_columns(
    table: Table, names: Sequence[str], start: int, now: Standing, keys: Mapping[str, str]
) -> list[Json]:
    """Return the requests that add columns to a sheet.

    Args:
        table: The sheet's table.
        names: The fields that have no column.
        start: The position of the first column that is free down to the last row.
        now: The sheet.
        keys: Table -> range of its ids.
    """
    places = {name: start + more for more, name in enumerate(names)}
    short = start + len(names) - now.columns
    wider = {"sheetId": now.id, "dimension": "COLUMNS", "length": short}
    return [
        *([{"appendDimension": wider}] if short > 0 else []),
        *_header(table, places, now.id),
        *_widths(table, places, now.id),
        *columns.column_rules(table, places, now.id, now.rows, keys),
        *colours(table, places, now.id, ()),
        *protect.protections(table, places, now.id, now.rows, ()),
    ]


def requests_for(table: Table, now: Standing, free: int, keys: Mapping[str, str]) -> list[Json]:
    """Return the requests after which a sheet that is there is laid out as its table says.

    Args:
        table: The sheet's table.
        now: How it is laid out now.
        free: The position of the first column that is free down to the last row.
        keys: Table -> range of its ids.
    """
    places = dict(match(table, now.names).places)
    missing = [name for name in table.names if name not in places]
    requests: list[Json] = []
    if now.frozen < 1:
        about = {"sheetId": now.id, "gridProperties": {"frozenRowCount": 1}}
        mask = "gridProperties.frozenRowCount"
        requests.append({"updateSheetProperties": {"properties": about, "fields": mask}})
    requests += [
        request for name, place in places.items() for request in _differs(table, name, place, now, keys)
    ]
    if missing:
        requests += add_columns(table, missing, free, now, keys)
    requests += colours(table, places, now.id, now.colours)
    return requests + protect.protections(table, places, now.id, now.rows, now.protected)


def _differs(table: Table, name: str, place: int, now: Standing, keys: Mapping[str, str]) -> list[Json]:
    """Return the requests for what differs in one column that is there."""
    field_ = table.field(name)
    head, below = _at(now.header, place), _at(now.below, place)
    requests: list[Json] = []
    said, want = head.get("note", ""), columns.note(field_)
    if said != want and (not said or said.partition("\n")[0] == want.partition("\n")[0]):
        requests.append(_note(now.id, place, want))
    if not head.get("userEnteredFormat", {}).get("textFormat", {}).get("bold"):
        requests.append(_dressed(now.id, place))
    if not same_column(below, columns.template(table.field(name), keys)):
        requests += columns.column_rules(table, {name: place}, now.id, now.rows, keys)
    return requests


def same_column(there: Json, wanted: Json) -> bool:
    """Say whether a column's cells have the format and the dropdown that are wanted."""
    form = wanted.get("userEnteredFormat", {}).get("numberFormat")
    held = there.get("userEnteredFormat", {}).get("numberFormat", {})
    if form is not None and not columns.same_form(held, form):
        return False
    rule = wanted.get("dataValidation")
    return rule is None or _same_rule(there.get("dataValidation"), rule)


def _same_rule(there: Json | None, wanted: Json) -> bool:
    """Say whether a dropdown is as wanted; a range of ids may have been written out by the service."""
    if there is None or there.get("condition", {}).get("type") != wanted["condition"]["type"]:
        return False
    by_range = wanted["condition"]["type"] == "ONE_OF_RANGE"
    return by_range or bool(there["condition"].get("values") == wanted["condition"].get("values"))


def _header(table: Table, places: Mapping[str, int], sheet: int) -> list[Json]:
    """Return the requests that write header cells side by side, with their notes and colours."""
    values = [
        {**cell_data(name), "note": columns.note(table.field(name)), "userEnteredFormat": HEADER}
        for name in places
    ]
    start = {"sheetId": sheet, "rowIndex": 0, "columnIndex": min(places.values())}
    mask = f"userEnteredValue,note,{HEADER_MASK}"
    return [{"updateCells": {"start": start, "rows": [{"values": values}], "fields": mask}}]


def _note(sheet: int, place: int, text: str) -> Json:
    """Return the request that writes a header cell's note."""
    start = {"sheetId": sheet, "rowIndex": 0, "columnIndex": place}
    return {"updateCells": {"start": start, "rows": [{"values": [{"note": text}]}], "fields": "note"}}


def _dressed(sheet: int, place: int) -> Json:
    """Return the request that gives a header cell its colours."""
    where = {**columns.span(sheet, place, 0, 1)}
    return {"repeatCell": {"range": where, "cell": {"userEnteredFormat": HEADER}, "fields": HEADER_MASK}}


def _widths(table: Table, places: Mapping[str, int], sheet: int) -> list[Json]:
    """Return the requests that set the widths of new columns; people widen them as they like."""
    return [
        {
            "updateDimensionProperties": {
                "range": {
                    "sheetId": sheet,
                    "dimension": "COLUMNS",
                    "startIndex": place,
                    "endIndex": place + 1,
                },
                "properties": {"pixelSize": columns.width(table.field(name))},
                "fields": "pixelSize",
            }
        }
        for name, place in places.items()
    ]


def colours(table: Table, places: Mapping[str, int], sheet: int, there: Sequence[Json]) -> list[Json]:
    """Return the requests that colour cells by their code.

    A code that has a rule already is left as it is, whatever colour people have given it.

    Args:
        table: The table.
        places: Field -> position of its column.
        sheet: The sheet's number.
        there: The rules of the sheet, as the API has them.
    """
    return [
        {"addConditionalFormatRule": {"rule": _colour(columns.span(sheet, place), code, colour), "index": 0}}
        for name, place in places.items()
        for code, colour in columns.COLOURS.get(name, {}).items()
        if code in table.field(name).enum or table.field(name).foreign is not None
        if not any(_colours(rule, place, code) for rule in there)
    ]


def _colours(rule: Json, place: int, code: str) -> bool:
    """Say whether a rule is the one of a code in a column."""
    values = rule.get("booleanRule", {}).get("condition", {}).get("values", ())
    said = [value.get("userEnteredValue") for value in values]
    return said == [code] and any(
        each.get("startColumnIndex", 0) <= place < each.get("endColumnIndex", place + 1)
        for each in rule.get("ranges", ())
    )


def _colour(where: Json, code: str, colour: str) -> Json:
    """Return one rule of a conditional colour."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": code}]}
    form = {"backgroundColorStyle": {"rgbColor": {"red": red, "green": green, "blue": blue}}}
    return {"ranges": [where], "booleanRule": {"condition": condition, "format": form}}


def _at(cells: Sequence[Json], place: int) -> Json:
    """Return one cell of a row, empty where the row ends before it."""
    return cells[place] if place < len(cells) else {}


def _number(title: str, taken: frozenset[int]) -> int:
    """Return a number for a new sheet, the same on every machine unless it is taken."""
    number = zlib.crc32(title.encode()) & 0x7FFFFFFF
    while number in taken or number == 0:
        number = (number + 1) & 0x7FFFFFFF
    return number


def key_ranges(tables: Mapping[str, Table], now: Mapping[str, Standing]) -> dict[str, str]:
    """Return table -> range of its ids, as a dropdown's rule names it."""
    ranges = {}
    for name in columns.LISTED & tables.keys():
        table = tables[name]
        names = now[name].names if name in now else table.names
        place = match(table, names).places.get(table.key)
        if place is not None:
            ranges[name] = columns.id_range(name, place)
    return ranges
