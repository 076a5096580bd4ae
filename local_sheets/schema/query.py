"""The query of a request: known names, values of their types."""

from collections.abc import Mapping
from typing import Any

from local_sheets.errors import Json
from local_sheets.schema.reader import Reader
from local_sheets.schema.table import table


def read(method: str, given: Mapping[str, list[bytes]]) -> Json:
    """Return the query of a method (`values.get`): the last of each name, all of one that is a list.

    Raises:
        BadRequest: A name is unknown or a value of a wrong type.
    """
    known, common, reader = table().queries[method], table().common, Reader()
    result: Json = {}
    for name, values in given.items():
        texts = [value.decode() for value in values]
        found = known.get(name)
        if found is not None:
            result[found[0]] = _value(reader, texts, *found)
        elif name in common:
            result[name] = texts[-1]
        else:
            why = f"Cannot bind query parameter. Field '{name}' could not be found in request message."
            reader.unknown(name, None, why)
    reader.finish()
    return result


def _value(reader: Reader, texts: list[str], name: str, code: str) -> Any:
    """Read the texts of one name."""
    if code[0] == "[":
        return texts
    text = texts[-1]
    if code == "b":
        text = text.lower()
    return reader.value(text, code, (None, name)) if text else None
