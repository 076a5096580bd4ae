"""Rows in quarantine: why they are there, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Final

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from widgets.doctor.rights import refuse_unless_theirs
from widgets.input import Input
from widgets.parts import button, card, markup, row, text

if TYPE_CHECKING:
    from widgets.desk import Desk

SHOWN: Final = 20
SOURCE: Final = "doctor"


class KeptRows(ipw.VBox):
    """The rows of `quarantine` that did not go back yet, the newest first.

    Args:
        desk: The page's desk.
        told: Called with a sentence and its tone.
    """

    def __init__(self, desk: Desk, told: Callable[[str, str], None]) -> None:
        self.desk, self._told = desk, told
        self.boxes: dict[str, Input] = {}
        self.back = button(desk.say("doctor.page.back"))
        self.body = ipw.VBox()
        self.body.add_class("op-column")
        super().__init__([card(desk.say("doctor.page.quarantine"), [self.body])])
        self.back.on_click(self._on_back)

    def update(self) -> None:
        """Show what is there; ticks stay."""
        frame = self.desk.frame("quarantine")
        here = frame[frame["id"].notna() & frame["restored_at"].isna()].iloc[::-1].head(SHOWN)
        ticked = {id_ for id_, box in self.boxes.items() if box.value}
        self.boxes = {}
        lines: list[ipw.Widget] = []
        for held in here.to_dict("records"):
            label = f"{held['sheet']} · {held['said'] or held['row_id'] or held['id']}"
            self.boxes[held["id"]] = box = Input(label, "check", held["id"] in ticked)
            reason = f"{self.desk.local(held['at'])} · {held['reason']}"
            lines += [box, markup(f'<p class="op-text op-muted">{escape(reason)}</p>')]
        empty = [text(self.desk.say("doctor.page.no_quarantine"), muted=True)]
        self.body.children = tuple([*lines, row(self.back)] if lines else empty)

    def _on_back(self, _button: object) -> None:
        """Bring back what is ticked."""
        from sheets_schema.book.quarantine import restore

        desk = self.desk
        ids = [id_ for id_, box in self.boxes.items() if box.value]
        frame = desk.frame("quarantine")
        tables = frame.loc[frame["id"].isin(ids), "sheet"].dropna().tolist()
        try:
            refuse_unless_theirs(desk, ["quarantine", *tables])
            back = restore(desk.book, ids, who=desk.person, source=SOURCE, now=desk.now()) if ids else ()
        except OpslineError as error:
            self._told(error.text(desk.language), "red")
            return
        desk.reload()
        self._told(desk.say("doctor.restored", ids=", ".join(back)), "green")
