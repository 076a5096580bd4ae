"""A save that waits on this machine's disk: one file, whose name says where it stands.

`000000000007.S-261123-K7Q4W2MN.kept`: its place in the queue, the save's id, its state.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, unique
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pandas as pd

from sheets_schema.book.changes import Draft
from sheets_schema.book.error_json import error_of, json_of
from sheets_schema.book.plan import Signature
from sheets_schema.book.save import Pending
from sheets_schema.errors import CellFault, OpslineError, UnknownField, UnknownTable
from sheets_schema.language import Table
from sheets_schema.language.cells import as_text
from sheets_schema.words import Message

__all__ = ["BROKEN", "Body", "Entry", "State", "entries_in", "flush_folder", "write_entry"]

DIGITS: Final = 12
BROKEN: Final = (ValueError, KeyError, TypeError)
"""What is raised where a file is no save's."""


@unique
class State(StrEnum):
    """Where a save stands."""

    NEW = "new"
    """Its caller waits for it."""
    SENT = "sent"
    """Its caller waits, and a request that holds it has been begun."""
    KEPT = "kept"
    """Its caller was told that it is kept."""
    LOST = "lost"
    """The same, and a request that holds it has been begun: it may have been done."""
    STUCK = "stuck"
    """It may not be saved as it is: a person decides."""

    @property
    def was_tried(self) -> bool:
        """Whether a request that holds it has been begun."""
        return self in {State.SENT, State.LOST}

    @property
    def may_be_done(self) -> bool:
        """Whether it is looked up first; what is late too: a power cut may undo the name of a file."""
        return self.was_tried or self.is_late

    @property
    def is_late(self) -> bool:
        """Whether its caller has gone."""
        return self in {State.KEPT, State.LOST}

    @property
    def tried(self) -> State:
        """The state once a request is begun."""
        return State.LOST if self.is_late else State.SENT

    @property
    def late(self) -> State:
        """The state once its caller has been told that it is kept."""
        return {State.NEW: State.KEPT, State.SENT: State.LOST}.get(self, self)


NAME: Final = re.compile(rf"(\d+)\.([^.]+)\.({'|'.join(State)})")


@dataclass(frozen=True, slots=True)
class Body:
    """What a save's file holds.

    Args:
        address: Where it goes, as a person knows it.
        who: Whose it is.
        source: The page or command that it comes from.
        now: When it was made.
        drafts: What its rows are to hold, each by its table's name.
        seen: For each draft, field -> the cell that this machine had last read there.
        error: Why it may not be saved as it is.
    """

    address: str
    who: str
    source: str
    now: pd.Timestamp
    drafts: Sequence[Mapping[str, Any]]
    seen: Sequence[Mapping[str, object]]
    error: OpslineError | None = None

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Table and id of each of its rows."""
        return tuple(dict.fromkeys((draft["table"], draft["id"]) for draft in self.drafts))

    def pending(self, save: str, tables: Mapping[str, Table], time_zone: str, *, late: bool) -> Pending:
        """Return the save, to be sent.

        Args:
            save: Its id.
            tables: The tables, with the team's fields as they are now.
            time_zone: The workbook's time zone.
            late: Whether others may have written since: what this machine had read is what it starts from.

        Raises:
            UnknownTable, UnknownField, CellFault: What was right when it was saved is so no longer.
        """
        signature = Signature(save, self.who, self.source, self.now, time_zone)
        made = []
        for draft, seen in zip(self.drafts, self.seen, strict=True):
            if draft["table"] not in tables:
                raise UnknownTable(table=draft["table"], tables=", ".join(tables))
            table = tables[draft["table"]]
            more = {name: draft[name] for name in ("gone", "back", "kept")}
            for name, cell in draft["cells"].items() if not draft["back"] else ():
                _check(table, name, cell, time_zone)
            before = {**(seen if late else {}), **draft["before"]}
            made.append(Draft(table, draft["id"], draft["new"], draft["cells"], before, **more))
        return Pending(signature, made)

    def as_json(self) -> str:
        """Return it as its file has it."""
        return json.dumps(
            {
                "address": self.address,
                "who": self.who,
                "source": self.source,
                "now": self.now.isoformat(),
                "drafts": list(self.drafts),
                "seen": list(self.seen),
                "error": None if self.error is None else json_of(self.error),
            },
            ensure_ascii=False,
            default=_plain,
        )

    @classmethod
    def of_json(cls, text: str) -> Body:
        """Return what a file holds; raise ValueError, KeyError or TypeError where it is no save's."""
        kept = json.loads(text)
        now, error = pd.Timestamp(kept["now"]), kept["error"]
        return cls(**{**kept, "now": now, "error": None if error is None else error_of(error)})


@dataclass(frozen=True, slots=True)
class Entry:
    """A save's file.

    Args:
        folder: The outbox.
        number: Its place in the queue.
        save: The save's id.
        state: Where it stands.
    """

    folder: Path
    number: int
    save: str
    state: State

    @property
    def path(self) -> Path:
        """Its file."""
        return self.folder / f"{self.number:0{DIGITS}}.{self.save}.{self.state}"

    def body(self) -> Body:
        """Return what it holds; raise OSError, ValueError, KeyError or TypeError where it cannot be read."""
        return Body.of_json(self.path.read_text(encoding="utf-8"))

    def to(self, state: State) -> Entry:
        """Return the entry in another state; raise FileNotFoundError where somebody else has moved it."""
        moved = replace(self, state=state)
        if state is not self.state:
            self.path.rename(moved.path)
        return moved

    def rewritten(self, body: Body, state: State, save: str = "") -> Entry:
        """Return the entry with another body and state, and id if one is given, safe on disk."""
        moved = replace(self, state=state, save=save or self.save)
        _put(moved.path, body.as_json())
        if moved.path != self.path:
            self.path.unlink(missing_ok=True)
        moved.secure()
        return moved

    def secure(self) -> None:
        """Return when the disk holds it; raise OSError where that cannot be."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        flush_folder(self.folder)


def write_entry(folder: Path, save: str, body: Body) -> Entry:
    """Write a save at the end of the queue; raise OSError where it cannot be written.

    Only this user may enter the folder: saves may hold personal data.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    last = max((entry.number for entry in entries_in(folder)), default=0)
    made = Entry(folder, last + 1, save, State.NEW)
    _put(made.path, body.as_json())
    return made


def entries_in(folder: Path) -> list[Entry]:
    """Return the saves of an outbox in their order; none where there is no outbox."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - asked for at every look of every page
    except OSError:
        return []
    found = (NAME.fullmatch(name) for name in sorted(names))
    return [Entry(folder, int(each[1]), each[2], State(each[3])) for each in found if each]


def flush_folder(folder: Path) -> None:
    """Return when the disk holds the folder's names."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _put(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    begun = path.parent / f".{uuid4().hex}"
    try:
        begun.write_text(text, encoding="utf-8")
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)


def _check(table: Table, name: str, cell: object, time_zone: str) -> None:
    """Raise UnknownField or CellFault where a cell may not stand in its field any more."""
    if name not in table.names:
        raise UnknownField(table=table.name, field=name)
    declared = table.field(name)
    must = declared.check(declared.parse(cell, time_zone), time_zone)
    if must is not None:
        labels = dict(declared.labels) or {"en": name}
        said = Message(must.key, must.facts)
        raise CellFault(field=labels, found=as_text(cell)[:60], must=said, name=name)


def _plain(value: Any) -> object:
    """Return a number of numpy's as Python's."""
    return value.item()
