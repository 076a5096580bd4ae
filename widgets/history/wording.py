"""An entry of a timeline as safe HTML, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema.book.changes import KEPT
from sheets_schema.book.journal import ALL, SHEET
from sheets_schema.errors import Conflict, OpslineError
from widgets.masking import mask
from widgets.parts import badge, facts

if TYPE_CHECKING:
    from widgets.desk import Desk
    from widgets.history.entries import Entry, Row

__all__ = ["Told", "entry_html", "head", "left_html"]

Told = Callable[[str, str], bool]
"""A source and a field -> whether the page's own words tell it already."""

PAGES: Final = frozenset({"home", "intake", "tickets", "kpis", "risks", "doctor", "people", "settings"})


def entry_html(desk: Desk, entry: Entry, own: Row, told: Told) -> str:
    """Return an entry: when, who and where from, then what changed.

    Args:
        desk: The page's desk.
        entry: The entry.
        own: The record that the page shows; other rows are named.
        told: What the page's own words tell already.
    """
    lines = [
        line for row, changes in entry.changes.items() for line in _row(desk, entry, row, changes, own, told)
    ]
    top = "" if entry.stories and not lines else f'<p class="op-muted">{escape(head(desk, entry))}</p>'
    undone = _undone(desk, entry)
    changed = (
        f'<ul class="op-list op-changes">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'
        if lines
        else ""
    )
    return f"{''.join(entry.stories)}{top}{undone}{changed}"


def head(desk: Desk, entry: Entry) -> str:
    """Return when it was, who did it, and where from, in one line."""
    who = desk.name("people", entry.who) if entry.who else ""
    return " · ".join(part for part in (desk.local(entry.at), who, _source(desk, entry.source)) if part)


def _source(desk: Desk, source: str) -> str:
    """Return where a save came from, as people call it."""
    if source == SHEET:
        return desk.say("history.in_sheet")
    return desk.say(f"nav.{source}") if source in PAGES - {"people"} else source


def _undone(desk: Desk, entry: Entry) -> str:
    """Return whether it undoes another, or has been undone."""
    marks = []
    if entry.undoes:
        marks.append(badge(desk.say("history.is_undo"), "blue"))
    if entry.undone is not None:
        who = desk.name("people", entry.undone.who) or "–"
        when = desk.local(entry.undone.at)
        marks.append(badge(desk.say("history.undone_by", who=who, moment=when), "amber"))
    return f'<p class="op-text">{" ".join(marks)}</p>' if marks else ""


def _row(desk: Desk, entry: Entry, row: Row, changes: pd.DataFrame, own: Row, told: Told) -> list[str]:
    """Return what a save did to one row, as safe HTML lines."""
    name = "" if row == own else f"{desk.book.tables[row[0]].label(desk.language)} {row[1]}"
    kind = str(changes["kind"].iloc[0])
    if kind != "changed":
        shown = badge(desk.say(f"history.kind.{kind}"), "red" if kind == "taken" else "grey")
        more = _cells(desk, row[0], changes, kind)
        if told(entry.source, ALL):
            return []
        return [f"{shown} {escape(name)}{more}"]
    return [
        f"{escape(name)} {_change(desk, row[0], line)}".strip()
        for line in changes.to_dict("records")
        if not told(entry.source, str(line["field"]))
    ]


def _cells(desk: Desk, table: str, changes: pd.DataFrame, kind: str) -> str:
    """Return what a row held that came or went, to be opened."""
    side = "old" if kind == "taken" else "new"
    pairs = [
        (_label(desk, table, str(line["field"])), escape(_value(desk, table, str(line["field"]), line[side])))
        for line in changes.to_dict("records")
        if not pd.isna(line["field"]) and line["field"] not in KEPT
    ]
    if not pairs:
        return ""
    words = escape(desk.say("history.cells"))
    return f"<details><summary>{words}</summary>{facts(pairs)}</details>"


def _change(desk: Desk, table: str, line: dict[Any, Any]) -> str:
    """Return one changed cell."""
    name = str(line["field"])
    old, new = (escape(_value(desk, table, name, line[side])) or "—" for side in ("old", "new"))
    mark = badge(desk.say("tickets.cell_changed"), "grey")
    return f"{mark} {escape(_label(desk, table, name))}: {old} → {new}"


def _label(desk: Desk, table: str, name: str) -> str:
    """Return what a column is called; its own header where it is not declared."""
    declared = desk.book.tables[table]
    return declared.field(name).label(desk.language) if name in declared.names else name


def _value(desk: Desk, table: str, name: str, text: object) -> str:
    """Return a cell's text as it is called: a code by its label, an id by its name, personal data masked."""
    declared = desk.book.tables[table]
    shown = "" if text is None or pd.isna(text) else str(text)  # type: ignore[call-overload]
    if name not in declared.names or not shown:
        return shown
    field = declared.field(name)
    if field.personal and desk.role == "viewer":
        return mask(shown)
    if field.enum:
        return field.choice_label(shown, desk.language)
    return desk.name(field.foreign, shown) if field.foreign else shown


def left_html(desk: Desk, left: tuple[OpslineError, ...]) -> str:
    """Return what undo has left alone: a conflict's three sides, and why of the rest."""
    shown = []
    for error in left:
        if not isinstance(error, Conflict):
            shown.append(f'<p class="op-text">{escape(error.text(desk.language))}</p>')
            continue
        table, name = str(error.facts["sheet"]), str(error.facts["name"])
        title = f"{error.facts['id']} · {_label(desk, table, name)}"
        sides = [
            (desk.say(f"history.{side}"), escape(_value(desk, table, name, error.facts[part]) or "—"))
            for side, part in (("theirs", "theirs"), ("yours", "yours"), ("before", "before"))
        ]
        shown.append(f'<p class="op-text"><b>{escape(title)}</b></p>{facts(sides)}')
    return "".join(shown)
