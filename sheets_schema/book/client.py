"""gspread's HTTP client, as a book needs it.

gspread's own `BackOffHTTPClient` sends an append again whose answer was lost, and never gives up.
This one sends again only what cannot be done twice: what never arrived, what a quota turned away, and
what only reads. It waits with full jitter and gives up after a bound, in one sentence.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import requests
from google.auth import exceptions as google_errors
from gspread.http_client import HTTPClient

from sheets_schema.book import failures
from sheets_schema.book.doors import Door
from sheets_schema.book.failures import Failure, Outcome
from sheets_schema.errors import CredentialFault, Unreachable

__all__ = ["QUICK", "QUOTA", "BookClient", "Patience"]

TIMEOUT: Final = (5.0, 60.0)
"""Seconds to connect, and to wait for the next byte."""


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


class BookClient(HTTPClient):
    """Sends gspread's requests through a door, and words what goes wrong."""

    def __init__(
        self,
        session: requests.Session,
        door: Door,
        *,
        quick: Patience = QUICK,
        quota: Patience = QUOTA,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep the session and the door; a local server's token goes into the session."""
        super().__init__(None, session)  # type: ignore[arg-type]
        self.door, self.quick, self.quota, self._sleep = door, quick, quota, sleep
        self.timeout = TIMEOUT
        self._show_token()

    def request(self, method: str, endpoint: str, *args: Any, **rest: Any) -> requests.Response:
        """Send a request; see `gspread.HTTPClient.request`.

        Raises:
            Unreachable: Nothing answered, within the bound; `Lost` where it may have been done.
            QuotaFault: Google kept asking for a pause.
            CredentialFault: The key was refused.
            BookError: It was refused for another reason.
        """
        rest |= dict(zip(("params", "data", "json", "files", "headers"), args, strict=False))
        quick, quota = self.quick.waits(), self.quota.waits()
        while True:
            found = self._once(method, endpoint, rest)
            if isinstance(found, requests.Response):
                return found
            wait = self._wait_for(found, method, quick, quota)
            if wait is None:
                raise found.error
            self._sleep(wait)

    def _once(self, method: str, endpoint: str, rest: dict[str, Any]) -> requests.Response | Failure:
        """Send a request once; return its answer or what went wrong."""
        name = self.door.name
        try:
            url = self.door.swap(endpoint)
            response = self.session.request(method, url, timeout=self.timeout, **rest)
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
