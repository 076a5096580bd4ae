"""Who may have the doctor change what: the same as may change it by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from widgets.rights import refuse_unless_allowed

if TYPE_CHECKING:
    from widgets.desk import Desk

RECORDS: Final = frozenset({"journal"})
"""Sheets of which only the layout is ever put right; that is for who may change the settings."""


def refuse_unless_theirs(desk: Desk, tables: Iterable[str]) -> None:
    """Raise NotAllowed where the desk's person may not change rows of one of some tables."""
    from sheets_schema.book import Change

    names = ["settings" if name in RECORDS else name for name in tables]
    refuse_unless_allowed(desk, [Change(name, {}) for name in names])
