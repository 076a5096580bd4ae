"""The shell: what stands around every page, and the page put into it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from sheets_schema.words import LANGUAGES, say
from widgets import live
from widgets.address import address_of
from widgets.bar import Bar
from widgets.desk import Desk, chosen_language
from widgets.navigation import entries
from widgets.parts import card, heading, link, markup, note
from widgets.speech import SPEECH
from widgets.waiting import WaitingView

if TYPE_CHECKING:
    from sheets_schema.book import Book
    from sheets_schema.language import Fault

Opener: TypeAlias = "Book | Callable[[], Book]"
FAULTS_SHOWN = 50
OWN_NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
WORDS = tuple(
    f"shell.{name}"
    for name in (
        *("skip", "pages", "menu", "view", "language", "person", "workbook", "open_sheet"),
        *("theme", "theme_auto", "theme_light", "theme_dark"),
    )
)


def page(book: Opener, key: str, tables: Sequence[str], build: Callable[[Desk], ipw.Widget]) -> ipw.Widget:
    """Return a whole page: the shell around what *build* makes.

    Args:
        book: The workbook, or what opens it: `open_book` itself, so that a workbook that cannot be
            opened is told on the page too.
        key: The page's key, as in its notebook's metadata.
        tables: The tables that the page shows.
        build: Makes the page's content for a desk; called again when the language changes.

    Returns:
        The page. Where the workbook cannot be read, a card that says why, in one sentence.
    """
    try:
        desk = Desk(book() if callable(book) else book, key, tables)
    except OpslineError as error:
        query = dict(parse_qsl(os.environ.get("QUERY_STRING", "")))
        return Frameless(error, chosen_language(query, os.environ), f"?{urlencode(query)}")
    return Shell(desk, build)


def apology(error: OpslineError, language: str) -> ipw.Widget:
    """Return a card with an error's sentence."""
    shown = card(say("shell.cannot", language), [note(error.text(language), "red")], tone="red")
    shown.add_class("op-apology")
    return shown


class Frameless(ipw.VBox):
    """A page without its frame, because there is no workbook to fill it from."""

    def __init__(self, error: OpslineError, language: str, again: str) -> None:
        title = say("shell.cannot", language)
        served = os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
        self.bar = Bar(heading=title, language=language, served=served)
        said = [note(error.text(language), "red"), markup(link(again, say("shell.try_again", language)))]
        shown = card("", [heading(title, 1), *said], tone="red")
        shown.add_class("op-apology")
        self.main = ipw.VBox([shown])
        self.main.add_class("op-main")
        super().__init__([self.bar, self.main])
        self.add_class("op-shell")
        self.add_class("op-frameless")


class Shell(ipw.VBox):
    """The frame and the content; `bar` and `main` are its two parts."""

    def __init__(self, desk: Desk, build: Callable[[Desk], ipw.Widget]) -> None:
        self.desk, self._build = desk, build
        self.bar = Bar(
            language=desk.language,
            person=desk.person,
            languages=[[OWN_NAMES[code], code] for code in LANGUAGES],
            served=desk.is_served,
        )
        self.main = ipw.VBox()
        self.main.add_class("op-main")
        self.address = address_of(desk)
        desk.show_work = self._show_work
        super().__init__([self.bar, self.address, self.main])
        self.add_class("op-shell")
        self.fill()
        self.bar.observe(self._on_language, "language")
        self.bar.observe(self._on_person, "person")
        self.bar.observe(self._on_theme, "theme")
        self.watch = live.watch(desk, self.tell)

    def fill(self) -> None:
        """Build the page's content and the bar's words, in the desk's language."""
        desk = self.desk
        desk.forget()
        desk.on_refresh(self.tell)
        desk.on_query(self._on_arrival)
        self._show_pages()
        self.waiting = WaitingView(desk)
        desk.book.client.told = self.waiting.pause
        self.tell()
        self.bar.words = {**SPEECH.words(*WORDS)}
        self.bar.people = self._people()
        try:
            content = self._build(desk)
        except OpslineError as error:
            content = apology(error, desk.language)
        self.main.children = (self.waiting, content)
        self.address.in_place = desk.follows_query

    def tell(self, error: OpslineError | None = None) -> None:
        """Show how fresh the page is, or why it is not, what waits, and the faults of the workbook."""
        desk, bar = self.desk, self.bar
        self.waiting.refresh()
        taken = desk.local(desk.now() if desk.is_demo_clock else desk.snapshot.taken_at)
        if error is not None:
            reason = error.text(desk.language)
            bar.fresh = {
                "text": desk.say("shell.stale", reason=reason, moment=taken),
                "tone": "red",
            }
            return
        key = "shell.fresh_demo" if desk.is_demo_clock else "shell.fresh"
        bar.fresh = {"text": desk.say(key, moment=taken), "tone": "green"}
        bar.book = {"name": desk.book.title, "href": desk.sheet_link(desk.tables[-1])}
        bar.faults = faults_of(desk)
        known = desk.person in set(desk.frame("people")["id"].dropna())
        bar.notice = "" if known or not desk.person else desk.say("shell.stranger", person=desk.person)

    def _show_work(self, work: dict[str, object]) -> None:
        """Say what the kernel is busy with; see `widgets.progress`."""
        self.bar.work = work

    def _people(self) -> list[list[str]]:
        """Return who one can be here; nobody else where the server says who is asking."""
        desk = self.desk
        if "OPSLINE_PERSON" in desk.environment:
            return []
        people = [[name, code] for code, name in desk.names("people").items()]
        known = desk.person in desk.names("people")
        return people if known else [[desk.say("shell.nobody"), desk.person], *people]

    def _show_pages(self) -> None:
        """Show the navigation; folder and labels are read anew each time."""
        desk = self.desk
        found = entries(desk.environment)
        self.bar.pages = [
            {
                "href": desk.href(entry.notebook),
                "label": entry.label(desk.language),
                "current": entry.key == desk.key,
                "key": entry.key,
            }
            for entry in found
        ]
        here = [entry.label(desk.language) for entry in found if entry.key == desk.key]
        self.bar.heading = here[0] if here else title_of(desk)

    def _on_language(self, change: Any) -> None:
        """Speak another language: build the page anew, here."""
        if change["new"] in LANGUAGES and change["new"] != self.desk.language:
            self.desk.speak(change["new"])
            self.desk.set_query(lang=change["new"])
            self.fill()

    def _on_arrival(self) -> None:
        """Be in the language, and the person, that the back button has brought."""
        query = self.desk.query
        if query.get("lang") in LANGUAGES:
            self.bar.language = query["lang"]
        if "person" in query:
            self.bar.person = query["person"]

    def _on_person(self, change: Any) -> None:
        """Be another person, where the server does not say who is asking."""
        if "OPSLINE_PERSON" in self.desk.environment or change["new"] == self.desk.person:
            return
        self.desk.person = change["new"]
        self.desk.set_query(person=change["new"])
        self.fill()

    def _on_theme(self, _change: Any) -> None:
        """Take out of the address what it said of the theme: the browser knows better now."""
        self.desk.set_query(theme=None)
        self._show_pages()


def title_of(desk: Desk) -> str:
    """Return the page's name where no notebook gives it one."""
    try:
        return desk.say(f"nav.{desk.key}")
    except KeyError:
        return desk.key


def faults_of(desk: Desk) -> dict[str, Any]:
    """Return the workbook's faults as the bar shows them: cell, sentence, link to the cell."""
    faults = desk.snapshot.faults
    if not faults:
        return {}
    count = len(faults)
    shown = faults[:FAULTS_SHOWN]
    return {
        "summary": desk.say("shell.faults_one" if count == 1 else "shell.faults", count=count),
        "items": [_fault(desk, fault) for fault in shown],
        "more": desk.say("shell.more_faults", count=count - len(shown)) if count > len(shown) else "",
    }


def _fault(desk: Desk, fault: Fault) -> dict[str, str]:
    """Return one fault: its cell, what is said of it, and the cell's address in the spreadsheet."""
    cell = f"{fault.sheet}!{fault.cell}"
    said = fault.text(desk.language).removeprefix(cell).strip()
    place = f"&range={fault.cell}" if fault.cell else ""
    return {"cell": cell, "text": said, "href": f"{desk.sheet_link(fault.sheet)}{place}"}
