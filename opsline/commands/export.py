"""Export tables to an XLSX, CSV, ODS or ZIP file, without personal data unless asked for."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sheets_schema.words import LANGUAGES, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("file", type=Path, help="ends in .xlsx, .csv, .ods or .zip (a csv a table)")
    parser.add_argument("--table", action="append", help="one table; may be given again; else all")
    parser.add_argument("--personal", action="store_true", help="with columns of personal data")
    parser.add_argument("--from", dest="book", help="the workbook: a file or an address; else yours")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said (en)")


def run(arguments: argparse.Namespace) -> int:
    """Write the tables to a file."""
    from opsline.exports.cells import sheet_of
    from opsline.exports.files import KINDS, ExportRefused, write_file
    from sheets_schema.book import open_book

    language, path = arguments.language, arguments.file
    if path.suffix.lower() not in KINDS:
        raise ExportRefused(path=path)
    book = open_book(arguments.book, person=os.environ.get("OPSLINE_PERSON"))
    names = arguments.table or list(book.tables)
    snapshot = book.load(*names)
    sheets = [
        sheet_of(
            book.tables[name],
            snapshot[name],
            time_zone=book.time_zone,
            unknown=snapshot.readings[name].unknown,
            personal=arguments.personal,
        )
        for name in names
    ]
    write_file(path, sheets)
    rows = sum(map(len, sheets))
    print(say("imports.exported", language, rows=rows, tables=len(sheets), path=path))
    personal = [
        f"{name}.{each.name}"
        for name in names
        for each in book.tables[name].fields
        if each.personal and not arguments.personal
    ]
    if personal:
        print(say("imports.personal_left_out", language, columns=", ".join(personal)))
    return 0
