"""Tables rebuilt from the journal alone, as texts, and how they differ from the sheet.

Rows that came in bulk have only their ids in the journal: what no later line says of them is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

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
from sheets_schema.book.journal import cell_text
from sheets_schema.language import Table
from sheets_schema.language.cells import blank, column_letters
from sheets_schema.language.header import match

__all__ = ["differences", "replay", "sheet_texts"]

DIFFERENCES: Final = ("row_id", "field", "journal", "sheet")


def replay(lines: pd.DataFrame, tables: Mapping[str, Table]) -> dict[str, pd.DataFrame]:
    """Return every table that the journal speaks of, as its lines leave it.

    Args:
        lines: All of the journal's lines in order (`in_order`).
        tables: The tables, with the team's fields.

    Returns:
        Table -> its rows by id: a column for each field that is spoken of, a text for each cell, blank
        for an empty one, missing where it is not known. The columns that the book fills are left out.
    """
    by_sheet = that_hold(lines).groupby("sheet", sort=False)
    return {str(name): _sheet(tables[str(name)], some) for name, some in by_sheet if name in tables}


def _sheet(table: Table, lines: pd.DataFrame) -> pd.DataFrame:
    """Return one table."""
    lines = _ids_now(table, lines)
    columns = _columns(table, lines)
    last = row_events(lines).drop_duplicates("row_id", keep="last").set_index("row_id")
    gone = set(last.index[~last["added"].to_numpy(bool)])
    came = last[last["added"].to_numpy(bool)]
    known = came[came["known"].to_numpy(bool)]
    said: list[tuple[str, str, str]] = []
    for row, text, place in zip(known.index, known["texts"], known["place"], strict=True):
        held = _columns_now(columns, texts_of(text) or {}, place)
        said += [(str(row), name, cell) for name, cell in held.items() if name not in KEPT]
    cells = fields_of(lines)
    cells = cells[~cells["row_id"].isin(gone) & ~cells["field"].isin(KEPT)]
    cells = cells[cells.index >= cells["row_id"].map(came["place"]).fillna(-1)]
    for place, old, new in columns:
        cells = cells.assign(field=cells["field"].mask((cells.index < place) & (cells["field"] == old), new))
    cells = cells.drop_duplicates(["row_id", "field"], keep="last")
    first = pd.DataFrame(said, columns=["row_id", "field", "new"], dtype=object)
    both = pd.concat([first, cells[["row_id", "field", "new"]]])
    both = both.drop_duplicates(["row_id", "field"], keep="last")
    wide = both.set_index(["row_id", "field"])["new"].unstack().astype(object)  # noqa: PD010 - keys are unique
    wide = wide.reindex(wide.index.union(came.index, sort=False))
    whole = wide.index.isin(list(known.index))
    wide[whole] = wide[whole].fillna("")
    return wide


def _ids_now(table: Table, lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines under the ids that their rows have now; of a row whose id was cleared there are none."""
    changed = renamed(lines, table.key)
    for place, old, new in zip(changed.index, changed["old"], changed["new"], strict=True):
        mine = (lines.index < place) & (lines["row_id"] == old)
        lines = lines.assign(row_id=lines["row_id"].mask(mine, new)) if new else lines[~mine]
    gone = changed.index[changed["new"] == ""]
    lines = lines.drop(index=gone.intersection(lines.index))
    left = changed.index.intersection(lines.index)
    return lines.assign(row_id=lines["row_id"].mask(lines.index.isin(left), lines["new"]))


Name = tuple[float, str, str]
"""The line up to which a column had an old name, that name, and its new one."""


def _columns(table: Table, lines: pd.DataFrame) -> list[Name]:
    """Return the names that columns have had, in order."""
    names: list[Name] = []
    for each in renamed_columns(table, lines):
        if each.old != each.new:
            names.append((each.place, each.old, each.new))
        if each.field:
            names.append((each.until, each.field, each.new))
    return names


def _columns_now(renames: Sequence[Name], held: Mapping[str, str], place: int) -> dict[str, str]:
    """Return a row's texts under the names that their columns have now."""
    texts = dict(held)
    for line, old, new in renames:
        if line > place and old in texts:
            texts[new] = texts.pop(old)
    return texts


def sheet_texts(table: Table, values: Sequence[Sequence[object]]) -> pd.DataFrame:
    """Return a sheet's rows by id as the journal would write them.

    Args:
        table: The sheet's table, with the team's fields.
        values: The sheet as `values.get` answers it, unformatted, its header first.

    Returns:
        A column for each that the sheet has; rows without an id are left out, and of rows with the
        same id all are there.
    """
    header = match(table, values[0] if values else ())
    place = header.places.get(table.key)
    rows = [row for row in values[1:] if place is not None and place < len(row) and not blank(row[place])]
    taken = {*header.places.values(), *header.unknown.values()}
    width = max(map(len, rows), default=0)
    nameless = {column_letters(at): at for at in range(width) if at not in taken}
    columns = {
        name: [cell_text(table, name, row[at] if at < len(row) else None) for row in rows]
        for name, at in {**nameless, **header.unknown, **header.places}.items()
        if name not in KEPT
    }
    if not columns:
        return pd.DataFrame(dtype=object)
    return pd.DataFrame(columns, dtype=object).set_index(table.key, drop=False).rename_axis("row_id")


def differences(replayed: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """Return the cells in which the journal and the sheet do not agree; what is not known agrees.

    Args:
        replayed: A sheet of `replay`.
        sheet: The same of `sheet_texts`.

    Returns:
        row_id, field, journal, sheet; a row that one of them lacks is one line with a blank field.
    """
    lacking = [(str(row), "", str(row), None) for row in replayed.index.difference(sheet.index)]
    strange = [(str(row), "", None, str(row)) for row in sheet.index.difference(replayed.index)]
    found: list[tuple[str, str, object, object]] = [*lacking, *strange]
    doubled = sheet.index[sheet.index.duplicated()]
    found += [(str(row), "", str(row), f"{row}, {row}") for row in doubled]
    both = replayed.index.intersection(sheet.index.drop_duplicates(keep=False))
    for name in replayed.columns:
        said = replayed.loc[both, name]
        here = sheet.loc[both, name] if name in sheet else pd.Series("", index=both)
        wrong = said.notna() & (said != here)
        found += [(str(row), str(name), said[row], here[row]) for row in both[wrong.to_numpy()]]
    return pd.DataFrame(found, columns=list(DIFFERENCES), dtype=object)
