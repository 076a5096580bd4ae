"""A request's JSON, read as Google's parser reads it.

Unknown names and values of a wrong type are refused, all at once and in Google's words. What comes
back is the same JSON with nulls and plain falses left out, names in camel case, numbers that came as
text made numbers, and colours rounded to 32 bits.
"""

import json
from collections.abc import Iterator
from typing import Any

from local_sheets.errors import BadRequest, Json
from local_sheets.schema.numbers import LARGEST_SINGLE, plain_float, single, whole
from local_sheets.schema.table import enum_name, table, underscored

Path = tuple[Any, ...] | None
"""(the path above, a field's name or an index); None at the root."""

_FALSE_IS_SAID = frozenset({"ExtendedValue", "TextFormat", "TextRotation"})
"""Where a false is more than an absent field; elsewhere Google does not answer it."""

_PLAIN_CELLS = frozenset({str, int, float, bool, type(None)})
_TEXTS = {"s": "TYPE_STRING", "m": "type.googleapis.com/google.protobuf.FieldMask"}
_NUMBERS = {"i": "TYPE_INT32", "f": "TYPE_FLOAT", "d": "TYPE_DOUBLE"}
_LIST_VALUE = "type.googleapis.com/google.protobuf.ListValue"


def read(body: Json, schema: str, at: str = "") -> Json:
    """Return a body as it is meant.

    Args:
        body: What was sent.
        schema: The name of the body's schema, such as `ValueRange`.
        at: The name that Google's errors give to the body (`data` for a ValueRange).

    Raises:
        BadRequest: Something in it is unknown or of a wrong type; every such place is named.
    """
    reader = Reader()
    result: Json = reader.message(body, schema, (None, at) if at else None)
    reader.finish()
    return result


class Reader:
    """One reading; it gathers what is wrong."""

    def __init__(self) -> None:
        self._table = table()
        self._faults: list[tuple[str, str]] = []

    def finish(self) -> None:
        """Raise what was found wrong."""
        if self._faults:
            violations = [
                {"field": place, "description": text} if place else {"description": text}
                for place, text in self._faults
            ]
            raise BadRequest(
                "\n".join(text for _place, text in self._faults),
                [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}],
            )

    def unknown(self, name: str, path: Path, why: str = "Cannot find field.") -> None:
        """Note a name that no field has."""
        place = written(path)
        where = f" at '{place}'" if place else ""
        self._faults.append((place, f'Invalid JSON payload received. Unknown name "{name}"{where}: {why}'))

    def invalid(self, value: Any, kind: str, path: Path) -> None:
        """Note a value of a wrong type."""
        place = written(path)
        if type(value) is dict and kind.startswith("TYPE_"):
            shown = "Starting an object on a scalar field"
        else:
            shown = json.dumps(value, ensure_ascii=False)
        self._faults.append((place, f"Invalid value at '{place}' ({kind}), {shown}"))

    def message(self, value: Any, schema: str, path: Path) -> Any:
        """Read an object of a schema."""
        if type(value) is not dict:
            self.invalid(value, f"type.googleapis.com/google.apps.sheets.v4.{schema}", path)
            return {}
        if schema == "ConditionValue" and type(value.get("userEnteredValue")) in (int, float):
            value = value | {
                "userEnteredValue": str(value["userEnteredValue"])
            }  # as gspread's guide sends it
        fields = self._table.schemas[schema]
        result = {}
        for name, part in value.items():
            found = fields.get(name)
            if found is None:
                self.unknown(name, path)
            elif part is not None:
                read = self.value(part, found[1], (path, found[0]))
                if read is not False or schema in _FALSE_IS_SAID:
                    result[found[0]] = read
        return {name: part for name, part in result.items() if part} if schema == "Color" else result

    def value(self, value: Any, code: str, path: Path) -> Any:
        """Read a value by its code."""
        kind = code[0]
        if kind == "[":
            return self._list(value, code[1:], path)
        if kind == "a":
            return value
        if type(value) is list:
            above, name = path or (None, "")
            self.unknown(name, above, "Proto field is not repeating, cannot start list.")
            return None
        if kind == "@":
            return self.message(value, code[1:], path)
        if kind == "{":
            return self._map(value, code[1:], path)
        return self._scalar(value, code, path)

    def _scalar(self, value: Any, code: str, path: Path) -> Any:
        """Read text, a number, a boolean, an enum."""
        kind = code[0]
        if kind in "sm":
            if type(value) is str:
                return value
            self.invalid(value, _TEXTS[kind], path)
        elif kind == "b":
            if type(value) is bool or value in ("true", "false"):
                return value in (True, "true")
            self.invalid(value, "TYPE_BOOL", path)
        elif kind == "#":
            if type(value) is str and value in self._table.enums[int(code[1:])]:
                return value
            named = path  # an item of a list is of the type that the list's name says
            while named is not None and isinstance(named[1], int):
                named = named[0]
            name = named[1] if named else ""
            self.invalid(value, f"type.googleapis.com/{enum_name(name)}", path)
        else:
            return self._number(value, kind, path)
        return None

    def _number(self, value: Any, kind: str, path: Path) -> float | int | None:
        """Read a number; one that came as text is taken too."""
        if kind == "i":
            number: float | int | None = whole(value)
        else:
            number = plain_float(value)
            if kind == "f" and number is not None:
                number = single(number) if abs(number) <= LARGEST_SINGLE else None
        if number is None:
            self.invalid(value, _NUMBERS[kind], path)
        return number

    def _map(self, value: Any, code: str, path: Path) -> Any:
        """Read an object with free names."""
        if type(value) is not dict:
            self.invalid(value, "Map", path)
            return {}
        return {name: self.value(part, code, (path, name)) for name, part in value.items()}

    def _list(self, value: Any, code: str, path: Path) -> Any:
        """Read a list; a single value counts as a list of one, as in Google's parser."""
        if code == "[a":
            return self._rows(value, path)
        if type(value) is dict and code[0] != "@":
            for name in value:
                self.unknown(name, path)
            return []
        if type(value) is not list:
            return [self.value(value, code, path)]
        if code[0] != "[" and any(
            type(part) is list for part in value
        ):  # pygsheets, gspread-pandas send such
            value = list(_flat(value))
        if code[0] == "@":
            schema = code[1:]
            return [
                self.message({} if part is None else part, schema, (path, index))
                for index, part in enumerate(value)
            ]
        return [self.value(part, code, (path, index)) for index, part in enumerate(value)]

    def _rows(self, value: Any, path: Path) -> Any:
        """Check rows of values without looking at each in Python."""
        if type(value) is dict:
            for name in value:
                self.unknown(name, path)
            return []
        if type(value) is not list:
            self.invalid(value, _LIST_VALUE, path)
            return []
        if set(map(type, value)) - {list}:
            for index, row in enumerate(value):
                if type(row) is not list:
                    self.invalid(row, _LIST_VALUE, (path, index))
        return value


def _flat(value: list[Any]) -> Iterator[Any]:
    """Yield the items of lists in lists: Google's parser takes them as one list."""
    for part in value:
        if type(part) is list:
            yield from _flat(part)
        else:
            yield part


def written(path: Path) -> str:
    """Return a path as Google writes it.

    >>> written((((None, "requests"), 0), "addSheet"))
    'requests[0].add_sheet'
    """
    text = ""
    while path is not None:
        path, name = path
        step = f"[{name}]" if isinstance(name, int) else underscored(name)
        text = f"{step}.{text}" if text and text[0] != "[" else f"{step}{text}"
    return text


def only_plain(row: list[Any]) -> bool:
    """Say whether a row has no lists and no objects in it."""
    return _PLAIN_CELLS.issuperset(map(type, row))
