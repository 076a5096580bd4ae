"""Two people have changed the same field: the page shows all three values and lets the person choose."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.errors import Conflict, OpslineError
from widgets.input import Input
from widgets.parts import button, facts, markup, note, row, tell, text

if TYPE_CHECKING:
    from sheets_schema.book import Saved
    from widgets.desk import Desk

__all__ = ["ConflictView", "OpenParts", "can_choose"]

KEEP, WRITE = "theirs", "mine"


def can_choose(error: OpslineError) -> bool:
    """Say whether an error is a conflict of fields, with what was to be saved."""
    return isinstance(error, Conflict) and bool(error.facts.get("conflicts") and error.facts.get("changes"))


class ConflictView(ipw.VBox):
    """Before, theirs and yours for each field, a choice for each, and a button that saves it.

    Args:
        desk: The page's desk.
        conflict: What `Desk.save` raised.
        source: Which page saves.
        done: Called once it is settled, with what was saved (or kept) of the person's own; None for nothing.

    `choices` (one for each conflict), `save` and `told` are what a person, or a test, uses. If somebody
    is first once more, the view shows the newer three. `rest` is the save that holds all else of what the
    person saved; blank where nothing is saved yet.
    """

    def __init__(
        self, desk: Desk, conflict: Conflict, source: str, done: Callable[[Saved | None], None]
    ) -> None:
        self.desk, self.source, self.done = desk, source, done
        self.rest = ""
        self.told = note("")
        self.save = button(desk.say("common.save"), "blue")
        self.save.on_click(self._on_save)
        super().__init__()
        self.add_class("op-column")
        self._show(conflict)

    def _show(self, conflict: Conflict) -> None:
        """Show the fields of a conflict."""
        self.conflict, self.rest = conflict, conflict.done or self.rest
        self.conflicts: tuple[Conflict, ...] = tuple(conflict.facts["conflicts"])  # type: ignore[arg-type]
        self.choices = [self._choice(each) for each in self.conflicts]
        shown = [
            part
            for each, choice in zip(self.conflicts, self.choices, strict=True)
            for part in (self._three(each), choice)
        ]
        head = self.desk.say("shell.conflict.rest" if self.rest else "shell.conflict")
        left: tuple[OpslineError, ...] = conflict.facts.get("left") or ()  # type: ignore[assignment]
        others = (text(each.text(self.desk.language)) for each in left)
        self.children = (text(head), *others, *shown, row(self.save), self.told)

    def _three(self, conflict: Conflict) -> ipw.HTML:
        """Show the three values of a field."""
        parts = ("before", "theirs", "yours")
        return markup(
            facts(
                (self.desk.say(f"shell.conflict.{part}"), escape(self._worded(conflict, part)))
                for part in parts
            )
        )

    def _worded(self, conflict: Conflict, part: str) -> str:
        """Return a value as the page shows it: a code by its name, nothing as a dash."""
        field = self.desk.book.tables[str(conflict.facts["sheet"])].field(str(conflict.facts["name"]))
        value = str(conflict.facts[part])
        if field.enum:
            value = field.choice_label(value, self.desk.language) if value else ""
        elif field.foreign:
            value = self.desk.name(field.foreign, value)
        return value or "—"

    def _choice(self, conflict: Conflict) -> Input:
        """Return the choice for one field."""
        desk = self.desk
        table, name = str(conflict.facts["sheet"]), str(conflict.facts["name"])
        label = f"{conflict.facts['id']} · {desk.book.tables[table].field(name).label(desk.language)}"
        options = [(desk.say("shell.conflict.keep"), KEEP), (desk.say("shell.conflict.write"), WRITE)]
        return Input(label, "select", options=options, required=True)

    def _on_save(self, _button: object) -> None:
        """Save as it was chosen; nothing, where the sheet has it so."""
        from sheets_schema.book import settled

        desk = self.desk
        if not all(choice.value for choice in self.choices):
            tell(self.told, desk.say("shell.conflict.choose"), "red")
            return
        mine = {
            (str(each.facts["sheet"]), str(each.facts["id"]), str(each.facts["name"]))
            for each, choice in zip(self.conflicts, self.choices, strict=True)
            if choice.value == WRITE
        }
        changes = settled(self.conflict.facts["changes"], self.conflicts, mine)  # type: ignore[arg-type]
        try:
            saved = desk.save(changes, self.source) if changes else self._standing(mine)
        except OpslineError as error:
            if can_choose(error) and isinstance(error, Conflict):
                self._show(error)
            elif error.done:  # nothing is left to choose
                self.children = (self.told,)
            tell(self.told, *desk.refusal(error))
        else:
            self.done(saved)

    def _standing(self, mine: set[tuple[str, str, str]]) -> Saved | None:
        """Return the save whose own values stand as they were chosen; None where all of theirs does."""
        from sheets_schema.book import Saved

        return Saved(tuple(self.conflict.facts["ids"]), self.conflict.done) if mine else None  # type: ignore[arg-type]


class OpenParts(ipw.VBox):
    """Where a form lets a person choose what became open of a save that is done; blank otherwise.

    Args:
        desk: The page's desk.
        source: Which page saves.
        told: Where the form says what became of a save.
    """

    def __init__(self, desk: Desk, source: str, told: ipw.HTML) -> None:
        self.desk, self.source, self.told = desk, source, told
        super().__init__()

    def takes(self, error: OpslineError) -> bool:
        """Say whether an error is of a save that is done: it is told then, and the form may be emptied."""
        if not error.done:
            return False
        tell(self.told, *self.desk.refusal(error))
        if can_choose(error) and isinstance(error, Conflict):
            self.children = (ConflictView(self.desk, error, self.source, self._settled),)
        return True

    def _settled(self, saved: Saved | None) -> None:
        """Say how the choice came out."""
        self.children = ()
        if saved is None:
            tell(self.told, self.desk.say("shell.conflict.kept_rest"), "blue")
        else:
            tell(self.told, *self.desk.outcome(saved, self.desk.say("common.saved")))
