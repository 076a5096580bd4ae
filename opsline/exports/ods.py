"""OpenDocument spreadsheets, written row by row: a zip with one page of XML for all tables."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from opsline.exports.cells import Sheet, without_controls

__all__ = ["write_ods"]

KIND: Final = "application/vnd.oasis.opendocument.spreadsheet"
SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns"
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content office:version="1.3"'
    f' xmlns:office="{SPACE}:office:1.0" xmlns:table="{SPACE}:table:1.0" xmlns:text="{SPACE}:text:1.0">'
    "<office:body><office:spreadsheet>"
)
SPACES: Final = re.compile("^ +| {2,}| +$", re.MULTILINE)
FOOT: Final = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest manifest:version="1.3"'
    f' xmlns:manifest="{SPACE}:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write_ods(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a spreadsheet with a sheet for each table; no text becomes a formula."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), KIND)
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        with packed.open("content.xml", "w") as content:
            for line in _lines(sheets):
                content.write(line.encode())


def _lines(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Yield the XML of the tables."""
    yield HEAD
    for sheet in sheets:
        yield f"<table:table table:name={quoteattr(sheet.name)}>"
        yield _row([each.name for each in sheet.fields])
        for row in sheet.rows():
            yield _row(row)
        yield "</table:table>"
    yield FOOT


def _row(cells: Sequence[object]) -> str:
    """Return the XML of one row."""
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(cell: object) -> str:
    """Return the XML of one cell, by its type."""
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return _typed("boolean", f'office:boolean-value="{str(cell).lower()}"', str(cell).upper())
    if isinstance(cell, int | float):
        return _typed("float", f'office:value="{cell!r}"', f"{cell}")
    if isinstance(cell, dt.datetime):
        return _typed("date", f'office:date-value="{cell.isoformat()}"', f"{cell}")
    lines = SPACES.sub(_spaces, escape(without_controls(str(cell)))).split("\n")
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _spaces(found: re.Match[str]) -> str:
    """Return the XML of spaces that a reader would take for one."""
    return f'<text:s text:c="{len(found[0])}"/>'


def _typed(kind: str, value: str, shown: str) -> str:
    """Return the XML of a cell that is no text."""
    return f'<table:table-cell office:value-type="{kind}" {value}><text:p>{shown}</text:p></table:table-cell>'
