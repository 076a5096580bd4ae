"""What waits on this machine: one quiet line, and a card for each change that a person must decide about."""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from widgets.parts import button, card, facts, markup, note, row, tell, text
from widgets.rights import KEEPERS, refuse_unless_allowed

if TYPE_CHECKING:
    from sheets_schema.book import Waiting
    from widgets.desk import Desk

__all__ = ["Stuck", "WaitingView"]

SHOWN = 5
"""Rows that the line names."""


class WaitingView(ipw.VBox):
    """The line and the cards; blank while nothing waits.

    Args:
        desk: The page's desk.

    `line` is what is said, politely; `cards` are the changes that this person may decide about: their
    own, and everybody's for a manager.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.line = note("")
        self.cards: tuple[Stuck, ...] = ()
        self._of: object = None
        super().__init__([self.line])
        self.add_class("op-column")
        self.refresh()

    def pause(self, seconds: float) -> None:
        """Say that the spreadsheet is waited for; `refresh` takes it back."""
        if threading.current_thread() is threading.main_thread():
            self._of = None
            tell(self.line, self.desk.say("outbox.pause", seconds=round(seconds)), "grey")

    def refresh(self) -> None:
        """Show what waits now; what is shown already stays as it is."""
        desk = self.desk
        seen = (desk.book.outbox.mark, desk.person, desk.language)
        if seen == self._of:
            return
        self._of = seen
        waiting = desk.book.outbox.waiting()
        tell(self.line, sentence(desk, waiting), "amber")
        stuck = [each for each in waiting if each.error is not None]
        mine = [each for each in stuck if each.who == desk.person or desk.role in KEEPERS]
        self.cards = tuple(Stuck(desk, each, self.refresh) for each in mine)
        self.children = (self.line, *(each.widget for each in self.cards))


class Stuck:
    """A change that cannot be saved as it is: what stands where, why, and what can be done.

    Args:
        desk: The page's desk.
        waiting: The change.
        done: Called once it is decided.
    """

    def __init__(self, desk: Desk, waiting: Waiting, done: Callable[[], None]) -> None:
        self.desk, self.waiting, self._done = desk, waiting, done
        is_conflict = bool(waiting.conflicts)
        self.write = button(desk.say("outbox.mine" if is_conflict else "outbox.again"), "blue")
        self.drop = button(desk.say("outbox.keep" if is_conflict else "outbox.drop"), "red")
        self.told = note("")
        self.write.on_click(lambda _: self._decide(write=True))
        self.drop.on_click(lambda _: self._decide(write=False))
        who, when = desk.name("people", waiting.who), desk.local(waiting.now)
        error = waiting.error or OpslineError()
        about = "outbox.stuck.rest" if error.done else "outbox.stuck.about"
        self.widget = card(
            desk.say("outbox.stuck"),
            [
                text(desk.say(about, who=who, when=when, save=error.done), muted=True),
                *([] if is_conflict else [text(error.text(desk.language))]),
                markup(facts(_rows(desk, waiting))),
                row(self.write, self.drop),
                self.told,
            ],
            tone="amber",
        )

    def _decide(self, *, write: bool) -> None:
        """Do what the person has decided; what cannot be done stays as it was."""
        from sheets_schema.book import Change

        desk, outbox = self.desk, self.desk.book.outbox
        try:
            tables = dict.fromkeys(table for table, _ in self.waiting.rows)
            refuse_unless_allowed(desk, [Change(table, {}) for table in tables])
            if write:
                outbox.retry(self.waiting.save, mine=True)
            else:
                outbox.discard(self.waiting.save)
            desk.reload()
        except OpslineError as error:
            tell(self.told, error.text(desk.language), "red")
            return
        self._done()


def sentence(desk: Desk, waiting: list[Waiting]) -> str:
    """Return what is said of the changes that wait: how many, and of which rows; blank where none do."""
    late = [each for each in waiting if each.error is None]
    stuck = [each for each in waiting if each.error is not None]
    said = []
    if late:
        ids = list(dict.fromkeys(id_ for each in late for _, id_ in each.rows))
        rows = ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
        key = "outbox.waits_one" if len(late) == 1 else "outbox.waits"
        said.append(desk.say(key, count=len(late), rows=rows))
    others = [each for each in stuck if each.who != desk.person]
    if others:
        names = ", ".join(dict.fromkeys(desk.name("people", each.who) or "—" for each in others))
        key = "outbox.decide_one" if len(others) == 1 else "outbox.decide"
        said.append(desk.say(key, count=len(others), people=names))
    return " ".join(said)


def _rows(desk: Desk, waiting: Waiting) -> list[tuple[str, str]]:
    """Return the fields of a change: the three values of those in conflict, the person's own of the rest."""
    shown = []
    for table, id_, name, value in waiting.fields:
        label = f"{id_} · {_label(desk, table, name)}"
        conflict = waiting.conflicts.get((table, id_, name))
        if conflict is None:
            shown.append((label, escape(_worded(desk, table, name, value))))
            continue
        for part in ("before", "theirs", "yours"):
            said = _worded(desk, table, name, str(conflict.facts[part]))
            shown.append((f"{label} · {desk.say(f'outbox.{part}')}", escape(said)))
    return shown


def _label(desk: Desk, table: str, name: str) -> str:
    """Return what a field is called; its name where the team has taken it away."""
    declared = desk.book.tables.get(table)
    return declared.field(name).label(desk.language) if declared and name in declared.names else name


def _worded(desk: Desk, table: str, name: str, value: str) -> str:
    """Return a value as the page shows it: a code by its name, nothing as a dash."""
    declared = desk.book.tables.get(table)
    if declared is not None and name in declared.names and value:
        field = declared.field(name)
        if field.enum:
            return field.choice_label(value, desk.language)
        if field.foreign:
            return desk.name(field.foreign, value)
    return value or "—"
