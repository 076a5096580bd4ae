"""A first recipe for a file: which column is which field, from names and from what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz, process

from opsline.imports.header import Place
from opsline.imports.names import Known
from opsline.imports.profile import Seen
from opsline.imports.recipe import Column, Recipe
from sheets_schema.language import Field, Table
from sheets_schema.language.kinds import Unfit

__all__ = ["propose", "propose_values"]

ALIKE: Final = 82.0
"""From this score on a text is taken for a label."""
NUMBERED: Final = re.compile(r"\s*(\d+)\s*[-–.:)]\s*(.+)")
CARRIED: Final = ("created_at", "created_by", "updated_at", "updated_by", "version")
MARKS: Final = ("?", "-", "n/a", "N/A", "NA", "NULL", "null", "None", "#N/A")
"""Texts that often stand for nothing."""


def propose(table: Table, place: Place, known: Known, seen: Mapping[str, Seen]) -> Recipe:
    """Return a recipe for a file: the likeliest column for each field, at most one each.

    Args:
        table: The table that the rows go to.
        place: The table's place in the file.
        known: The names that the table's fields go by.
        seen: What stands in each column.
    """
    pairs = sorted(_pairs(table, place, known, seen), key=lambda pair: (-pair[0], pair[1]))
    chosen: dict[str, str] = {}
    for _, position, name in pairs:
        column = place.names[position]
        if name not in chosen and column not in chosen.values():
            chosen[name] = column
    _fill_dates(table, place, seen, chosen)
    columns = [
        Column(each.name, chosen[each.name], codes=propose_values(each, seen[chosen[each.name]]))
        for each in table.fields
        if each.name in chosen
    ]
    used = set(chosen.values())
    texts = {text for name, one in seen.items() if name in used for text in one.texts}
    return Recipe(table.name, tuple(columns), missing=tuple(mark for mark in MARKS if mark in texts))


def _pairs(
    table: Table, place: Place, known: Known, seen: Mapping[str, Seen]
) -> list[tuple[float, int, str]]:
    """Return each likely pair of a column and a field: score, position, field."""
    found = []
    for position, column in enumerate(place.names):
        bare = re.sub(r" \([A-Z]+\)$", "", column)
        name, score = known.best(bare)
        if name is None or name in CARRIED or score < Known.MAYBE or not seen[column].filled:
            continue
        field = table.field(name)
        fits = _fits(field, seen[column])
        if fits or score >= Known.SURE:
            found.append((score + (5 if fits else -20), position, name))
    return found


def _fits(field: Field, seen: Seen) -> bool:
    """Say whether what stands in a column can be the field's kind."""
    if field.type in {"date", "datetime"}:
        return seen.mostly_dates or seen.numbers > seen.filled / 2
    if field.type in {"integer", "number"}:
        texts = [text for text in seen.texts if re.fullmatch(r"[-+]?[\d.,]+ ?%?", text)]
        return seen.numbers > seen.filled / 2 or len(texts) > len(seen.texts) / 2
    if field.enum:
        return not seen.many
    return True


def _fill_dates(table: Table, place: Place, seen: Mapping[str, Seen], chosen: dict[str, str]) -> None:
    """Give a moment that a row must have the only column of dates that is left, if there is one."""
    wanted = [
        each.name
        for each in table.fields
        if each.required and each.type in {"date", "datetime"} and each.name not in chosen
    ]
    left = [name for name in place.names if name not in chosen.values() and seen[name].mostly_dates]
    if len(wanted) == len(left) == 1:
        chosen[wanted[0]] = left[0]


def propose_values(field: Field, seen: Seen) -> dict[str, str]:
    """Return the codes that a column's texts most likely mean, where they are no codes or labels already.

    >>> priority = Field("priority", enum=("P1", "P2"), choices={"P1": {"en": "Urgent"}})
    >>> column = Seen()
    >>> for text in ("1 - Critical", "2 - High", "urgent"):
    ...     column.add(text)
    >>> propose_values(priority, column)
    {'1 - Critical': 'P1', '2 - High': 'P2'}
    """
    if not field.enum:
        return {}
    found = {text: _code(field, text) for text in seen.texts if not _parses(field, text)}
    return {text: code for text, code in found.items() if code}


def _code(field: Field, text: str) -> str:
    """Return the code that a text most likely means, blank if none."""
    numbered = NUMBERED.fullmatch(text)
    if numbered and _parses(field, numbered[2]):
        return str(field.kind.parse(numbered[2]))
    ways = {code: code for code in field.enum}
    ways |= {label: code for code, labels in field.choices.items() for label in labels.values()}
    likely = process.extractOne(text, ways.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    if likely:
        return ways[likely[0]]
    ending = [code for code in field.enum if numbered and code.endswith(numbered[1])]
    return ending[0] if len(ending) == 1 else ""


def _parses(field: Field, text: str) -> bool:
    """Say whether a text is a code or a label of the field already."""
    try:
        field.kind.parse(text)
    except Unfit:
        return False
    return True
