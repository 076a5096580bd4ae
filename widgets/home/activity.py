"""What happened last: the journal's saves and the tickets' events, newest first."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.book.journal import ALL
from widgets.home.mine import text
from widgets.parts import link

if TYPE_CHECKING:
    from widgets.desk import Desk

SHOWN = 12
BULK = ".."
Entry = tuple[pd.Timestamp, str]
PAGES = {
    "tickets": ("tickets", "id"),
    "kpis": ("kpis", "kpi"),
    "risks": ("risks", "risk"),
}


def newest(desk: Desk) -> list[str]:
    """Return the newest saves and events as safe HTML lines."""
    found = [*_events(desk), *_saves(desk)]
    found.reverse()  # of two at the same moment the later line of the sheet comes first
    found.sort(key=lambda entry: entry[0], reverse=True)
    return [line for _, line in found[:SHOWN]]


def _saves(desk: Desk) -> list[Entry]:
    """Return the last saves of the journal: who did what to which row, one line a row and save."""
    journal = desk.frame("journal")
    of_a_row = journal["row_id"].notna() & (journal["sheet"] != "ticket_events")
    journal = journal[journal["at"].notna() & of_a_row]
    lately = journal.sort_values("at", kind="stable").tail(SHOWN * 30)
    in_bulk = (lately["field"] == ALL) & lately["row_id"].str.contains(BULK, regex=False)
    rows = lately[~in_bulk].groupby(["save", "sheet", "row_id"], sort=False, dropna=False)
    found = [(part["at"].iloc[-1], _save_line(desk, part)) for _, part in rows][-SHOWN:]
    runs = lately[in_bulk].groupby(["who", "source"], sort=False, dropna=False)
    return [(part["at"].iloc[-1], _bulk_line(desk, part)) for _, part in runs] + found


def _save_line(desk: Desk, rows: pd.DataFrame) -> str:
    """Return one save of one row."""
    last = rows.iloc[-1]
    sheet, row = text(last["sheet"]), text(last["row_id"])
    fields = [text(name) for name in rows["field"].dropna().unique()]
    facts = {"who": _who(desk, last), "table": _table(desk, sheet)}
    if ALL in fields:
        said = desk.say("home.added", **facts)
    else:
        named = [_label(desk, sheet, name) for name in fields[:3]]
        more = len(fields) - len(named)
        shown = desk.say("common.list_separator").join(named)
        shown += desk.say("home.and_more", count=more) if more else ""
        said = desk.say("home.changed", fields=shown, **facts)
    return f"{_where(desk, sheet, row)} {escape(said)} {_when(desk, last['at'])}"


def _bulk_line(desk: Desk, rows: pd.DataFrame) -> str:
    """Return all the rows that one command brought, as one line."""
    last = rows.iloc[-1]
    names = [_table(desk, text(sheet)) for sheet in rows["sheet"].dropna().unique()]
    tables = desk.say("common.list_separator").join(names[:3])
    tables += desk.say("home.and_more", count=len(names) - 3) if len(names) > 3 else ""  # noqa: PLR2004
    said = desk.say("home.added", who=_who(desk, last), table=tables)
    return f"{escape(said)} {_when(desk, last['at'])}"


def _who(desk: Desk, line: pd.Series) -> str:
    """Return who a line of the journal is by; a dash where it does not say."""
    return desk.name("people", line["who"]) or "–"


def _table(desk: Desk, sheet: str) -> str:
    """Return what people call a table."""
    table = desk.book.tables.get(sheet)
    return str(table.labels.get(desk.language, sheet)) if table is not None else sheet


def _events(desk: Desk) -> list[Entry]:
    """Return the last events of tickets."""
    events = desk.frame("ticket_events")
    lately = events[events["at"] <= desk.now()].sort_values("at", kind="stable").tail(SHOWN)
    return [(row["at"], _event_line(desk, row)) for _, row in lately.iterrows()]


def _event_line(desk: Desk, event: pd.Series) -> str:
    """Return one event of a ticket."""
    kind = desk.book.tables["ticket_events"].field("kind").choice_label(event["kind"], desk.language)
    who = desk.name("people", event["by"])
    said = f"{kind} – {who}" if who else kind
    return f"{_where(desk, 'tickets', text(event['ticket']))} {escape(said)} {_when(desk, event['at'])}"


def _where(desk: Desk, sheet: str, row: str) -> str:
    """Return a link to the page that shows the row; its number where no page does."""
    if sheet not in PAGES:
        return escape(row)
    page, name = PAGES[sheet]
    return link(desk.href(page, **{name: row}), row)


def _label(desk: Desk, sheet: str, name: str) -> str:
    """Return a field's label; its name where the table does not know it."""
    table = desk.book.tables.get(sheet)
    if table is None or name not in table.names:
        return name
    return str(table.field(name).label(desk.language))


def _when(desk: Desk, moment: pd.Timestamp) -> str:
    """Return a moment as safe HTML."""
    return f"<span class='op-muted'>{escape(desk.local(moment))}</span>"
