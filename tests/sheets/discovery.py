"""Google's own description of its API, as google-api-python-client carries it.

`python tests/sheets/discovery.py` writes the compact form that the server reads bodies by.
"""

import functools
import importlib.util
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

COMPACT = Path(__file__).parents[2] / "local_sheets/schema/sheets.json"
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "any": object}
_PLAIN = {
    ("any", ""): "a",
    ("boolean", ""): "b",
    ("integer", "int32"): "i",
    ("number", "double"): "d",
    ("number", "float"): "f",
    ("string", ""): "s",
    ("string", "google-datetime"): "s",
    ("string", "google-fieldmask"): "m",
}


@functools.cache
def document(name: str) -> dict[str, Any]:
    """Return a discovery document (`sheets.v4`, `drive.v3`); skip the test where there is none."""
    found = importlib.util.find_spec("googleapiclient")
    if found is None or not found.submodule_search_locations:
        pytest.skip("google-api-python-client is not installed")
    folder = Path(found.submodule_search_locations[0]) / "discovery_cache/documents"
    read: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return read


def described(name: str) -> dict[str, Any]:
    """Return the schemas of a discovery document."""
    schemas: dict[str, Any] = document(name)["schemas"]
    return schemas


def methods(name: str) -> dict[str, dict[str, Any]]:
    """Return the methods of a discovery document by their ids."""

    def below(resource: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        for method in resource.get("methods", {}).values():
            yield method["id"], method
        for inner in resource.get("resources", {}).values():
            yield from below(inner)

    return dict(below(document(name)))


@functools.cache
def _patterns() -> list[tuple[str, re.Pattern[str], str, dict[str, Any]]]:
    """Return HTTP method, pattern of the path, document and description of all methods, the longest first."""
    found = []
    for name in ("sheets.v4", "drive.v3"):
        for method in methods(name).values():
            path = document(name)["servicePath"] + method["path"]
            pattern = re.sub(r"\\{(\w+)\\}", _part, re.escape(path))
            found.append((len(pattern), method["httpMethod"], re.compile(f"/{pattern}"), name, method))
    return [(verb, *rest) for _length, verb, *rest in sorted(found, key=lambda one: -one[0])]


def _part(match: re.Match[str]) -> str:
    """Return the pattern of a part of a path; only a range may have marks in it."""
    return "[^/]+" if match[1] == "range" else r"[\w-]+"


def exchange_faults(
    verb: str, address: str, sent: str | bytes | None, status: int, answer: bytes
) -> list[str]:
    """Return what of a request and its answer is not as Google describes them; nothing for a refusal."""
    url = urlsplit(address)
    known = next((one for one in _patterns() if one[0] == verb and one[1].fullmatch(url.path)), None)
    if known is None or status >= HTTPStatus.BAD_REQUEST:
        return []
    _verb, _pattern, name, method = known
    place, faults = method["id"], []
    if name == "sheets.v4":  # Drive drops what it does not know
        parameters = method["parameters"].keys() | document(name)["parameters"].keys()
        faults += [f"{place}: ?{query}" for query in parse_qs(url.query).keys() - parameters]
    if sent and "request" in method and name == "sheets.v4":
        faults += wrong(_meant(json.loads(sent)), method["request"]["$ref"], name)
    if answer and "response" in method:
        faults += wrong(json.loads(answer), method["response"]["$ref"], name)
    return faults


def _meant(value: Any) -> Any:
    """Return a request as it is meant: a null says that a field is absent, sheet_id is sheetId."""
    if isinstance(value, dict):
        return {
            re.sub("_([a-z])", lambda match: match[1].upper(), name): _meant(part)
            for name, part in value.items()
            if part is not None
        }
    return [_meant(part) for part in value] if isinstance(value, list) else value


def wrong(value: Any, schema: str, name: str = "sheets.v4") -> list[str]:
    """Return where a JSON value is not what a schema describes."""
    schemas = described(name)
    return list(_differences(value, {"$ref": schema}, schemas, schema))


def _differences(value: Any, schema: dict[str, Any], schemas: dict[str, Any], path: str) -> Iterator[str]:
    """Yield where a value is not what the document describes."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "object":
        yield from _of_object(value, schema, schemas, path)
    elif kind == "array":
        if isinstance(value, dict) and "$ref" in schema["items"]:
            value = [value]  # one object counts as a list of one
        if isinstance(value, list):
            parts = value
            if "$ref" in schema["items"]:  # lists in a list of objects count as one list
                parts = [one for part in value for one in (part if isinstance(part, list) else [part])]
            for part in parts:
                yield from _differences(part, schema["items"], schemas, f"{path}[]")
        else:
            yield f"{path} is no list"
    elif not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind in ("integer", "number")):
        yield f"{path} is {value!r}, not {kind}"
    elif value not in schema.get("enum", [value]):
        yield f"{path} is {value!r}, not of the list"


def _of_object(value: Any, schema: dict[str, Any], schemas: dict[str, Any], path: str) -> Iterator[str]:
    """Yield where an object has fields that are unknown or wrong."""
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    known, free = schema.get("properties", {}), schema.get("additionalProperties")
    for name, part in value.items():
        if name in known or free:
            yield from _differences(part, known.get(name, free), schemas, f"{path}.{name}")
        else:
            yield f"{path}.{name} is unknown"


def compact() -> dict[str, Any]:
    """Return the schemas and query parameters of Sheets, a short code for each field.

    s string, i int32, d double, f float, b boolean, m field mask, a anything, @Name a schema,
    #n the n-th list of enum values, [x a list of x, {x a map to x.
    """
    lists: list[list[str]] = []

    def plain(schema: dict[str, Any]) -> str:
        if "enum" in schema:
            if schema["enum"] not in lists:
                lists.append(schema["enum"])
            return f"#{lists.index(schema['enum'])}"
        return _PLAIN[schema.get("type", "any"), schema.get("format", "")]

    def code(schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            return f"@{schema['$ref']}"
        if "items" in schema:
            return f"[{code(schema['items'])}"
        if "additionalProperties" in schema:
            return f"{{{code(schema['additionalProperties'])}"
        return plain(schema)

    def listed(schema: dict[str, Any]) -> str:
        return f"[{code(schema)}" if schema.get("repeated") else code(schema)

    schemas = {
        name: {field: code(inner) for field, inner in schema.get("properties", {}).items()}
        for name, schema in sorted(described("sheets.v4").items())
    }
    queries = {
        name.removeprefix("sheets.spreadsheets."): {
            field: listed(inner)
            for field, inner in method["parameters"].items()
            if inner["location"] == "query"
        }
        for name, method in sorted(methods("sheets.v4").items())
    }
    return {
        "revision": document("sheets.v4")["revision"],
        "enums": lists,
        "schemas": schemas,
        "queries": queries,
        "common": sorted(document("sheets.v4")["parameters"]),
    }


def text() -> str:
    """Return the compact form as it is kept: a schema a line."""
    lines = []
    for part, content in compact().items():
        if isinstance(content, dict):
            inner = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in content.items())
            lines.append(f"{json.dumps(part)}: {{\n{inner}\n}}")
        elif part == "enums":
            inner = ",\n".join(json.dumps(names) for names in content)
            lines.append(f'"enums": [\n{inner}\n]')
        else:
            lines.append(f"{json.dumps(part)}: {json.dumps(content)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    COMPACT.write_text(text())
