"""The routes, for a server of one's own or inside another tornado application."""

from collections.abc import Callable, Iterable
from typing import Any

from tornado.web import RequestHandler

from local_sheets.errors import ApiError, Forbidden
from local_sheets.live.hub import Hub
from local_sheets.live.people import People
from local_sheets.live.socket import Live
from local_sheets.page import assets, live_page
from local_sheets.page import handlers as pages
from local_sheets.row_links import Links
from local_sheets.store import Store
from local_sheets.web import (
    account_handlers,
    drive_handlers,
    exchange_handlers,
    sharing_handlers,
    sheets_handlers,
)
from local_sheets.web.access import Authenticate, Gate, Tokens, loopback_and
from local_sheets.web.base import ApiHandler, Desk, UnknownHandler
from local_sheets.web.drills import Drills
from local_sheets.web.drive_base import NotSupported
from local_sheets.web.faults import Faults
from local_sheets.web.news import News
from local_sheets.web.sessions import Sessions

Route = tuple[str, type[RequestHandler], dict[str, Any]]


class Open(RequestHandler):
    """A handler for everybody, by the names of this server alone."""

    def initialize(self, desk: Desk) -> None:
        """Take what the handlers share."""
        self.desk = desk

    def prepare(self) -> None:
        """Refuse foreign hosts and origins."""
        try:
            self.desk.gate.check_host(self.request)
        except ApiError as error:
            self.set_status(error.code)
            self.finish(error.body())


class Health(Open):
    """GET /healthz: the server is up."""

    def get(self) -> None:
        """Answer without asking who asks."""
        self.finish({"status": "ok"})


class Shutdown(ApiHandler):
    """POST /shutdown: end after the running requests."""

    def post(self) -> None:
        """Stop, if this server may be stopped, and by whom."""
        if self.who.everywhere != "owner":
            raise Forbidden
        if self.desk.stop is None:
            self.send_error(404)
            return
        self.finish({})
        self.desk.stop()


class ToPage(Open):
    """/spreadsheets/d/ID, as people shorten it."""

    def get(self, key: str) -> None:
        """Send to the page."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.request.path.rpartition('/d/')[0]}/d/{key}/edit{query}")


_ID = r"([A-Za-z0-9_-]+)"


def handlers(
    store: Store,
    tokens: Tokens,
    *,
    visitor: Authenticate | None = None,
    hosts: Iterable[str] = (),
    faults: Faults | None = None,
    on_request: Callable[[], None] = lambda: None,
    stop: Callable[[], None] | None = None,
    links: Links | None = None,
) -> list[Route]:
    """Return the routes of the API and the page.

    Args:
        store: The open file.
        tokens: Who has a token (`by_token`): for programs, and to log in with at a page.
        visitor: Who asks for a page, where a login other than ours has let them in; None refuses.
        hosts: Names beside the loopback ones that this server may be called by ("*" for any).
        faults: What shall go wrong, for drills; with it the owner can change it at /faults.
        on_request: Called at each request, as a sign of life.
        stop: Called by POST /shutdown; None answers 404.
        links: Where the rows of a sheet (by its title) have pages of their own.
    """
    gate = Gate(tokens, Sessions(store), loopback_and(hosts), visitor)
    news = News(store)
    desk = Desk(store, gate, news, faults or Faults(), on_request=on_request, stop=stop, links=links or {})
    given = {"desk": desk}
    routes: list[Route] = [(r"/healthz", Health, given), (r"/shutdown", Shutdown, given)]
    if faults is not None:
        routes.append((r"/faults", Drills, given))
    routes += [(pattern, kind, given) for pattern, kind in sheets_handlers.ROUTES]
    routes += [(pattern, kind, given) for pattern, kind in account_handlers.ROUTES]
    routes += [(pattern, kind, given) for pattern, kind in drive_handlers.ROUTES]
    routes += [(pattern, kind, given) for pattern, kind in exchange_handlers.ROUTES]
    routes += [(pattern, kind, given) for pattern, kind in sharing_handlers.ROUTES]
    routes += [(pattern, kind, given) for pattern, kind in pages.ROUTES]
    routes.append((rf"/spreadsheets/d/{_ID}/edit", live_page.LivePage, given))
    live = given | {"hub": Hub(store, desk.links), "people": People()}
    routes.append((rf"/spreadsheets/d/{_ID}/live", Live, live))
    routes += [(*pages.STATIC, given), (assets.PATTERN, assets.Assets, given)]
    routes.append((rf"/spreadsheets/d/{_ID}/?", ToPage, given))
    routes += [(r"/drive/v3/(.*)", NotSupported, given)]
    routes += [(r"/(?:v4|drive|upload)(?:/.*)?", UnknownHandler, given)]
    return routes
