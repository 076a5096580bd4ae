"""The KPI page: all KPIs, or the one that the address bar names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from widgets.history import Timeline
from widgets.kpis.board import TABLES, read_board, year_asked
from widgets.kpis.detail import Detail
from widgets.kpis.overview import Overview
from widgets.parts import note, tell
from widgets.shell import Opener, page

if TYPE_CHECKING:
    from widgets.desk import Desk


def kpis_page(book: Opener) -> ipw.Widget:
    """Return the page of KPIs: targets, actuals, attainment, and the rows behind each figure.

    Args:
        book: The workbook, or what opens it: one that cannot be opened is then told on the page.
    """
    return page(book, "kpis", TABLES, KpisView)


class KpisView(ipw.VBox):
    """Either view of the page; both are built once and updated in place."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.note = note("")
        self.overview = Overview(desk, self.show_one, self.follow)
        self.detail: Detail | None = None
        self.lost = Timeline(desk, "kpis", lambda _journal: [("kpis", desk.query.get("kpi", ""))])
        self._year = year_asked(desk)
        self.board = read_board(desk)
        super().__init__([self.note, self.overview])
        self.add_class("op-column")
        self.show()
        desk.on_refresh(self.refresh)
        desk.on_query(self.follow)

    def show_one(self, code: str) -> None:
        """Show one KPI."""
        self.desk.set_query(kpi=code, month=None)
        self.show()

    def show_all(self) -> None:
        """Show all KPIs."""
        self.desk.set_query(kpi=None, month=None)
        self.show()

    def follow(self) -> None:
        """Show what the address bar asks for; only another year is another board."""
        if year_asked(self.desk) == self._year:
            self.show()
        else:
            self.refresh()

    def refresh(self) -> None:
        """Read the board anew and show it; where that cannot be, say why and keep what is shown."""
        try:
            self.board, self._year = read_board(self.desk), year_asked(self.desk)
        except OpslineError as error:
            tell(self.note, error.text(self.desk.language), "red")
            return
        self.show()

    def show(self) -> None:
        """Show what the address bar names."""
        code = self.desk.query.get("kpi", "")
        kpi = self.board.kpi(code) if code else None
        tell(self.note, self.desk.say("kpis.unknown", kpi=code) if code and kpi is None else "", "amber")
        if kpi is None:
            self.overview.update(self.board)
            self.lost.update()
            self.children = (self.note, *([self.lost] if code else []), self.overview)
            return
        if self.detail is None:
            self.detail = Detail(self.desk, self.show_all)
        self.detail.update(self.board, kpi)
        self.children = (self.note, self.detail)
