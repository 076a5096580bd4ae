"""spreadsheets.batchUpdate: every request in order, all or nothing."""

from local_sheets import answers
from local_sheets.errors import ApiError, BadRequest, Json
from local_sheets.fields import Mask
from local_sheets.guard import Guard
from local_sheets.requests import KINDS, indices
from local_sheets.store import Book


def batch_update(
    book: Book, body: Json, base: str, guard: Guard | None = None, mask: Mask | None = None
) -> Json:
    """Apply the requests of a body; return a BatchUpdateSpreadsheetResponse.

    A *mask* of the answer decides itself whether cells come with the spreadsheet, if that is asked for.

    Call it inside `guard.writing()`, which gives the guard, or inside `store.writing()` where nobody's rights
    are in question: the first error raises, and nothing is kept.
    """
    requests = body.get("requests")
    if not requests:
        raise BadRequest("Must specify at least one request.")
    replies = [guarded(book, number, request, guard) for number, request in enumerate(requests)]
    answer: Json = {"spreadsheetId": book.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        book.recalculate()
        for sheet in book.sheets:
            sheet.lines.flush()
        answer["updatedSpreadsheet"] = answers.spreadsheet(
            book,
            base,
            (mask or {}).get("updatedSpreadsheet", {}),
            body.get("responseRanges") or (),
            with_cells=bool(body.get("responseIncludeGridData")),
        )
    return answer


def guarded(book: Book, number: int, request: Json, guard: Guard | None) -> Json:
    """Apply one request and refuse it if it changed a protected cell; return its reply."""
    reply = apply(book, number, request)
    try:
        if guard is not None:
            guard.check()
    except ApiError as error:
        raise error.at(f"requests[{number}].{_kind(request, number)}") from error
    return reply


def _kind(request: Json, number: int) -> str:
    """Return the kind of a request, or refuse what is not one."""
    place = f"requests[{number}]"
    named = list(request)
    if not named:
        raise BadRequest(f"Invalid {place}: No request set.")
    if len(named) > 1:
        raise BadRequest(
            f"Invalid value at '{place}' (oneof), oneof field 'kind' is already set. Cannot set '{named[1]}'"
        )
    return named[0]


def apply(book: Book, number: int, request: Json) -> Json:
    """Apply one request; return its reply."""
    place, kind = f"requests[{number}]", _kind(request, number)
    work = KINDS.get(kind)
    if work is None:
        raise BadRequest(f"Invalid {place}.{kind}: This kind of request is not supported by this server.")
    try:
        indices.check(request[kind])
        return work(book, request[kind]) or {}
    except ApiError as error:
        raise error.at(f"{place}.{kind}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadRequest(f"Invalid {place}.{kind}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Say what a malformed request lacks."""
    if isinstance(error, KeyError):
        return f"the field {error.args[0]!r} is missing or names nothing."
    return f"a field has a value of the wrong kind ({error})."
