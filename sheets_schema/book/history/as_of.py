"""A table as it was: from the rows of today backwards, by the journal's lines that are newer.

Backwards, because rows that came in bulk have their values only in the sheet. Exact to the line; where
the journal does not know something, it is said and not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from sheets_schema.book.changes import KEPT
from sheets_schema.book.history.lines import (
    fields_of,
    renamed,
    renamed_columns,
    row_events,
    texts_of,
    that_hold,
)
from sheets_schema.book.journal import OTHERS
from sheets_schema.errors import UnknownTable
from sheets_schema.language import Table

__all__ = ["Past", "as_of"]

UNKNOWN: Final = ("sheet", "row_id", "field", "why")
"""The columns of what is not known."""

Frame = pd.DataFrame


@dataclass(frozen=True, slots=True)
class Past:
    """Tables as they were at one moment.

    Args:
        time: The moment, in UTC.
        frames: Table -> its typed rows, as `Snapshot` has them; the index counts from 0, since nobody
            knows in which row of the sheet they stood.
        unknown: What the journal does not say, one row each: sheet, row_id, field and why, one of
            `begins` (the journal begins later), `vanished` (the row is not in the sheet, and no line
            says when it went), `not_kept` (no line says what stood there), `gap` (two lines do not fit
            together, so something between them is missing), `no_column` (the column is gone) and
            `unreadable`. The cell is missing in its frame, but for `gap`, which has the later line's.
    """

    time: pd.Timestamp
    frames: Mapping[str, Frame]
    unknown: Frame

    def __getitem__(self, name: str) -> Frame:
        """Return a table's rows."""
        try:
            return self.frames[name]
        except KeyError:
            raise UnknownTable(table=name, tables=", ".join(self.frames)) from None


def as_of(
    time: pd.Timestamp, lines: Frame, present: Mapping[str, Frame], tables: Mapping[str, Table], zone: str
) -> Past:
    """Return tables as they were.

    Args:
        time: The moment, with a time zone; what was saved at that very moment is in.
        lines: The journal's lines in order (`in_order`), at least all that are newer.
        present: Table -> its typed rows of today.
        tables: The tables, with the team's fields.
        zone: The workbook's time zone, an IANA name.
    """
    lines = that_hold(lines)
    cut = int(lines["since"].searchsorted(time, side="right"))
    newer = dict(tuple(lines.iloc[cut:].groupby("sheet", sort=False)))
    older = dict(tuple(lines.iloc[:cut].groupby("sheet", sort=False)))
    none = lines.iloc[:0]
    begins = [("", "", "", "begins")] if cut == 0 and len(lines) else []
    frames: dict[str, Frame] = {}
    unknown: list[tuple[str, ...]] = list(begins)
    for name, frame in present.items():
        then = _Then(tables[name], newer.get(name, none), older.get(name, none), zone)
        frames[name] = then.frame(frame)
        unknown += then.unknown
    return Past(time, frames, pd.DataFrame(unknown, columns=list(UNKNOWN), dtype="str"))


@dataclass(slots=True)
class _Then:
    """One table on its way back.

    Args:
        table: The table.
        newer: Its lines that are newer than the moment.
        older: Its lines up to the moment.
        zone: The workbook's time zone.
        unknown: What could not be found out.
    """

    table: Table
    newer: Frame
    older: Frame
    zone: str
    unknown: list[tuple[str, ...]] = field(default_factory=list)

    def frame(self, present: Frame) -> Frame:
        """Return the rows as they were, from the rows of today."""
        key = self.table.key
        present = self._ids_then(self._columns_then(present))
        if not len(self.newer):
            return present.reset_index(drop=True)
        events = row_events(self.newer).drop_duplicates("row_id")
        came = events[events["added"]]
        back = events[~events["added"]].set_index("row_id")
        here = present[~present[key].isin(set(events["row_id"]))]
        cells = self._cells(came, back)
        gone = self._rows_again(back, cells, here)
        self._not_there(cells, here, back)
        here = self._patched(here, cells[~cells["row_id"].isin(set(back.index))])
        whole = pd.concat([here, gone], ignore_index=True) if len(gone) else here.reset_index(drop=True)
        return self._kept(whole, cells, back)

    def _ids_then(self, present: Frame) -> Frame:
        """Return today's rows under the ids of then, and the newer lines too."""
        key = self.table.key
        changed = renamed(self.newer, key)
        for place, old, new in reversed(
            list(zip(changed.index, changed["old"], changed["new"], strict=True))
        ):
            moved = (self.newer.index > place) & (self.newer["row_id"] == new)
            self.newer = self.newer.assign(row_id=self.newer["row_id"].mask(moved, old))
            if new:
                present = present.assign(**{key: present[key].mask(present[key] == new, old)})
        self.newer = self.newer.drop(index=changed.index[changed["new"] != ""])
        return present

    def _columns_then(self, present: Frame) -> Frame:
        """Return today's rows under the column names of then, and the newer lines too."""
        first = self.newer.index.min() if len(self.newer) else np.inf
        every = renamed_columns(self.table, pd.concat([self.older, self.newer]))
        for each in reversed([each for each in every if each.place >= first]):
            then, now = each.old, each.new
            if then == now or now not in present or each.was == now:
                continue
            moved = (self.newer.index > each.place) & (self.newer["field"] == now)
            self.newer = self.newer.assign(field=self.newer["field"].mask(moved, then))
            present = self._renamed(present, now, then)
        return present

    def _renamed(self, present: Frame, now: str, then: str) -> Frame:
        """Return rows whose column *now* was called *then*."""
        texts = present[now].astype("str").fillna("").tolist()
        columns = {name: present[name] for name in present if name not in {now, then}}
        if then in self.table.names:
            columns[then] = pd.Series(self._typed(then, texts), index=present.index)
        else:
            columns[then] = present[now].astype(object)
        if now in self.table.names:
            columns[now] = pd.Series(self._typed(now, [""] * len(present)), index=present.index)
        declared = [name for name in self.table.names if name in columns]
        return pd.DataFrame(columns)[[*declared, *(name for name in columns if name not in declared)]]

    def _cells(self, came: Frame, back: Frame) -> Frame:
        """Return what stood in each cell that has changed since: row_id, field, text, place."""
        lines = fields_of(self.newer)
        lines = lines[~lines["row_id"].isin(set(came["row_id"]))]
        if len(back):
            last = lines["row_id"].map(back["last"]).fillna(np.inf)
            lines = lines[lines.index <= last]
        first = lines.drop_duplicates(["row_id", "field"])
        cells = pd.DataFrame(
            {"row_id": first["row_id"], "field": first["field"], "text": first["old"], "place": first.index}
        )
        self._gaps(cells)
        return cells

    def _gaps(self, cells: Frame) -> None:
        """Note the cells whose last line before the moment does not lead to the first one after it."""
        keys = ["row_id", "field"]
        before = fields_of(self.older).drop_duplicates(keys, keep="last")
        left = before.set_index(keys)["new"].reindex(pd.MultiIndex.from_frame(cells[keys]))
        torn = left.notna().to_numpy() & (left.to_numpy() != cells["text"].to_numpy())
        wrong = cells[torn]
        events = row_events(self.older)
        renewed = events[events["row_id"].isin(set(wrong["row_id"]))].groupby("row_id")["place"].max()
        place = before.assign(line=before.index).set_index(keys)["line"]
        for row, name in zip(wrong["row_id"], wrong["field"], strict=True):
            if renewed.get(row, -1) <= place[row, name]:
                self._say(row, name, "gap")

    def _rows_again(self, back: Frame, cells: Frame, here: Frame) -> Frame:
        """Return the rows that have been taken away since, typed."""
        if not len(back):
            return here.iloc[:0]
        rows: dict[str, dict[str, str]] = {}
        for row, text in back["texts"].items():
            held = texts_of(text)
            if held is None:
                self._say(str(row), "", "unreadable")
            rows[str(row)] = {**(held or {}), self.table.key: str(row)}
        mine = cells[cells["row_id"].isin(rows.keys())]
        for row, name, text in zip(mine["row_id"], mine["field"], mine["text"], strict=True):
            rows[row][name] = text
        header = list(dict.fromkeys([*self.table.names, *(name for held in rows.values() for name in held)]))
        values = [header, *([held.get(name, "") for name in header] for held in rows.values())]
        return self.table.read(values, time_zone=self.zone).frame

    def _not_there(self, cells: Frame, here: Frame, back: Frame) -> None:
        """Note the rows that have lines but are neither in the sheet nor taken away by a line."""
        there = set(here[self.table.key].dropna()) | set(back.index)
        for row in cells["row_id"][~cells["row_id"].isin(there)].drop_duplicates():
            self._say(row, "", "vanished")

    def _patched(self, here: Frame, cells: Frame) -> Frame:
        """Return rows of today with the cells of then."""
        place = pd.Index(here[self.table.key].astype(object)).get_indexer_for(cells["row_id"])
        there = place >= 0
        columns: dict[str, Any] = {str(name): here[name].array for name in here}
        for name, some in cells.assign(at=place)[there].groupby("field", sort=False):
            if name not in columns:
                for row in some["row_id"]:
                    self._say(row, str(name), "no_column")
                continue
            columns[str(name)] = columns[str(name)].copy()
            columns[str(name)][some["at"].to_numpy()] = self._typed(str(name), some["text"].tolist())
        return pd.DataFrame(columns, index=here.index, copy=False)

    def _typed(self, name: str, texts: Sequence[str]) -> Any:
        """Return texts of one column as its values; those that may not stand in it are missing."""
        if name not in self.table.names:
            return np.array([text or None for text in texts], dtype=object)
        alone = replace(self.table, fields=(replace(self.table.field(name), unique=False),), unique_keys=())
        values: list[list[object]] = [[name, "#"], *([text, 1] for text in texts)]
        return alone.read(values, time_zone=self.zone).frame[name].array

    def _say(self, row: str, name: str, why: str) -> None:
        """Note what is not known."""
        self.unknown.append((self.table.name, row, name, why))

    # The columns that the book fills

    def _kept(self, whole: Frame, cells: Frame, back: Frame) -> Frame:
        """Return rows with the version and the last save that they had then."""
        names = [name for name in ("version", "updated_at", "updated_by") if name in whole]
        saves = self.newer[
            ~self.newer["source"].isin(OTHERS) & self.newer["row_id"].isin(set(cells["row_id"]))
        ]
        if not names or not len(saves):
            return whole
        own = cells[cells["field"].isin(KEPT)].set_index(["row_id", "field"])["place"]
        until = saves["row_id"].map(back["place"]).fillna(np.inf) if len(back) else np.inf
        whole = whole.copy()
        for name in names:
            typed = own.xs(name, level="field") if name in own.index.get_level_values("field") else None
            limit = np.minimum(until, np.inf if typed is None else saves["row_id"].map(typed).fillna(np.inf))
            counted = saves[saves.index < limit].drop_duplicates(["row_id", "save"])
            if name == "version":
                self._version(whole, counted)
            elif len(counted):
                self._last_save(whole, name, counted)
        return whole

    def _version(self, whole: Frame, saves: Frame) -> None:
        """Count the versions back."""
        more = whole[self.table.key].map(saves["row_id"].value_counts()).astype("Int64").fillna(0)
        then = whole["version"] - more
        whole["version"] = then.mask((more > 0) & (then <= 0))

    def _last_save(self, whole: Frame, name: str, saves: Frame) -> None:
        """Write who saved last before the moment, or when; missing where the journal does not know."""
        rows = pd.Index(saves["row_id"].unique())
        before = self.older[~self.older["source"].isin(OTHERS) & self.older["row_id"].isin(set(rows))]
        last = before.drop_duplicates("row_id", keep="last").set_index("row_id")
        source = "at" if name == "updated_at" else "who"
        found = last[source].reindex(rows)
        lacking = rows[~rows.isin(last.index)]
        if len(lacking):
            found = found.where(found.notna(), self._of_bulk(whole, lacking, source).reindex(rows))
        for row in rows[found.isna().to_numpy()]:
            self._say(row, name, "not_kept")
        mine = whole[self.table.key].isin(set(rows))
        then = whole.loc[mine, self.table.key].map(found)
        whole[name] = whole[name].mask(mine, then.reindex(whole.index).astype(whole[name].dtype))

    def _of_bulk(self, whole: Frame, rows: pd.Index, source: str) -> pd.Series:
        """Return when rows came in bulk, or with whom, if they brought no moment of their own."""
        events = row_events(self.older[self.older["source"].ne("sheet")])
        events = events[events["row_id"].isin(set(rows)) & ~events["known"]]
        last = events.drop_duplicates("row_id", keep="last").set_index("row_id")
        if "created_at" not in whole:
            return last[source]
        created = whole.set_index(self.table.key)["created_at"].reindex(last.index)
        return last.loc[(created == last["at"]).to_numpy(), source]
