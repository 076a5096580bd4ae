"""What can be done to a ticket: one field or two and a button for each, checked in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

from sheets_schema.errors import Conflict, OpslineError
from sheets_schema.tickets import actions
from sheets_schema.tickets.edit import Edit
from sheets_schema.tickets.moves import allowed_moves
from sheets_schema.tickets.rules import text_of
from sheets_schema.tickets.steps import STOPPED
from widgets.conflict import ConflictView, OpenParts, can_choose
from widgets.input import Input
from widgets.parts import button, note, row, tell, text

if TYPE_CHECKING:
    from sheets_schema.book import Saved
    from widgets.desk import Desk
    from widgets.tickets.counter import TicketDesk

__all__ = ["Action", "ActionsPanel"]

OPEN = ("reply", "note", "hand_off", "resolve", "assign", "priority", "move")
SOLVED = ("satisfaction", "reopen", "note", "reply", "move")
ASKS = {"resolved": "resolve", "transferred": "hand_off"}
"""Moves that ask for words: their button opens the field for them."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: its fields by name, its button, and the box that shows them."""

    inputs: Mapping[str, Input]
    button: ipw.Button
    box: ipw.VBox


class ActionsPanel(ipw.VBox):
    """The moves from here as buttons, and a tab for each thing to do.

    Args:
        desk: The page's desk.
        counter: The same with the rules of tickets.
        number: The ticket's id.

    `actions` (by name), `moves` (status -> button), `tabs` (name -> button) and `told` are what a
    person, or a test, uses. What is typed stays until it is saved.
    """

    def __init__(self, desk: Desk, counter: TicketDesk, number: str) -> None:
        self.desk, self.counter, self.number = desk, counter, number
        self.told = note("")
        self.conflict = OpenParts(desk, "tickets", self.told)
        self.moves: dict[str, ipw.Button] = {}
        self.onward = row()
        self.actions = self._made()
        self.tabs = {name: self._tab(name) for name in self.actions}
        self.tab_row = row(*self.tabs.values())
        self.tab_row.add_class("op-tabs")
        self.chosen = ""
        boxes = [action.box for action in self.actions.values()]
        super().__init__(
            [
                text(desk.say("tickets.moves"), muted=True),
                self.onward,
                self.tab_row,
                *boxes,
                self.conflict,
                self.told,
            ]
        )
        self.add_class("op-column")
        self.choose("reply")

    def update(self, ticket: Mapping[str, Any]) -> None:
        """Offer what can be done to the ticket as it is now; fields keep what is typed."""
        rules, here = self.counter.rules, ticket["status"]
        onward = allowed_moves(rules.statuses, here)
        if tuple(self.moves) != onward:
            self.moves = {there: self._move_button(there) for there in onward}
            self.onward.children = tuple(self.moves.values()) or (
                text(self.desk.say("tickets.move.none"), muted=True),
            )
        offered = SOLVED if rules.category_of(here) in STOPPED else OPEN
        for name, tab in self.tabs.items():
            tab.layout.display = None if name in offered else "none"
        if self.chosen not in offered:
            self.choose(offered[0])
        self._offer(ticket)

    def choose(self, name: str) -> None:
        """Show the fields of one thing to do."""
        self.chosen = name
        for each, action in self.actions.items():
            action.box.layout.display = None if each == name else "none"
            self.tabs[each].add_class("op-blue") if each == name else self.tabs[each].remove_class("op-blue")

    def move(self, there: str, words: str = "") -> bool:
        """Move the ticket to another status; say whether it was done.

        A status that may not follow is refused, with those that may.
        """
        return self._do(lambda ticket: self._moved(ticket, there, words))

    # Making

    def _made(self) -> dict[str, Action]:
        """Return every thing that can be done."""
        say, counter = self.desk.say, self.counter
        priorities = counter.table.field("priority")
        language = self.desk.language
        people, departments = counter.people(), counter.teams("department")
        area = lambda key: Input(say(key), "area")  # noqa: E731 - four of a kind
        statuses = [
            (self.desk.name("statuses", code), code) for code in counter.rules.statuses["id"].dropna()
        ]
        ranks = [(priorities.choice_label(code, language), code) for code in priorities.enum]
        scores = [(say(f"tickets.score.{score}"), str(score)) for score in range(5, 0, -1)]
        return {
            "reply": self._action("reply", {"text": area("tickets.reply_text")}, self._reply),
            "note": self._action("note", {"text": area("tickets.note_text")}, self._note),
            "hand_off": self._action(
                "hand_off",
                {
                    "department": Input(say("tickets.field.department"), "select", options=departments),
                    "assignee": Input(say("tickets.field.assignee"), "select", options=people),
                    "text": area("tickets.reason"),
                },
                self._hand_off,
            ),
            "resolve": self._action("resolve", {"text": area("tickets.resolution_text")}, self._resolve),
            "assign": self._action(
                "assign",
                {"assignee": Input(say("tickets.field.assignee"), "select", options=people)},
                self._assign,
            ),
            "priority": self._action(
                "priority",
                {
                    "priority": Input(say("tickets.field.priority"), "select", options=ranks),
                    "text": area("tickets.reason"),
                },
                self._priority,
            ),
            "move": self._action(
                "move",
                {
                    "status": Input(say("tickets.field.status"), "select", options=statuses),
                    "text": area("tickets.reason"),
                },
                self._move,
            ),
            "reopen": self._action("reopen", {"text": area("tickets.reason")}, self._reopen),
            "satisfaction": self._action(
                "satisfaction",
                {
                    "score": Input(say("tickets.score"), "select", options=scores),
                    "text": area("tickets.score_comment"),
                },
                self._satisfaction,
            ),
        }

    def _action(
        self, name: str, inputs: dict[str, Input], work: Callable[[dict[str, Any]], Sequence[Edit]]
    ) -> Action:
        """Return the fields and the button of one thing to do."""
        press = button(self.desk.say(f"tickets.do.{name}"), "blue")
        box = ipw.VBox([*inputs.values(), row(press)])
        box.add_class("op-action")
        press.on_click(lambda _button: self._press(name, work))
        return Action(inputs, press, box)

    def _tab(self, name: str) -> ipw.Button:
        """Return the button that shows the fields of one thing to do."""
        tab = button(self.desk.say(f"tickets.tab.{name}"))
        tab.on_click(lambda _button: self.choose(name))
        return tab

    def _move_button(self, there: str) -> ipw.Button:
        """Return the button of one allowed move; where words are needed it asks for them."""
        made = button(f"→ {self.desk.name('statuses', there)}")
        made.on_click(lambda _button: self._on_move(there))
        return made

    def _offer(self, ticket: Mapping[str, Any]) -> None:
        """Say what a person gets by leaving a field blank: who has the ticket, and its priority."""
        shown = {"assign": ("assignee", "people"), "hand_off": ("department", "teams")}
        for name, (field, table) in shown.items():
            held = self.desk.name(table, ticket[field])
            words = self.desk.say("tickets.now", value=held) if held else ""
            self.actions[name].inputs[field].hint = words
        rank = self.counter.choice("priority", ticket["priority"])
        self.actions["priority"].inputs["priority"].hint = (
            self.desk.say("tickets.now", value=rank) if rank else ""
        )

    # Doing

    def _press(self, name: str, work: Callable[[dict[str, Any]], Sequence[Edit]]) -> None:
        """Do one thing; empty its fields when it is done."""
        if self._do(work, name):
            self._empty(name)

    def _empty(self, name: str) -> None:
        """Empty the fields of one thing to do."""
        for control in self.actions[name].inputs.values() if name else ():
            control.value = ""

    def _do(self, work: Callable[[dict[str, Any]], Sequence[Edit]], name: str = "") -> bool:
        """Save what a rule wants written; say what it refuses. What is typed stays then.

        Where somebody else has changed the same field, the person chooses. What is done but for a part
        counts as done: it is not to be done again.
        """
        desk = self.desk
        self.conflict.children = ()
        found = self.counter.row(self.number)
        if found is None:
            tell(self.told, desk.say("tickets.unknown", ticket=self.number), "red")
            return False
        try:
            saved = self.counter.save(work(found[1]), "tickets", found[1])
        except OpslineError as error:
            if self.conflict.takes(error):
                return True
            if can_choose(error) and isinstance(error, Conflict):
                self._ask(error, name)
            else:
                tell(self.told, *desk.refusal(error))
            return False
        tell(self.told, *desk.outcome(saved, desk.say("common.saved")))
        return True

    def _ask(self, conflict: Conflict, name: str) -> None:
        """Show what both have written, and let the person choose."""
        tell(self.told, "")
        asked = ConflictView(self.desk, conflict, "tickets", lambda saved: self._settled(name, saved))
        self.conflict.children = (asked,)

    def _settled(self, name: str, saved: Saved | None) -> None:
        """Say how a conflict came out."""
        self.conflict.children = ()
        if saved is None:
            tell(self.told, self.desk.say("shell.conflict.kept"), "blue")
            return
        self._empty(name)
        tell(self.told, *self.desk.outcome(saved, self.desk.say("common.saved")))

    def _on_move(self, there: str) -> None:
        """Move, or ask for the words that the move needs."""
        rules = self.counter.rules
        found = self.counter.row(self.number)
        solved = found is not None and rules.category_of(found[1]["status"]) in STOPPED
        asks = "reopen" if solved and rules.category_of(there) not in STOPPED else ASKS.get(there, "")
        if asks:
            self.choose(asks)
            tell(self.told, self.desk.say(f"tickets.asks.{asks}"), "blue")
        else:
            self.move(there)

    def _typed(self, name: str, field: str = "text") -> str:
        """Return what is typed into a field."""
        return text_of(self.actions[name].inputs[field].value)

    def _moved(self, ticket: dict[str, Any], there: str, words: str) -> Sequence[Edit]:
        return actions.move(
            self.counter.rules, ticket, there, self.counter.now(), self.desk.person, text=words
        )

    def _move(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        return self._moved(ticket, self._typed("move", "status"), self._typed("move"))

    def _reply(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        return actions.reply(ticket, self._typed("reply"), self.counter.now(), self.desk.person)

    def _note(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        return actions.note(ticket, self._typed("note"), self.counter.now(), self.desk.person)

    def _hand_off(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        to, who = self._typed("hand_off", "department"), self._typed("hand_off", "assignee")
        now, person = self.counter.now(), self.desk.person
        return actions.hand_off(
            self.counter.rules, ticket, to, self._typed("hand_off"), now, person, assignee=who
        )

    def _resolve(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        return actions.resolve(
            self.counter.rules, ticket, self._typed("resolve"), self.counter.now(), self.desk.person
        )

    def _assign(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        to = self._typed("assign", "assignee")
        return actions.assign(self.counter.rules, ticket, to, self.counter.now(), self.desk.person)

    def _priority(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        rank, why = self._typed("priority", "priority"), self._typed("priority")
        return actions.change_priority(
            self.counter.rules, ticket, rank, why, self.counter.now(), self.desk.person
        )

    def _reopen(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        return actions.reopen(
            self.counter.rules, ticket, self._typed("reopen"), self.counter.now(), self.desk.person
        )

    def _satisfaction(self, ticket: dict[str, Any]) -> Sequence[Edit]:
        typed = self._typed("satisfaction", "score")
        score = int(typed) if typed.isdigit() else None
        words = self._typed("satisfaction")
        return actions.satisfaction(
            self.counter.rules, ticket, score, words, self.counter.now(), self.desk.person
        )
