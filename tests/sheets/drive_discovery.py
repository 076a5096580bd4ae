"""Google's description of Drive v3, as far as the server needs it.

`python -m tests.sheets.drive_discovery` writes the compact form that the server reads `fields` by.
"""

import json
from pathlib import Path
from typing import Any

from tests.sheets.discovery import described, methods

COMPACT = Path(__file__).parents[2] / "local_sheets/schema/drive.json"


def _kind(schema: dict[str, Any]) -> str:
    """Return "" for a plain field, a schema's name for one that has fields, * for one with any."""
    found = schema.get("items", schema)
    if "$ref" in found:
        return str(found["$ref"])
    return "*" if found.get("type") == "object" else ""


def text() -> str:
    """Return the compact form."""
    schemas = {
        name: {field: _kind(inner) for field, inner in schema.get("properties", {}).items()}
        for name, schema in sorted(described("drive.v3").items())
    }
    paths = {
        name.removeprefix("drive."): {"verb": method["httpMethod"], "path": method["path"]}
        for name, method in sorted(methods("drive.v3").items())
    }
    return json.dumps({"schemas": schemas, "methods": paths}, indent=0) + "\n"


if __name__ == "__main__":
    COMPACT.write_text(text(), encoding="utf-8")
