"""The journal's lines, understood: in the order in which they were written, and since when each holds.

A line holds since its own moment or that of any line above it, whichever is later: a save that waited
in the outbox bears the moment at which it was made, and was not in the sheet before it was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sheets_schema.book.journal import ALL, HEADER, LAYOUT, OTHERS, RIGHT, SHEET
from sheets_schema.language import Table

__all__ = [
    "Rename",
    "fields_of",
    "in_order",
    "renamed",
    "renamed_columns",
    "row_events",
    "texts_of",
    "that_hold",
]

TEXTS: Final = ("id", "who", "sheet", "row_id", "field", "old", "new", "source", "save")
Cell = tuple[str, str, str]
"""A sheet, the id of a row, and a field."""
SKEW: Final = pd.Timedelta(minutes=10)
EARLIEST: Final = pd.Timestamp("1900-01-01", tz="UTC")


def in_order(journals: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the journal's lines as they were written, blank texts for missing ones.

    Lines that name no sheet are left out. Where somebody has sorted the journal, the lines follow
    their moments: of both orders the one holds in which each value follows from the one before.

    Args:
        journals: The journal's sheets as they are read, the oldest archive first.

    Returns:
        The journal's columns, `since`, which never falls, and `holds`: False for what was put right at
        once, and for an edit in the sheet that was found only after a save had gone over it. The index
        counts from 0.
    """
    frame = pd.concat([each[["at", *TEXTS]] for each in journals], ignore_index=True)
    for name in TEXTS:
        frame[name] = frame[name].fillna("").astype(object)
    frame = frame[frame["sheet"] != ""].reset_index(drop=True)
    if (torn := _breaks(frame)) > 0:
        by_time = _by_time(frame)
        if _breaks(by_time) < torn:
            frame = by_time
    frame["holds"] = _holding(frame)
    frame["since"] = frame["at"].cummax().ffill().fillna(EARLIEST)
    return frame


def that_hold(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines that say what the sheet holds since."""
    return lines[lines["holds"].to_numpy(bool)]


def renamed(lines: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the lines with which people gave rows of a sheet another id."""
    return lines[(lines["field"] == key) & (lines["source"] == SHEET) & (lines["old"] == lines["row_id"])]


@dataclass(frozen=True, slots=True)
class Rename:
    """A line that says that a column was renamed.

    Args:
        place: The line.
        old: The column's field before, or what stood above it.
        new: The same after it.
        was: The field as which the column was read before, under a name that is no field's; else blank.
        field: The same after it: lines about the column have this field, up to the line *until*.
        until: The line that ends it.
    """

    place: int
    old: str
    new: str
    was: str = ""
    field: str = ""
    until: float = np.inf


def renamed_columns(table: Table, lines: pd.DataFrame) -> list[Rename]:
    """Return the columns of one table that were renamed, in order.

    A field whose column gets a name that is no field's is read there all the same (`language/renamed.py`),
    until the column or the field gets another name.
    """
    found: list[Rename] = []
    held: dict[str, int] = {}
    about = lines[lines["field"] == HEADER]
    for place, old, new in zip(about.index, about["old"], about["new"], strict=True):
        ends = held.pop(old, None) if old else _of_field(found, held, table.name_of(new))
        was = "" if ends is None else found[ends].field
        if ends is not None:
            found[ends] = replace(found[ends], until=int(place))
        if old and new:
            before, after = (table.name_of(text) or text for text in (old, new))
            field = "" if after in table.names else was or (before if before in table.names else "")
            if field:
                held[new] = len(found)
            found.append(Rename(int(place), before, after, was, field))
    return found


def _of_field(found: Sequence[Rename], held: dict[str, int], name: str | None) -> int | None:
    """Take out of *held* the column that is read as a field; return where it is among those found."""
    text = next((text for text, at in held.items() if found[at].field == name), None)
    return None if text is None else held.pop(text)


def _holding(frame: pd.DataFrame) -> pd.Series:
    """Say which lines hold: of those that are no saves, the ones that go on from what stood there."""
    holds = pd.Series(data=True, index=frame.index)
    if not frame["source"].isin(OTHERS).any():
        return holds
    keys = ["sheet", "row_id", "field"]
    cells = fields_of(frame)
    suspects = cells["source"].isin(OTHERS)
    touched = pd.MultiIndex.from_frame(cells.loc[suspects, keys].drop_duplicates())
    cells = cells[pd.MultiIndex.from_frame(cells[keys]).isin(touched)]
    came = _Came(frame, touched)
    stood: dict[Cell, tuple[int, str | None]] = {}
    for place, source, sheet, row, name, old, new in cells[["source", *keys, "old", "new"]].itertuples():
        cell = (sheet, row, name)
        now = came.text(cell, place, stood.get(cell, (-1, None)))
        wrong = now != old if source == RIGHT else source == SHEET and now not in {None, old}
        if wrong:
            holds[place] = False
        else:
            stood[cell] = (place, new)
    return holds


class _Came:
    """What cells held when their rows came, as far as the journal says it."""

    def __init__(self, frame: pd.DataFrame, cells: pd.MultiIndex) -> None:
        """Look up when the rows of some cells came and went."""
        rows = cells.droplevel("field").unique()
        mine = frame[
            pd.MultiIndex.from_frame(frame[["sheet", "row_id"]]).isin(rows) | (frame["field"] == ALL)
        ]
        self.events: dict[tuple[str, str], list[tuple[int, str | None]]] = {}
        self.texts: dict[str, dict[str, str]] = {}
        events = row_events(mine)
        events = events[events["added"].to_numpy(bool)]
        for sheet, row, place, is_known, texts in events[
            ["sheet", "row_id", "place", "known", "texts"]
        ].itertuples(index=False):
            self.events.setdefault((sheet, row), []).append((place, texts if is_known else None))

    def text(self, cell: Cell, place: int, last: tuple[int, str | None]) -> str | None:
        """Return what a cell holds before a line, None where that is not known.

        Args:
            cell: Sheet, row and field.
            place: The line.
            last: The last line of the cell before it, and what that left there.
        """
        sheet, row, name = cell
        there = [each for each in self.events.get((sheet, row), ()) if last[0] < each[0] < place]
        if not there:
            return last[1]
        told = there[-1][1]
        if told is None:
            return None
        if told not in self.texts:
            self.texts[told] = texts_of(told) or {}
        return self.texts[told].get(name)


def _by_time(frame: pd.DataFrame) -> pd.DataFrame:
    """Return lines by moment, those of one save together and by their number in it."""
    keys = frame.assign(number=_numbers(frame)).sort_values(["at", "save", "number"], kind="stable")
    return keys.drop(columns="number").reset_index(drop=True)


def _numbers(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the number of each line in its save, 0 where its id has none."""
    after = [id_[id_.rfind("-") + 1 :] for id_ in frame["id"]]
    return pd.to_numeric(pd.Series(after, dtype=object), errors="coerce").fillna(0).to_numpy(float)


def _breaks(frame: pd.DataFrame) -> int:
    """Return how much does not follow from what stands above it: saves, cells, rows before they came."""
    save = frame["save"].to_numpy()
    same, number = save[1:] == save[:-1], _numbers(frame)
    apart = 1 + int((~same).sum()) - frame["save"].nunique() if len(save) else 0
    apart += int((same & (number[1:] < number[:-1])).sum())
    cells = fields_of(frame)
    cell = cells.groupby(["sheet", "row_id", "field"], sort=False).ngroup().to_numpy()
    order = np.argsort(cell, kind="stable")
    cell, old, new = cell[order], cells["old"].to_numpy()[order], cells["new"].to_numpy()[order]
    torn = int(((cell[1:] == cell[:-1]) & (old[1:] != new[:-1])).sum())
    return apart + torn + _early(frame, cells) + _back_in_time(frame)


def _back_in_time(frame: pd.DataFrame) -> int:
    """Return how often the lines go back by more than clocks differ, beyond what an outbox explains."""
    often = int((frame["at"].diff() < -SKEW).sum())
    return max(0, often - 1 - frame["save"].nunique() // 20)


def _early(frame: pd.DataFrame, cells: pd.DataFrame) -> int:
    """Return how many rows have a changed cell above the line with which they came."""
    keys = ["sheet", "row_id"]
    first = row_events(frame).drop_duplicates(keys)
    first = first[first["added"].to_numpy(bool)]
    lines = cells.drop_duplicates(keys)
    start = pd.Series(lines.index, pd.MultiIndex.from_frame(lines[keys]))
    there = start.reindex(pd.MultiIndex.from_frame(first[keys])).to_numpy()
    return int((there < first["place"].to_numpy()).sum())


def fields_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of changed cells."""
    return lines[~lines["field"].isin([ALL, HEADER, LAYOUT])]


def row_events(lines: pd.DataFrame) -> pd.DataFrame:
    """Return when rows came and went, in order.

    Returns:
        sheet, row_id, added, known (False for rows that came in bulk, whose values the journal does not
        have), save, source, at, who, `place` and `last` (the first and the last line of the row in that
        save), and `texts`: the row's texts as JSON objects. The index is that of the first line.
    """
    stars = lines[lines["field"] == ALL]
    new = stars["new"].str[:1]
    gone = stars["old"].str[:1] == "{"
    events = [_single(stars[gone], "old", lines), _single(stars[~gone & (new == "{")], "new", lines)]
    events.append(_in_bulk(stars[~gone & (new == "[")]))
    return pd.concat(events).sort_values("place", kind="stable")


COLUMNS: Final = ("sheet", "row_id", "save", "source", "at", "who")


def _single(stars: pd.DataFrame, side: str, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the events of rows that have lines of their own; parts of one row are one event."""
    found = stars[list(COLUMNS)].assign(
        texts=stars[side], added=side == "new", known=True, place=stars.index, last=stars.index
    )
    keys = ["sheet", "row_id", "save"]
    parts = found.duplicated(keys, keep=False)
    if parts.any():
        several = found[parts].groupby([*keys], sort=False)
        merged = several.agg({**dict.fromkeys(COLUMNS[3:], "first"), "texts": _joined, "place": "first"})
        merged = merged.reset_index().assign(added=side == "new", known=True)
        found = pd.concat(
            [found[~parts], merged.set_index("place", drop=False).assign(last=merged["place"].to_numpy())]
        )
    also = lines[(lines["field"] != ALL) & lines["save"].isin(set(found["save"]))]
    if len(also):
        last = also.assign(last_one=also.index).groupby(keys)["last_one"].max()
        at = pd.MultiIndex.from_frame(found[keys])
        there = last.reindex(at).to_numpy(float)
        found["last"] = np.fmax(found["last"].to_numpy(float), there).astype("int64")
    return found


def _joined(texts: Iterable[str]) -> str:
    """Return JSON objects as one."""
    whole: dict[str, object] = {}
    for text in texts:
        whole |= texts_of(text) or {}
    return json.dumps(whole, ensure_ascii=False)


def _in_bulk(stars: pd.DataFrame) -> pd.DataFrame:
    """Return one event for each row of the lines that only name ids."""
    found = stars[list(COLUMNS)].assign(
        row_id=stars["new"].map(_ids),
        texts="",
        added=True,
        known=False,
        place=stars.index,
        last=stars.index,
    )
    return found.explode("row_id").dropna(subset="row_id")


def _ids(text: str) -> list[str]:
    """Return the ids of a line, none where it cannot be read."""
    try:
        ids = json.loads(text)
    except ValueError:
        return []
    return [str(each) for each in ids] if isinstance(ids, list) else []


def texts_of(text: str) -> dict[str, str] | None:
    """Return the texts of a row's line by field; None where it cannot be read.

    >>> texts_of('{"id": "E01", "name": "Chen Wei"}')
    {'id': 'E01', 'name': 'Chen Wei'}
    """
    try:
        held: Any = json.loads(text)
    except ValueError:
        return None
    return {str(name): str(cell) for name, cell in held.items()} if isinstance(held, dict) else None
