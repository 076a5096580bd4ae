"""What this machine knows of a workbook's tables, and up to which line of the journal it is true.

It lies beside the snapshots (`shared.py`), one file a table, and outlives their versions. Whatever goes
wrong here only means that the sheet as it is now is taken for known.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from sheets_schema.book import arrow
from sheets_schema.book.shared import DAMAGED, Shelf
from sheets_schema.language import Reading

__all__ = ["Kept", "Position", "keep", "take"]


@dataclass(frozen=True, slots=True)
class Position:
    """A line of the journal.

    Args:
        id: The line's id; blank if the journal has none.
        row: The number of its row, 1 if the journal has none.
        before: The ids of some lines before it, by which a journal that was sorted is known.
    """

    id: str = ""
    row: int = 1
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A table as it was known.

    Args:
        reading: The table.
        position: The last line of the journal that is part of it.
        time_zone: The time zone by which it was read.
    """

    reading: Reading
    position: Position
    time_zone: str


def take(shelf: Shelf, name: str) -> Kept | None:
    """Return what is known of a table, None if nothing is."""
    with suppress(*DAMAGED):
        about = json.loads(_place(shelf, name, "json").read_text(encoding="utf-8"))
        reading = arrow.read(_place(shelf, f"{name}-{about['file']}", "arrow"))
        place = about["position"]
        position = Position(**{**place, "before": tuple(place["before"])})
        return Kept(reading, position, str(about["time_zone"]))
    return None


def keep(shelf: Shelf, name: str, kept: Kept, *, is_put: bool) -> None:
    """Keep what is known of a table; the note that names the file comes last, so that both fit.

    Args:
        shelf: Where.
        name: The table.
        kept: What is known.
        is_put: The shelf has this very reading of the table, which need not be written again.
    """
    if not shelf.label:
        return
    file = uuid4().hex[:12]
    there = _place(shelf, f"{name}-{file}", "arrow")
    note, begun = _place(shelf, name, "json"), _place(shelf, f".{file}", "json")
    about = {"file": file, "position": asdict(kept.position), "time_zone": kept.time_zone}
    with suppress(*DAMAGED):
        if not (is_put and _linked(shelf.place / f"{name}.arrow", there)):
            arrow.write(there, kept.reading)
        begun.write_text(json.dumps(about), encoding="utf-8")
        begun.replace(note)
        for old in shelf.folder.glob(f"known-{name}-*.arrow"):
            if old != there:
                old.unlink(missing_ok=True)


def _linked(file: Path, there: Path) -> bool:
    """Give a file a second name; say whether that was possible."""
    try:
        os.link(file, there)
    except OSError:
        return False
    return True


def _place(shelf: Shelf, name: str, ending: str) -> Path:
    """Return the path of a file."""
    return shelf.folder / f"known-{name}.{ending}"
