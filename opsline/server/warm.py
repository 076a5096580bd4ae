"""What a page's process imports before it has a page, so that no page waits for it."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable
from typing import Final

PAGES: Final = (
    *("pandas", "pyarrow", "pyarrow.compute", "numpy", "requests", "gspread", "google.auth", "yaml"),
    *("dateutil.tz", "ipywidgets", "anywidget", "plotly.graph_objects", "IPython.display"),
    *("sheets_schema.book", "sheets_schema.workbook", "sheets_schema.words", "widgets", "widgets.shell"),
    *("widgets.home", "widgets.kpis", "widgets.risks", "widgets.tickets", "widgets.doctor"),
)
"""What pages import, and what that imports late."""


def warm(names: Iterable[str] = PAGES) -> None:
    """Import modules; one that is not installed is left out."""
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
