"""A table.yaml becomes a Table, and a Table the schema that other tools read.

The words are those of Frictionless Table Schema; ours stand under `opsline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from sheets_schema.errors import SchemaFault
from sheets_schema.language.field import Field
from sheets_schema.language.table import Table

__all__ = ["RECORD", "load", "schema_of"]

RECORD: Final = Path(__file__).with_name("record.yaml")
"""The columns that every record carries: who made it and changed it, when, and its version."""


def load(path: Path) -> Table:
    """Return the table that a table.yaml declares, with the columns that every record carries.

    Args:
        path: A Frictionless Table Schema with our own keys under `opsline`.

    Raises:
        SchemaFault: The file is not a schema that we understand.
    """
    schema = _yaml(path)
    try:
        carried = [] if schema["opsline"].get("record") is False else _yaml(RECORD)["fields"]
        return _table(schema, carried)
    except (KeyError, TypeError, AttributeError) as error:
        raise SchemaFault(where=path.name, reason=repr(error)) from None


def _yaml(path: Path) -> dict[str, Any]:
    """Return what a yaml file holds; raise SchemaFault if it is none."""
    try:
        held: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise SchemaFault(where=path.name, reason=str(error)) from None
    return held


def _table(schema: Mapping[str, Any], carried: list[dict[str, Any]]) -> Table:
    """Return the table of a schema, with the columns that every record carries at its end."""
    ours = schema["opsline"]
    foreign = {key["fields"]: key["reference"]["resource"] for key in schema.get("foreignKeys", ())}
    return Table(
        name=ours["name"],
        fields=tuple(_field(each, foreign) for each in (*schema["fields"], *carried)),
        id_prefix=ours.get("id_prefix", ""),
        labels={"en": schema.get("title", ours["name"]), **ours.get("label", {})},
        description=schema.get("description", ""),
        missing=frozenset(schema.get("missingValues", [""])),
        key=schema.get("primaryKey", "id"),
        unique_keys=tuple(tuple(names) for names in schema.get("uniqueKeys", ())),
        why=ours.get("why", {}),
        carried=len(carried),
    )


def _field(declared: Mapping[str, Any], foreign: Mapping[str, str]) -> Field:
    """Return the field that one item of a schema's `fields` declares."""
    rules, ours = declared.get("constraints", {}), declared.get("opsline", {})
    title = declared.get("title", declared["name"])
    choices = ours.get("choices", {})
    shown_if = {name: tuple(codes) for name, codes in ours.get("show_if", {}).items()}
    plain = {name: ours[name] for name in PLAIN if name in ours}
    return Field(
        name=declared["name"],
        type=declared.get("type", "string"),
        title=title,
        description=declared.get("description", ""),
        example=declared.get("example", ""),
        **{name: rules[name] for name in RULES if name in rules},
        enum=tuple(rules.get("enum", choices)),
        labels={"en": title, **ours.get("label", {})},
        choices=choices,
        show_if=shown_if,
        foreign=foreign.get(declared["name"]),
        **plain,
    )


RULES: Final = ("required", "unique", "minimum", "maximum", "pattern")
PLAIN: Final = ("default", "hint", "computed", "personal", "width", "on_form", "holds", "why")
"""Keys under `opsline` that a Field has under the same name."""


def schema_of(table: Table) -> dict[str, Any]:
    """Return a table, a team's fields and all, as the Table Schema that other tools read.

    >>> schema_of(Table("notes", (Field("id", required=True),)))["fields"]
    [{'name': 'id', 'type': 'string', 'title': 'id', 'constraints': {'required': True}}]
    """
    foreign = [
        {"fields": field.name, "reference": {"resource": field.foreign, "fields": "id"}}
        for field in table.fields
        if field.foreign
    ]
    ours = {"name": table.name, "label": _chinese(table.labels), "id_prefix": table.id_prefix}
    return _filled(
        {
            "title": table.label(),
            "description": table.description,
            "fields": [_declared(field) for field in table.fields],
            "primaryKey": table.key,
            "uniqueKeys": [list(names) for names in table.unique_keys],
            "foreignKeys": foreign,
            "missingValues": sorted(table.missing),
            "opsline": _filled({**ours, "why": dict(table.why), "record": False}),
        }
    )


def _declared(field: Field) -> dict[str, Any]:
    """Return a field as one item of a schema's `fields`."""
    rules = {name: getattr(field, name) for name in RULES}
    ours = {name: getattr(field, name) for name in PLAIN}
    return _filled(
        {
            "name": field.name,
            "type": field.type,
            "title": field.label(),
            "description": field.description,
            "example": field.example,
            "constraints": _filled({**rules, "enum": list(field.enum)}),
            "opsline": _filled(
                {
                    "label": _chinese(field.labels),
                    **ours,
                    "show_if": {name: list(codes) for name, codes in field.show_if.items()},
                    "choices": {code: dict(labels) for code, labels in field.choices.items()},
                }
            ),
        }
    )


def _chinese(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels without the English one, which is the title."""
    return {language: label for language, label in labels.items() if language != "en"}


def _filled(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping without its empty parts, unless a false or a 0 says something there."""
    spoken = ("record", "default", "minimum", "maximum")
    return {name: part for name, part in parts.items() if part or (name in spoken and part is not None)}
