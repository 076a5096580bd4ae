"""A sheet of the file that nobody sees: what Excel has no words for, and long lists of choices."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from local_sheets.a1 import letters
from local_sheets.errors import Json

TITLE = "_local_sheets"
MARK = "What Excel has no words for; Local Sheets reads it."
_PART = 30_000
_LISTS_FROM = 4
_REFERENCE = re.compile(rf"='?{TITLE}\d*'?!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)")


@dataclass(slots=True)
class Memory:
    """Triples: a kind of thing, what is read of it in Excel's words, what it really is."""

    title: str = TITLE
    triples: dict[tuple[str, str], Any] = field(default_factory=dict)
    lists: list[list[str]] = field(default_factory=list)
    _meant: dict[tuple[str, str], Any] = field(default_factory=dict)

    def keep(self, kind: str, nearest: object, exact: object) -> bool:
        """Remember a thing that is read as *nearest*; say whether it is the one that will be read so."""
        place = (kind, key(nearest))
        if self._meant.setdefault(place, exact) != exact:
            return False
        if nearest != exact:
            self.triples[place] = exact
        return True

    def exact(self, kind: str, nearest: Any) -> Any:
        """Return what a thing really is."""
        return self.triples.get((kind, key(nearest)), nearest)

    def of_kind(self, kind: str) -> list[Any]:
        """Return everything of a kind."""
        return [exact for (name, _), exact in self.triples.items() if name == kind]

    def keep_list(self, choices: list[str]) -> str:
        """Put a list of choices on the sheet; return the formula of where it stands."""
        if choices not in self.lists:
            self.lists.append(choices)
        column = letters(_LISTS_FROM + self.lists.index(choices))
        return f"={self.title}!${column}$1:${column}${len(choices)}"

    def listed(self, formula: str) -> list[str] | None:
        """Return the list that a formula names, None where it names another place."""
        match = _REFERENCE.fullmatch(formula)
        if not match:
            return None
        return next((choices for column, choices in self._columns() if column == match[1]), None)

    def _columns(self) -> list[tuple[str, list[str]]]:
        """Return the lists with the letters of their columns."""
        return [(letters(_LISTS_FROM + place), choices) for place, choices in enumerate(self.lists)]

    def rows(self) -> list[list[str]]:
        """Return the sheet's rows; a long text goes on in the rows below it."""
        rows: list[list[str]] = [[MARK]]
        for (kind, nearest), exact in self.triples.items():
            text = json.dumps(exact, ensure_ascii=True)
            parts = [text[start : start + _PART] for start in range(0, len(text), _PART)]
            rows += [[kind if not n else "", nearest if not n else "", part] for n, part in enumerate(parts)]
        for place, choices in enumerate(self.lists):
            for number, choice in enumerate(choices):
                if number >= len(rows):
                    rows.append([])
                row = rows[number]
                row += [""] * (_LISTS_FROM + place + 1 - len(row))
                row[_LISTS_FROM + place] = choice
        return rows


def key(nearest: object) -> str:
    """Return a thing as text, the same for the same thing, not too long for a cell.

    >>> key({"b": 1, "a": 2}), len(key(["x" * 2000]))
    ('{"a": 2, "b": 1}', 64)
    """
    text = json.dumps(nearest, sort_keys=True)
    return text if len(text) < 1000 else hashlib.sha256(text.encode()).hexdigest()  # noqa: PLR2004


def remembered(title: str, rows: list[list[Any]]) -> Memory | None:
    """Read the sheet; None where it is another's."""
    if not rows or not rows[0] or rows[0][0] != MARK:
        return None
    memory, texts = Memory(title), list[tuple[str, str, str]]()
    for row in rows[1:]:
        kind, nearest, part = (*map(str, row[:3]), "", "", "")[:3]
        if kind:
            texts.append((kind, nearest, part))
        elif part:
            texts[-1] = (*texts[-1][:2], texts[-1][2] + part)
    memory.triples = {(kind, nearest): json.loads(text) for kind, nearest, text in texts}
    for column in range(_LISTS_FROM, max(map(len, rows))):
        cells = [str(row[column]) if column < len(row) else "" for row in rows]
        while cells and not cells[-1]:
            cells.pop()
        memory.lists.append(cells)
    return memory


def without(about: Json, *names: str) -> Json:
    """Return an object without some of its fields."""
    return {name: value for name, value in about.items() if name not in names}
