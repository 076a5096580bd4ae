"""The page over HTTP: the table, its newer state, edits, its style and script."""

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from tornado.web import RequestHandler

from local_sheets import a1
from local_sheets.errors import ApiError, BadRequest, Forbidden, Json, NotASpreadsheet, NotFound
from local_sheets.guard import writing
from local_sheets.page import edits, html, view
from local_sheets.page.html import Asked
from local_sheets.page.words import language_of, say
from local_sheets.protection import Protected
from local_sheets.rights import Person, may, opened
from local_sheets.row_links import link_of
from local_sheets.store import Book, Sheet, Store
from local_sheets.web import sessions
from local_sheets.web.access import digest
from local_sheets.web.base import Desk

LONGEST_WAIT = 20.0
"""Seconds for which a question after news is held."""
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


class PageHandler(RequestHandler):
    """What the page's handlers share."""

    desk: Desk
    who: Person

    def initialize(self, desk: Desk) -> None:
        """Take what the handlers share."""
        self.desk = desk

    def set_default_headers(self) -> None:
        """Let nothing foreign in, and nothing out."""
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def check_xsrf_cookie(self) -> None:
        """A foreign page is found out by its `Origin`, and the cookie is SameSite=Strict."""

    async def prepare(self) -> None:
        """Check the door; count the request as a sign of life, for its session too."""
        self.desk.on_request()
        self.language = language_of(
            self.get_query_argument("lang", None), self.request.headers.get("Accept-Language", "")
        )
        try:
            self.desk.gate.check_host(self.request)
            self.allow()
        except ApiError as error:
            self.turn_away(error)
            return
        session = sessions.cookie(self.request)
        if await self.desk.gate.sessions.used(session):
            sessions.give(self, session)

    def allow(self) -> None:
        """Refuse strangers."""
        self.who = self.desk.gate.check_caller(self.request)

    def turn_away(self, error: ApiError) -> None:
        """Answer somebody who may not come in."""
        self.set_status(error.code)
        self.finish(error.body())

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ARG002 (tornado's)
        """Say in a sentence what is wrong."""
        error = kwargs.get("exc_info", (None, None))[1]
        text = self._reason
        if isinstance(error, ApiError):
            self.set_status(error.code)
            known = {NotFound: "missing", NotASpreadsheet: "missing", Forbidden: "forbidden"}.get(type(error))
            text = say(known, self.language) if known else error.message
        self.finish(html.message(text, self.language))

    def log_exception(self, *exception: Any) -> None:
        """An answer with an error is no accident and needs no traceback."""
        if not isinstance(exception[1], ApiError):
            super().log_exception(*exception)


def sheet_of(book: Book, gid: str | None) -> Sheet:
    """Return the sheet of a gid, the first visible one without."""
    if gid is None or not gid.lstrip("-").isdigit():
        visible = [sheet for sheet in book.sheets if not sheet.properties.get("hidden")]
        return (visible or book.sheets)[0]
    return book.only_sheet(int(gid))


def number(text: str, default: int) -> int:
    """Return a number of an address, kept within reason."""
    return min(max(int(text), 1), 10_000_000) if re.fullmatch(r"\d{1,9}", text) else default


class Page(PageHandler):
    """/spreadsheets/d/ID/htmlview: the table, for screen readers, for print, and where no script runs."""

    def turn_away(self, error: ApiError) -> None:
        """Ask for the token."""
        self.set_status(error.code)
        self.finish(html.login(self.language, wrong=False))

    def allow(self) -> None:
        """Refuse strangers, but let them bring their token (POST, or ?token=)."""
        if self.request.method != "POST" and not self.get_query_argument("token", ""):
            super().allow()

    def asked(self, sheet: Sheet) -> Asked:
        """Return what the address asks for."""
        address = self.get_query_argument("range", "")
        span = a1.read(address.rpartition("!")[2])
        marked = None
        if span is not None and span.top is not None:
            marked = (span.top + 1, (span.bottom or span.top + 1) + 1)
        everything = self.get_query_argument("count", "") == "all"
        count = view.MOST_PRINTED if everything else view.WINDOW
        start = number(self.get_query_argument("from", ""), 1)
        if marked and not self.get_query_argument("from", ""):
            start = max(marked[0] - 10, 1) if marked[0] > view.WINDOW else 1
        last = view.filled_rows(sheet)
        return Asked(
            language=self.language,
            start=1 if everything else min(start, max(last, 1)),
            count=count,
            find=self.get_query_argument("find", "").strip()[:200],
            marked=marked,
            theme=self.get_query_argument("theme", ""),
            everything=everything,
        )

    async def get(self, key: str) -> None:
        """Show a window of a sheet; with part=table only the table."""
        if self.get_query_argument("token", ""):
            await self._enter(self.get_query_argument("token"))
            return
        gid, part = self.get_query_argument("gid", None), self.get_query_argument("part", "")

        def work(store: Store) -> str:
            book = opened(store, key, self.who)
            sheet = sheet_of(book, gid)
            asked = replace(
                self.asked(sheet),
                editable=may(book, self.who, "writer"),
                session=bool(sessions.cookie(self.request)),
            )
            window = view.window(
                book, sheet, asked.start, asked.count, asked.find, link_of(sheet, self.desk.links)
            )
            if part == "table":
                return html.table(window, asked) + html.pages(window, asked)
            tabs = [(s.id, s.title) for s in book.sheets if not s.properties.get("hidden") or s is sheet]
            return html.page(book.title, tabs, window, asked)

        self.finish(await self.desk.store.run(work))

    async def post(self, _key: str) -> None:
        """Let somebody in who brings the token."""
        await self._enter(self.get_body_argument("token", ""))

    async def _enter(self, given: str) -> None:
        """Begin a session for the right token and go on without it in the address."""
        token, gate, address = given.strip(), self.desk.gate, str(self.request.remote_ip)
        if self.desk.tries.exhausted(address):
            self.set_status(429)
            self.finish(html.message(say("token.wait", self.language), self.language))
            return
        if gate.tokens.person(token) is None:
            self.desk.tries.failed(address)
            self.set_status(403)
            self.finish(html.login(self.language, wrong=True))
            return
        sessions.give(self, await gate.sessions.begin(digest(token)))
        kept = [
            (name, value.decode())
            for name, values in self.request.query_arguments.items()
            for value in values
            if name != "token"
        ]
        self.redirect(self.request.path + ("?" + urlencode(kept) if kept else ""), status=303)


class State(PageHandler):
    """/spreadsheets/d/ID/state: the version, asked for every second or two.

    With `after=VERSION` it is answered as soon as there is another one, or after `wait` seconds.
    `sheets` has, by title, a version since which no cell of the sheet has changed.
    """

    async def get(self, key: str) -> None:
        """Answer the spreadsheet's version, and those of its sheets."""

        def work(store: Store) -> Json:
            book = opened(store, key, self.who)
            return {"version": book.version, "sheets": {sheet.title: sheet.version for sheet in book.sheets}}

        with self.desk.news.of(key) as changed:
            state = await self.desk.store.run(work)
            if str(state["version"]) == self.get_query_argument("after", ""):
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), self._patience())
                state = await self.desk.store.run(work)
        self.finish(state)

    def _patience(self) -> float:
        """Return how long to wait, in seconds."""
        asked = self.get_query_argument("wait", "")
        return min(float(asked), LONGEST_WAIT) if asked.replace(".", "", 1).isdigit() else 0.0


class Change(PageHandler):
    """What the two handlers that change something share."""

    def body(self) -> Json:
        """Return the JSON that the script sent."""
        if "json" not in self.request.headers.get("Content-Type", ""):
            raise BadRequest("The body must be JSON.")
        try:
            body = json.loads(self.request.body)
        except ValueError as error:
            raise BadRequest("The body is not JSON.") from error
        if not isinstance(body, dict):
            raise BadRequest("The body must be an object.")
        return body

    async def change(self, key: str, work: Any) -> None:
        """Do *work* in one transaction; answer what it says, or why it was refused."""

        def whole(store: Store) -> Any:
            book = opened(store, key, self.who, "writer")
            with writing(store, book, self.who):
                return work(book)

        try:
            self.finish(await self.desk.store.run(whole))
        except Protected:
            self.set_status(422)
            self.finish({"problems": {"-1": say("protected", self.language)}})
        except Forbidden:
            self.set_status(403)
            self.finish({"problems": {"-1": say("readonly", self.language)}})
        except edits.Refused as refused:
            self.set_status(409 if refused.late else 422)
            self.finish({"problems": {str(c): text for c, text in refused.problems.items()}})


class Cell(Change):
    """/spreadsheets/d/ID/cell."""

    async def post(self, key: str) -> None:
        """Write one cell."""
        body = self.body()
        try:
            edit = edits.Edit(
                sheet=int(body["gid"]),
                key=int(body["key"]),
                column=int(body["column"]),
                text=str(body["text"]),
                before=None if body.get("before") is None else str(body["before"]),
                force=bool(body.get("force")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadRequest("The body must name gid, key, column and text.") from error
        await self.change(key, lambda book: edits.edit_cell(book, edit, self.language))


class Rows(Change):
    """/spreadsheets/d/ID/rows."""

    async def post(self, key: str) -> None:
        """Add a row."""
        body = self.body()
        try:
            gid = int(body["gid"])
            texts = {int(column): str(text) for column, text in dict(body["cells"]).items() if text != ""}
        except (KeyError, TypeError, ValueError) as error:
            raise BadRequest("The body must name gid and cells.") from error

        def work(book: Book) -> Json:
            sheet = book.only_sheet(gid)
            if not texts or not all(0 <= column < sheet.columns for column in texts):
                raise BadRequest("The row is empty, or names a column that is not there.")
            return {"row": edits.append_row(book, sheet, texts, self.language)}

        await self.change(key, work)


class Leave(PageHandler):
    """/spreadsheets/leave: the end of a session."""

    def allow(self) -> None:
        """Let anybody leave."""

    async def post(self) -> None:
        """End the session of the cookie, and take the cookie back."""
        await self.desk.gate.sessions.end(sessions.cookie(self.request))
        self.clear_cookie(sessions.COOKIE, httponly=True, samesite="Strict")
        self.finish(html.message(say("left", self.language), self.language))


class Static(PageHandler):
    """/spreadsheets/static/NAME: the style and the script, which are nobody's secret."""

    def allow(self) -> None:
        """Let anybody read them."""

    _KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}  # noqa: RUF012

    def get(self, name: str) -> None:
        """Send a file of the package."""
        self.set_header("Content-Type", self._KINDS[name.rpartition(".")[2]])
        self.set_header("Cache-Control", "no-cache")
        content = (files("local_sheets.page") / "static" / name).read_bytes()
        self.set_etag_header()
        self.finish(content)


_ID = r"([A-Za-z0-9_-]+)"
ROUTES: list[tuple[str, type[PageHandler]]] = [
    (rf"/spreadsheets/d/{_ID}/htmlview", Page),
    (rf"/spreadsheets/d/{_ID}/state", State),
    (rf"/spreadsheets/d/{_ID}/cell", Cell),
    (rf"/spreadsheets/d/{_ID}/rows", Rows),
    (r"/spreadsheets/leave", Leave),
]
STATIC = (r"/spreadsheets/static/(sheet\.css|sheet\.js)", Static)
