"""The names that a table's fields go by in other people's files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import ClassVar

import yaml
from rapidfuzz import fuzz, process

from sheets_schema.language import Table
from sheets_schema.language.header import same

__all__ = ["Known", "known_names"]


@dataclass(frozen=True, slots=True)
class Known:
    """Names of fields, and how to find one in a header cell.

    Args:
        fields: Name as headers are compared -> field.
    """

    SURE: ClassVar[float] = 90.0
    """From this score on a name is taken as the field's."""
    MAYBE: ClassVar[float] = 80.0

    fields: Mapping[str, str]
    _seen: dict[str, tuple[str | None, float]] = field(default_factory=dict, repr=False, compare=False)

    def best(self, text: str) -> tuple[str | None, float]:
        """Return the field that a header cell most likely names, and how likely (0 to 100)."""
        words = plain(text)
        if words in self.fields:
            return self.fields[words], 100.0
        if words not in self._seen:
            self._seen[words] = self._near(words)
        return self._seen[words]

    def _near(self, words: str) -> tuple[str | None, float]:
        """Return the field whose name is nearest in spelling."""
        likely = process.extract(words, self.fields.keys(), scorer=fuzz.token_sort_ratio, limit=1)
        found = likely[0] if likely else None
        if len(words) < 2 or found is None:  # noqa: PLR2004 - one letter is like any other
            return None, 0.0
        return self.fields[found[0]], min(found[1], 99.0)


def plain(text: str) -> str:
    """Return a header cell as names are compared: one case, no marks, no line breaks.

    >>> plain("Date Identified:"), plain("u_Opened-At")
    ('date identified', 'u opened at')
    """
    return re.sub(r"[\W_]+", " ", same(text)).strip()


def known_names(table: Table) -> Known:
    """Return every name of a table's fields: codes, labels in three languages, and synonyms."""
    names: dict[str, str] = {}
    for each in table.fields:
        synonyms = _synonyms().get(table.name, {}).get(each.name, ())
        for text in (each.name, each.title, *each.labels.values(), *synonyms):
            names.setdefault(plain(str(text)), each.name)
    names.pop("", None)
    return Known(names)


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    """Return what other programs call our fields: table -> field -> names."""
    text = Path(__file__).with_name("synonyms.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader) or {}
