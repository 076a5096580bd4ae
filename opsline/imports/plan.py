"""What an import will do, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from opsline.imports.convert import NAMED
from opsline.imports.dates import Order, decide
from opsline.imports.errors import BadMapping, NothingToRead
from opsline.imports.header import LOOK, Place, column_names, find_header
from opsline.imports.names import Known, known_names
from opsline.imports.profile import Profile, Row, profile, rows_below, taken
from opsline.imports.propose import propose
from opsline.imports.recipe import Column, Recipe
from opsline.imports.source import Source
from sheets_schema.language import Field, Table
from sheets_schema.language.cells import as_text
from sheets_schema.words import LANGUAGES

__all__ = ["Plan", "prepare", "with_new_fields"]

DATES = ("date", "datetime")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do.

    Args:
        source: The file.
        sheet: Its sheet.
        place: Where the table is in it.
        recipe: How columns become fields; with the order of dates that was decided.
        table: The table, with the fields that the recipe adds.
        profile: What stands in the file.
        orders: Column of the file -> whether day or month comes first; None where it does not matter.
    """

    source: Source
    sheet: str
    place: Place
    recipe: Recipe
    table: Table
    profile: Profile
    orders: Mapping[str, Order | None]

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are taken, with their numbers in the file."""
        rows = taken(rows_below(self.source, self.sheet, self.place), self.recipe.rows, self.place)
        if not self.recipe.rows.last_of:
            yield from rows
            return
        key = self.place.names.index(self.recipe.rows.last_of)
        for number, cells in rows:
            if self.profile.last.get(as_text(cells[key]) if key < len(cells) else "") == number:
                yield number, cells

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns of the file that no field comes from."""
        used = {name for each in self.recipe.columns for name in _columns_of(each)}
        return tuple(name for name in self.place.names if name not in used)


def prepare(
    source: Source, table: Table, recipe: Recipe | None = None, *, sheet: str = "", told: Order | None = None
) -> Plan:
    """Look at a file and work out what an import of it will do.

    Args:
        source: The file.
        table: The table that its rows go to, with the team's fields.
        recipe: How its columns become fields; None to propose it.
        sheet: Its sheet; blank for the recipe's, or the one that fits best.
        told: Whether day or month comes first, where the person has said so.

    Raises:
        NothingToRead: There is no such sheet, or no table in it.
        AmbiguousDates: A column of dates can be read two ways.
        BadMapping: The recipe names a column or field that is not there.
    """
    known = known_names(table)
    wanted = sheet or (recipe.sheet if recipe else "")
    chosen, place = _place(source, known, wanted, recipe.header if recipe else 0)
    if recipe is None:
        looked = profile(source, chosen, place, Recipe(table.name).rows, (), place.names)
        recipe = propose(table, place, known, looked.columns)
    else:
        table = with_new_fields(table, recipe)
        _check(source, place, recipe, table)
        looked = profile(source, chosen, place, recipe.rows, recipe.missing, _dated_columns(table, recipe))
    orders = {
        each.source: decide(each.source, looked.columns[each.source].evidence, told or each.dates)
        for each in recipe.columns
        if each.source and table.field(each.field).type in DATES
    }
    settled = tuple(replace(each, dates=orders.get(each.source, each.dates)) for each in recipe.columns)
    recipe = replace(recipe, columns=settled)
    return Plan(source, chosen, place, recipe, table, looked, orders)


def with_new_fields(table: Table, recipe: Recipe) -> Table:
    """Return the table with the fields that a recipe adds and it does not have yet."""
    extra = [
        Field(
            name=each.field,
            type=each.new,
            title=each.label.get("en", each.field),
            description=each.label.get("en", each.field),
            labels={language: each.label.get(language, each.field) for language in LANGUAGES},
        )
        for each in recipe.columns
        if each.new and each.field not in table.names
    ]
    return table.with_fields(extra) if extra else table


def _place(source: Source, known: Known, sheet: str, header: int) -> tuple[str, Place]:
    """Return the sheet and the place of the table in it: the asked one, or the likeliest."""
    best: tuple[str, Place] | None = None
    for name in [sheet] if sheet else source.sheets:
        rows = list(islice(source.rows(name), max(LOOK, header)))
        if header:
            width = max((len(row) for row in rows), default=0)
            cells = rows[header - 1] if header <= len(rows) else []
            place: Place | None = Place(header, column_names(cells, width), float(len(cells)))
        else:
            place = find_header(rows, known)
        if place is not None and place.names and (best is None or place.score > best[1].score):
            best = name, place
    if best is None:
        raise NothingToRead(
            "imports.no_header", file=source.path.name, sheet=sheet or ", ".join(source.sheets)
        )
    return best


def _check(source: Source, place: Place, recipe: Recipe, table: Table) -> None:
    """Raise BadMapping for a column or field that is not there."""
    rows = [*recipe.rows.where, *([recipe.rows.last_of] if recipe.rows.last_of else [])]
    for name in [*rows, *(name for each in recipe.columns for name in _columns_of(each))]:
        if name not in place.names:
            raise BadMapping(
                "imports.no_column", file=source.path.name, column=name, columns=", ".join(place.names)
            )
    for each in recipe.columns:
        if each.field not in table.names:
            raise BadMapping("imports.no_field", table=table.name, field=each.field)


def _columns_of(column: Column) -> list[str]:
    """Return the columns of the file that a field comes from."""
    if column.join:
        return list(NAMED.findall(column.join))
    return [] if column.value else [column.source]


def _dated_columns(table: Table, recipe: Recipe) -> list[str]:
    """Return the columns that fill dates and moments, each once."""
    named = [each.source for each in recipe.columns if table.field(each.field).type in DATES]
    return list(dict.fromkeys(name for name in named if name))
