"""The first start: the demo workbook, there as a whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import local_sheets
from opsline.server.workbook import ask_to_end, taken_over

BESIDE: Final = ("", "-wal", "-shm", ".server", ".lock")
"""What a workbook's file has beside it while it is served."""


def fill_demo(file: Path) -> None:
    """Lay out and fill the demo workbook, as `opsline demo` does, beside its place, then move it there.

    A filling that was interrupted leaves nothing that looks like a workbook: the next start begins anew.
    """
    from opsline.cli import main

    filling = file.with_name(f"{file.name}.filling")
    ask_to_end(filling)
    clear(filling)
    status = main(["demo", "--to", str(filling)])
    if status:
        sys.exit(status)
    with taken_over(filling, "", ""):
        local_sheets.Store(filling).close()  # what stands in the log is now in the file
        filling.replace(file)
    clear(filling)


def clear(file: Path) -> None:
    """Remove a file and what stands beside it."""
    for ending in BESIDE:
        Path(f"{file}{ending}").unlink(missing_ok=True)
