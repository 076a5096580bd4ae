"""Tickets: the queue, or one ticket where the address bar names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ipw

from widgets.awake import tick
from widgets.shell import Opener, page
from widgets.tickets.counter import TABLES, TicketDesk
from widgets.tickets.queue_view import QueueView
from widgets.tickets.ticket_view import TicketView

if TYPE_CHECKING:
    from widgets.desk import Desk

__all__ = ["Tickets", "tickets_page"]


def tickets_page(book: Opener) -> ipw.Widget:
    """Return the page on which tickets are worked on."""
    return page(book, "tickets", ("journal", *TABLES), Tickets)


class Tickets(ipw.VBox):
    """The queue or one ticket; `queue` is there from the start, `ticket` while one is shown.

    Args:
        desk: The page's desk; its query's `id` names the ticket.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk, self.counter = desk, TicketDesk(desk)
        self.queue = QueueView(desk, self.counter, self.show_ticket)
        self.ticket: TicketView | None = None
        super().__init__()
        desk.on_refresh(self.update)
        desk.on_query(self.update)
        self.update()
        tick(self.update)

    def show_ticket(self, ticket: str) -> None:
        """Show a ticket."""
        self.desk.set_query(id=ticket)
        self.update()

    def update(self) -> None:
        """Show what the address bar asks for, of the newest snapshot, at this moment.

        The same ticket is shown in the same widgets, so that nothing typed is lost.
        """
        wanted = self.desk.query.get("id", "")
        if not wanted:
            self.ticket = None
            self.queue.update()
            self.children = (self.queue,)
            return
        if self.ticket is None or self.ticket.number != wanted:
            self.ticket = TicketView(self.desk, self.counter, wanted, self.back)
        self.ticket.update()
        self.children = (self.ticket,)

    def back(self) -> None:
        """Go from a ticket to the queue, with the filters as they were."""
        self.desk.set_query(id=None)
        self.update()
