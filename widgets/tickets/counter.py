"""What both pages know of tickets beyond the desk: the rules of the snapshot, words, and saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema.desk_rules.tickets import RULE_TABLES, ticket_rules
from sheets_schema.tickets.clock import State, clock
from sheets_schema.tickets.edit import Edit
from sheets_schema.tickets.rules import TicketRules, blank, text_of
from widgets.masking import mask
from widgets.parts import Tone, badge

if TYPE_CHECKING:
    from sheets_schema.book import Saved
    from sheets_schema.language import Table
    from widgets.desk import Desk

__all__ = ["PRIORITY_TONES", "STATE_TONES", "TABLES", "TicketDesk", "hours_words", "muted"]

TABLES: Final = ("people", "teams", *RULE_TABLES, "ticket_events", "tickets")

STATE_TONES: Final[Mapping[str, Tone]] = {
    State.NONE: "grey",
    State.ON_TRACK: "green",
    State.DUE_SOON: "amber",
    State.PAUSED: "blue",
    State.BREACHED: "red",
    State.MET: "green",
    State.MISSED: "red",
}
PRIORITY_TONES: Final[Mapping[str, Tone]] = {"P1": "red", "P2": "amber", "P3": "blue", "P4": "grey"}
STATUS_TONES: Final[Mapping[str, Tone]] = {"open": "blue", "paused": "amber", "resolved": "green"}


class TicketDesk:
    """A desk that knows the rules of tickets; built anew from each snapshot, on demand.

    Args:
        desk: The page's desk.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._of: object = None
        self._rules: TicketRules | None = None

    @property
    def table(self) -> Table:
        """The table `tickets`, with the team's own fields."""
        return self.desk.book.tables["tickets"]

    @property
    def tickets(self) -> pd.DataFrame:
        """The tickets that have a number."""
        frame = self.desk.frame("tickets")
        return frame[frame["id"].notna()]

    @property
    def rules(self) -> TicketRules:
        """The rules of the current snapshot.

        Raises:
            BadHours: A calendar's hours cannot be read.
        """
        if self._rules is None or self._of is not self.desk.snapshot:
            opened = self.desk.frame("tickets")["opened_at"].min()
            self._rules = ticket_rules(self.desk.snapshot, self.desk.now(), opened)
            self._of = self.desk.snapshot
        return self._rules

    def now(self) -> pd.Timestamp:
        """Return the moment it is, to the second: nobody writes down less."""
        return self.desk.now().floor("s")

    def clocks(self, tickets: pd.DataFrame) -> pd.DataFrame:
        """Return the clocks of some tickets, now."""
        return clock(tickets, self.rules, self.desk.now())

    @property
    def has_calendar(self) -> bool:
        """Whether the workbook has a calendar, without which no time passes."""
        return bool(self.desk.frame("calendars")["id"].notna().any())

    def row(self, ticket: str) -> tuple[int, dict[str, Any]] | None:
        """Return a ticket's row number in the sheet, and the row; None where there is none."""
        frame = self.tickets
        found = frame[frame["id"] == ticket]
        if found.empty:
            return None
        cells = {str(name): value for name, value in found.iloc[0].items()}
        return int(found.index[0]), cells

    def save(self, edits: Sequence[Edit], source: str, seen: Mapping[str, Any] | None = None) -> Saved:
        """Save what a rule wants written, in the person's name.

        Args:
            edits: What an action or a draft returned.
            source: Which page saves.
            seen: The ticket's row that the person saw, so that nobody's change is overwritten.

        Raises:
            OpslineError: The person may not, or the book refused; nothing was written.
        """
        from sheets_schema.book import Change

        changes = []
        for edit in edits:
            before = _before(edit, seen)
            changes.append(Change(edit.table, edit.cells, edit.id, before))
        return self.desk.save(changes, source)

    def choice(self, field: str, code: object) -> str:
        """Return what a code of a ticket's field is called; blank for a missing one."""
        return "" if blank(code) else self.table.field(field).choice_label(code, self.desk.language)

    def priority(self, code: object) -> str:
        """Return a priority as safe HTML."""
        return (
            badge(self.choice("priority", code), PRIORITY_TONES.get(text_of(code), "grey"))
            if not blank(code)
            else ""
        )

    def status_tone(self, code: object) -> Tone:
        """Return the tone of a status' category."""
        return STATUS_TONES.get(self.rules.category_of(code), "grey")

    def state(self, state: object) -> str:
        """Return how a promise stands, in words."""
        return self.desk.say(f"tickets.state.{state}")

    def left(self, hours: object) -> str:
        """Return working hours left as people say them: "2 h 15 min left", "3 h over"."""
        if blank(hours):
            return ""
        amount = hours_words(self.desk, abs(float(hours)))  # type: ignore[arg-type]
        return self.desk.say("tickets.left" if float(hours) >= 0 else "tickets.over", amount=amount)  # type: ignore[arg-type]

    def people(self) -> list[tuple[str, str]]:
        """Return (name, code) of the people who work here now."""
        people = self.desk.frame("people")
        today = self.desk.now().tz_convert(self.desk.book.time_zone).tz_localize(None).normalize()
        here = people["id"].notna() & ~(people["active_to"] < today) & (people["role"] != "viewer")
        return [(self.desk.name("people", code), str(code)) for code in people.loc[here, "id"]]

    def teams(self, kind: str = "") -> list[tuple[str, str]]:
        """Return (name, code) of the teams, or of those of one kind."""
        teams = self.desk.frame("teams")
        wanted = teams["id"].notna() & ((teams["kind"] == kind) | (kind == ""))
        return [(self.desk.name("teams", code), str(code)) for code in teams.loc[wanted, "id"]]

    def personal(self, field: str, value: object) -> str:
        """Return a value as this person may see it: personal data is masked for a viewer."""
        shown = text_of(value)
        hidden = self.table.field(field).personal and self.desk.role == "viewer"
        return mask(shown) if hidden else shown


def muted(words: str) -> str:
    """Return a quiet paragraph as safe HTML."""
    return f'<p class="op-text op-muted">{escape(words)}</p>'


def hours_words(desk: Desk, hours: float) -> str:
    """Return hours as people say them: "45 min", "2 h 05 min"."""
    minutes = round(hours * 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return desk.say("tickets.minutes", minutes=minutes)
    whole, rest = divmod(minutes, 60)
    key = "tickets.hours" if rest == 0 else "tickets.hours_minutes"
    return desk.say(key, hours=f"{whole:,}", minutes=f"{rest:02d}")


def _before(edit: Edit, seen: Mapping[str, Any] | None) -> dict[str, object]:
    """Return what the person saw in the cells that an edit changes; nothing for a new row."""
    return {} if edit.id is None or seen is None else {name: _known(seen[name]) for name in edit.cells}


def _known(value: object) -> object:
    """Return a cell's value; None where it is missing."""
    return None if not isinstance(value, str) and pd.isna(value) else value  # type: ignore[call-overload]
