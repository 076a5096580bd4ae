"""What the workbook's other tables hold: the ids that a file's cells may name, and by which names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sheets_schema.language import Table

__all__ = ["References", "tables_named"]

NAMES = ("name", "name_zh_hans", "name_zh_hant")


@dataclass(frozen=True, slots=True)
class References:
    """Ids and names of the rows of other tables.

    Args:
        frames: Table -> its rows.
    """

    frames: Mapping[str, pd.DataFrame]
    _ids: dict[str, set[str]] = field(default_factory=dict)
    _names: dict[str, dict[str, str]] = field(default_factory=dict)

    def ids(self, table: str) -> set[str]:
        """Return the ids of a table's rows; what is added to it counts from then on."""
        if table not in self._ids:
            self._ids[table] = set(self.frames[table]["id"].dropna())
        return self._ids[table]

    def names(self, table: str) -> Mapping[str, str]:
        """Return name, in small letters -> id; a name that two rows share names neither."""
        if table not in self._names:
            frame = self.frames[table]
            columns = [
                frame[[name, "id"]].set_axis(["name", "id"], axis=1) for name in NAMES if name in frame
            ]
            pairs = pd.concat([frame[["id", "id"]].set_axis(["name", "id"], axis=1), *columns]).dropna()
            pairs["name"] = pairs["name"].astype("str").str.strip().str.casefold()
            pairs = pairs.drop_duplicates()
            single = pairs[~pairs["name"].duplicated(keep=False)]
            self._names[table] = dict(zip(single["name"], single["id"], strict=True))
        return self._names[table]

    def add(self, table: str, ids: Iterable[str]) -> None:
        """Count ids as there."""
        self.ids(table).update(ids)


def tables_named(table: Table, fields: Iterable[str]) -> list[str]:
    """Return the tables that some fields of a table refer to, each once."""
    named = (table.field(name).foreign for name in fields)
    return sorted({each for each in named if each})
