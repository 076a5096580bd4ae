"""What every handler does: check the door, read JSON, work in the store's thread, answer errors."""

import json
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tornado.web import RequestHandler

from local_sheets.api_values import Raw
from local_sheets.errors import ApiError, BadRequest, Json, NotFound
from local_sheets.formulas.recalculation import refresh
from local_sheets.guard import Guard, writing
from local_sheets.rights import Person, Role, acting, opened
from local_sheets.row_links import Links
from local_sheets.store import Book, Store
from local_sheets.web.access import Gate
from local_sheets.web.faults import Faults
from local_sheets.web.news import News
from local_sheets.web.sessions import Tries
from local_sheets.web.uploads import Uploads

MAXIMUM_BODY = 64 * 1024 * 1024
"""The largest body that is read; Google's own limit is lower, but a workbook is imported in one go."""

MAXIMUM_BODY = 64 * 1024 * 1024
"""The largest body that is taken; Google's own limit is lower, but a workbook is imported in one go."""

TOO_DEEP = "Invalid JSON payload received. Message too deep. Max recursion depth reached."
_LOG = logging.getLogger("local_sheets")


@dataclass(slots=True)
class Desk:
    """What the handlers share."""

    store: Store
    gate: Gate
    news: News
    faults: Faults = field(default_factory=Faults)
    tries: Tries = field(default_factory=Tries)
    uploads: Uploads = field(default_factory=Uploads)
    on_request: Callable[[], None] = lambda: None
    stop: Callable[[], None] | None = None
    links: Links = field(default_factory=dict)


def encode(value: Any) -> str:
    """Write JSON; `Raw` parts are JSON already."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict) and any(isinstance(part, (Raw, dict, list)) for part in value.values()):
        return "{" + ",".join(f"{json.dumps(k)}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(encode(part) for part in value) + "]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_json(text: bytes) -> Any:
    """Return what JSON stands for.

    Raises:
        BadRequest: It is no JSON, no UTF-8, nested too deep, or holds a number or a letter that nobody has.
    """
    try:
        value = json.loads(text, parse_constant=_finite, parse_float=_finite)
        if b"\\ud" in text or b"\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise BadRequest(TOO_DEEP) from error
    except UnicodeError as error:
        raise BadRequest("Invalid JSON payload received. It is not valid UTF-8.") from error
    except ValueError as error:
        raise BadRequest(f"Invalid JSON payload received. {error}") from error
    return value


def _finite(text: str) -> float:
    """Return a number; NaN and Infinity are no JSON, and what is larger than any number is none."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"Unexpected token {text}.")
    return number


class ApiHandler(RequestHandler):
    """A handler of the API."""

    desk: Desk
    who: Person

    def initialize(self, desk: Desk) -> None:
        """Take what the handlers share."""
        self.desk = desk

    def prepare(self) -> Awaitable[None] | None:
        """Check who asks; count the request as a sign of life."""
        self.desk.on_request()
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        try:
            self.desk.gate.check_host(self.request)
            self.who = self.desk.gate.check_caller(self.request)
            self._check_size()
        except ApiError as error:
            self.refuse(error)
        return None

    def _check_size(self) -> None:
        """Refuse a body that is too large, and an address that is no text."""
        if len(self.request.body) > MAXIMUM_BODY:
            raise BadRequest(f"Request payload size exceeds the limit: {MAXIMUM_BODY} bytes.")
        try:
            self.query()
        except UnicodeDecodeError as error:
            raise BadRequest("Invalid query: it is not valid UTF-8.") from error

    def check_xsrf_cookie(self) -> None:
        """Programs carry a bearer token, browsers are checked by `Origin`: no form cookie is needed."""

    def refuse(self, error: ApiError) -> None:
        """Answer an error in Google's shape."""
        self.set_status(error.code)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.finish(json.dumps(self.shape(error), ensure_ascii=False, indent=2))

    def shape(self, error: ApiError) -> Json:
        """Return the JSON of an error."""
        return error.body()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer what nobody foresaw in Google's shape, too."""
        given = kwargs.get("exc_info", (None, None))[1]
        if isinstance(given, RecursionError):
            given = BadRequest(TOO_DEEP)
        if isinstance(given, ApiError):
            self.refuse(given)
            return
        names = {404: "NOT_FOUND", 405: "UNIMPLEMENTED", 413: "INVALID_ARGUMENT"}
        error = ApiError("Internal error encountered." if status_code >= 500 else self._reason)  # noqa: PLR2004
        error.code, error.status = status_code, names.get(status_code, "INTERNAL")
        self.refuse(error)

    def log_exception(self, *exception: Any) -> None:
        """An answer with an error is no accident and needs no traceback."""
        if not isinstance(exception[1], (ApiError, RecursionError)):
            super().log_exception(*exception)

    def json_body(self) -> Json:
        """Return the body as a JSON object."""
        body = read_json(self.request.body) if self.request.body else {}
        if not isinstance(body, dict):
            raise BadRequest("Invalid JSON payload received. The root of the message must be an object.")
        return body

    def opened(self, store: Store, key: str, least: Role) -> Book:
        """Return a spreadsheet on which the caller has at least a role."""
        book = opened(store, key, self.who, least)
        refresh(store, book)
        return book

    def query(self) -> Json:
        """Return the query, the last of each name."""
        return {name: values[-1].decode() for name, values in self.request.query_arguments.items()}

    async def reading(self, key: str, work: Callable[[Book], Any], least: Role = "reader") -> None:
        """Answer what *work* finds out about a spreadsheet."""
        await self.answer(lambda store: work(self.opened(store, key, least)), writes=False)

    async def changing(self, key: str, work: Callable[[Book], Any], least: Role = "writer") -> None:
        """Answer what *work* does to a spreadsheet, in one transaction."""
        await self.guarded(key, lambda book, _guard: work(book), least)

    async def guarded(self, key: str, work: Callable[[Book, Guard], Any], least: Role = "writer") -> None:
        """Answer what *work* does, which asks the guard by itself, to say which part was refused."""

        def whole(store: Store) -> Any:
            book = self.opened(store, key, least)
            with writing(store, book, self.who) as guard:
                return work(book, guard)

        await self.answer(whole, writes=True)

    async def answer(self, work: Callable[[Store], Any], *, writes: bool) -> None:
        """Do *work* in the store's thread and answer its result as JSON."""

        def encoded(store: Store) -> bytes:
            with acting(self.who):
                return encode(work(store)).encode()

        await self.trouble(writes=writes)
        text = await self.desk.store.run(encoded)
        if self.desk.faults.after(writes=writes):
            self.request.connection.detach().close()  # type: ignore[union-attr]
            self._auto_finish = False
            return
        if not self._finished:
            self.finish() if text == b"null" else self.finish(text)

    async def trouble(self, *, writes: bool) -> None:
        """Let go wrong what shall go wrong before anything happens; Drive has no such quota."""
        user = self.who.key if self.request.path.startswith("/v4/") else None
        await self.desk.faults.before(writes=writes, user=user)

    def base(self) -> str:
        """Return the address of this server, as the caller knows it."""
        return f"{self.request.protocol}://{self.request.host}"


class UnknownHandler(ApiHandler):
    """Any other address under the API."""

    def _refuse(self, *_parts: str) -> None:
        raise NotFound

    get = post = put = delete = patch = _refuse
