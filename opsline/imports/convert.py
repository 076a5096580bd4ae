"""Rows of a file become records of a table, and faults by the file's own cells."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from opsline.imports.dates import Order, is_dated, read_dated
from opsline.imports.header import Place
from opsline.imports.profile import Row
from opsline.imports.recipe import Column, Recipe
from opsline.imports.references import References
from sheets_schema.language import Fault, Field, Table
from sheets_schema.language.cells import address, as_text
from sheets_schema.words import Message
from sheets_schema.workbook import LETTERS

__all__ = ["Batch", "Converter", "columns_of"]

NAMED: Final = re.compile(r"\{([^{}]+)\}")
QUOTED: Final = re.compile(r"'(?='*[=+\-@\t\r])")
"""The mark by which our own exports keep a text from being taken for a formula."""
REMEMBERED: Final = 50_000
LETTERS_OF_ID: Final = 10


@dataclass(slots=True)
class Batch:
    """What some rows of the file became.

    Attributes:
        records: Field -> value, one for each row that can go in; each has its id.
        faults: What is wrong, by the file's cells.
        refused: How many rows cannot go in.
        added: Table -> ids that the records refer to and that are to be added there.
    """

    records: list[dict[str, object]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0
    added: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """A date that goes against its column's order: no kind of cell takes it, and its fault shows the text."""

    text: str

    def __str__(self) -> str:
        """Return the text as it stands in the file."""
        return self.text


class Converter:
    """Turns rows into records by a recipe.

    Args:
        table: The table that they go to.
        recipe: Where each field comes from.
        sheet: The name of the file's sheet, for the faults.
        place: The table's place in it.
        orders: Column of the file -> whether day or month comes first.
        references: What the workbook's other tables hold.
        time_zone: The workbook's.
        quoted: Whether the file marks texts that begin like a formula, as text files of ours do.
    """

    def __init__(
        self,
        table: Table,
        recipe: Recipe,
        sheet: str,
        place: Place,
        orders: Mapping[str, Order | None],
        references: References,
        time_zone: str,
        *,
        quoted: bool = True,
    ) -> None:
        self.table, self.recipe, self.sheet, self.place = table, recipe, sheet, place
        self.references, self.time_zone = references, time_zone
        self.quoted = quoted
        self.columns = columns_of(table, recipe)
        self.readers = [self._reader(each, orders.get(each.source)) for each in self.columns]
        self.positions = {each.field: self._position(each) for each in self.columns}
        self.must = [each.name for each in table.fields if each.required and each.name != table.key]
        self._reads = replace(table, fields=tuple(replace(each, unique=False) for each in table.fields))
        self.ids: set[str] = set()
        self.alike: Counter[bytes] = Counter()

    def header_faults(self) -> list[Fault]:
        """Return a fault for each field that every row must have and that comes from nowhere."""
        header, given = self.place.header, {each.field for each in self.columns}
        return [
            self._fault(
                len(self.place.names), header, name, "", Message("imports.must.column", {"name": name})
            )
            for name in self.must
            if name not in given
        ]

    def convert(self, rows: Sequence[Row]) -> Batch:
        """Turn some rows into records; rows whose cells are all missing are left out."""
        header = [each.field for each in self.columns]
        cells = [[reader(row) for reader in self.readers] for _, row in rows]
        reading = self._reads.read([header, *cells], time_zone=self.time_zone)
        batch, frame = Batch(), reading.frame[header].copy()
        for fault in reading.faults:
            if fault.row > 1:
                number = rows[fault.row - 2][0]
                batch.faults.append(
                    self._fault(self._column_of(fault.field), number, fault.field, fault.found, fault.message)
                )
        self._refer(frame, rows, batch)
        lacking = frame.reindex(columns=self.must).isna().any(axis=1)
        batch.refused = int(lacking.sum())
        for each in self.columns:
            table = self.table.field(each.field).foreign
            if each.add and table is not None:
                named = frame.loc[~lacking, each.field].dropna().drop_duplicates()
                fresh = [name for name in named.tolist() if name not in self.references.ids(table)]
                batch.added.setdefault(table, []).extend(fresh)
        for position, record in zip(frame.index[~lacking], _records(frame[~lacking]), strict=True):
            self._identify(record, rows[position - 2], batch)
        return batch

    def _identify(self, record: dict[str, object], row: Row, batch: Batch) -> None:
        """Give a record its id, and take it, unless another row of the file has the same one."""
        number, cells = row
        key = record.get(self.table.key)
        own = str(key) if key is not None else self._made_id(cells)
        if own in self.ids:
            place = self._column_of(self.table.key)
            batch.faults.append(
                self._fault(place, number, self.table.key, own, Message("imports.must.new_id"))
            )
            batch.refused += 1
            return
        self.ids.add(own)
        batch.records.append({**record, self.table.key: own})

    def _made_id(self, cells: Sequence[object]) -> str:
        """Return an id made of what the row holds: the same row of the same file always has the same."""
        text = "\x1f".join(as_text(cell) for cell in cells).rstrip("\x1f")
        row = hashlib.blake2b(f"{self.table.name}\x1e{text}".encode(), digest_size=16).digest()
        again = self.alike[row]
        self.alike[row] += 1
        number = int.from_bytes(hashlib.blake2b(row + again.to_bytes(8), digest_size=8).digest())
        letters = "".join(LETTERS[number >> 5 * place & 31] for place in range(LETTERS_OF_ID))
        return f"{self.table.id_prefix or self.table.name[:1].upper()}-{letters}"

    def _refer(self, frame: pd.DataFrame, rows: Sequence[Row], batch: Batch) -> None:
        """See that what records refer to is there or is to be added; else it is a fault."""
        for each in self.columns:
            table = self.table.field(each.field).foreign
            if table is None:
                continue
            named = frame[each.field]
            strange = named.notna() & ~named.isin(self.references.ids(table))
            if each.add:
                continue
            must = Message("imports.must.reference", {"table": table})
            for position, value in named[strange].items():
                number = rows[int(str(position)) - 2][0]
                batch.faults.append(self._fault(self._column_of(each.field), number, each.field, value, must))
            frame[each.field] = named.mask(strange)

    def _reader(self, column: Column, order: Order | None) -> Callable[[Sequence[object]], object]:
        """Return a function: the cells of a row -> the cell for this field."""
        declared = self.table.field(column.field)
        missing = {"", *self.recipe.missing}
        values = {text.casefold().strip(): code for text, code in column.codes.items()}
        names = self.references.names(declared.foreign) if declared.foreign else {}
        raw = self._raw(column)
        known: dict[object, object] = {}

        def settle(cell: object) -> object:
            text = as_text(cell)
            if text in missing:
                return column.blank or None
            code = values.get(text.casefold())
            if code is not None or column.otherwise:
                return code if code is not None else column.otherwise
            if declared.foreign:
                return names.get(text.casefold(), text)
            if declared.type in DATES:
                return _dated(declared, cell, text, order)
            return _unquoted(cell) if self.quoted else cell

        def read(row: Sequence[object]) -> object:
            cell = raw(row)
            if not isinstance(cell, str):
                return settle(cell)
            if cell not in known:
                if len(known) > REMEMBERED:
                    known.clear()
                known[cell] = settle(cell)
            return known[cell]

        return read

    def _raw(self, column: Column) -> Callable[[Sequence[object]], object]:
        """Return a function: the cells of a row -> the cell, joined cells, or constant of a column."""
        if column.value:
            return lambda _row: column.value
        if not column.join:
            position = self.place.names.index(column.source)
            return lambda row: row[position] if position < len(row) else None
        places = {name: self.place.names.index(name) for name in NAMED.findall(column.join)}
        missing = {"", *self.recipe.missing}

        def joined(row: Sequence[object]) -> object:
            texts = {name: as_text(row[at]) if at < len(row) else "" for name, at in places.items()}
            if all(text in missing for text in texts.values()):
                return None
            return NAMED.sub(lambda found: texts[found[1]], column.join)

        return joined

    def _position(self, column: Column) -> int:
        """Return the column of the file in which a field's fault is shown."""
        names = [column.source] if column.source else NAMED.findall(column.join)
        return self.place.names.index(names[0]) if names else 0

    def _column_of(self, name: str) -> int:
        """Return the position of a field's column; the first where it has none."""
        return self.positions.get(name, 0)

    def _fault(self, position: int, row: int, name: str, found: object, message: Message) -> Fault:
        """Return a fault with an address of the file."""
        return Fault(self.sheet, address(position, row), name, row, found, message)


DATES: Final = ("date", "datetime")


def columns_of(table: Table, recipe: Recipe) -> tuple[Column, ...]:
    """Return a recipe's columns, and constants for what every row must have and the file lacks."""
    defaults = [
        Column(each.name, value=str(each.default))
        for each in table.fields
        if each.required and each.default is not None and recipe.column(each.name) is None
    ]
    return (*recipe.columns, *defaults)


def _dated(declared: Field, cell: object, text: str, order: Order | None) -> object:
    """Return a date's serial number, or the text where only the field's own kind can read it."""
    serial: object = cell
    if isinstance(cell, str):
        found = read_dated(text, order) if order else None
        serial = found if found is not None else OutOfOrder(text) if order and is_dated(text) else text
    return float(int(serial)) if declared.type == "date" and isinstance(serial, float) else serial


def _unquoted(cell: object) -> object:
    """Return a text without the mark that kept it from being taken for a formula."""
    return QUOTED.sub("", cell, count=1) if isinstance(cell, str) and cell[:1] == "'" else cell


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return rows as records without their missing values."""
    known = frame.notna().to_numpy()
    rows = frame.to_dict("records")
    names = frame.columns.tolist()
    return [
        {str(name): row[name] for name, there in zip(names, kept, strict=True) if there}
        for row, kept in zip(rows, known.tolist(), strict=True)
    ]
