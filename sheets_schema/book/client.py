"""gspread's HTTP client, as a book needs it.

gspread's own `BackOffHTTPClient` sends an append again whose answer was lost, and never gives up.
This one sends again only what cannot be done twice: what never arrived, what a quota turned away, and
what only reads. It waits with full jitter and gives up after a bound, in one sentence. For Google it
keeps the quotas of the whole machine (`quota.py`), so that few requests are turned away.
"""

from __future__ import annotations

import os
import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson
import requests
from google.auth import exceptions as google_errors
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_VALUES_BATCH_URL

from sheets_schema.book import failures
from sheets_schema.book.doors import Door
from sheets_schema.book.failures import Failure, Outcome
from sheets_schema.book.quota import Quota, kind_of
from sheets_schema.errors import CredentialFault, QuotaFault, Unreachable

__all__ = ["QUICK", "QUOTA", "BookClient", "Patience"]

TIMEOUT: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""
SHORTEST: Final = 5.0
"""Seconds to wait for the next byte at the least, however little time is left."""
ROOM: Final = 90.0
"""Seconds to wait at the most until the machine's quota has room."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent again: full jitter under a doubling limit.

    Args:
        again: How many times at the most.
        first: The limit of the first wait, in seconds.
        longest: The limit of any wait, in seconds.
    """

    again: int
    first: float
    longest: float

    def waits(self) -> Iterator[float]:
        """Return the seconds to wait before each further attempt."""
        for number in range(self.again):
            yield random.uniform(0, min(self.longest, self.first * 2**number))


QUICK: Final = Patience(again=5, first=0.2, longest=4.0)
"""For a server that does not answer: some 4 s on average, 8 s at the most."""
QUOTA: Final = Patience(again=6, first=2.0, longest=32.0)
"""For a quota, which is filled up again each minute: some 47 s on average."""


_SESSIONS: Final[weakref.WeakSet[requests.Session]] = weakref.WeakSet()


def leave_connections() -> None:
    """Open new connections from here on: those of the process that this one was forked from are its own."""
    for session in tuple(_SESSIONS):
        session.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=leave_connections)


class BookClient(HTTPClient):
    """Sends gspread's requests through a door, and words what goes wrong.

    Args:
        session: Sends them; it knows a Google key.
        door: Where they go. A local server's token goes into the session.
        quick: How often to send again what did not arrive.
        quota: How often to send again what a quota turned away.
        buckets: The quotas that this machine's processes keep together; none for a local server.
        sleep: Waits some seconds.

    `told` is called with the seconds of each wait of a second or more, before it begins.
    """

    def __init__(
        self,
        session: requests.Session,
        door: Door,
        *,
        quick: Patience = QUICK,
        quota: Patience = QUOTA,
        buckets: Quota | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(None, session)  # type: ignore[arg-type]
        self.door, self.quick, self.quota, self.buckets, self._sleep = door, quick, quota, buckets, sleep
        self.told: Callable[[float], None] | None = None
        self._hurry = threading.local()
        _SESSIONS.add(session)
        self._show_token()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Begin no wait that ends later than *seconds* from now, in this thread, while the block runs."""
        before, until = self._until, time.monotonic() + seconds
        self._hurry.until = until if before is None else min(before, until)
        try:
            yield
        finally:
            self._hurry.until = before

    def request(self, method: str, endpoint: str, *args: Any, **rest: Any) -> requests.Response:
        """Send a request; see `gspread.HTTPClient.request`.

        Raises:
            Unreachable: Nothing answered, within the bound; `Lost` where it may have been done.
            QuotaFault: Google kept asking for a pause, or this machine's processes have used it up.
            CredentialFault: The key was refused.
            BookError: It was refused for another reason.
        """
        rest |= dict(zip(("params", "data", "json", "files", "headers"), args, strict=False))
        quick, quota = self.quick.waits(), self.quota.waits()
        while True:
            self._wait_for_room(method, endpoint)
            found = self._once(method, endpoint, rest)
            if isinstance(found, requests.Response):
                return found
            if found.quota and self.buckets is not None and (kind := kind_of(method, endpoint)):
                self.buckets.refused(kind)
            wait = self._wait_for(found, method, quick, quota)
            if wait is None or not self._has_time(wait):
                raise found.error
            self._wait(wait)

    def values_batch_get(self, id: str, ranges: list[str], params: Any = None) -> Any:  # noqa: A002 - gspread's
        """Read ranges; see `gspread.HTTPClient.values_batch_get`.

        A whole number beyond 64 bits comes as a double, which is what a sheet holds. What orjson refuses
        (half of a surrogate pair) is read by the standard library.
        """
        asked = {**(params or {}), "ranges": ranges}
        answer = self.request("get", SPREADSHEET_VALUES_BATCH_URL % id, params=asked)
        try:
            return orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            return answer.json()

    def _wait_for_room(self, method: str, endpoint: str) -> None:
        """Wait until this machine's quota has room for a request; raise QuotaFault after the bound."""
        kind = kind_of(method, endpoint)
        if self.buckets is None or kind is None:
            return
        waited = 0.0
        while (wait := self.buckets.take(kind)) > 0:
            wait += random.uniform(0, 0.1)
            if waited + wait > ROOM or not self._has_time(wait):
                raise QuotaFault(seconds=max(1, round(wait)))
            self._wait(wait)
            waited += wait

    def _wait(self, seconds: float) -> None:
        """Wait, and say so where a person would notice."""
        if seconds >= 1 and self.told is not None:
            self.told(seconds)
        self._sleep(seconds)

    @property
    def _until(self) -> float | None:
        """The moment after which no wait of this thread may end; None if there is none."""
        return getattr(self._hurry, "until", None)

    def _has_time(self, wait: float) -> bool:
        """Say whether there is time for a wait."""
        return self._until is None or time.monotonic() + wait <= self._until

    def _patience(self) -> tuple[float, float]:
        """Return the seconds to connect and to wait for the next byte, in the time that is left."""
        if self._until is None:
            return TIMEOUT
        left = max(SHORTEST, self._until - time.monotonic())
        return TIMEOUT[0], min(TIMEOUT[1], left)

    def _once(self, method: str, endpoint: str, rest: dict[str, Any]) -> requests.Response | Failure:
        """Send a request once; return its answer or what went wrong."""
        name = self.door.name
        try:
            url = self.door.swap(endpoint)
            response = self.session.request(method, url, timeout=self._patience(), **rest)
        except requests.RequestException as error:
            return failures.of_connection(error, name)
        except google_errors.RefreshError:
            return Failure(CredentialFault("book.credential.refused", address=name), Outcome.REFUSED)
        except google_errors.TransportError:
            return Failure(Unreachable(address=name), Outcome.NOT_DONE)
        return response if response.ok else failures.of_answer(response, name)

    def _wait_for(
        self, failure: Failure, method: str, quick: Iterator[float], quota: Iterator[float]
    ) -> float | None:
        """Return the seconds after which to send again; None to give up."""
        if isinstance(failure.error, CredentialFault):
            return next(quick, None) if self._look_again() else None
        if failure.quota:
            wait = next(quota, None)
            if wait is not None:
                failure.error.facts["seconds"] = max(1, round(wait))
            return wait
        if failure.outcome is Outcome.NOT_DONE:
            self._look_again()
            return next(quick, None)
        if failure.outcome is Outcome.UNKNOWN and method.upper() in {"GET", "HEAD"}:
            self._look_again()
            return next(quick, None)
        return None

    def _look_again(self) -> bool:
        """Look up where the server is now; say whether it has moved."""
        moved = self.door.again()
        if moved:
            self._show_token()
        return moved

    def _show_token(self) -> None:
        """Put the door's token into the session, where it has one."""
        if self.door.token:
            self.session.headers["Authorization"] = f"Bearer {self.door.token}"
