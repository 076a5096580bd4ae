"""One ticket: how it stands, what is known, what can be done, and what has happened."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

from sheets_schema.tickets.rules import blank
from widgets.history import Timeline
from widgets.parts import badge, board, button, card, column, facts, link, markup, row
from widgets.rights import may_write
from widgets.tickets.actions_panel import ActionsPanel
from widgets.tickets.facts import facts_of
from widgets.tickets.history import is_told, stories
from widgets.tickets.strip import explained, strip_html

if TYPE_CHECKING:
    from widgets.desk import Desk
    from widgets.tickets.counter import TicketDesk

__all__ = ["TicketView"]


class TicketView(ipw.VBox):
    """One ticket's page.

    Args:
        desk: The page's desk.
        counter: The same with the rules of tickets.
        number: The ticket's id.
        back: Called to go to the queue.

    `actions` holds the buttons and fields; `update` shows the newest snapshot around them and leaves
    alone what is typed there.
    """

    def __init__(self, desk: Desk, counter: TicketDesk, number: str, back: Callable[[], None]) -> None:
        self.desk, self.counter, self.number = desk, counter, number
        self.to_queue = button(desk.say("tickets.to_queue"))
        self.to_queue.on_click(lambda _button: back())
        self.head, self.strip, self.why = markup(""), markup(""), markup("")
        self.facts = markup("")
        self.history = Timeline(desk, "tickets", lambda _journal: [("tickets", number)], is_told)
        self.actions = ActionsPanel(desk, counter, number)
        self.acting = card(desk.say("tickets.do"), [self.actions])
        say = desk.say
        known = column(
            card(say("tickets.promise"), [self.strip, self.why]), card(say("tickets.facts"), [self.facts])
        )
        done = column(self.acting, card(say("common.history"), [self.history]))
        self.body = board(known, done)
        self.body.add_class("op-ticket")
        self.lost = card(say("common.history"), [self.history])
        super().__init__([column(row(self.to_queue), self.head, self.body, self.lost)])

    def update(self) -> None:
        """Show the ticket as it is now."""
        found = self.counter.row(self.number)
        if found is None:
            words = self.desk.say("tickets.unknown", ticket=self.number)
            self._put(self.head, f'<p class="op-note op-red" role="alert">{escape(words)}</p>')
            self.body.layout.display = "none"
            self.history.update()
            self.lost.layout.display = None if self.history.undos or self.history.backs else "none"
            return
        self.body.layout.display, self.lost.layout.display = None, "none"
        place, ticket = found
        events = self.desk.frame("ticket_events")
        mine = events[events["ticket"] == self.number]
        frame = self.counter.tickets
        clocks = self.counter.clocks(frame[frame["id"] == self.number]).iloc[0].to_dict()
        self._put(self.head, self._head(place, ticket))
        self._put(self.strip, strip_html(self.counter, ticket, clocks))
        self._put(self.why, explained(self.counter, ticket, mine))
        self._put(self.facts, facts(facts_of(self.counter, ticket)))
        self.history.update(stories(self.counter, mine))
        self.acting.layout.display = None if may_write(self.desk.role, "tickets") else "none"
        self.actions.update(ticket)

    def _put(self, shown: ipw.HTML, html: str) -> None:
        """Show HTML where it differs, so that what a person has opened stays open."""
        if shown.value != html:
            shown.value = html

    def _head(self, place: int, ticket: dict[str, Any]) -> str:
        """Return number, subject, priority, status and the link to the sheet, as safe HTML."""
        desk, counter = self.desk, self.counter
        status = badge(desk.name("statuses", ticket["status"]), counter.status_tone(ticket["status"]))
        vip = badge(desk.say("tickets.vip"), "amber") if not blank(ticket["vip"]) and ticket["vip"] else ""
        sheet = link(desk.sheet_link("tickets", place), desk.say("tickets.in_sheet", row=place))
        subject = escape("" if blank(ticket["subject"]) else str(ticket["subject"]))
        return (
            f'<h2 class="op-heading op-ticket-head">'
            f'<span class="op-muted">{escape(self.number)}</span> {subject}</h2>'
            f'<p class="op-summary">{counter.priority(ticket["priority"])} {status} {vip} {sheet}</p>'
        )
