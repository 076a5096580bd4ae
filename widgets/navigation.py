"""The pages there are, one for each notebook in the folder of pages, and the way from one to another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sheets_schema.words import say

LAST = 1000
KEPT = ("lang", "person", "theme")
"""What links from page to page take along of the query."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its notebook's name, its key, its heading and its place."""

    notebook: str
    key: str
    heading: str
    order: float

    def label(self, language: str) -> str:
        """Return the page's name: that of its key in *language*, else its first heading."""
        try:
            return say(f"nav.{self.key}", language)
        except KeyError:
            return self.heading


def kept(query: Mapping[str, str]) -> dict[str, str]:
    """Return the part of a query that links to other pages take along, in the order in which they have it.

    >>> kept({"id": "T-1", "person": "E01", "lang": "en"})
    {'lang': 'en', 'person': 'E01'}
    """
    return {name: query[name] for name in KEPT if name in query}


def entries(environment: Mapping[str, str]) -> list[Entry]:
    """Return the pages in their order, from the folder that `OPSLINE_PAGES` names (else this one).

    A file that is not a notebook is passed over: a half-written one must not break every page.
    """
    folder = Path(environment.get("OPSLINE_PAGES") or ".")
    found = [entry for path in sorted(folder.glob("*.ipynb")) if (entry := read(path)) is not None]
    return sorted(found, key=lambda entry: (entry.order, entry.notebook))


def read(path: Path) -> Entry | None:
    """Return a notebook's entry, or None where the file is not a notebook."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        return None
    said = notebook.get("metadata", {}).get("opsline", {})
    order = said.get("order", LAST)
    return Entry(
        path.stem,
        str(said.get("key", path.stem)),
        heading(notebook["cells"]) or path.stem,
        order if isinstance(order, int | float) else LAST,
    )


def heading(cells: list[Any]) -> str:
    """Return the first heading of a notebook's text cells; blank where there is none."""
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            source = cell.get("source", "")
            for line in (source if isinstance(source, str) else "".join(source)).splitlines():
                if line.startswith("#"):
                    return line.lstrip("#").strip()
    return ""
