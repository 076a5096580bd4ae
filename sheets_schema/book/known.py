"""What this machine knows of a workbook's tables, and up to which line of the journal it is true.

It lies beside the snapshots (`shared.py`), one file a table, and outlives their versions. Whatever goes
wrong here only means that the sheet as it is now is taken for known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sheets_schema.book import arrow
from sheets_schema.book.shared import DAMAGED, Shelf
from sheets_schema.language import Reading

__all__ = ["Kept", "Position", "file_of", "keep", "move", "position_of", "take"]


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
    about = _note(shelf, name)
    with suppress(*DAMAGED):
        if about is not None:
            reading = arrow.read(_place(shelf, f"{name}-{about['file']}", "arrow"))
            return Kept(reading, _position(about), str(about["time_zone"]))
    return None


def file_of(shelf: Shelf, name: str) -> Path | None:
    """Return the file of what is known of a table, None if nothing is."""
    about = _note(shelf, name)
    return None if about is None else _place(shelf, f"{name}-{about['file']}", "arrow")


def position_of(shelf: Shelf, name: str) -> Position | None:
    """Return up to which line of the journal what is known of a table is true, None if nothing is."""
    about = _note(shelf, name)
    with suppress(*DAMAGED):
        return None if about is None else _position(about)
    return None


def _note(shelf: Shelf, name: str) -> Mapping[str, Any] | None:
    """Return the note that names a table's file."""
    with suppress(*DAMAGED):
        about = json.loads(_place(shelf, name, "json").read_text(encoding="utf-8"))
        return about if {"file", "position", "time_zone"} <= about.keys() else None
    return None


def _position(about: Mapping[str, Any]) -> Position:
    """Return the position of a note."""
    place = about["position"]
    return Position(**{**place, "before": tuple(place["before"])})


def move(shelf: Shelf, name: str, position: Position) -> None:
    """Say that what is known of a table is true up to a later line of the journal."""
    about = _note(shelf, name)
    if about is not None and shelf.label:
        _write_note(shelf, name, {**about, "position": asdict(position)})


def _write_note(shelf: Shelf, name: str, about: Mapping[str, Any]) -> None:
    """Write a note so that it is there whole or not at all."""
    begun = _place(shelf, f".{uuid4().hex[:12]}", "json")
    with suppress(*DAMAGED):
        begun.write_text(json.dumps(about), encoding="utf-8")
        begun.replace(_place(shelf, name, "json"))


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
    about = {"file": file, "position": asdict(kept.position), "time_zone": kept.time_zone}
    with suppress(*DAMAGED):
        if not (is_put and _linked(shelf.place / f"{name}.arrow", there)):
            arrow.write(there, kept.reading)
        _write_note(shelf, name, about)
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
