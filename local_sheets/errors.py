"""What can go wrong, said as Google says it.

* ApiError             an answer with a status other than 200
  + BadRequest         400 INVALID_ARGUMENT: the request makes no sense
  + NotASpreadsheet    400 FAILED_PRECONDITION: it is a folder
  + NotFound           404 NOT_FOUND
  + Forbidden          403 PERMISSION_DENIED
  + Unauthenticated    401 UNAUTHENTICATED
  + TooMany            429 RESOURCE_EXHAUSTED
* StoreError           the file cannot be used (a sentence for a person)
  + InUse              another server holds the file
"""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer in Google's error shape."""

    code = 500
    status = "INTERNAL"

    def __init__(self, message: str, details: list[Json] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def body(self) -> Json:
        """Return the JSON of the answer, as Google shapes it."""
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def at(self, place: str) -> "ApiError":
        """Return the same error, said of *place* (`requests[0].addSheet`)."""
        return type(self)(f"Invalid {place}: {self.message}", self.details)


class BadRequest(ApiError):
    """The request makes no sense."""

    code = 400
    status = "INVALID_ARGUMENT"


class NotASpreadsheet(ApiError):
    """The id is that of a folder."""

    code = 400
    status = "FAILED_PRECONDITION"

    def __init__(
        self,
        message: str = "This operation is not supported for this document",
        details: list[Json] | None = None,
    ) -> None:
        super().__init__(message, details)


class NotFound(ApiError):
    """There is no such spreadsheet, file, range or comment."""

    code = 404
    status = "NOT_FOUND"

    def __init__(
        self, message: str = "Requested entity was not found.", details: list[Json] | None = None
    ) -> None:
        super().__init__(message, details)


class Forbidden(ApiError):
    """The caller may not do this."""

    code = 403
    status = "PERMISSION_DENIED"

    def __init__(
        self,
        message: str = "The caller does not have permission",
        details: list[Json] | None = None,
    ) -> None:
        super().__init__(message, details)


class Unauthenticated(ApiError):
    """The bearer token is not one of ours."""

    code = 401
    status = "UNAUTHENTICATED"

    def __init__(
        self,
        message: str = (
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login"
            " cookie or other valid authentication credential. See"
            " https://developers.google.com/identity/sign-in/web/devconsole-project."
        ),
        details: list[Json] | None = None,
    ) -> None:
        super().__init__(message, details)


class TooMany(ApiError):
    """A quota is used up."""

    code = 429
    status = "RESOURCE_EXHAUSTED"


class Unavailable(ApiError):
    """The service is down for a moment (only ever injected as a fault)."""

    code = 503
    status = "UNAVAILABLE"


class StoreError(Exception):
    """The file cannot be used; the text is one sentence for a person."""


class InUse(StoreError):
    """Another server holds the file."""
