"""What one open page knows: the book, its snapshot, the language, the person, the address bar."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import pandas as pd

from sheets_schema import workbook
from sheets_schema.errors import BookError, Conflict, OpslineError
from sheets_schema.words import LANGUAGES, say
from widgets.navigation import kept
from widgets.rights import refuse_unless_allowed
from widgets.speech import SPEECH

if TYPE_CHECKING:
    from sheets_schema.book import Book, Change, Saved, Snapshot, Undone
    from widgets.parts import Tone

NAMES = {"en": "name", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
REAL = pd.Timedelta(0)
ALWAYS = ("people", "settings")


class Desk:
    """One open page: what it may read and write, and who is asking.

    Args:
        book: The workbook.
        key: The page's key, such as "tickets".
        tables: What the page shows; `people` and `settings` come without being named.
        environment: Where the server left the request (`QUERY_STRING`, `HTTP_ACCEPT_LANGUAGE`,
            `OPSLINE_PERSON`, `OPSLINE_NOW`); the process's own by default.

    Raises:
        OpslineError: The workbook cannot be read.
    """

    def __init__(
        self,
        book: Book,
        key: str = "",
        tables: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.environment = os.environ if environment is None else environment
        self.book, self.key = book, key
        self.tables = tuple(dict.fromkeys((*ALWAYS, *tables)))
        self.query = dict(parse_qsl(self.environment.get("QUERY_STRING", "")))
        self._sheet: Snapshot = book.load(*self.tables)
        self._waits = book.outbox.mark
        self.snapshot: Snapshot = book.outbox.over(self._sheet)
        self._ahead = ahead_of(self.snapshot)
        self.language = chosen_language(self.query, self.environment, self.snapshot)
        self.person = self.environment.get("OPSLINE_PERSON") or self._person_of_the_query()
        self.address_bar: Callable[[dict[str, str]], None] | None = None
        self.show_work: Callable[[dict[str, object]], None] | None = None
        self._refreshed: list[Callable[[], None]] = []
        self._arrived: list[Callable[[], None]] = []
        self._names: dict[str, dict[str, str]] = {}
        SPEECH.language, SPEECH.time_zone = self.language, book.time_zone

    # Reading

    def say(self, key: str, /, **facts: object) -> str:
        """Return the words of *key* in the page's language."""
        return say(key, self.language, **facts)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of the current snapshot; the page must have named it."""
        return self.snapshot[name]

    def now(self) -> pd.Timestamp:
        """Return the moment it is, in UTC.

        The demo's clock starts at the setting `as_of` and ticks; `OPSLINE_NOW` overrides both.
        """
        fixed = self.environment.get("OPSLINE_NOW")
        return utc(fixed) if fixed else pd.Timestamp.now("UTC") + self._ahead

    @property
    def is_demo_clock(self) -> bool:
        """Whether `now` is not the real clock."""
        return "OPSLINE_NOW" in self.environment or self._ahead != REAL

    def local(self, moment: pd.Timestamp | None) -> str:
        """Return a moment in the workbook's time zone: "23 Nov 09:30"; blank where there is none.

        A year is said where it is not this one.
        """
        if moment is None or pd.isna(moment):
            return ""
        here = moment.tz_convert(self.book.time_zone)
        this_year = self.now().tz_convert(self.book.time_zone).year
        key = "shell.moment" if here.year == this_year else "shell.moment_year"
        return self.say(key, moment=here)

    def day(self, date: pd.Timestamp | None) -> str:
        """Return a date (naive, as in frames): "23 Nov 2026"; blank where there is none."""
        return "" if date is None or pd.isna(date) else self.say("shell.day", date=date)

    def name(self, table: str, code: object) -> str:
        """Return what a row is called in the page's language; its code where it has no name."""
        if code is None or code is pd.NA or code != code:  # noqa: PLR0124 - NaN is not itself
            return ""
        if table not in self._names:
            self._names[table] = self._names_of(table)
        return self._names[table].get(str(code), str(code))

    def names(self, table: str) -> Mapping[str, str]:
        """Return id -> name of a whole table, for labels and choices."""
        self.name(table, "")
        return self._names[table]

    @property
    def role(self) -> str:
        """The person's role; `viewer` for one who is not in the sheet `people`."""
        people = self.frame("people")
        found = people.loc[people["id"] == self.person, "role"].dropna()
        return str(found.iloc[0]) if len(found) else "viewer"

    # Links

    def href(self, page: str, /, **query: str) -> str:
        """Return the address of another page; it keeps the language and the person.

        Relative on a served page; in JupyterLab the served desk's (blank where none runs).
        """
        parts = urlencode({**kept(self.query), **query})
        return f"{self._pages()}{page}{'?' if parts else ''}{parts}" if self._has_pages else ""

    def sheet_link(self, table: str | None = None, row: int | None = None) -> str:
        """Return the address of the spreadsheet, or of a table's sheet, or of a row in it."""
        return self.book.link(table, row)

    # Writing

    def save(self, changes: Sequence[Change], source: str) -> Saved:
        """Save in the person's name, take what was saved into the snapshot, and tell the page.

        The rest of a newer snapshot comes with the watch (`widgets.live`). Where the workbook does not
        answer, the save is kept on this machine and shown in the snapshot; `outcome` says so.

        Raises:
            NotAllowed: The person is not in the sheet `people`, or their role may not do this.
            Conflict: Somebody has changed the same fields; `facts["changes"]` is what was to be saved, or,
                where the error has a `done`, what is open of it: all else is saved then.
            OpslineError: The book refused; nothing was written, unless the error has a `done`.
        """
        refuse_unless_allowed(self, changes)
        try:
            saved = self.book.save(changes, who=self.person, source=source, now=self.now(), keep=True)
        except BookError as error:
            if error.done:
                self._take_rest(changes, error)
            elif isinstance(error, Conflict):
                error.facts["changes"] = tuple(changes)
            raise
        with suppress(BookError):  # it is saved; that it cannot be read again is the watch's to tell
            self._read_again(changes, saved)
        return saved

    def undo(self, save: str, source: str) -> Undone:
        """Undo a save in the person's name, as far as nobody has changed the same since; tell the page.

        Raises:
            NotAllowed: The person's role may not change one of the tables that the save changed.
            OpslineError: The book refused; nothing was written.
        """
        lines = self.book.journal(holding=save)
        touched = lines.loc[lines["save"] == save, "sheet"].unique()
        return self._undone(
            touched,
            lambda: self.book.undo(save, who=self.person, source=source, now=self.now(), keep=True),
        )

    def restore(self, table: str, id: str, source: str) -> Undone:  # noqa: A002 - the column's name
        """Bring back a row that was deleted, in the person's name; tell the page.

        Raises:
            NotAllowed: The person's role may not change the table.
            OpslineError: The book refused; nothing was written.
        """
        return self._undone(
            [table],
            lambda: self.book.restore(table, id, who=self.person, source=source, now=self.now(), keep=True),
        )

    def _undone(self, tables: Iterable[str], work: Callable[[], Undone]) -> Undone:
        """Do what changes some tables, and take what the sheet holds then."""
        from sheets_schema.book import Change

        known = [name for name in tables if name in self.book.tables]
        refuse_unless_allowed(self, [Change(name, {}) for name in known])
        undone = work()
        with suppress(BookError):  # it is done; that it cannot be read again is the watch's to tell
            self.reload()
        return undone

    def outcome(self, saved: Saved, words: str) -> tuple[str, Tone]:
        """Return what a person is told after a save, and its tone: *words*, or that it is kept."""
        return (words, "green") if saved.kept is None else (saved.kept.text(self.language), "amber")

    def refusal(self, error: OpslineError) -> tuple[str, Tone]:
        """Return what a person is told of a save that failed, and its tone: nothing is saved, or not all."""
        said = error.text(self.language)
        return (said, "amber") if error.done else (f"{self.say('common.not_saved')} {said}", "red")

    def _take_rest(self, changes: Sequence[Change], error: BookError) -> None:
        """Take a save that is done but for a part into the snapshot; keep in its error what is open."""
        from sheets_schema.book import Saved, changes_left

        error.facts["changes"] = changes_left(error, changes, self.book.tables, self.book.time_zone)
        with suppress(BookError):  # as for any save
            self._read_again(changes, Saved(tuple(error.facts["ids"]), error.done))  # type: ignore[arg-type]

    def _read_again(self, changes: Sequence[Change], saved: Saved) -> None:
        """Take what was saved, or is kept, into the snapshot."""
        if saved.kept is not None:
            self.take(self._sheet)
            return
        written: dict[str, list[str]] = {"journal": []}
        for change, id_ in zip(changes, saved.ids, strict=True):
            written.setdefault(change.table, []).append(id_)
        if written.keys() & {"settings", "fields"}:
            self.reload()
        else:
            shown = {name: ids for name, ids in written.items() if name in self.tables}
            self.take(self.book.load_again(self._sheet, shown))

    def set_query(self, **parts: str | None) -> None:
        """Write parts of the address bar without a reload; None takes a part away."""
        query = {**self.query, **{name: part for name, part in parts.items() if part is not None}}
        for name in [name for name, part in parts.items() if part is None]:
            query.pop(name, None)
        if query == self.query:
            return
        self.query = query
        if self.address_bar:
            self.address_bar(dict(query))

    # News

    def reload(self) -> None:
        """Take a new snapshot and tell the page."""
        self.take(self.book.load(*self.tables))

    def take(self, snapshot: Snapshot) -> None:
        """Put *snapshot*, and what waits to be sent, in place and call whoever asked for news."""
        self._sheet, self._waits = snapshot, self.book.outbox.mark
        self.snapshot = self.book.outbox.over(snapshot)
        self._ahead = ahead_of(snapshot)
        self._names.clear()
        for callback in tuple(self._refreshed):
            callback()

    def look_at_outbox(self) -> None:
        """Show what is kept on this machine as it is now, where that has changed."""
        if self.book.outbox.mark != self._waits:
            self.take(self._sheet)

    def arrive(self, query: Mapping[str, str]) -> None:
        """Take the query that the person's back or forward button brought."""
        self.query = dict(query)
        for callback in tuple(self._arrived):
            callback()

    def on_refresh(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever a newer snapshot is in place."""
        self._refreshed.append(callback)

    def on_query(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever the back or forward button changed `query`."""
        self._arrived.append(callback)

    @property
    def follows_query(self) -> bool:
        """Whether the page itself answers to a changed query (the shell does in any case)."""
        return len(self._arrived) > 1

    def forget(self) -> None:
        """Drop all callbacks: the page is built anew."""
        self._refreshed.clear()
        self._arrived.clear()

    def speak(self, language: str) -> None:
        """Change the page's language; whoever built the page builds it anew."""
        self.language = SPEECH.language = language
        self._names.clear()

    # Its own

    def _person_of_the_query(self) -> str:
        """Return who the address bar or the setting says is asking."""
        return self.query.get("person") or self.snapshot.setting("default_person") or ""

    def _names_of(self, table: str) -> dict[str, str]:
        """Return id -> name of a table; nothing where the page did not load it."""
        if table not in self.snapshot.readings:
            return {}
        frame = self.frame(table)
        columns = [name for name in (NAMES[self.language], "name", "subject", "title") if name in frame]
        named = frame["id"]
        for column in reversed(columns):
            named = frame[column].where(frame[column].notna() & (frame[column] != ""), named)
        return dict(zip(frame["id"].astype(str), named.astype(str), strict=True))

    @property
    def is_served(self) -> bool:
        """Whether Voila shows this page (and not JupyterLab or a test)."""
        return self.environment.get("SERVER_SOFTWARE", "").startswith("voila")

    @property
    def _has_pages(self) -> bool:
        """Whether other pages can be linked to from here."""
        in_lab = "JPY_SESSION_NAME" in self.environment and not self.is_served
        return not in_lab or bool(self.environment.get("OPSLINE_DESK"))

    def _pages(self) -> str:
        """Return what an address of a page begins with."""
        served_elsewhere = "JPY_SESSION_NAME" in self.environment and not self.is_served
        return f"{self.environment['OPSLINE_DESK'].rstrip('/')}/desk/" if served_elsewhere else ""


def chosen_language(
    query: Mapping[str, str], environment: Mapping[str, str], snapshot: Snapshot | None = None
) -> str:
    """Return the language to speak: the address bar's, else the browser's, else the setting's.

    >>> chosen_language({}, {"HTTP_ACCEPT_LANGUAGE": "zh-TW,zh;q=0.9,en;q=0.8"})
    'zh-Hant'
    """
    if query.get("lang") in LANGUAGES:
        return query["lang"]
    for wish in environment.get("HTTP_ACCEPT_LANGUAGE", "").split(","):
        tag = wish.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            traditional = any(part in tag for part in ("hant", "tw", "hk", "mo"))
            return "zh-Hant" if traditional else "zh-Hans"
        if tag.startswith("en"):
            return "en"
    setting = snapshot.setting("language") if snapshot is not None else None
    return setting if setting in LANGUAGES else "en"


def ahead_of(snapshot: Snapshot) -> pd.Timedelta:
    """Return how far the workbook's clock is ahead of the real one; the demo's is, by its settings."""
    return workbook.ahead(snapshot.setting("as_of"), snapshot.setting("as_of_started"))


def utc(written: str) -> pd.Timestamp:
    """Return an ISO moment in UTC; one without a zone is taken as UTC.

    >>> utc("2026-11-23T09:00:00+08:00")
    Timestamp('2026-11-23 01:00:00+0000', tz='UTC')
    """
    moment = pd.Timestamp(written)
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
