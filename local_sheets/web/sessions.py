"""Sessions of browsers: a random id in a cookie instead of the token, kept in the file as a digest."""

import hashlib
import secrets
import time
from collections import deque
from dataclasses import dataclass, field

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from local_sheets.store import Store

COOKIE = "local_sheets_session"
DAYS = 30
"""So long a session lasts after it was last used."""

_DAY = 86_400
_WRONG_A_MINUTE = 10
_MINUTE = 60.0


def cookie(request: HTTPServerRequest) -> str:
    """Return the session id that a browser sent, "" without."""
    morsel = request.cookies.get(COOKIE)
    return morsel.value if morsel else ""


class Sessions:
    """The sessions of a store: known in memory, written when one begins, ends, or is used on a later day.

    A session stands for the token it was begun with, by the token's digest: with a token that the server no
    longer knows, its sessions end too. Neither a session's id nor a token can be read out of the file.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, tuple[str, int]] = store.wait(_read)

    def token(self, session: str) -> str | None:
        """Return the digest of the token that a session was begun with, None for none or an old one."""
        found = self._kept.get(_digest(session)) if session else None
        return found[0] if found and found[1] > time.time() else None

    async def begin(self, token: str) -> str:
        """Begin a session for a token's digest; return its id, which nothing else knows."""
        session = secrets.token_urlsafe(32)
        await self._keep(_digest(session), token)
        return session

    async def used(self, session: str) -> bool:
        """Make a session last 30 days from now; say whether it was about to last a day less."""
        found = self._kept.get(_digest(session))
        if found is None or found[1] - time.time() > (DAYS - 1) * _DAY:
            return False
        await self._keep(_digest(session), found[0])
        return True

    async def _keep(self, key: str, token: str) -> None:
        """Write a session, and forget those that are over."""
        now = int(time.time())
        self._kept = {k: v for k, v in self._kept.items() if v[1] > now}
        self._kept[key] = (token, now + DAYS * _DAY)

        def write(store: Store) -> None:
            store.database.execute("DELETE FROM session WHERE until <= ?", (now,))
            store.database.execute(
                "INSERT OR REPLACE INTO session (id, token, until) VALUES (?, ?, ?)", (key, *self._kept[key])
            )

        await self._store.run(write)

    async def end(self, session: str) -> None:
        """End a session."""
        key = _digest(session)
        self._kept.pop(key, None)
        await self._store.run(
            lambda store: store.database.execute("DELETE FROM session WHERE id = ?", (key,)).close()
        )


def _digest(session: str) -> str:
    """Return what a session's id is known by."""
    return hashlib.sha256(session.encode()).hexdigest()


def _read(store: Store) -> dict[str, tuple[str, int]]:
    """Return the sessions of the file that are not over."""
    found = store.database.execute("SELECT id, token, until FROM session WHERE until > ?", (time.time(),))
    return {key: (token, until) for key, token, until in found}


def give(handler: RequestHandler, session: str) -> None:
    """Put a session's id into a cookie that scripts and other sites cannot use."""
    handler.set_cookie(
        COOKIE,
        session,
        httponly=True,
        samesite="Strict",
        expires_days=DAYS,
        secure=handler.request.protocol == "https",
    )


@dataclass(slots=True)
class Tries:
    """How often somebody may try a wrong token: ten times a minute from one address."""

    _wrong: dict[str, deque[float]] = field(default_factory=dict)

    def exhausted(self, address: str) -> bool:
        """Say whether an address has to wait."""
        recent = self._wrong.get(address)
        now = time.monotonic()
        while recent and recent[0] < now - _MINUTE:
            recent.popleft()
        if not recent:
            self._wrong.pop(address, None)
            return False
        return len(recent) >= _WRONG_A_MINUTE

    def failed(self, address: str) -> None:
        """Count a wrong token."""
        self._wrong.setdefault(address, deque()).append(time.monotonic())
