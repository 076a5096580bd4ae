"""Copy the local workbook to one file, while people and programs go on writing."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sheets_schema.errors import OpslineError
from sheets_schema.words import LANGUAGES, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument(
        "file", type=Path, nargs="?", help="the copy's name or folder; else beside the workbook, dated"
    )
    parser.add_argument("--from", dest="book", type=Path, help="the workbook's file; yours where left out")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said (en)")


def run(arguments: argparse.Namespace) -> int:
    """Write the copy; it appears when it is whole and checked."""
    from local_sheets import StoreError
    from local_sheets.backup import back_up, free_name

    file = workbook_file(arguments.book)
    target = (arguments.file or file.parent).expanduser().resolve()
    if target.is_dir():
        target = free_name(target / file.name, "backup")
    try:
        content = back_up(file, target)
    except StoreError as error:
        raise OpslineError("backup.refused", reason=error) from error
    size = f"{content.size / 1e6:.1f}"
    facts = {"sheets": content.spreadsheets, "rows": content.rows, "size": size}
    print(say("backup.done", arguments.language, file=file, copy=target, **facts))
    return 0


def workbook_file(named: Path | None) -> Path:
    """Return the file of the workbook that is meant: the one named, else the user's own."""
    from opsline.server.workbook import local_file

    file = named.expanduser().resolve() if named else local_file(os.environ)
    if file is None:
        raise OpslineError("backup.not_local", address=os.environ["OPSLINE_BOOK"])
    return file
