"""The timeline of one row: who changed what from what to what, when, and where from."""

from __future__ import annotations

from typing import Final

import pandas as pd

from sheets_schema.book.history.lines import fields_of, renamed, row_events, texts_of

__all__ = ["KINDS", "UNDO", "timeline"]

KINDS: Final = ("added", "bulk", "changed", "taken", "back")
"""A row came; it came with many in one request, whose values the journal does not have; a cell of it
changed; it was taken away; it was brought back."""

UNDO: Final = "undo"
"""A save that undoes another has this word and that save's id at the end of its source."""

COLUMNS: Final = ("at", "who", "source", "save", "undoes", "kind", "field", "old", "new")
SOURCE: Final = rf"^(?:(?P<source>.*): )?{UNDO} (?P<undoes>\S+)$"


def timeline(lines: pd.DataFrame, sheet: str, row: str, key: str = "id") -> pd.DataFrame:
    """Return all that the journal says of a row, in its order.

    Args:
        lines: The journal's lines in order (`in_order`).
        sheet: The table's name.
        row: The row's id; what it was called before somebody changed that in the sheet is told, too.
        key: The field that names a row.

    Returns:
        at (UTC), who, source, save, undoes (the save that this one undoes), kind (`KINDS`), field, old and
        new, a line for each field; all but `at` are texts, missing where there is nothing. A row that
        came or went has a line for each cell that held something, and one with a missing field if none
        did or the journal does not know.
    """
    lines = lines[lines["sheet"] == sheet]
    changed = renamed(lines, key)
    for place, old, new in reversed(list(zip(changed.index, changed["old"], changed["new"], strict=True))):
        if new == row:
            mine = (lines.index <= place) & (lines["row_id"] == old)
            lines = lines.assign(row_id=lines["row_id"].mask(mine, row))
    own = lines[(lines["sheet"] == sheet) & ((lines["row_id"] == row) | _may_name(lines["new"], row))]
    events = row_events(own)
    events = events[events["row_id"] == row]
    cells = fields_of(own[own["row_id"] == row])
    cells = cells[["at", "who", "source", "save", "field", "old", "new"]].assign(kind="changed")
    cells = cells.assign(place=cells.index)
    whole = cells["save"].isin(set(events.loc[events["known"].to_numpy(bool), "save"]))
    parts = [_event(event, cells[cells["save"] == event["save"]], events) for _, event in events.iterrows()]
    found = pd.concat([cells[~whole], *parts]).sort_values("place", kind="stable")
    named = found["source"].astype("str").str.extract(SOURCE)
    undoes = named["undoes"]
    found["source"] = found["source"].where(undoes.isna(), named["source"].fillna(""))
    found["undoes"] = undoes
    found = found[list(COLUMNS)].reset_index(drop=True)
    for name in COLUMNS[1:]:
        found[name] = found[name].astype("str").replace("", None).astype("str")
    return found


def _may_name(texts: pd.Series, row: str) -> pd.Series:
    """Say which texts are lists that may have an id in them."""
    return (texts.str[:1] == "[") & texts.str.contains(f'"{row}"', regex=False)


def _event(event: pd.Series, long: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of a row that came or went."""
    side, other = ("new", "old") if event["added"] else ("old", "new")
    texts = (texts_of(str(event["texts"])) if event["known"] else None) or {}
    texts |= dict(zip(long["field"], long[side], strict=True))
    names = list(texts) or [""]
    earlier = events[(events["place"] < event["place"]) & ~events["added"].astype(bool)]
    kind = (
        "bulk"
        if not event["known"]
        else "taken"
        if not event["added"]
        else "back"
        if len(earlier)
        else "added"
    )
    common = {name: event[name] for name in ("at", "who", "source", "save", "place")}
    cells = {"field": names, side: [texts.get(name, "") for name in names], other: ""}
    return pd.DataFrame({**cells, **common, "kind": kind})
