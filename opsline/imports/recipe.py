"""A recipe: how the columns of a kind of file become the fields of a table, as a small YAML file.

```yaml
table: tickets
missing: ["?"]
columns:
  id: {from: number}
  opened_at: {from: opened_at, dates: day-first}
  channel: {from: contact_type, values: {Phone: phone, IVR: phone}, otherwise: form}
  subject: {join: "{category}, {u_symptom}"}
  type: {value: apply}
  category: {from: category, add: true}
  made_sla: {from: made_sla, new: boolean, label: {en: Within SLA}}
rows: {first: 5000, where: {incident_state: [Closed]}, last_of: number}
```

`values` and `otherwise` turn texts into codes; `blank` is for cells that hold nothing; `add` adds rows
that the column refers to and that are not there yet; `new` adds a field of the team's own; `rows`
keeps some of the rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from opsline.imports.dates import Order
from opsline.imports.errors import BadMapping

__all__ = ["Column", "Recipe", "Rows", "load_recipe", "save_recipe"]

COLUMN_KEYS: Final = {"from", "join", "value", "values", "otherwise", "blank", "dates", "add", "new", "label"}
RECIPE_KEYS: Final = {"table", "sheet", "header", "missing", "columns", "rows"}
ROWS_KEYS: Final = {"first", "where", "last_of"}
TOP: Final = "# How a file becomes rows of a table; `opsline import FILE --mapping THIS` uses it again.\n"


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field's values come from: a column, several joined, or a constant.

    Args:
        field: The field's name.
        source: The name of the file's column.
        join: A text with names of the file's columns in braces.
        value: The same value for every row.
        codes: Text in the file -> value (`values` in the YAML); compared without regard to case.
        otherwise: The value for a text that `codes` does not name.
        blank: The value for a row that has nothing there.
        dates: Whether day or month comes first; None leaves it to the column.
        add: Rows that the values refer to are added where they are missing.
        new: The type of a field that the team's table gains; blank for a field that is there.
        label: Language -> label of a new field.
    """

    field: str
    source: str = ""
    join: str = ""
    value: str = ""
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    otherwise: str = ""
    blank: str = ""
    dates: Order | None = None
    add: bool = False
    new: str = ""
    label: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of the file are taken.

    Args:
        first: Only so many rows from the top; 0 for all.
        where: Column -> the texts of which it must hold one.
        last_of: A column; of the rows with the same text in it only the last is taken.
    """

    first: int = 0
    where: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    last_of: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a file becomes rows of a table.

    Args:
        table: The table's name.
        columns: One for each field that is filled.
        sheet: The sheet's name; blank for the one that fits best.
        header: The number of the header row; 0 to look for it.
        missing: Texts that stand for nothing.
        rows: Which rows are taken.
    """

    table: str
    columns: tuple[Column, ...] = ()
    sheet: str = ""
    header: int = 0
    missing: tuple[str, ...] = ()
    rows: Rows = dataclasses.field(default_factory=Rows)

    def column(self, name: str) -> Column | None:
        """Return where a field's values come from; None if from nowhere."""
        return next((each for each in self.columns if each.field == name), None)


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a YAML file; raise BadMapping."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return _recipe(found)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadMapping(file=path.name, reason=" ".join(str(error).split())) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadMapping(file=path.name, reason=str(error).strip("'")) from None


def save_recipe(path: Path, recipe: Recipe) -> None:
    """Write a recipe as YAML, to be read, changed and used again."""
    body: dict[str, Any] = {"table": recipe.table}
    body |= {"sheet": recipe.sheet} if recipe.sheet else {}
    body |= {"header": recipe.header} if recipe.header else {}
    body |= {"missing": list(recipe.missing)} if recipe.missing else {}
    body["columns"] = {each.field: _column_words(each) for each in recipe.columns}
    rows = {
        "first": recipe.rows.first,
        "where": {name: list(texts) for name, texts in recipe.rows.where.items()},
        "last_of": recipe.rows.last_of,
    }
    body |= {"rows": kept} if (kept := {name: each for name, each in rows.items() if each}) else {}
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(TOP + text, encoding="utf-8")


def _column_words(column: Column) -> dict[str, Any]:
    """Return a column as the YAML file has it."""
    words = {
        "from": column.source,
        "join": column.join,
        "value": column.value,
        "values": dict(column.codes),
        "otherwise": column.otherwise,
        "blank": column.blank,
        "dates": column.dates.value if column.dates else "",
        "add": column.add,
        "new": column.new,
        "label": dict(column.label),
    }
    return {name: each for name, each in words.items() if each}


def _recipe(found: dict[str, Any]) -> Recipe:
    """Return the recipe that a parsed file declares."""
    _only(found, RECIPE_KEYS)
    rows = found.get("rows") or {}
    _only(rows, ROWS_KEYS)
    where = {name: tuple(map(str, texts)) for name, texts in (rows.get("where") or {}).items()}
    return Recipe(
        table=str(found["table"]),
        columns=tuple(_column(name, each) for name, each in (found.get("columns") or {}).items()),
        sheet=str(found.get("sheet") or ""),
        header=int(found.get("header") or 0),
        missing=tuple(map(str, found.get("missing") or ())),
        rows=Rows(int(rows.get("first") or 0), where, str(rows.get("last_of") or "")),
    )


def _column(name: str, found: dict[str, Any] | str) -> Column:
    """Return the column of a field; a bare text is the name of the file's column."""
    words: dict[str, Any] = {"from": found} if isinstance(found, str) else found
    _only(words, COLUMN_KEYS)
    return Column(
        field=name,
        source=str(words.get("from") or ""),
        join=str(words.get("join") or ""),
        value=str(words.get("value", "")),
        codes={str(text): str(code) for text, code in (words.get("values") or {}).items()},
        otherwise=str(words.get("otherwise", "")),
        blank=str(words.get("blank", "")),
        dates=Order(words["dates"]) if words.get("dates") else None,
        add=bool(words.get("add")),
        new=str(words.get("new") or ""),
        label=dict(words.get("label") or {}),
    )


def _only(found: Mapping[str, Any], keys: set[str]) -> None:
    """Raise ValueError for a key that nobody knows."""
    if unknown := set(found) - keys:
        raise ValueError(f"{min(unknown)}? ({', '.join(sorted(keys))})")
