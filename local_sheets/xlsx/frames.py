"""A sheet's frame: frozen lines, widths, merges, colours of tabs, what is hidden, groups, protection."""

from typing import Any

from local_sheets import a1
from local_sheets.copies import PageCopy
from local_sheets.errors import Json
from local_sheets.xlsx.colours import wanted
from local_sheets.xlsx.looks import Reader
from local_sheets.xlsx.package import openpyxl
from local_sheets.xlsx.places import boxes, grid, reference, within

PIXELS_A_CHARACTER = 7.0
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 100 / PIXELS_A_CHARACTER, 15.75


def write(sheet: Any, page: PageCopy, theme: Json) -> None:
    """Write a sheet's frame."""
    about, properties = page.about, page.about["properties"]
    frozen = page.grid.get("frozenRowCount", 0), page.grid.get("frozenColumnCount", 0)
    if any(frozen):
        sheet.freeze_panes = f"{a1.letters(frozen[1])}{frozen[0] + 1}"
    sheet.sheet_format.defaultColWidth = _DEFAULT_WIDTH
    sheet.sheet_format.defaultRowHeight = _DEFAULT_HEIGHT
    sheet.sheet_properties.tabColor = wanted(properties, "tabColor", theme)
    sheet.sheet_view.rightToLeft = bool(properties.get("rightToLeft")) or None
    sheet.sheet_view.showGridLines = False if page.grid.get("hideGridlines") else None
    if properties.get("hidden"):
        sheet.sheet_state = "hidden"
    for column, kept in about.get("columns", {}).items():
        _write_column(sheet, int(column), kept)
    rows, columns = page.grid["rowCount"], page.grid["columnCount"]
    for item in about.get("merges", ()):
        sheet.merged_cells.add(reference(within(item, rows, columns)))
    shown = about.get("basicFilter", {}).get("range")
    if shown is not None:
        sheet.auto_filter.ref = reference(within(shown, rows, columns))
    sheet.protection.sheet = any(_is_whole(item) for item in about.get("protectedRanges", ()))


def _write_column(sheet: Any, column: int, kept: Json) -> None:
    """Write a column's width, and whether it is hidden."""
    dimension = sheet.column_dimensions[a1.letters(column)]
    if "pixelSize" in kept:
        dimension.width = kept["pixelSize"] / PIXELS_A_CHARACTER
    else:
        dimension.width = _DEFAULT_WIDTH
    dimension.hidden = bool(kept.get("hiddenByUser"))


def _is_whole(item: Json) -> bool:
    """Say whether a protection is of a whole sheet."""
    return not item.get("warningOnly") and not set(item.get("range", {})) - {"sheetId"}


def quoted(title: str) -> str:
    """Return a title in quotes."""
    return "'" + title.replace("'", "''") + "'"


def without_link(look: Json) -> Json:
    """Return a format without its link, which stands beside formats in Excel."""
    if "link" not in look.get("textFormat", {}):
        return look
    text = {name: value for name, value in look["textFormat"].items() if name != "link"}
    rest = {name: value for name, value in look.items() if name != "textFormat"}
    return rest | ({"textFormat": text} if text else {})


def properties(sheet: Any, reader: Reader) -> Json:
    """Return what Excel's words say of a sheet as SheetProperties, without title and size."""
    kept: Json = {"gridProperties": {}}
    pane = sheet.sheet_view.pane
    if pane is not None and pane.state in ("frozen", "frozenSplit"):
        lines = {"frozenRowCount": int(pane.ySplit or 0), "frozenColumnCount": int(pane.xSplit or 0)}
        kept["gridProperties"] = {name: count for name, count in lines.items() if count}
    if sheet.sheet_view.showGridLines is False:
        kept["gridProperties"]["hideGridlines"] = True
    if sheet.sheet_state != "visible":
        kept["hidden"] = True
    if sheet.sheet_view.rightToLeft:
        kept["rightToLeft"] = True
    return kept | reader.colour("tabColor", sheet.sheet_properties.tabColor)


def columns(sheet: Any, count: int) -> Json:
    """Return the sizes of columns that differ from Google's own."""
    found: Json = {}
    for name, dimension in sheet.column_dimensions.items():
        first = dimension.min or openpyxl(".utils").column_index_from_string(name)
        kept: Json = {}
        if dimension.width and dimension.customWidth and abs(dimension.width - _DEFAULT_WIDTH) > 0.001:  # noqa: PLR2004
            kept["pixelSize"] = round(dimension.width * PIXELS_A_CHARACTER)
        if dimension.hidden:
            kept["hiddenByUser"] = True
        if kept:
            found |= {
                str(column - 1): dict(kept) for column in range(first, min(dimension.max or first, count) + 1)
            }
    return found


def beside(sheet: Any, number: int, rows: int, columns: int) -> Json:
    """Return what Excel's words say beside the cells: merges, the filter, protection."""
    found: Json = {}
    merged = [
        grid(box, rows, columns, number) for place in sheet.merged_cells.ranges for box in boxes(place.coord)
    ]
    if merged:
        merged.sort(key=lambda item: (item.get("startRowIndex", 0), item.get("startColumnIndex", 0)))
        found["merges"] = merged
    shown = next(boxes(sheet.auto_filter.ref or ""), None)
    if shown is not None:
        found["basicFilter"] = {"range": grid(shown, rows, columns, number)}
    if sheet.protection.sheet:
        place = {"sheetId": number} if number else {}
        found["protectedRanges"] = [{"protectedRangeId": 1, "range": place, "requestingUserCanEdit": True}]
    return found
