"""Tables rebuilt from the journal alone, as texts, and how they differ from the sheet.

Rows that came in bulk have only their ids in the journal: what no later line says of them is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from sheets_schema.book.changes import KEPT
from sheets_schema.book.history.lines import fields_of, row_events, texts_of
from sheets_schema.book.journal import text_of
from sheets_schema.language import Table
from sheets_schema.language.cells import blank
from sheets_schema.language.header import match

__all__ = ["differences", "replay", "sheet_texts"]

DIFFERENCES: Final = ("row_id", "field", "journal", "sheet")


def replay(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return every sheet that the journal speaks of, as its lines leave it.

    Args:
        lines: All of the journal's lines in order (`in_order`).

    Returns:
        Sheet -> its rows by id: a column for each field that is spoken of, a text for each cell, blank
        for an empty one, missing where it is not known. The columns that the book fills are left out.
    """
    return {str(name): _sheet(some) for name, some in lines.groupby("sheet", sort=False)}


def _sheet(lines: pd.DataFrame) -> pd.DataFrame:
    """Return one sheet."""
    last = row_events(lines).drop_duplicates("row_id", keep="last").set_index("row_id")
    gone = set(last.index[~last["added"].to_numpy(bool)])
    came = last[last["added"].to_numpy(bool)]
    known = {
        str(row): texts_of(text) or {} for row, text in came["texts"][came["known"].to_numpy(bool)].items()
    }
    cells = fields_of(lines)
    cells = cells[~cells["row_id"].isin(gone) & ~cells["field"].isin(KEPT)]
    cells = cells[cells.index >= cells["row_id"].map(came["place"]).fillna(-1)]
    cells = cells.drop_duplicates(["row_id", "field"], keep="last")
    said = [
        (row, name, text) for row, held in known.items() for name, text in held.items() if name not in KEPT
    ]
    first = pd.DataFrame(said, columns=["row_id", "field", "new"], dtype=object)
    both = pd.concat([first, cells[["row_id", "field", "new"]]])
    both = both.drop_duplicates(["row_id", "field"], keep="last")
    wide = both.set_index(["row_id", "field"])["new"].unstack().astype(object)  # noqa: PD010 - keys are unique
    wide = wide.reindex(wide.index.union(came.index, sort=False))
    whole = wide.index.isin(list(known))
    wide[whole] = wide[whole].fillna("")
    return wide


def sheet_texts(table: Table, values: Sequence[Sequence[object]]) -> pd.DataFrame:
    """Return a sheet's rows by id as the journal would write them.

    Args:
        table: The sheet's table, with the team's fields.
        values: The sheet as `values.get` answers it, unformatted, its header first.

    Returns:
        A column for each field that the sheet has; rows without an id are left out, and of rows with the
        same id all are there.
    """
    places = match(table, values[0] if values else ()).places
    place = places.get(table.key)
    rows = [row for row in values[1:] if place is not None and place < len(row) and not blank(row[place])]
    columns = {
        name: [text_of(table.field(name), row[at] if at < len(row) else None) for row in rows]
        for name, at in places.items()
        if name not in KEPT
    }
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
