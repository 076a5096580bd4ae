"""A workbook that is open: load, save, add, lay out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema import workbook as declared
from sheets_schema.book import append, arrange, claims, load, places, shared
from sheets_schema.book.changes import Change, Saved
from sheets_schema.book.history import archive, past, timeline, undo
from sheets_schema.book.live import Seen
from sheets_schema.book.snapshot import ALWAYS, Snapshot
from sheets_schema.errors import BookError, NotAWorkbook
from sheets_schema.language import Reading, Table

if TYPE_CHECKING:
    from sheets_schema.book.client import BookClient
    from sheets_schema.book.grids import Workbook
    from sheets_schema.book.history.as_of import Past
    from sheets_schema.book.history.undo import Undone
    from sheets_schema.book.outbox import Outbox
    from sheets_schema.book.titles import Grid

__all__ = ["Book"]

JOURNAL = "journal"

Json = dict[str, Any]
SHOWN = (
    "sheets(properties(sheetId),data(startRow,startColumn,rowData(values(userEnteredValue,effectiveValue))))"
)
RENDER = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}


class Book:
    """A workbook, wherever it is kept. `open_book` makes one.

    It remembers what changes rarely (sheets, the team's fields, where rows were last seen) and looks
    again where that turns out to be wrong.
    """

    def __init__(self, client: BookClient, workbook: Workbook, *, person: str | None = None) -> None:
        """Keep the client and the spreadsheet, both of gspread's kind."""
        self.client, self.workbook, self.person = client, workbook, person
        self.seen: dict[str, Seen] = {}
        self.shown: dict[str, Reading] = {}
        self.mapped: dict[str, tuple[shared.Identity, Reading]] = {}
        self.ring = claims.Ring()
        self.sleep: Callable[[float], None] = time.sleep
        self.may_write = True
        self.last_user = ""
        self.ahead = pd.Timedelta(0)
        self.roll = archive.Roll()
        self.limit = archive.LIMIT
        self._tables: Mapping[str, Table] | None = None
        self._time_zone: str | None = None

    @property
    def title(self) -> str:
        """The spreadsheet's title."""
        return str(self.workbook.title)

    @property
    def address(self) -> str:
        """The address at which a browser opens the spreadsheet."""
        return self.client.door.swap(f"https://docs.google.com/spreadsheets/d/{self.workbook.id}/edit")

    @property
    def time_zone(self) -> str:
        """The time zone of the sheet's times: the company's setting, else the spreadsheet's own."""
        return self._time_zone or str(self.workbook.timezone)

    @cached_property
    def outbox(self) -> Outbox:
        """The saves that are not done yet, of all processes of this machine."""
        from sheets_schema.book.outbox import Outbox

        name = shared.shelf(self).folder.name
        return Outbox(self, places.data_folder(os.environ) / "outbox" / name)

    @property
    def tables(self) -> Mapping[str, Table]:
        """All tables by name, with the team's fields; asked of the workbook the first time."""
        if self._tables is None:
            self.load(version="")
        return self._tables or declared.tables()

    def load(self, *names: str, version: str | None = None) -> Snapshot:
        """Read tables in one request, or in none where this machine has read that version already.

        Args:
            names: The tables; `settings` and `fields` always come along.
            version: What `version()` has just said; it is asked for where left out.

        Raises:
            UnknownTable: A name that the workbook does not declare.
            MissingSheet: A sheet is gone or renamed.
            BookError: The workbook cannot be reached or read.
        """
        asked = version if version is not None else self.version()
        return load.load(self, tuple(dict.fromkeys((*names, *ALWAYS))), asked)

    def load_again(self, snapshot: Snapshot, saved: Mapping[str, Collection[str]]) -> Snapshot:
        """Read what a save wrote into a snapshot's tables: those rows in one request, if all is in place.

        A table whose rows have moved meanwhile is read whole. The snapshot's version stays, so that
        whoever compares it still finds the workbook newer, and its faults between tables stay until
        all of it is loaded.

        Args:
            snapshot: What was there before.
            saved: Table of the snapshot -> the ids that were changed or added, none where rows were
                only added (journal). Not `settings` and `fields`, which decide how others are read.

        Raises:
            BookError: As for `load`.
        """
        return load.load_again(self, snapshot, saved)

    def version(self) -> str:
        """Return a text that changes whenever the workbook does: cheap, it reads no cell."""
        from gspread.urls import DRIVE_FILES_API_V3_URL

        fields = "version,modifiedTime,lastModifyingUser(displayName,emailAddress)"
        params = {"fields": fields, "supportsAllDrives": True}
        address = f"{DRIVE_FILES_API_V3_URL}/{self.workbook.id}"
        answer = self.client.request("get", address, params=params).json()
        user = answer.get("lastModifyingUser", {})
        self.last_user = str(user.get("emailAddress") or user.get("displayName") or "")
        return f"{answer.get('version', '')}@{answer.get('modifiedTime', '')}"

    def is_still(self, version: str, seconds: float) -> bool | None:
        """Wait until the workbook has another version, for some seconds at the most.

        Args:
            version: What `version` has said.
            seconds: How long.

        Returns:
            Whether the version is still the same; None at once where nobody tells (Google), or where
            the server does not answer.
        """
        import requests

        address = self.client.door.state(str(self.workbook.id))
        if address is None:
            return None
        after = version.partition("@")[0]
        try:
            params: dict[str, str] = {"after": after, "wait": f"{seconds:.1f}"}
            answer = self.client.session.get(address, params=params, timeout=(5.0, seconds + 10.0))
            return str(answer.json()["version"]) == after if answer.ok else None
        except (requests.RequestException, ValueError, LookupError, TypeError):
            return None

    def save(
        self,
        changes: Sequence[Change],
        *,
        who: str,
        source: str,
        now: pd.Timestamp,
        keep: bool = False,
    ) -> Saved:
        """Save changes: rows, audit columns and journal, all or nothing.

        Rows are found by id just before they are written; only cells that differ are written; a row
        that somebody else has changed meanwhile is looked at again.

        Args:
            changes: What rows are to hold; of two that set one field of one row, the later one holds.
            who: The person's id, or the service.
            source: The page or command that it comes from.
            now: The moment, with a time zone.
            keep: Where the workbook does not answer within seconds, keep the save on this machine: it
                is sent later, as soon as some process finds the workbook back (`outbox`).

        Returns:
            What was saved; or, only with *keep*, what is kept: `kept` says so.

        Raises:
            UnknownTable, UnknownField, CellFault: Something that may not stand in the workbook.
            MissingRow, MissingSheet, HeaderFault: The sheet is not what it was.
            Conflict: Somebody changed the same field of the same row. Where this, or another error, has a
                `done`, the save is done but for what it tells of (`left.done_but`).
            BookError: The workbook cannot be reached, and the save is not kept; `Lost` where it may
                have been saved.
        """
        saved = self.outbox.save(changes, who=who, source=source, now=now, keep=keep)
        if saved.kept is None and any(change.table in ALWAYS for change in changes):
            widened = {str(values["table"]) for values in map(_values, changes) if values.get("table")}
            with suppress(BookError):  # it is saved; whoever loads next sees to the columns
                self.load(*sorted(widened & self.tables.keys()))
        if saved.kept is None:
            archive.seen_to(self, now)
        return saved

    def append_many(
        self,
        table: str,
        records: Sequence[Mapping[str, object]],
        *,
        who: str,
        source: str,
        now: pd.Timestamp,
        chunk: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> append.Appended:
        """Add many rows, a request for each chunk; rows whose ids are there already are skipped.

        Interrupted and begun again, it goes on where it stopped and doubles nothing. The journal gets
        one line for each request, with the ids.

        Args:
            table: The table's name.
            records: Field -> value; one without an id gets one. They may bring their own created_at,
                created_by, updated_at, updated_by and version.
            who: The person's id, or the service.
            source: The command that they come from.
            now: The moment, with a time zone.
            chunk: Rows in a request; by default as many as make 60,000 cells.
            progress: Called with the number of rows done since it was last called.

        Raises:
            CellFault: A value may not stand in its field; `facts["faults"]` has all of its chunk's.
            BookError: As for `save`; chunks that went before are in the sheet.
        """
        added = append.append_many(
            self, table, records, who=who, source=source, now=now, chunk=chunk, progress=progress
        )
        archive.seen_to(self, now)
        return added

    def journal(self, *, since: pd.Timestamp | None = None, holding: str | None = None) -> pd.DataFrame:
        """Return the journal's lines in the order in which they were written, archives too.

        Args:
            since: Leave out archives all of whose lines are older; a moment with a time zone.
            holding: Leave out archives that are older than this save.

        Returns:
            The journal's columns, blank texts for missing ones, and `since`: the moment, in UTC, since
            when the line holds, which never falls.
        """
        every = since is None and holding is None
        return archive.journal_lines(self, since=since, holding=holding, every=every)

    def timeline(self, table: str, id: str) -> pd.DataFrame:  # noqa: A002 - the column's name
        """Return all that the journal and its archives say of a row, the oldest first.

        Returns:
            A line for each field that was changed: at (UTC), who, source, save, undoes (the save that this
            one undoes), kind (added, bulk, changed, taken, back), field, old, new.
        """
        return timeline.timeline(self.journal(), table, id, self.tables[table].key)

    def as_of(self, time: pd.Timestamp, *names: str) -> Past:
        """Return tables as they were at a moment, rebuilt from the rows of today and the journal.

        Args:
            time: The moment, with a time zone; what was saved at that very moment is in.
            names: The tables; all of them but the journal where none is named.

        Returns:
            The typed tables, `past["tickets"]`; `past.unknown` says what the journal does not know.

        Raises:
            UnknownTable: A name that the workbook does not declare.
            BookError: The workbook cannot be reached or read.
        """
        return past.past_of(self, time, names)

    def undo(self, save: str, *, who: str, source: str, now: pd.Timestamp, keep: bool = False) -> Undone:
        """Undo a save: its reverse as a save of its own, which is journalled and can be undone.

        A field that somebody has changed since is left alone, and so is a row that was added by the save
        and has been changed since; `left` says what was left, and why.

        Args:
            save: The save's id, as the journal has it.
            who: The person's id.
            source: The page or command that it comes from.
            now: The moment, with a time zone.
            keep: As for `save`.

        Raises:
            MissingRow: The journal has no such save.
            BookError: As for `save`.
        """
        return undo.undo(self, save, who=who, source=source, now=now, keep=keep)

    def restore(
        self,
        table: str,
        id: str,  # noqa: A002 - the column's name
        *,
        who: str,
        source: str,
        now: pd.Timestamp,
        keep: bool = False,
    ) -> Undone:
        """Bring back a row that was deleted in the sheet, or taken away by a save, with all it held.

        Args:
            table: The table's name.
            id: The row's id.
            who: The person's id.
            source: The page or command that it comes from.
            now: The moment, with a time zone.
            keep: As for `save`.

        Raises:
            MissingRow: The journal does not say that the row was ever taken away.
            BookError: As for `save`.
        """
        return undo.restore(self, table, id, who=who, source=source, now=now, keep=keep)

    def link(self, table: str | None = None, row: int | None = None) -> str:
        """Return the address of the spreadsheet, of one of its sheets, or of a row of it."""
        if table is None:
            return self.address
        cell = "" if row is None else f"&range=A{row}"
        return f"{self.address}#gid={self.grid(table).id}{cell}"

    def lay_out(self, time_zone: str | None = None) -> tuple[str, ...]:
        """Lay out all sheets; run again it changes only what differs, and never touches rows.

        Args:
            time_zone: The spreadsheet's time zone, an IANA name; by default the company's setting,
                and without one it stays as it is.

        Returns:
            The names of the sheets that were made or changed.

        Raises:
            NotProtected: All is laid out, but this account may not protect columns.
            BookError: The workbook cannot be reached or written.
        """
        return arrange.lay_out(self, time_zone)

    def check_ours(self) -> None:
        """Raise NotAWorkbook if no sheet of the spreadsheet is one of ours."""
        if not self.workbook.grids.keys() & declared.tables().keys():
            raise NotAWorkbook(address=self.address)

    def grid(self, table: str) -> Grid:
        """Return a table's sheet; raise MissingSheet."""
        return self.workbook.grid(table)

    def hidden(self, title: str) -> Grid | None:
        """Return a sheet that is no table's, None if there is none."""
        if not self.workbook.grids:
            self.workbook.refresh()
        return self.workbook.grids.get(title)

    def forget_sheets(self) -> None:
        """Ask for the sheets again when one is needed next."""
        self.workbook.grids = {}

    def read(self, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """Return the values of ranges, unformatted, in one request."""
        answer = self.client.values_batch_get(self.workbook.id, list(ranges), dict(RENDER))
        return [found.get("values", []) for found in answer["valueRanges"]]

    def write(self, requests: Sequence[Json], shown: Sequence[str] = ()) -> list[Json]:
        """Send one batchUpdate: all of it is done, or nothing.

        Args:
            requests: What is to be done.
            shown: Ranges to come with the answer, as they are once all is done.

        Returns:
            The sheets with those ranges' cells, as `spreadsheets.get` has them.
        """
        from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL

        body: Json = {"requests": list(requests)}
        params = {"fields": "spreadsheetId"}
        if shown:
            body |= {"includeSpreadsheetInResponse": True, "responseRanges": list(shown)}
            body["responseIncludeGridData"] = True
            params["fields"] = f"updatedSpreadsheet({SHOWN})"
        address = SPREADSHEET_BATCH_UPDATE_URL % self.workbook.id
        try:
            answer = self.client.request("post", address, params=params, json=body).json()
        finally:
            if self._only_journals(requests):
                shared.shelf(self).forget(JOURNAL)
            else:
                shared.shelf(self).set_aside()
        if any(request.keys() & {"addSheet", "appendDimension", "deleteSheet"} for request in requests):
            self.forget_sheets()
        if JOURNAL in self.workbook.grids:
            self.roll.count(self.workbook.grids[JOURNAL], requests)
        sheets: list[Json] = answer.get("updatedSpreadsheet", {}).get("sheets", [])
        return sheets

    def _only_journals(self, requests: Sequence[Json]) -> bool:
        """Say whether requests do no more than add lines to the journal."""
        journal = self.workbook.grids.get("journal")
        lines = [request["appendCells"] for request in requests if "appendCells" in request]
        claims_only = all(
            request.keys() <= {"createDeveloperMetadata", "deleteDeveloperMetadata", "appendCells"}
            for request in requests
        )
        return bool(
            claims_only and lines and journal and all(each["sheetId"] == journal.id for each in lines)
        )

    def show(self, ranges: Sequence[str]) -> list[Json]:
        """Return the sheets with what ranges hold now, formulas too."""
        answer = self.workbook.fetch_sheet_metadata({"ranges": list(ranges), "fields": SHOWN})
        sheets: list[Json] = answer.get("sheets", [])
        return sheets

    def claimed(self, number: int) -> str | None:
        """Return which save has claimed a number, None if none has."""
        from gspread.urls import SPREADSHEET_URL

        address = f"{SPREADSHEET_URL % self.workbook.id}/developerMetadata/{number}"
        try:
            return str(self.client.request("get", address).json().get("metadataValue"))
        except NotAWorkbook:  # what 404 means elsewhere; here, that there is no such number
            return None

    def claimants(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return which saves have claimed some numbers, those of them that are claimed: number -> save."""
        from gspread.urls import SPREADSHEET_URL

        asked = [{"developerMetadataLookup": {"metadataId": number}} for number in numbers]
        address = f"{SPREADSHEET_URL % self.workbook.id}/developerMetadata:search"
        answer = self.client.request("post", address, json={"dataFilters": asked}).json()
        found = [each["developerMetadata"] for each in answer.get("matchedDeveloperMetadata", ())]
        return {each["metadataId"]: str(each.get("metadataValue")) for each in found}

    def known(self, table: str, id_: str, names: Iterable[str]) -> dict[str, object]:
        """Return the cells of a row as they were last read here; nothing where it was not."""
        seen, reading = self.seen.get(table), self.shown.get(table)
        if seen is None or reading is None or id_ not in seen.rows:
            return {}
        row, declared = reading.frame.loc[seen.rows[id_]], self.tables[table]
        return {
            name: declared.field(name).format(row[name], self.time_zone)
            for name in names
            if name in declared.names
        }

    def cell_of(self, table: str, name: str, text: str) -> object:
        """Return the cell of a value as the journal writes it."""
        field = self.tables[table].field(name)
        return field.format(field.parse(text, self.time_zone), self.time_zone)

    def learn(self, tables: Mapping[str, Table], time_zone: str | None, ahead: pd.Timedelta) -> None:
        """Remember the tables with the team's fields, the company's time zone, and the demo's clock."""
        self._tables, self._time_zone, self.ahead = tables, time_zone, ahead


def _values(change: Change) -> Mapping[str, object]:
    """Return what a change says of its row."""
    return change.values  # noqa: PD011 - not a frame's
