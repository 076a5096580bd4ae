"""What went wrong with a request, said as one of our errors, and whether to send it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto, unique
from typing import Final

import requests
from urllib3.exceptions import NewConnectionError

from sheets_schema.errors import (
    BookError,
    CredentialFault,
    MissingSheet,
    NotAWorkbook,
    QuotaFault,
    Unreachable,
)

__all__ = ["Failure", "Lost", "Outcome", "Taken", "of_answer", "of_connection"]

UNPARSED: Final = re.compile(r"Unable to parse range: '?((?:[^']|'')+?)'?(?:!.*)?$")
NO_SHEET: Final = re.compile(r"No (?:grid|sheet) with id:? ?(\d+)")
CLAIM: Final = re.compile(r"metadataId|createDeveloperMetadata", re.IGNORECASE)
IN_USE: Final = re.compile(r"in use|already|(?<!not )exists?\b|duplicate|must be unique", re.IGNORECASE)
"""Google's own words for a metadata id that is taken stand nowhere; it names the request's kind."""
RATE: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "usageLimits"})


BY_STATUS: Final[Mapping[int, tuple[type[BookError], str]]] = {
    401: (CredentialFault, "book.credential.refused"),
    403: (CredentialFault, "book.credential.not_shared"),
    404: (NotAWorkbook, "book.not_found"),
}


@unique
class Outcome(Enum):
    """What is known of a request that failed."""

    NOT_DONE = auto()
    """It never arrived, or was turned away: sending it again is safe."""
    UNKNOWN = auto()
    """It may have been done: only what may be done twice is sent again."""
    REFUSED = auto()
    """It was understood and refused: sending it again is useless."""


class Lost(Unreachable):
    """A request was sent and its answer was lost: it may have been done (facts: address)."""

    key = "book.lost"


class Taken(BookError):
    """A number that a save claims is taken: somebody else was first, or this save was done already."""

    key = "book.taken"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request.

    Args:
        error: What a person is told.
        outcome: What is known of it.
        quota: It was refused only because there were too many.
    """

    error: BookError
    outcome: Outcome
    quota: bool = False


def of_connection(error: requests.RequestException, address: str) -> Failure:
    """Return the failure of a request without an answer.

    Args:
        error: What requests raised.
        address: The workbook's address, for the sentence.
    """
    never_sent = isinstance(error, requests.ConnectTimeout) or _refused(error)
    if never_sent or isinstance(error, requests.exceptions.InvalidURL):
        return Failure(Unreachable(address=address), Outcome.NOT_DONE)
    return Failure(Lost(address=address), Outcome.UNKNOWN)


def _refused(error: BaseException) -> bool:
    """Say whether no connection was made at all."""
    seen: BaseException | None = error
    while seen is not None:
        inner = seen.args[0] if seen.args else None
        reason = getattr(inner, "reason", None)
        if isinstance(seen, NewConnectionError) or isinstance(reason, NewConnectionError):
            return True
        seen = inner if isinstance(inner, BaseException) else None
    return False


def of_answer(response: requests.Response, address: str) -> Failure:
    """Return the failure that an answer with an error status tells of.

    Args:
        response: The answer of Google or of a local server.
        address: The workbook's address, for the sentence.
    """
    status, message, reasons = _read(response)
    if status == requests.codes.too_many_requests or (status == requests.codes.forbidden and reasons & RATE):
        return Failure(QuotaFault(seconds=60), Outcome.NOT_DONE, quota=True)
    if status >= requests.codes.server_error:
        fault = Lost("book.service", address=address, reason=_line(message, status))
        return Failure(fault, Outcome.UNKNOWN)
    if status == requests.codes.request_timeout:
        return Failure(Lost(address=address), Outcome.UNKNOWN)
    return Failure(_refusal(status, message, address), Outcome.REFUSED)


def _refusal(status: int, message: str, address: str) -> BookError:
    """Return the error of a request that was understood and refused."""
    if (said := BY_STATUS.get(status)) is not None:
        kind, key = said
        return kind(key, address=address)
    if CLAIM.search(message) and IN_USE.search(message):
        return Taken(reason=_line(message, status))
    if (found := UNPARSED.search(message) or NO_SHEET.search(message)) is not None:
        return MissingSheet(sheet=found[1].replace("''", "'"))
    return BookError(reason=_line(message, status))


def _read(response: requests.Response) -> tuple[int, str, frozenset[str]]:
    """Return an error's status, its message, and Google's words for its reason."""
    try:
        error = response.json()["error"]
        message, items = str(error.get("message", "")), error.get("errors") or ()
        reasons = {word for item in items for word in (item.get("reason"), item.get("domain")) if word}
        return response.status_code, message, frozenset(reasons)
    except (ValueError, KeyError, TypeError, AttributeError):
        return response.status_code, "", frozenset()


def _line(message: str, status: int) -> str:
    """Return a message as one line without a full stop at its end."""
    return " ".join(message.split()).rstrip(".")[:300] or f"HTTP {status}"
