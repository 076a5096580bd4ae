"""A table: what one sheet holds, declared once in a table.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sheets_schema.errors import SchemaFault, UnknownField
from sheets_schema.language import reading, writing
from sheets_schema.language.fault import Reading
from sheets_schema.language.field import Field, Labels
from sheets_schema.language.header import Header, match, same

__all__ = ["Table"]


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet holds: its fields in order, its key, and its words.

    Args:
        name: The sheet's name.
        fields: The columns, in the order in which a new sheet is laid out.
        id_prefix: The letters that an id made by the program begins with.
        labels: Language -> what a person calls the table.
        description: Why the table exists.
        missing: Texts that stand for a missing value.
        key: The field that names a row.
        unique_keys: Groups of fields that no two rows have alike; `workbook.check` looks at them.
        why: The description in the Chinese languages; `explain` gives it in any.
        carried: How many fields at the end are those that every record carries.
    """

    name: str
    fields: tuple[Field, ...]
    id_prefix: str = ""
    labels: Labels = field(default_factory=dict)
    description: str = ""
    missing: frozenset[str] = frozenset({""})
    key: str = "id"
    unique_keys: tuple[tuple[str, ...], ...] = ()
    why: Labels = field(default_factory=dict)
    carried: int = 0
    _by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    _ways: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields by name, and by every way to write a header; names before labels."""
        by_name = {each.name: each for each in self.fields}
        if len(by_name) != len(self.fields):
            raise SchemaFault(where=self.name, reason="two fields of one name")
        labels = {same(label): each.name for each in reversed(self.fields) for label in each.labels.values()}
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_ways", {**labels, **{same(name): name for name in by_name}})

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

    def explain(self, language: str = "en") -> str:
        """Return why the table exists; in English where it is not said in the language."""
        return self.why.get(language) or self.description

    def name_of(self, header_cell: str) -> str | None:
        """Return the field that a header cell names, by name or label; None if it names none."""
        return self._ways.get(same(header_cell))

    def place(self, name: str, header: Sequence[object]) -> int | None:
        """Return the position of a field's column in a header, counted from 0, or None."""
        return match(self, header).places.get(name)

    def with_fields(self, extra: Sequence[Field]) -> Table:
        """Return the table with more fields, before the columns that every record carries."""
        end = len(self.fields) - self.carried
        return replace(self, fields=(*self.fields[:end], *extra, *self.fields[end:]))

    def read(
        self, values: Sequence[Sequence[object]], *, time_zone: str, header: Header | None = None
    ) -> Reading:
        """Read a sheet: forgiving, complete, and whole columns at a time.

        Args:
            values: The sheet as `values.get` answers it with UNFORMATTED_VALUE and SERIAL_NUMBER,
                header first; rows may be of any length.
            time_zone: The workbook's time zone, an IANA name.
            header: The first row as it is understood (`renamed.recognised`); where left out, by its names.

        Returns:
            A typed row for each row that is not blank, and every fault. It raises nothing.
        """
        return reading.read(self, values, time_zone, header)

    def write(
        self, records: Sequence[Mapping[str, object]], header: Sequence[str], *, time_zone: str
    ) -> list[list[object]]:
        """Lay out records as rows of a sheet.

        Args:
            records: Field name -> value; a field that a record leaves out is left alone.
            header: The sheet's first row as it is now, in any order, with any unknown columns.
            time_zone: The workbook's time zone, an IANA name.

        Returns:
            A row of `len(header)` cells for each record: text, numbers, booleans, serial numbers
            for days and moments, an empty text for a missing value, None for a cell to leave alone.

        Raises:
            UnknownField: A record names a field that the table does not have.
            HeaderFault: A value has no column to go to.
            CellFault: A value is not of its field's kind.
        """
        return writing.write(self, records, header, time_zone)
