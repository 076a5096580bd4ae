"""What can go wrong with Drive, in Drive's own shape: a list of errors with a reason and a place each."""

from local_sheets.errors import ApiError, Json

_REASONS = {
    400: "badRequest", 401: "authError", 403: "forbidden", 404: "notFound", 405: "httpMethodNotAllowed",
    413: "uploadTooLarge", 429: "rateLimitExceeded", 500: "internalError", 503: "backendError",
}  # fmt: skip


class DriveError(ApiError):
    """An answer with Drive's reason, and the parameter or header it is about."""

    def __init__(
        self, code: int, reason: str, message: str, location: str = "", kind: str = "parameter"
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.location = {"location": location, "locationType": kind} if location else {}


def body(error: ApiError) -> Json:
    """Return the JSON of an error, as Drive shapes it."""
    reason, place = _REASONS.get(error.code, "invalid"), {}
    if isinstance(error, DriveError):
        reason, place = error.reason, error.location
    one: Json = {"message": error.message, "domain": "global", "reason": reason} | place
    if error.code == 401:  # noqa: PLR2004
        one |= {"message": "Invalid Credentials", "location": "Authorization", "locationType": "header"}
    if error.code == 429:  # noqa: PLR2004
        one["domain"] = "usageLimits"
    answer: Json = {"code": error.code, "message": error.message, "errors": [one]}
    if error.code in (401, 403) and not isinstance(error, DriveError):
        answer["status"] = error.status
    if error.details:
        answer["details"] = error.details
    return {"error": answer}


def missing(key: str) -> DriveError:
    """Return the error for a file that is not there, or that the caller may not see."""
    return DriveError(404, "notFound", f"File not found: {key}.", "fileId")


def missing_part(kind: str, key: str) -> DriveError:
    """Return the error for a permission, comment, reply or revision that is not there."""
    return DriveError(404, "notFound", f"{kind} not found: {key}.", f"{kind.lower()}Id")


def insufficient() -> DriveError:
    """Return the error for a file that the caller sees and may not change like this."""
    return DriveError(
        403,
        "insufficientFilePermissions",
        "The user does not have sufficient permissions for this file.",
    )


def invalid(location: str, message: str = "Invalid Value") -> DriveError:
    """Return the error for a parameter's value that makes no sense."""
    return DriveError(400, "invalid", message, location)


def required(what: str) -> DriveError:
    """Return the error for a parameter or a field of the body that must be there."""
    return DriveError(400, "required", f"Required parameter: {what}", what)


def fixed(message: str) -> DriveError:
    """Return the error for a field that cannot be written."""
    return DriveError(403, "fieldNotWritable", message)


def wrong(field: str, message: str, reason: str = "invalid") -> DriveError:
    """Return the error for a field of the body such as `permission.role`."""
    return DriveError(400, reason, message, field, "other")
