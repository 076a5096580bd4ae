"""Sheets written to files of the kinds that offices open."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final

from opsline.exports.cells import Sheet, kept_as_text, without_controls
from opsline.exports.ods import write_ods
from sheets_schema.errors import OpslineError

__all__ = ["KINDS", "ExportRefused", "write_file"]

DAY_FORMAT: Final = "yyyy-mm-dd"
MOMENT_FORMAT: Final = "yyyy-mm-dd hh:mm:ss"


class ExportRefused(OpslineError):
    """The tables cannot be written to such a file (facts: see the sentence)."""

    key = "imports.export_kind"


def write_file(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write tables to a file whose ending says its kind; the file appears when it is whole.

    Raises:
        ExportRefused: The ending is none of `KINDS`, a .csv was asked to hold several tables, or the
            file cannot be written.
    """
    write = KINDS.get(path.suffix.lower())
    if write is None:
        raise ExportRefused(path=path)
    if write is _write_csv and len(sheets) != 1:
        raise ExportRefused("imports.one_table")
    part = path.with_name(f".{path.name}.part")
    try:
        write(part, sheets)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ExportRefused("imports.not_written", path=path, reason=error.strerror or str(error)) from None


def _write_csv(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write one table as UTF-8 with a mark, so that spreadsheets read its Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        _csv_rows(stream, sheets[0])


def _write_zip(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a csv file for each table into one zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for sheet in sheets:
            with packed.open(f"{sheet.name}.csv", "w") as raw:
                stream = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
                _csv_rows(stream, sheet)
                stream.flush()
                stream.detach()


def _csv_rows(stream: IO[str], sheet: Sheet) -> None:
    """Write a table's header and rows."""
    writer = csv.writer(stream)
    writer.writerow([kept_as_text(each.name) for each in sheet.fields])
    for row in sheet.rows():
        writer.writerow([_csv_cell(cell) for cell in row])


def _csv_cell(cell: object) -> object:
    """Return a cell of a text file."""
    if isinstance(cell, str):
        return kept_as_text(cell)
    return "" if cell is None else cell


def _write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook with a sheet for each table; every text is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"

        def text(value: str, page: object = page) -> object:
            cell = WriteOnlyCell(page, value=without_controls(value)[:32_767])
            if cell.data_type != "s":
                cell.data_type = "s"
                cell.quotePrefix = True
            return cell

        def moment(value: object, form: str, page: object = page) -> object:
            cell = WriteOnlyCell(page, value=value)
            cell.number_format = form
            return cell

        forms = [
            DAY_FORMAT if each.type == "date" else MOMENT_FORMAT if each.type == "datetime" else ""
            for each in sheet.fields
        ]
        page.append([text(each.name) for each in sheet.fields])
        for row in sheet.rows():
            page.append(
                [
                    text(cell)
                    if isinstance(cell, str)
                    else moment(cell, form)
                    if form and cell is not None
                    else cell
                    for cell, form in zip(row, forms, strict=True)
                ]
            )
    book.save(path)


KINDS: Final[dict[str, Callable[[Path, Sequence[Sheet]], None]]] = {
    ".csv": _write_csv,
    ".zip": _write_zip,
    ".xlsx": _write_xlsx,
    ".ods": write_ods,
}
"""Ending of a file -> what writes it."""
