"""Files that are no Excel workbook, or a harmful one."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from local_sheets import drive_exchange
from local_sheets.errors import BadRequest
from local_sheets.mime import XLSX


def workbook() -> bytes:
    """Return a small workbook: a number, and a bold cell."""
    book = Workbook()
    book.active["A1"], book.active["B1"].font = 1, Font(bold=True)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def bomb() -> bytes:
    """Return a small zip that unpacks to 600 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(600):
                part.write(b" " * 1024 * 1024)
    return packed.getvalue()


def altered(content: bytes, name: str, change: Any) -> bytes:
    """Return a zip with one part changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(result, "w") as packed:
        for part in given.namelist():
            data = given.read(part)
            packed.writestr(part, change(data) if part == name else data)
    return result.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
BAD = {
    "no zip": (lambda _: b"my notes", "not an Excel workbook"),
    "empty": (lambda _: b"", "not an Excel workbook"),
    "cut": (lambda content: content[: len(content) // 2], "not an Excel workbook"),
    "no workbook": (lambda _: zipped("a.txt"), "no workbook in it"),
    "bomb": (lambda _: bomb(), "unpacks to 600 MB"),
    "entities": (lambda content: altered(content, "xl/worksheets/sheet1.xml", lambda _: ENTITY), "entities"),
    "half a sheet": (
        lambda content: altered(content, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2]),
        "damaged",
    ),
    "no styles": (lambda content: altered(content, "xl/styles.xml", lambda _: b"<styles>"), "damaged"),
    "flipped": (
        lambda content: content[:3000] + b"\xff" * 40 + content[3040:],
        "damaged|not an Excel workbook",
    ),
    "no number": (
        lambda content: altered(
            content, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"<v>1</v>", b"<v>one</v>")
        ),
        "damaged",
    ),
}


def zipped(name: str) -> bytes:
    """Return a zip with one empty part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "")
    return packed.getvalue()


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_in_a_sentence(kind: str) -> None:
    """400, not a traceback; nothing is unpacked that does not fit."""
    harm, words = BAD[kind]
    content = workbook()
    with pytest.raises(BadRequest, match=words):
        drive_exchange.parse(harm(content), XLSX)
