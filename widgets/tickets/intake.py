"""Intake: take a request down, and see at once what becomes of it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from sheets_schema.tickets.draft import TicketDraft
from sheets_schema.tickets.rules import blank, text_of
from sheets_schema.workbook import new_id
from widgets.awake import tick
from widgets.conflict import OpenParts
from widgets.form import Form
from widgets.parts import badge, board, button, card, column, link, markup, note, row, tell
from widgets.shell import Opener, page
from widgets.tickets.counter import PRIORITY_TONES, TABLES, TicketDesk, muted
from widgets.tickets.lookalikes import lookalikes_html
from widgets.tickets.strip import preview_html

if TYPE_CHECKING:
    from sheets_schema.book import Saved
    from widgets.desk import Desk
    from widgets.parts import Tone

__all__ = ["Intake", "intake_page"]

FOLLOWED = ("priority", "type")
"""Fields that follow the rules' proposal until a person chooses otherwise."""

COMPARED = ("requester", "contact", "subject")


def intake_page(book: Opener) -> ipw.Widget:
    """Return the page on which requests are taken down."""
    return page(book, "intake", TABLES, Intake)


class Intake(ipw.VBox):
    """The form, and beside it what the rules make of what is typed.

    Args:
        desk: The page's desk.

    `form`, `file` (the button), `draft` and `result` are the parts that a person, or a test, uses.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk, self.counter = desk, TicketDesk(desk)
        self.draft = TicketDraft(self.counter.table, self.counter.rules, self.counter.now())
        asked = [field.name for field in self.counter.table.form_fields]
        self.form = Form(self.counter.table, asked, desk, self._choices())
        self.file = button(desk.say("tickets.file"), "blue")
        self.empty = button(desk.say("common.clear"))
        self.result, self.waits = markup(""), markup("")
        self.rest = OpenParts(desk, "intake", note(""))
        self.priority, self.routing, self.promise, self.alike = (markup("") for _ in range(4))
        self._proposed: dict[str, str] = dict.fromkeys(FOLLOWED, "")
        self._compared: tuple[object, ...] | None = None
        self._busy = False
        super().__init__([self._laid_out()])
        self.form.observe(self._on_typed, "values")
        self.file.on_click(self._on_file)
        self.empty.on_click(lambda _button: self._start_over())
        desk.on_refresh(self._on_refresh)
        self._start_over()
        tick(self.on_tick)

    def _laid_out(self) -> ipw.Widget:
        """Return the parts in their places."""
        say = self.desk.say
        taken = card(
            say("tickets.new"),
            [self.form, self.waits, row(self.file, self.empty), self.result, self.rest.told, self.rest],
        )
        taken.add_class("op-wide-card")
        follows = column(
            card(say("tickets.field.priority"), [self.priority]),
            card(say("tickets.routing"), [self.routing]),
            card(say("tickets.promise"), [self.promise]),
            card(say("tickets.alike"), [self.alike]),
        )
        both = board(taken, follows)
        both.add_class("op-intake")
        return both

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        """Return what the selects offer: categories that are in use, people who are here."""
        categories = self.desk.frame("categories")
        used = categories["id"].notna() & categories["active"].fillna(value=True).astype(bool)
        return {
            "category": [
                (self.desk.name("categories", code), str(code)) for code in categories.loc[used, "id"]
            ],
            "assignee": self.counter.people(),
        }

    # While typing

    def _on_typed(self, _change: object) -> None:
        """Let the draft follow the form, and the form the rules' proposals."""
        if self._busy:
            return
        self.draft.now = self.counter.now()
        self.draft.values = dict(self.form.values)
        self._busy = True
        self._follow_proposals()
        self._busy = False
        self.draft.values = dict(self.form.values)
        self._show()

    def _follow_proposals(self) -> None:
        """Put what the rules propose into the fields where nobody has chosen otherwise."""
        for name in FOLLOWED:
            if name not in self.form.inputs:
                continue
            proposed, before = str(getattr(self.draft.proposal, name)), self._proposed[name]
            if not proposed or proposed == before:
                continue
            self._proposed[name] = proposed
            untouched = before or text_of(self.counter.table.field(name).default)
            if text_of(self.form.values.get(name)) in {"", untouched}:
                self.form.set(name, proposed)

    def _show(self) -> None:
        """Show blockers, priority, routing, due times and lookalikes."""
        desk, draft = self.desk, self.draft
        sentences = {message.field: message.text(desk.language) for message in reversed(draft.blockers)}
        self.form.problems = sentences
        self.file.disabled = bool(draft.blockers)
        count = len(draft.blockers)
        words = desk.say("tickets.waits", count=count) if count else desk.say("tickets.ready")
        self.waits.value = muted(words)
        self.priority.value = self._priority_html()
        self.routing.value = self._routing_html()
        self.promise.value = preview_html(self.counter, draft.proposal.promise, draft.now)
        self._look_for_lookalikes()

    def _priority_html(self) -> str:
        """Return the priority and where it comes from, as safe HTML."""
        proposal = self.draft.proposal
        chosen = text_of(self.draft.values.get("priority")) or proposal.priority
        if not chosen:
            return muted(self.desk.say("tickets.no_priority"))
        shown = badge(self.counter.choice("priority", chosen), PRIORITY_TONES.get(chosen, "grey"))
        because = "" if proposal.because is None else proposal.because.text(self.desk.language)
        other = self.desk.say("tickets.because.person") if proposal.priority not in {"", chosen} else ""
        words = f"{other} {because}".strip()
        return f'<p class="op-big" role="status">{shown}</p>{muted(words)}'

    def _routing_html(self) -> str:
        """Return who would take the ticket, as safe HTML."""
        desk, route = self.desk, self.draft.proposal.route
        if not route.team:
            return muted(desk.say("tickets.no_route"))
        team, department = desk.name("teams", route.team), desk.name("teams", route.department)
        key = "tickets.route_complex" if route.transfers else "tickets.route_simple"
        first = desk.say("tickets.first_owner", person=desk.name("people", desk.person))
        words = desk.say(key, team=team, department=department)
        return f'<p class="op-text">{escape(words)}</p><p class="op-text op-muted">{escape(first)}</p>'

    def _look_for_lookalikes(self) -> None:
        """Look for lookalikes, where what is compared has changed."""
        typed = (*(self.draft.values.get(name) for name in COMPARED), self.desk.snapshot.version)
        if typed != self._compared:
            self._compared = typed
            self.alike.value = lookalikes_html(self.counter, dict(zip(COMPARED, typed, strict=False)))

    # Saving

    def _on_file(self, _button: object) -> None:
        """File the ticket; what was typed stays where it cannot be filed."""
        desk, draft = self.desk, self.draft
        draft.now = self.counter.now()
        ticket = new_id(self.counter.table, draft.now.tz_convert(desk.book.time_zone))
        try:
            if self.form.unreadable:
                self._show()
                self._tell_refused(desk.say("tickets.unreadable"))
                return
            edits = draft.edits(ticket, desk.person)
            saved = self.counter.save(edits, "intake")
        except OpslineError as error:
            if self.rest.takes(error):
                self._start_over(keep_result=True)
                self._tell(ticket, "", "amber")
            else:
                self._tell_refused(error.text(desk.language))
            return
        self._start_over(keep_result=True)
        self._tell_filed(saved, edits[0].cells)

    def _tell_refused(self, sentence: str) -> None:
        """Say that it was not filed, and why."""
        words = f"{self.desk.say('common.not_saved')} {sentence}"
        self.result.value = f'<p class="op-note op-red" role="alert">{escape(words)}</p>'

    def _tell_filed(self, saved: Saved, values: Any) -> None:
        """Say the ticket's number and due times, with a link to it."""
        desk = self.desk
        words = desk.say(
            "tickets.filed",
            first=desk.local(values["first_response_due"]) or "—",
            due=desk.local(values["resolution_due"]) or "—",
        )
        tell(self.rest.told, "")
        self._tell(saved.ids[0], *desk.outcome(saved, words))

    def _tell(self, ticket: str, said: str, tone: Tone) -> None:
        """Say a ticket's number, with a link to it, and what became of it."""
        number = link(self.desk.href("tickets", id=ticket), ticket)
        words = f" · {escape(said)}" if said else ""
        self.result.value = f'<p class="op-note op-{tone}" role="status"><strong>{number}</strong>{words}</p>'

    def _start_over(self, *, keep_result: bool = False) -> None:
        """Empty the form."""
        self._proposed = dict.fromkeys(FOLLOWED, "")
        self._busy = True
        self.form.clear()
        self._busy = False
        if not keep_result:
            self.result.value = ""
        self._on_typed(None)

    # News

    def _on_refresh(self) -> None:
        """Follow the workbook; what is typed stays."""
        self.draft.rules = self.counter.rules
        for name, options in self._choices().items():
            control = self.form.inputs.get(name)
            gone = (
                control is not None and control.value and control.value not in {code for _, code in options}
            )
            if control is not None and not gone:
                self.form.offer(name, options)
        self._on_typed(None)

    def on_tick(self) -> None:
        """Let time pass: the due times move with it."""
        if any(not blank(value) for value in self.form.values.values()):
            self._on_typed(None)
