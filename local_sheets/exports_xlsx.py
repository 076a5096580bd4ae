"""A spreadsheet as an Excel file: values, formats, notes, dropdowns, widths, frozen lines, merges."""

import importlib
import io
from typing import Any

from local_sheets import a1
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import FORMAT, FORMULA, NOTE, RULE
from local_sheets.values.locales import Locale, locale
from local_sheets.values.patterns import pattern_of
from local_sheets.values.rules import choices

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIXELS_A_CHARACTER = 7.0
_LONGEST_LIST = 250


def workbook(book: Book) -> bytes:
    """Return the file."""
    result = _openpyxl().Workbook()
    result.remove(result.active)
    for sheet in book.sheets:
        page = result.create_sheet(sheet.title[:31])
        _frame(sheet, page)
        rules: dict[int, list[str]] = {}
        words = locale(book.locale)
        for number, row in enumerate(sheet.lines.rows(0, len(sheet.lines)), 1):
            _row(book, row, number, page, words)
            for column, key in row.extras.get(RULE, {}).items():
                rules.setdefault(key, []).append(f"{a1.letters(int(column))}{number}")
        for key, addresses in rules.items():
            _dropdown(book.styles.get(key), addresses, page)
    text = io.BytesIO()
    result.save(text)
    return text.getvalue()


def _openpyxl(part: str = "") -> Any:
    """Return the package openpyxl (optional, untyped, slow to import) or a part of it."""
    try:
        return importlib.import_module(f"openpyxl{part}")
    except ImportError as error:
        raise BadRequest("Exporting to Excel needs the package openpyxl on the server.") from error


def _frame(sheet: Sheet, page: Any) -> None:
    """Set widths, frozen lines, merges, visibility."""
    frozen = sheet.grid.get("frozenRowCount", 0), sheet.grid.get("frozenColumnCount", 0)
    if any(frozen):
        page.freeze_panes = f"{a1.letters(frozen[1])}{frozen[0] + 1}"
    for column, kept in sheet.about.get("columns", {}).items():
        dimension = page.column_dimensions[a1.letters(int(column))]
        if "pixelSize" in kept:
            dimension.width = kept["pixelSize"] / _PIXELS_A_CHARACTER
        dimension.hidden = bool(kept.get("hiddenByUser"))
    for grid in sheet.about.get("merges", ()):
        box = a1.from_grid(grid).within(sheet.rows, sheet.columns)
        page.merge_cells(a1.write("x", box).partition("!")[2])
    if sheet.properties.get("hidden"):
        page.sheet_state = "hidden"


def _row(book: Book, row: Row, number: int, page: Any, words: Locale) -> None:
    """Write one row."""
    for column in range(row.width()):
        value: Any = row.extra(FORMULA, column) or row.get(column)
        look, note = row.extra(FORMAT, column), row.extra(NOTE, column)
        if value == "" and look is None and note is None:
            continue
        cell = page.cell(number, column + 1)
        if value != "":
            cell.value = value
            if isinstance(value, str) and row.extra(FORMULA, column) is None:
                cell.data_type = "s"  # text that looks like a formula stays text
        if look is not None:
            _look(book.styles.get(look), cell, words)
        if note:
            cell.comment = _openpyxl(".comments").Comment(note, "")


def _look(look: Json, cell: Any, words: Locale) -> None:
    """Set number format, weight and colours of a cell."""
    styles = _openpyxl(".styles")
    if look.get("numberFormat"):
        cell.number_format = pattern_of(look["numberFormat"], words) or "General"
    text = look.get("textFormat") or {}
    if text:
        colour = text.get("foregroundColor")
        cell.font = styles.Font(
            bold=text.get("bold"),
            italic=text.get("italic"),
            strike=text.get("strikethrough"),
            size=text.get("fontSize"),
            color=_hex(colour) if colour else None,
        )
    if look.get("backgroundColor"):
        cell.fill = styles.PatternFill("solid", fgColor=_hex(look["backgroundColor"]))


def _hex(colour: Json) -> str:
    """Return a colour as RRGGBB."""
    return "".join(f"{round(colour.get(part, 0) * 255):02X}" for part in ("red", "green", "blue"))


def _dropdown(rule: Json, addresses: list[str], page: Any) -> None:
    """Add a list of choices to cells."""
    listed = ",".join(choices(rule))
    if not listed or len(listed) > _LONGEST_LIST:
        return
    quoted = listed.replace('"', '""')
    kind = _openpyxl(".worksheet.datavalidation").DataValidation
    validation = kind(type="list", formula1=f'"{quoted}"', allow_blank=True)
    for address in addresses:
        validation.add(address)
    page.add_data_validation(validation)
