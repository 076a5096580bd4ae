"""The bodies of Drive's requests: fields of a wrong type are refused, unknown ones ignored, as Drive does."""

from typing import Any

from local_sheets.drive_errors import DriveError
from local_sheets.errors import Json

_TEXT, _TRUTH, _TEXTS, _MAP = "text", "truth", "texts", "map"

FILE = {
    "id": _TEXT, "name": _TEXT, "mimeType": _TEXT, "description": _TEXT, "parents": _TEXTS, "starred": _TRUTH,
    "trashed": _TRUTH, "properties": _MAP, "appProperties": _MAP, "writersCanShare": _TRUTH,
    "copyRequiresWriterPermission": _TRUTH, "folderColorRgb": _TEXT,
}  # fmt: skip
PERMISSION = {
    "type": _TEXT, "role": _TEXT, "emailAddress": _TEXT, "domain": _TEXT, "allowFileDiscovery": _TRUTH,
    "expirationTime": _TEXT, "pendingOwner": _TRUTH, "view": _TEXT,
}  # fmt: skip
COMMENT = {"content": _TEXT, "anchor": _TEXT, "quotedFileContent": _MAP}
REPLY = {"content": _TEXT, "action": _TEXT}


def read(body: Json, kinds: dict[str, str]) -> Json:
    """Return the known fields of a body, those that are null left out.

    Raises:
        DriveError: One has a value of a wrong type.
    """
    result = {}
    for name, kind in kinds.items():
        value = body.get(name)
        if value is None:
            continue
        if not _fits(value, kind):
            raise DriveError(400, "invalid", f"Invalid value for field '{name}': {value!r}")
        result[name] = value
    return result


def _fits(value: Any, kind: str) -> bool:
    """Say whether a value is of a kind."""
    if kind == _TEXTS:
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    if kind == _MAP:
        return isinstance(value, dict) and all(isinstance(part, (str, type(None))) for part in value.values())
    return isinstance(value, bool if kind == _TRUTH else str)
