"""Put a backup in the place of the local workbook; what it replaces is kept beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from sheets_schema.errors import OpslineError
from sheets_schema.words import LANGUAGES, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("file", type=Path, help="a file that `opsline backup` wrote")
    parser.add_argument("--to", dest="book", type=Path, help="the workbook's file; yours where left out")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said (en)")


def run(arguments: argparse.Namespace) -> int:
    """Check the backup, take the workbook over, put the backup there; refuse while a desk serves it."""
    from local_sheets import StoreError
    from local_sheets.backup import put_back
    from opsline.commands.backup import workbook_file
    from opsline.server.workbook import taken_over

    file, copy = workbook_file(arguments.book), arguments.file.expanduser().resolve()
    try:
        with taken_over(file, "", ""):
            content, kept = put_back(copy, file)
    except StoreError as error:
        raise OpslineError("backup.refused", reason=error) from error
    facts = {"sheets": content.spreadsheets, "rows": content.rows}
    print(say("backup.restored", arguments.language, file=file, copy=copy, **facts))
    if kept is not None:
        print(say("backup.kept", arguments.language, kept=kept))
    return 0
