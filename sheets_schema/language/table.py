"""A table: what one sheet holds, declared once in a table.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, Self

import yaml

from sheets_schema.errors import SchemaFault, UnknownField
from sheets_schema.language import reading, writing
from sheets_schema.language.fault import Reading
from sheets_schema.language.field import Field, Labels
from sheets_schema.language.header import same

__all__ = ["RECORD", "Table"]

RECORD: Final = Path(__file__).with_name("record.yaml")
"""The columns that every record carries: who made it and changed it, when, and its version."""


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet holds: its fields in order, its key, and its words.

    Args:
        name: The sheet's name.
        fields: The columns, in the order in which a new sheet is laid out.
        id_prefix: The letters that its ids begin with; blank where ids are codes that people choose.
        labels: Language -> what a person calls the table.
        description: Why the table exists.
        missing: Texts that stand for a missing value.
        key: The field that names a row.
    """

    name: str
    fields: tuple[Field, ...]
    id_prefix: str = ""
    labels: Labels = field(default_factory=dict)
    description: str = ""
    missing: frozenset[str] = frozenset({""})
    key: str = "id"
    _by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    _ways: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields by name, and by every way to write a header; a name goes before a label."""
        by_name = {each.name: each for each in self.fields}
        if len(by_name) != len(self.fields):
            raise SchemaFault(where=self.name, reason="two fields of one name")
        labels = {same(label): each.name for each in reversed(self.fields) for label in each.labels.values()}
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_ways", {**labels, **{same(name): name for name in by_name}})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the table that a table.yaml declares, with the columns that every record carries.

        Args:
            path: A Frictionless Table Schema with our own keys under `opsline`.

        Raises:
            SchemaFault: The file is not a schema that we understand.
        """
        schema = _yaml(path)
        ours = schema.get("opsline", {})
        declared = [*schema["fields"], *(() if ours.get("record") is False else _yaml(RECORD)["fields"])]
        foreign = {key["fields"]: key["reference"]["resource"] for key in schema.get("foreignKeys", ())}
        return cls(
            name=ours["name"],
            fields=tuple(Field.load(each, foreign.get(each["name"])) for each in declared),
            id_prefix=ours.get("id_prefix", ""),
            labels={"en": schema.get("title", ours["name"]), **ours.get("label", {})},
            description=schema.get("description", ""),
            missing=frozenset(schema.get("missingValues", [""])),
            key=schema.get("primaryKey", "id"),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(self._by_name)

    @property
    def form_fields(self) -> tuple[Field, ...]:
        """The fields that the table's form asks for, in order."""
        return tuple(each for each in self.fields if each.on_form)

    def field(self, name: str) -> Field:
        """Return a field by its name; raise UnknownField."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownField(table=self.name, field=name) from None

    def label(self, language: str = "en") -> str:
        """Return what a person calls the table."""
        return self.labels.get(language) or self.labels.get("en") or self.name

    def name_of(self, header_cell: str) -> str | None:
        """Return the field that a header cell names, by name or label, in any case; None if none."""
        return self._ways.get(same(header_cell))

    def with_fields(self, extra: Sequence[Field]) -> Table:
        """Return the table with more fields, before the columns that every record carries."""
        kept = {name: each for name, each in self._by_name.items() if name not in _record_names()}
        carried = [each for name, each in self._by_name.items() if name in _record_names()]
        return replace(self, fields=(*kept.values(), *extra, *carried))

    def read(self, values: Sequence[Sequence[object]], *, time_zone: str) -> Reading:
        """Read a sheet: forgiving, complete, and whole columns at a time.

        Args:
            values: The sheet as `values.get` answers it with UNFORMATTED_VALUE and SERIAL_NUMBER,
                header first; rows may be of any length.
            time_zone: The workbook's time zone, an IANA name.

        Returns:
            A typed row for each row that is not blank, and every fault. It raises nothing.
        """
        return reading.read(self, values, time_zone)

    def write(
        self, records: Sequence[Mapping[str, object]], header: Sequence[str], *, time_zone: str
    ) -> list[list[object]]:
        """Lay out records as rows of a sheet.

        Args:
            records: Field name -> value; a field that a record leaves out is left alone.
            header: The sheet's first row as it is now, in any order, with any unknown columns.
            time_zone: The workbook's time zone, an IANA name.

        Returns:
            A row of `len(header)` cells for each record: text, numbers, booleans, serial numbers for
            days and moments, an empty text for a missing value, None for a cell to leave alone.

        Raises:
            UnknownField: A record names a field that the table does not have.
            HeaderFault: A value has no column to go to.
            CellFault: A value is not of its field's kind.
        """
        return writing.write(self, records, header, time_zone)


@cache
def _record_names() -> frozenset[str]:
    """Return the names of the columns that every record carries."""
    return frozenset(each["name"] for each in _yaml(RECORD)["fields"])


def _yaml(path: Path) -> dict[str, object]:
    """Return what a yaml file holds; raise SchemaFault if it is none."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise SchemaFault(where=path.name, reason=str(error)) from None
