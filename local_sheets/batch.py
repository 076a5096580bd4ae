"""spreadsheets.batchUpdate: every request in order, all or nothing."""

from local_sheets import answers
from local_sheets.errors import ApiError, BadRequest, Json
from local_sheets.requests import KINDS
from local_sheets.store import Book


def batch_update(book: Book, body: Json, base: str) -> Json:
    """Apply the requests of a body; return a BatchUpdateSpreadsheetResponse.

    Call it inside `store.writing(book)`: the first error raises, and nothing is kept.
    """
    requests = body.get("requests")
    if not requests:
        raise BadRequest("Must specify at least one request.")
    replies = [apply(book, number, request) for number, request in enumerate(requests)]
    answer: Json = {"spreadsheetId": book.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        for sheet in book.sheets:
            sheet.lines.flush()
        answer["updatedSpreadsheet"] = answers.spreadsheet(
            book,
            base,
            {},
            body.get("responseRanges") or (),
            with_cells=bool(body.get("responseIncludeGridData")),
        )
    return answer


def apply(book: Book, number: int, request: Json) -> Json:
    """Apply one request; return its reply."""
    place = f"requests[{number}]"
    named = list(request)
    if not named:
        raise BadRequest(f"Invalid {place}: No request set.")
    if len(named) > 1:
        raise BadRequest(
            f"Invalid value at '{place}' (oneof), oneof field 'kind' is already set. Cannot set '{named[1]}'"
        )
    kind = named[0]
    work = KINDS.get(kind)
    if work is None:
        raise BadRequest(f"Invalid {place}.{kind}: This kind of request is not supported by this server.")
    try:
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
