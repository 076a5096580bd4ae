"""Who may ask: a token for programs, loopback names only, the same origin for browsers."""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

from local_sheets.errors import Forbidden, Unauthenticated
from local_sheets.rights import OWNER, Person

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Authenticate = Callable[[HTTPServerRequest], Person | None]
"""Return who asks, or None for a stranger."""


def by_token(token: str) -> Authenticate:
    """Return an Authenticate that knows one bearer token (for programs) or cookie (for the page)."""

    def authenticate(request: HTTPServerRequest) -> Person | None:
        given = bearer(request) or _cookie(request)
        return OWNER if given and hmac.compare_digest(given.encode(), token.encode()) else None

    return authenticate


def bearer(request: HTTPServerRequest) -> str | None:
    """Return the bearer token of a request."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


COOKIE = "local_sheets_token"


def _cookie(request: HTTPServerRequest) -> str | None:
    """Return the token that the page's login left in a cookie."""
    morsel = request.cookies.get(COOKIE)
    return morsel.value if morsel else None


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks at the door.

    Args:
        authenticate: Who asks.
        hosts: Names this server may be called by; a foreign name in `Host` is a rebinding attack.
    """

    authenticate: Authenticate
    hosts: frozenset[str] = LOOPBACK

    def check_host(self, request: HTTPServerRequest) -> None:
        """Refuse a foreign `Host`, and an `Origin` that is not this server."""
        name = urlsplit(f"//{request.host}").hostname or ""
        if "*" not in self.hosts and name not in self.hosts:
            raise Forbidden(f"The host name {name!r} is not one of this server's.")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise Forbidden(f"The origin {origin!r} is not this server.")

    def check_caller(self, request: HTTPServerRequest) -> Person:
        """Return who asks, or refuse as Google does."""
        who = self.authenticate(request)
        if who is not None:
            return who
        if bearer(request) is not None or request.headers.get("Authorization"):
            raise Unauthenticated
        raise Forbidden(
            "Method doesn't allow unregistered callers (callers without established identity). Please use"
            " API Key or other form of API consumer identity to call this API."
        )


def loopback_and(names: Iterable[str]) -> frozenset[str]:
    """Return the loopback names and more."""
    return LOOPBACK | frozenset(names)
