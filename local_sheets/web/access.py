"""Who may ask: tokens for programs, sessions for browsers, known names only, the same origin."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tornado.httputil import HTTPServerRequest

from local_sheets.errors import Forbidden, Unauthenticated
from local_sheets.rights import OWNER, Person
from local_sheets.web.sessions import Sessions, cookie

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PAGES = "/spreadsheets/"

Authenticate = Callable[[HTTPServerRequest], Person | None]
"""Return who asks, or None for a stranger."""


def digest(token: str) -> str:
    """Return what a token is known by where it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everybody who has a token: an Authenticate, and whom sessions can be begun for.

    Args:
        persons: Whose token it is, by the token's digest.
    """

    persons: Mapping[str, Person]

    def __call__(self, request: HTTPServerRequest) -> Person | None:
        """Return whose bearer token a request carries."""
        given = bearer(request)
        return self.person(given) if given else None

    def person(self, token: str) -> Person | None:
        """Return whose token this is; looked up by its digest, whose time tells nothing of the token."""
        return self.persons.get(digest(token))


def by_token(token: str, people: Mapping[str, str] | None = None) -> Tokens:
    """Return who has a token: the owner, and other people.

    Args:
        token: The owner's.
        people: Tokens of others by their email address; they may do what each spreadsheet's permissions say.
    """
    known = {digest(other): Person(email) for email, other in (people or {}).items()}
    return Tokens(known | {digest(token): OWNER})


def bearer(request: HTTPServerRequest) -> str | None:
    """Return the bearer token of a request."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks at the door, for every handler, those of a WebSocket too.

    Args:
        tokens: Who asks, by the token that a program sends.
        sessions: Who has logged in at a page.
        hosts: Names this server may be called by; a foreign name in `Host` is a rebinding attack.
        visitor: Who asks for a page, where a login other than ours lets people in; asked for pages alone.
    """

    tokens: Tokens
    sessions: Sessions
    hosts: frozenset[str] = LOOPBACK
    visitor: Authenticate | None = None

    def check_host(self, request: HTTPServerRequest) -> None:
        """Refuse a foreign `Host`, and an `Origin` that is not this server."""
        name = _split(f"//{request.host}").hostname or ""
        if "*" not in self.hosts and name not in self.hosts:
            raise Forbidden(f"The host name {name!r} is not one of this server's.")
        origin = request.headers.get("Origin")
        if origin is not None and _split(origin).netloc != request.host:
            raise Forbidden(f"The origin {origin!r} is not this server.")

    def check_caller(self, request: HTTPServerRequest) -> Person:
        """Return who asks, or refuse as Google does."""
        who = self.who(request)
        if who is not None:
            return who
        if request.headers.get("Authorization"):
            raise Unauthenticated
        raise Forbidden(
            "Method doesn't allow unregistered callers (callers without established identity). Please use"
            " API Key or other form of API consumer identity to call this API."
        )

    def check_socket(self, request: HTTPServerRequest) -> Person:
        """Return who opens a WebSocket, or refuse: a browser names its origin, a program brings a token.

        Raises:
            Forbidden: The host or the origin is foreign, the origin is missing beside a cookie, or there is
                neither token nor session.
            Unauthenticated: The token is not one of ours.
        """
        self.check_host(request)
        if request.headers.get("Origin") is None and self.tokens(request) is None:
            raise Forbidden("A socket without a token must name its origin.")
        return self.check_caller(request)

    def who(self, request: HTTPServerRequest) -> Person | None:
        """Return who asks, None for a stranger. A token that is wrong is not mended by a cookie."""
        found = self.tokens(request)
        if found is not None or bearer(request) is not None:
            return found
        session = self.sessions.token(cookie(request))
        found = self.tokens.persons.get(session) if session else None
        if found is None and self.visitor is not None and request.path.startswith(PAGES):
            found = self.visitor(request)
        return found


def _split(address: str) -> SplitResult:
    """Return the parts of an address; one that is none is a stranger's."""
    try:
        return urlsplit(address)
    except ValueError as error:
        raise Forbidden(f"The address {address!r} is not this server's.") from error


def loopback_and(names: Iterable[str]) -> frozenset[str]:
    """Return the loopback names and more."""
    return LOOPBACK | frozenset(names)
