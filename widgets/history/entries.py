"""The journal's lines of a record and of what belongs to it, as entries: one for each save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sheets_schema.book.history.lines import in_order, row_events, texts_of
from sheets_schema.book.history.timeline import timeline
from sheets_schema.book.journal import ALL
from sheets_schema.language import Table

__all__ = ["Entry", "Row", "Story", "entries", "family"]

Row = tuple[str, str]
"""A table and the id of a row."""


@dataclass(frozen=True, slots=True)
class Story:
    """Something that a page tells of a record in its own words.

    Args:
        at: When it happened.
        html: What it says, as safe HTML.
        row: The row that it stands in: the save that added it is told in these words.
    """

    at: pd.Timestamp
    html: str
    row: Row | None = None


@dataclass(slots=True)
class Entry:
    """What one save did to a record and to what belongs to it.

    Args:
        at: When.
        who: The person's id, blank where it is not known.
        source: The page, command or sheet that it came from.
        save: The save's id; blank for a story that no save of the journal tells.
        sheets: All tables that the save changed.
        count: How many rows the save changed, those of others too.
        undoes: The save that it undoes, blank if none.
        changes: Row -> its lines, as `timeline` has them.
        gone: The rows that it took away and that are not there now.
        stories: What the page says of it, as safe HTML.
        undone: The save that has undone it, None if none has.
    """

    at: pd.Timestamp
    who: str = ""
    source: str = ""
    save: str = ""
    sheets: frozenset[str] = frozenset()
    count: int = 0
    undoes: str = ""
    changes: dict[Row, pd.DataFrame] = field(default_factory=dict)
    gone: list[Row] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    undone: Entry | None = None

    @property
    def others(self) -> int:
        """How many rows the save changed besides those that are shown."""
        return self.count - len(self.changes) - len(self.stories)

    @property
    def is_bulk(self) -> bool:
        """Whether its rows came with many others in one request."""
        return any((lines["kind"] == "bulk").any() for lines in self.changes.values())


def family(
    journal: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    tables: Mapping[str, Table],
    own: Row,
    children: Mapping[str, str],
) -> list[Row]:
    """Return a record and the rows that belong to it, those that are gone too.

    Args:
        journal: The journal's rows.
        frames: Table -> its rows of today.
        tables: The tables, with the team's fields.
        own: The record.
        children: Table -> the field in which its rows name the record.
    """
    rows = [own]
    for name, parent in children.items():
        frame, key = frames[name], tables[name].key
        rows += [(name, str(id_)) for id_ in frame.loc[frame[parent] == own[1], key].dropna()]
        gone = journal[(journal["sheet"] == name) & (journal["field"] == ALL) & journal["old"].notna()]
        mine = gone[gone["old"].astype(str).str.contains(own[1], regex=False)]
        rows += [
            (name, str(id_))
            for id_, old in zip(mine["row_id"], mine["old"], strict=True)
            if (texts_of(str(old)) or {}).get(parent) == own[1]
        ]
    return list(dict.fromkeys(rows))


def entries(
    journal: pd.DataFrame,
    rows: Sequence[Row],
    tables: Mapping[str, Table],
    stories: Sequence[Story] = (),
) -> list[Entry]:
    """Return what the journal says of some rows, the newest first.

    Args:
        journal: The journal's rows, as they are read.
        rows: The rows.
        tables: The tables, with the team's fields.
        stories: What the page says in its own words.
    """
    told = {story.row for story in stories if story.row is not None}
    lines = _lines(journal, [*rows, *told])
    found: dict[str, Entry] = {}
    for row in rows:
        table = tables[row[0]]
        for save, some in timeline(lines, *row, table.key).groupby("save", sort=False):
            _entry(found, str(save), some, lines).changes[row] = some
    for sheet, id_, save in _gone(lines, rows):
        if save in found:
            found[save].gone.append((sheet, id_))
    alone = _with_stories(found, stories, lines)
    ordered = sorted([*found.values(), *alone], key=lambda entry: entry.at)[::-1]
    _mark_undone(ordered)
    return ordered


def _lines(journal: pd.DataFrame, rows: Sequence[Row]) -> pd.DataFrame:
    """Return all lines of the saves that touch some rows, in order."""
    ids, sheets = {row for _, row in rows}, {name for name, _ in rows}
    at = journal["row_id"].isin(ids) & journal["sheet"].isin(sheets)
    bulk = journal["sheet"].isin(sheets) & (journal["new"].astype(str).str[:1] == "[")
    saves = set(journal.loc[at, "save"].dropna())
    return in_order([journal[journal["save"].isin(saves) | bulk]])


def _entry(found: dict[str, Entry], save: str, some: pd.DataFrame, lines: pd.DataFrame) -> Entry:
    """Return a save's entry, made where it is not there yet."""
    if save not in found:
        first = some.iloc[0]
        mine = lines[lines["save"] == save]
        sheets, count = frozenset(mine["sheet"]), len(mine[["sheet", "row_id"]].drop_duplicates())
        who, source, undoes = (
            "" if pd.isna(first[name]) else str(first[name]) for name in ("who", "source", "undoes")
        )
        found[save] = Entry(first["at"], who, source, save, sheets, count, undoes)
    return found[save]


def _gone(lines: pd.DataFrame, rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Return the rows whose last event took them away, and the save that did."""
    events = row_events(lines).drop_duplicates(["sheet", "row_id"], keep="last")
    last = events[~events["added"].to_numpy(bool)]
    there = zip(last["sheet"], last["row_id"], last["save"], strict=True)
    return [(name, row, save) for name, row, save in there if (name, row) in set(rows)]


def _with_stories(found: dict[str, Entry], stories: Sequence[Story], lines: pd.DataFrame) -> list[Entry]:
    """Put stories into the entries of their saves; return those that have none."""
    events = row_events(lines)
    events = events[events["known"].to_numpy(bool) & events["added"].to_numpy(bool)]
    keys = zip(events["sheet"], events["row_id"], events["save"], strict=True)
    saves = {(str(name), str(row)): str(save) for name, row, save in keys}
    alone: list[Entry] = []
    for story in stories:
        save = saves.get(story.row) if story.row is not None else None
        if save is not None:
            some = lines[lines["save"] == save].assign(undoes=None)
            _entry(found, save, some, lines).stories.append(story.html)
        else:
            alone.append(Entry(story.at, stories=[story.html]))
    return alone


def _mark_undone(ordered: Sequence[Entry]) -> None:
    """Say of each entry which later one has undone it, if that has not been undone itself."""
    by_save = {entry.save: entry for entry in ordered if entry.save}
    for entry in ordered:
        if entry.undoes in by_save and entry.undone is None:
            by_save[entry.undoes].undone = entry
