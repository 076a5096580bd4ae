"""The queue: filters that stay in the address bar, and the tickets as a table or as cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as ipw
import pandas as pd

from sheets_schema.tickets.queue import AGES, Filters, aging, queue
from sheets_schema.tickets.rules import text_of
from widgets.grid import Column, Grid
from widgets.input import Input, search, select
from widgets.parts import badge, button, card, column, markup, row
from widgets.team_fields import team_columns
from widgets.tickets.counter import PRIORITY_TONES, STATE_TONES, TicketDesk
from widgets.tickets.kanban import Kanban, KanbanCard, KanbanColumn

__all__ = ["QueueView"]

if TYPE_CHECKING:
    from widgets.desk import Desk

MOST: Final = 1000
"""Rows that go to the browser; the filters find the rest."""

CARDS: Final = 25
"""Cards in one column."""

PRESSING: Final = ("answers_next", "state", "left", "response_state", "response_left")

SORTS: Final = ("due", "priority", "opened")
DUES: Final = ("overdue", "today", "soon")
CATEGORIES: Final = ("open", "paused", "resolved", "closed")


class QueueView(ipw.VBox):
    """Filters, and what they let through.

    Args:
        desk: The page's desk.
        counter: The same with the rules of tickets.
        open_ticket: Called with a ticket's number to show it.

    `inputs` (by the filter's name), `mine`, `grid` and `kanban` are the parts a person uses.
    """

    def __init__(self, desk: Desk, counter: TicketDesk, open_ticket: Callable[[str], None]) -> None:
        self.desk, self.counter, self._show_ticket = desk, counter, open_ticket
        self.inputs: dict[str, Input] = self._inputs()
        self.mine = button(desk.say("tickets.mine"))
        self.every = button(desk.say("tickets.no_filter"))
        self.as_cards = button("")
        self.summary = markup("")
        self.grid = Grid(
            pd.DataFrame(columns=["id"]), self._columns(), label=desk.say("tickets.queue"), height=620
        )
        self.kanban = Kanban(label=desk.say("tickets.board"))
        self.shown = ipw.VBox([self.grid])
        self._setting = False
        filters = row(*self.inputs.values(), self.mine, self.every, self.as_cards)
        filters.add_class("op-filters")
        super().__init__([column(card("", [filters, self.summary]), self.shown)])
        for control in self.inputs.values():
            control.observe(self._on_filter, "value")
        self.mine.on_click(lambda _button: self._choose("assignee", desk.person))
        self.every.on_click(lambda _button: self._clear())
        self.as_cards.on_click(lambda _button: self._toggle())
        self.grid.observe(lambda _change: self._show_ticket(self.grid.selected), "picked")
        self.kanban.observe(lambda _change: self._show_ticket(self.kanban.selected), "picked")

    @property
    def filters(self) -> Filters:
        """What the address bar asks for."""
        return Filters.of(self.desk.query)

    @property
    def is_board(self) -> bool:
        """Whether tickets are shown as cards."""
        return self.desk.query.get("view") == "board"

    def update(self) -> None:
        """Show what the address bar asks for, of the newest snapshot, at this moment."""
        self._show_filters()
        tickets = self.counter.tickets
        clocks = self.counter.clocks(tickets)
        rules, now = self.counter.rules, self.desk.now()
        if not self.counter.has_calendar:
            self.summary.value = (
                f'<p class="op-note op-amber">{escape(self.desk.say("tickets.no_calendar"))}</p>'
            )
        found = queue(tickets, clocks, rules, self.filters, now)
        self._summarise(found)
        self.as_cards.description = self.desk.say("tickets.as_table" if self.is_board else "tickets.as_board")
        if self.is_board:
            self.kanban.show(self._board(found))
            self.shown.children = (self.kanban,)
        else:
            self.grid.show(self._rows(found.head(MOST)))
            self.shown.children = (self.grid,)

    # Filters

    def _inputs(self) -> dict[str, Input]:
        """Return the filters' controls."""
        desk, say, language = self.desk, self.desk.say, self.desk.language
        every = (say("common.all"), "")
        priorities = self.counter.table.field("priority")
        statuses = [
            (desk.name("statuses", code), code) for code in self.counter.rules.statuses["id"].dropna()
        ]
        categories = [(name, code) for code, name in desk.names("categories").items()]
        kinds = [(say(f"tickets.status.{code}"), code) for code in ("todo", "all", *CATEGORIES)]
        wanted = self.filters
        return {
            "text": search(say("common.search"), wanted.text),
            "status": select(say("tickets.field.status"), [*kinds, *statuses], wanted.status),
            "priority": select(
                say("tickets.field.priority"),
                [every, *((priorities.choice_label(code, language), code) for code in priorities.enum)],
            ),
            "category": select(say("tickets.field.category"), [every, *categories]),
            "team": select(say("tickets.field.team"), [every, *self.counter.teams()]),
            "assignee": select(
                say("tickets.field.assignee"), [every, (say("tickets.nobody"), "-"), *self.counter.people()]
            ),
            "due": select(
                say("tickets.due"), [every, *((say(f"tickets.due.{code}"), code) for code in DUES)]
            ),
            "sort": select(say("tickets.sort"), [(say(f"tickets.sort.{code}"), code) for code in SORTS]),
        }

    def _show_filters(self) -> None:
        """Put what the address bar asks for into the controls."""
        self._setting = True
        for name, control in self.inputs.items():
            wanted = getattr(self.filters, name)
            if control.value != wanted:
                control.value = wanted
        self._setting = False

    def _on_filter(self, change: Any) -> None:
        """Write a filter to the address bar, and show what it lets through."""
        if self._setting:
            return
        name = next(name for name, control in self.inputs.items() if control is change["owner"])
        self._choose(name, str(change["new"] or ""))

    def _choose(self, name: str, value: str) -> None:
        """Ask for something."""
        self.desk.set_query(**replace(self.filters, **{name: value}).query())
        self.update()

    def _clear(self) -> None:
        """Ask for what a fresh page asks for."""
        self.desk.set_query(**Filters().query())
        self.update()

    def _toggle(self) -> None:
        """Show cards instead of rows, or rows instead of cards."""
        self.desk.set_query(view=None if self.is_board else "board")
        self.update()

    # What is shown

    def _summarise(self, found: pd.DataFrame) -> None:
        """Say how many there are, how many are late, and how old the open ones are."""
        say = self.desk.say
        late = int(((found["state"] == "breached") | (found["response_state"] == "breached")).sum())
        open_ones = found[found["status_category"].isin(["open", "paused"])]
        parts = [badge(say("tickets.count", count=f"{len(found):,}"), "blue")]
        if late:
            parts.append(badge(say("tickets.late_count", count=f"{late:,}"), "red"))
        if len(open_ones) and self.counter.has_calendar:
            bands = aging(open_ones, self.counter.rules, self.desk.now())
            parts.append(f'<span class="op-muted">{escape(say("tickets.ages"))}</span>')
            parts += [badge(f"{band}: {bands[band]:,}", "grey") for band in AGES]
        if len(found) > MOST and not self.is_board:
            parts.append(
                f'<span class="op-muted">{escape(say("tickets.first_rows", count=f"{MOST:,}"))}</span>'
            )
        self.summary.value = f'<p class="op-summary" role="status">{" ".join(parts)}</p>'

    def _columns(self) -> list[Column]:
        """Return the table's columns; a phone shows the first ones."""
        say = self.desk.say
        return [
            Column("id", say("tickets.field.id"), width=132),
            Column("subject_shown", say("tickets.field.subject"), priority=0),
            Column("left_shown", say("tickets.left_head"), "badge", width=168, priority=0),
            Column("due", say("tickets.resolution_due"), "moment", width=140, priority=2),
            Column("priority_shown", say("tickets.field.priority"), "badge", width=112),
            Column("status_shown", say("tickets.field.status"), "badge", width=150),
            Column("response_shown", say("tickets.first_response"), "badge", width=150, priority=3),
            Column("category_shown", say("tickets.field.category"), width=150, priority=3),
            Column("requester", say("tickets.field.requester"), width=120, priority=3),
            Column("assignee_shown", say("tickets.field.assignee"), width=120, priority=2),
            Column("team_shown", say("tickets.field.team"), width=120, priority=4),
            *team_columns(self.desk, "tickets"),
        ]

    def _rows(self, found: pd.DataFrame) -> pd.DataFrame:
        """Return what the table shows of some tickets."""
        desk = self.desk
        people, teams, categories = (desk.names(name) for name in ("people", "teams", "categories"))
        taken = found["department"].fillna(found["team"])
        vip = found["vip"].fillna(value=False).astype(bool)
        subject = found["subject"].fillna("")
        return found.assign(
            subject_shown=subject.where(~vip, "★ " + subject),
            left_shown=[
                self._reply_left(*each[2:]) if answers_next else self._left(*each[:2])
                for answers_next, *each in zip(*(found[name] for name in PRESSING), strict=True)
            ],
            response_shown=[
                self._left(*each)
                for each in zip(found["response_state"], found["response_left"], strict=True)
            ],
            priority_shown=[self._priority(code) for code in found["priority"]],
            status_shown=[self._status(code) for code in found["status"]],
            category_shown=_named(found["category"], categories),
            assignee_shown=_named(found["assignee"], people),
            team_shown=_named(taken, teams),
        )

    def _left(self, state: str, hours: float) -> str:
        """Return what is left of a ticket's time, as the badge cell takes it."""
        tone = STATE_TONES.get(state, "grey")
        counts = state in {"on_track", "due_soon", "breached", "paused"}
        words = self.counter.left(hours) if counts else self.counter.state(state)
        if state == "paused":
            words = f"{self.counter.state(state)} · {words}"
        return f"{tone}|{words}"

    def _reply_left(self, state: str, hours: float) -> str:
        """Return what is left until the first answer, as the badge cell takes it."""
        words = self.desk.say("tickets.reply_left", left=self.counter.left(hours))
        return f"{STATE_TONES.get(state, 'grey')}|{words}"

    def _priority(self, code: object) -> str:
        """Return a priority as the badge cell takes it."""
        return f"{PRIORITY_TONES.get(text_of(code), 'grey')}|{self.counter.choice('priority', code)}"

    def _status(self, code: object) -> str:
        """Return a status as the badge cell takes it."""
        return f"{self.counter.status_tone(code)}|{self.desk.name('statuses', code)}"

    def _board(self, found: pd.DataFrame) -> list[KanbanColumn]:
        """Return the tickets as columns of cards; a status without tickets has a column too."""
        shown = []
        asked = self.filters.status
        for code in self.counter.rules.statuses["id"].dropna():
            mine = found[found["status"] == code]
            kind = self.counter.rules.category_of(code)
            fits = asked in {"all", code, kind} or (asked == "todo" and kind in {"open", "paused"})
            if mine.empty and not fits:
                continue
            cards = tuple(self._card(each) for each in self._rows(mine.head(CARDS)).to_dict("records"))
            rest = len(mine) - len(cards)
            more = self.desk.say("tickets.more_cards", count=rest) if rest else ""
            title = self.desk.name("statuses", code)
            shown.append(KanbanColumn(title, self.counter.status_tone(code), len(mine), cards, more))
        return shown

    def _card(self, each: Mapping[Any, Any]) -> KanbanCard:
        """Return one ticket as a card."""
        meta = " · ".join(part for part in (each["id"], each["assignee_shown"] or each["team_shown"]) if part)
        badges = [tuple(each[name].split("|", 1)) for name in ("priority_shown", "left_shown")]
        return KanbanCard(str(each["id"]), each["subject_shown"], meta, tuple(badges))


def _named(codes: pd.Series, names: Any) -> list[str]:
    """Return what some codes are called; blank for a missing one."""
    return [names.get(code, code) for code in codes.fillna("").astype(str)]
