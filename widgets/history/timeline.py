"""The timeline of a record, with a button that undoes a save and one that brings a row back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import ipywidgets as ipw
import pandas as pd

from sheets_schema.book.history.archive import archives
from sheets_schema.book.journal import HEADER, RIGHT
from sheets_schema.errors import OpslineError
from widgets.history.entries import Entry, Row, Story, entries
from widgets.history.wording import Told, entry_html, head, left_html
from widgets.parts import button, markup, note, row, tell, text
from widgets.rights import may_write

if TYPE_CHECKING:
    from sheets_schema.book import Undone
    from widgets.desk import Desk

__all__ = ["Timeline"]

SHOWN: Final = 15
"""Entries that are shown at once, and more of them with each press."""
JOURNAL: Final = "journal"

Rows = Callable[[pd.DataFrame], Sequence[Row]]
"""The journal's rows -> the record's row, first, and those that belong to it."""


def _nothing_told(_source: str, _field: str) -> bool:
    """Say that the page has no words of its own."""
    return False


class Timeline(ipw.VBox):
    """What happened to a record, newest first, grouped by save.

    Args:
        desk: The page's desk. Where the page does not load the journal, it is read when somebody asks.
        source: The page, for the journal.
        rows: Which rows are shown.
        told: What the page's own words tell already.

    `opener`, `older` and each of `undos` (save -> its button) and `backs` (row -> its button) are pressed by
    a person, or a test; `told_note` and `left` say what came of it. `value` is all of it as HTML.
    """

    def __init__(self, desk: Desk, source: str, rows: Rows, told: Told = _nothing_told) -> None:
        self.desk, self.source, self.rows, self.told = desk, source, rows, told
        self.stories: Sequence[Story] = ()
        self.opener, self.older = button(desk.say("history.open")), button(desk.say("history.older"))
        self.opener.on_click(lambda _button: self._on_open())
        self.older.on_click(lambda _button: self._on_older())
        self.told_note, self.left = note(""), markup("")
        self.listed = ipw.VBox()
        self.undos: dict[str, ipw.Button] = {}
        self.backs: dict[Row, ipw.Button] = {}
        self._shown, self._is_open = SHOWN, JOURNAL in desk.tables
        self._journal: pd.DataFrame | None = None
        self._all: pd.DataFrame | None = None
        self._was: object = None
        super().__init__([self.told_note, self.left, row(self.opener), self.listed, row(self.older)])
        self.add_class("op-timeline")

    @property
    def value(self) -> str:
        """All that is shown of the record, as HTML."""
        return "".join(part.value for part in _texts(self.listed))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the record."""
        return not self.listed.children

    def update(self, stories: Sequence[Story] = ()) -> None:
        """Show the record's entries of the newest snapshot; nothing is read before somebody asks for it."""
        self.stories = stories
        self.opener.layout.display = "none" if self._is_open else None
        self.older.layout.display = "none"
        if self._is_open:
            self._show(self._now())

    def _now(self) -> pd.DataFrame:
        """Return the journal's rows: the page's, or those that were read when it was opened."""
        if JOURNAL in self.desk.tables:
            self._journal = self.desk.frame(JOURNAL)
        elif self._journal is None or self._was is not self.desk.snapshot:
            self._journal = self.desk.book.load(JOURNAL)[JOURNAL]
            self._was = self.desk.snapshot
        if self._all is None:
            return self._journal
        known = self._all["id"].isin(set(self._journal["id"].dropna()))
        return pd.concat([self._all[~known], self._journal], ignore_index=True)

    def _show(self, journal: pd.DataFrame) -> None:
        """Show entries, as many as were asked for."""
        rows = self.rows(journal)
        found = entries(journal, rows, self.desk.book.tables, self.stories)
        self.undos, self.backs = {}, {}
        shown = [self._entry(entry, rows[0]) for entry in found[: self._shown]]
        if not shown:
            shown = [text(self.desk.say("tickets.no_history"), muted=True)]
        before, after = self.value, "".join(part.value for each in shown for part in _texts(each))
        if before != after or len(shown) != len(self.listed.children):
            self.listed.children = tuple(shown)
        else:
            self._keep_buttons()
        more = len(found) > self._shown or (self._all is None and self._has_archives())
        self.older.layout.display = None if more else "none"

    def _keep_buttons(self) -> None:
        """Find the buttons of what stays as it was: nothing that has the focus is made anew."""
        for part in _buttons(self.listed):
            if isinstance(part.what, str):
                self.undos[part.what] = part
            else:
                self.backs[part.what] = part

    def _entry(self, entry: Entry, own: Row) -> ipw.Widget:
        """Return one entry with its buttons."""
        shown = markup(entry_html(self.desk, entry, own, self.told), ["op-entry"])
        pressed: list[ipw.Widget] = []
        if self._may_undo(entry):
            words = self.desk.say("history.undo_many", count=entry.count)
            words = words if entry.others > 0 else self.desk.say("history.undo")
            self.undos[entry.save] = self._button(words, entry, entry.save, self._on_undo)
            pressed.append(self.undos[entry.save])
        for gone in entry.gone:
            if may_write(self.desk.role, gone[0]):
                self.backs[gone] = self._button(self.desk.say("history.back"), entry, gone, self._on_back)
                pressed.append(self.backs[gone])
        return ipw.VBox([shown, row(*pressed)]) if pressed else ipw.VBox([shown])

    def _button(self, words: str, entry: Entry, what: str | Row, press: Callable[..., None]) -> _Press:
        """Return a button; what it acts on is said to who does not see where it stands."""
        made = _Press(what, words, f"{words}: {head(self.desk, entry)}")
        made.on_click(lambda _button: press(what))
        return made

    def _may_undo(self, entry: Entry) -> bool:
        """Say whether the person may undo a save, and whether that can do anything."""
        is_ours = bool(entry.save) and entry.undone is None and not entry.is_bulk and entry.source != RIGHT
        fields = {str(name) for lines in entry.changes.values() for name in lines["field"].dropna()}
        if not is_ours or entry.gone or fields == {HEADER}:
            return False
        return all(may_write(self.desk.role, sheet) for sheet in entry.sheets)

    # Pressed

    def _on_open(self) -> None:
        """Read the journal and show what it says."""
        self._is_open = True
        self._try(lambda: self.update(self.stories))

    def _on_older(self) -> None:
        """Show more entries; look into the archives where the journal has no more."""
        self._shown += SHOWN
        shown = len(self.listed.children)

        def look() -> None:
            if self._all is None and shown < self._shown - SHOWN:
                self._all = self.desk.book.journal().replace("", None)
            self.update(self.stories)

        self._try(look)

    def _on_undo(self, save: str) -> None:
        """Undo a save."""
        self._do(lambda: self.desk.undo(save, self.source), "history.undo_done")

    def _on_back(self, gone: Row) -> None:
        """Bring a row back."""
        self._do(lambda: self.desk.restore(*gone, self.source), "history.back_done")

    def _do(self, work: Callable[[], Undone], words: str) -> None:
        """Do something, and say what came of it and what was left alone."""

        def done() -> None:
            undone = work()
            said = self.desk.say(words if undone.saves else "history.nothing")
            if undone.left:
                said = self.desk.say("history.partly" if undone.saves else "history.not_undone")
            kept = undone.kept.text(self.desk.language) if undone.kept is not None else ""
            tell(self.told_note, kept or said, "amber" if undone.left or kept else "green")
            self.left.value = left_html(self.desk, undone.left)

        self._try(done)

    def _try(self, work: Callable[[], None]) -> None:
        """Do something; say in a sentence what stood in the way."""
        try:
            work()
        except OpslineError as error:
            words = f"{self.desk.say('common.not_saved')} {error.text(self.desk.language)}"
            tell(self.told_note, words, "red")
            self.left.value = ""

    def _has_archives(self) -> bool:
        """Say whether the workbook has archives, as far as that is known without asking."""
        return bool(archives(list(self.desk.book.workbook.grids)))


class _Press(ipw.Button):
    """A button that knows what it acts on."""

    def __init__(self, what: str | Row, words: str, tooltip: str) -> None:
        self.what = what
        super().__init__(description=words, tooltip=tooltip)
        self.add_class("op-button")
        self.add_class("op-grey")


def _texts(part: ipw.Widget) -> list[ipw.HTML]:
    """Return the texts within a part."""
    if isinstance(part, ipw.HTML):
        return [part]
    return [found for child in getattr(part, "children", ()) for found in _texts(child)]


def _buttons(part: ipw.Widget) -> list[_Press]:
    """Return the buttons within a part."""
    if isinstance(part, _Press):
        return [part]
    return [found for child in getattr(part, "children", ()) for found in _buttons(child)]
