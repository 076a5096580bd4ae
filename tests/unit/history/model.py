"""A sheet and its journal in memory, and what saves and people do to them: for the rules of the past."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sheets_schema import workbook
from sheets_schema.book import journal
from sheets_schema.book.history.lines import in_order

ZONE = "Asia/Shanghai"
START = pd.Timestamp("2026-11-01 01:00", tz="UTC")
TABLE = workbook.tables()["tickets"]
KEPT = ("created_at", "created_by", "updated_at", "updated_by", "version")


@dataclass
class Sheet:
    """The sheet `tickets` as cells by id, and the journal's records."""

    rows: dict[str, dict[str, object]] = field(default_factory=dict)
    records: list[dict[str, object]] = field(default_factory=list)
    saves: int = 0

    @property
    def now(self) -> pd.Timestamp:
        """The moment of the newest save; each comes a minute after the one before."""
        return START + pd.Timedelta(minutes=self.saves)

    def write(self, lines: list[journal.Line], who: str, source: str) -> None:
        """Add lines to the journal as one save."""
        made = journal.records(lines, save=f"S-{self.saves}", who=who, source=source, now=self.now)
        self.records += made

    def add(self, id_: str, values: Mapping[str, object], *, bulk: bool = False, who: str = "E01") -> None:
        """Add a row, by a save or in bulk."""
        self.saves += 1
        cells = {"id": id_, **{name: TABLE.field(name).format(value, ZONE) for name, value in values.items()}}
        lines = journal.bulk(TABLE, [id_]) if bulk else journal.added(TABLE, id_, cells)
        self.write(lines, who, "import" if bulk else "tickets")
        kept = {
            "created_at": self.now,
            "created_by": who,
            "updated_at": self.now,
            "updated_by": who,
            "version": 1,
        }
        self.rows[id_] = {
            **cells,
            **{name: TABLE.field(name).format(value, ZONE) for name, value in kept.items()},
        }

    def change(
        self, id_: str, values: Mapping[str, object], *, by_hand: bool = False, who: str = "E02"
    ) -> None:
        """Change cells, by a save or in the sheet."""
        self.saves += 1
        row, lines = self.rows[id_], []
        for name, value in values.items():
            new = TABLE.field(name).format(value, ZONE)
            if journal.text_of(TABLE.field(name), row.get(name)) != journal.text_of(TABLE.field(name), new):
                lines.append(journal.changed(TABLE, id_, name, row.get(name), new))
                row[name] = new
        self.write(lines, who, "sheet" if by_hand else "tickets")
        if lines and not by_hand:
            row["version"] = int(str(row["version"])) + 1
            row["updated_at"] = TABLE.field("updated_at").format(self.now, ZONE)
            row["updated_by"] = who

    def take(self, id_: str) -> None:
        """Take a row away."""
        self.saves += 1
        self.write(journal.taken(TABLE, id_, self.rows.pop(id_)), "E02", "sheet")

    def values(self) -> list[list[object]]:
        """Return the sheet as the API answers it."""
        return [
            list(TABLE.names),
            *([row.get(name, "") for name in TABLE.names] for row in self.rows.values()),
        ]

    def frame(self) -> pd.DataFrame:
        """Return the sheet as it is loaded."""
        return TABLE.read(self.values(), time_zone=ZONE).frame

    def journal(self, *, since: int = 0) -> pd.DataFrame:
        """Return the journal as it is loaded, without its first lines."""
        table = workbook.tables()["journal"]
        rows = table.write(self.records[since:], table.names, time_zone=ZONE)
        return table.read([list(table.names), *rows], time_zone=ZONE).frame

    def lines(self) -> pd.DataFrame:
        """Return the journal's lines in order."""
        return in_order([self.journal()])
