"""A file that somebody wants in the workbook: what it is, and its rows one at a time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opsline.imports.errors import NothingToRead, UnreadableFile
from opsline.imports.text import delimiter_of, encoding_of, rows_of
from opsline.imports.workbooks import rows_of_sheet, sheet_names

__all__ = ["Source", "open_source"]

OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
SHEET_PARTS: Final = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of rows.

    Args:
        path: Where it is.
        sheets: The names of its sheets; a text file has one, named after the file.
        encoding: How a text file is encoded; blank for a workbook.
        delimiter: What stands between the cells of a text file; blank for a workbook.
    """

    path: Path
    sheets: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""

    def rows(self, sheet: str) -> Iterator[list[object]]:
        """Yield the rows of a sheet, the first of the file first, each as long as it is.

        Raises:
            NothingToRead: There is no such sheet.
            UnreadableFile: The file ends in the middle.
        """
        if sheet not in self.sheets:
            raise NothingToRead(
                "imports.no_sheet", file=self.path.name, sheet=sheet, sheets=", ".join(self.sheets)
            )
        if self.encoding:
            return rows_of(self.path, self.encoding, self.delimiter)
        return rows_of_sheet(self.path, sheet)


def open_source(path: Path, encoding: str | None = None) -> Source:
    """Look at a file and say how it is to be read.

    Args:
        path: A text file (plain, .xz, .gz, .bz2, .zip), or a workbook (xlsx, xls, xlsb, ods).
        encoding: How a text file is encoded, where the guess would be wrong.

    Raises:
        UnreadableFile: There is no such file, or it is damaged.
        NothingToRead: It is empty.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise UnreadableFile(file=path.name, reason=error.strerror or str(error)) from None
    if not start:
        raise NothingToRead(file=path.name)
    if start == OLD_EXCEL or (start.startswith(b"PK") and _is_workbook(path)):
        return Source(path, sheet_names(path))
    try:
        encoding = encoding or encoding_of(path)
        delimiter = delimiter_of(path, encoding)
    except LookupError as error:
        raise UnreadableFile(file=path.name, reason=str(error)) from None
    return Source(path, (path.name.partition(".")[0] or path.name,), encoding, delimiter)


def _is_workbook(path: Path) -> bool:
    """Say whether a zip is a workbook rather than a packed text."""
    try:
        with zipfile.ZipFile(path) as packed:
            return any(part in packed.namelist() for part in SHEET_PARTS)
    except zipfile.BadZipFile as error:
        raise UnreadableFile(file=path.name, reason=str(error)) from None
