"""The risk page: the register and its map, or the risk that the address bar names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.risks.register import TABLES, Register, register
from widgets.history import Timeline
from widgets.parts import note, tell
from widgets.risks.detail import Detail
from widgets.risks.overview import Overview
from widgets.shell import Opener, page

if TYPE_CHECKING:
    from widgets.desk import Desk


def risks_page(book: Opener) -> ipw.Widget:
    """Return the page of risks: register, heat map, assessments, treatments.

    Args:
        book: The workbook, or what opens it: one that cannot be opened is then told on the page.
    """
    return page(book, "risks", TABLES, RisksView)


class RisksView(ipw.VBox):
    """Either view of the page; both are updated in place."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.note = note("")
        self.overview = Overview(desk, self.show_one, self.refresh)
        self.detail: Detail | None = None
        self.lost = Timeline(desk, "risks", lambda _journal: [("risks", desk.query.get("risk", ""))])
        super().__init__([self.note, self.overview])
        self.add_class("op-column")
        self.refresh()
        desk.on_refresh(self.refresh)
        desk.on_query(self.refresh)

    def show_one(self, code: str) -> None:
        """Show one risk."""
        self.desk.set_query(risk=code)
        self.refresh()

    def show_all(self) -> None:
        """Show all risks."""
        self.desk.set_query(risk=None)
        self.refresh()

    def read(self) -> Register:
        """Return the register as it stands."""
        return register(self.desk.snapshot, now=self.desk.now(), time_zone=self.desk.book.time_zone)

    def refresh(self) -> None:
        """Show what the address bar names, of the newest snapshot."""
        found, code = self.read(), self.desk.query.get("risk", "")
        is_known = bool(code) and found.risk(code) is not None
        words = self.desk.say("risks.unknown", risk=code) if code and not is_known else ""
        tell(self.note, words, "amber")
        if not is_known:
            self.overview.update(found)
            self.lost.update()
            self.children = (self.note, *([self.lost] if code else []), self.overview)
            return
        if self.detail is None or self.detail.code != code:
            self.detail = Detail(self.desk, code, self.show_all)
        self.detail.update(found)
        self.children = (self.note, self.detail)
