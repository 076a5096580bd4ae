"""What every handler does: check the door, read JSON, work in the store's thread, answer errors."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tornado.web import RequestHandler

from local_sheets.api_values import Raw
from local_sheets.errors import ApiError, BadRequest, Json, NotFound
from local_sheets.guard import Guard, writing
from local_sheets.rights import Person, Role, acting, opened
from local_sheets.store import Book, Store
from local_sheets.web.access import Gate
from local_sheets.web.faults import Faults
from local_sheets.web.sessions import Tries

_LOG = logging.getLogger("local_sheets")


@dataclass(slots=True)
class Desk:
    """What the handlers share."""

    store: Store
    gate: Gate
    faults: Faults = field(default_factory=Faults)
    tries: Tries = field(default_factory=Tries)
    on_request: Callable[[], None] = lambda: None
    stop: Callable[[], None] | None = None


def encode(value: Any) -> str:
    """Write JSON; `Raw` parts are JSON already."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict) and any(isinstance(part, (Raw, dict, list)) for part in value.values()):
        return "{" + ",".join(f"{json.dumps(k)}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(encode(part) for part in value) + "]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _no_number(name: str) -> None:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(f"Unexpected token {name}.")


class ApiHandler(RequestHandler):
    """A handler of the API."""

    desk: Desk
    who: Person

    def initialize(self, desk: Desk) -> None:
        """Take what the handlers share."""
        self.desk = desk

    def prepare(self) -> None:
        """Check who asks; count the request as a sign of life."""
        self.desk.on_request()
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        try:
            self.desk.gate.check_host(self.request)
            self.who = self.desk.gate.check_caller(self.request)
        except ApiError as error:
            self.refuse(error)

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
        if "exc_info" in kwargs and isinstance(kwargs["exc_info"][1], ApiError):
            self.refuse(kwargs["exc_info"][1])
            return
        names = {404: "NOT_FOUND", 405: "UNIMPLEMENTED", 413: "INVALID_ARGUMENT"}
        error = ApiError("Internal error encountered." if status_code >= 500 else self._reason)  # noqa: PLR2004
        error.code, error.status = status_code, names.get(status_code, "INTERNAL")
        self.refuse(error)

    def log_exception(self, *exception: Any) -> None:
        """An answer with an error is no accident and needs no traceback."""
        if not isinstance(exception[1], ApiError):
            super().log_exception(*exception)

    def json_body(self) -> Json:
        """Return the body as a JSON object."""
        if not self.request.body:
            return {}
        try:
            body = json.loads(self.request.body, parse_constant=_no_number)
        except ValueError as error:
            raise BadRequest(f"Invalid JSON payload received. {error}") from error
        if not isinstance(body, dict):
            raise BadRequest("Invalid JSON payload received. The root of the message must be an object.")
        return body

    def opened(self, store: Store, key: str, least: Role) -> Book:
        """Return a spreadsheet on which the caller has at least a role."""
        return opened(store, key, self.who, least)

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

        await self.desk.faults.before(writes=writes)
        text = await self.desk.store.run(encoded)
        if self.desk.faults.after(writes=writes):
            self.request.connection.detach().close()  # type: ignore[union-attr]
            return
        if not self._finished:
            self.finish() if text == b"null" else self.finish(text)

    def base(self) -> str:
        """Return the address of this server, as the caller knows it."""
        return f"{self.request.protocol}://{self.request.host}"


class UnknownHandler(ApiHandler):
    """Any other address under the API."""

    def _refuse(self, *_parts: str) -> None:
        raise NotFound

    get = post = put = delete = patch = _refuse
