"""Lists and objects where a value belongs, written as Google's errors write them."""

import json
from typing import Any


def proto_text(value: Any) -> str:
    r"""Return a JSON value in protobuf's text form.

    >>> proto_text({})
    'struct_value {\n}\n'
    >>> proto_text(["a"])
    'list_value {\n  values {\n    string_value: "a"\n  }\n}\n'
    """
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> list[str]:
    """Return the lines of a value."""
    if isinstance(value, dict):
        inner = [
            line
            for name, part in value.items()
            for line in _block("fields", [f"key: {json.dumps(name)}", *_block("value", _lines(part))])
        ]
        return _block("struct_value", inner)
    if isinstance(value, list):
        return _block("list_value", [line for part in value for line in _block("values", _lines(part))])
    if value is None:
        return ["null_value: NULL_VALUE"]
    name = {bool: "bool_value", str: "string_value"}.get(type(value), "number_value")
    return [f"{name}: {json.dumps(value, ensure_ascii=False)}"]


def _block(name: str, inner: list[str]) -> list[str]:
    """Return the lines of a named block."""
    return [f"{name} {{", *(f"  {line}" for line in inner), "}"]
