"""Lay out a spreadsheet as a workbook: sheets, headers, notes, dropdowns and formats."""

from __future__ import annotations

import argparse

from sheets_schema.words import LANGUAGES, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("address", nargs="?", help="a Google Sheets address, a local server's, or a path")
    parser.add_argument("--time-zone", help="of the spreadsheet's times, such as Asia/Shanghai")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what this command says (en)")


def run(arguments: argparse.Namespace) -> int:
    """Lay out the spreadsheet; run again, change only what differs, and never a row."""
    from sheets_schema.book.open import reach
    from sheets_schema.workbook import tables

    book = reach(arguments.address, make=True)
    changed = book.lay_out(arguments.time_zone)
    if changed:
        print(say("book.init.done", arguments.language, sheets=", ".join(changed)))
    else:
        print(say("book.init.same", arguments.language, count=len(tables())))
    print(say("book.init.open", arguments.language, address=book.address))
    return 0
