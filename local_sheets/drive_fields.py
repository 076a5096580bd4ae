"""The `fields` of Drive's answers: which there are, and which are answered when none are named."""

import functools
import json
from importlib.resources import files

from local_sheets import fields
from local_sheets.drive_errors import DriveError
from local_sheets.fields import Mask

_DEFAULTS = {
    "FileList": "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)",
    "File": "kind,id,name,mimeType",
    "PermissionList": "kind,nextPageToken,permissions(kind,id,type,role)",
    "Permission": "kind,id,type,role",
}


@functools.cache
def known() -> dict[str, dict[str, dict[str, str]]]:
    """Return what Google's description of Drive names.

    Under `schemas` are the fields of each answer: "" for a plain one, a schema's name for one that has
    fields, "*" for one with any; under `methods` each method's verb and path by its name.
    """
    found: dict[str, dict[str, dict[str, str]]] = json.loads(
        (files("local_sheets.schema") / "drive.json").read_text(encoding="utf-8")
    )
    return found


def mask(text: str | None, schema: str) -> Mask:
    """Return the mask of a `fields` parameter, or of what is answered without one.

    Raises:
        DriveError: A field is unknown.
    """
    if not text:
        return fields.parse(_DEFAULTS[schema]) if schema in _DEFAULTS else {}
    found = fields.parse(text)
    _check(found, schema)
    return found


def must(text: str | None, schema: str) -> Mask:
    """Return the mask of a `fields` parameter that Drive wants to see, as it does for comments and about."""
    if not text:
        raise DriveError(400, "required", "The 'fields' parameter is required for this method.", "fields")
    return mask(text, schema)


def _check(found: Mask, schema: str) -> None:
    """Refuse a field that a schema does not have."""
    for name, below in found.items():
        if name == "*":
            continue
        kind = known()["schemas"][schema].get(name)
        if kind is None or (below and not kind):
            unknown = name if kind is None else next(iter(below))
            raise DriveError(400, "invalidParameter", f"Invalid field selection {unknown}", "fields")
        if below and kind != "*":
            _check(below, kind)
