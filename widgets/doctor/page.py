"""The sheet doctor's page: look, tick, put right; the score of the data; rows in quarantine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ipywidgets as ipw

from sheets_schema.errors import OpslineError
from widgets.doctor.findings import Findings
from widgets.doctor.kept_rows import KeptRows
from widgets.doctor.rights import refuse_unless_theirs
from widgets.doctor.score import score_tiles
from widgets.parts import button, card, markup, note, row, tell, text
from widgets.progress import progress
from widgets.shell import Opener, page

if TYPE_CHECKING:
    from sheets_schema.book.examine import Examination
    from sheets_schema.doctor import Finding
    from sheets_schema.doctor.scores import Score
    from widgets.desk import Desk

TABLES = ("quarantine", "data_quality")
SOURCE = "doctor"


def doctor_page(book: Opener) -> ipw.Widget:
    """Return the page of the sheet doctor.

    Args:
        book: The workbook, or what opens it: one that cannot be opened is then told on the page.
    """
    return page(book, "doctor", TABLES, DoctorView)


class DoctorView(ipw.VBox):
    """The page; the workbook is looked at when the person asks for it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.seen: Examination | None = None
        self.scores: Sequence[Score] | None = None
        self.look = button(desk.say("doctor.page.look"), "blue")
        self.keep = button(desk.say("doctor.page.keep"))
        self.apply = button("", "blue")
        self.note = note("")
        self.tiles = markup("", ["op-tiles-box"])
        self.findings = Findings(desk, self.count)
        self.kept = KeptRows(desk, self._told)
        about = text(desk.say("doctor.page.about"), muted=True)
        self.hint = text(desk.say("doctor.page.not_yet"), muted=True)
        self.found = card(desk.say("doctor.page.findings"), [self.hint])
        scores = card(desk.say("doctor.page.scores"), [self.tiles])
        top = [about, row(self.look, self.keep), self.note]
        super().__init__([card("", top), scores, self.found, self.kept])
        self.add_class("op-column")
        self.keep.disabled = True
        self.look.on_click(lambda _: self._try(self._look))
        self.keep.on_click(lambda _: self._try(self._keep))
        self.apply.on_click(lambda _: self._try(self._apply))
        desk.on_refresh(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the scores that are kept, or those just measured, and the quarantine."""
        self.tiles.value = score_tiles(self.desk, self.scores)
        self.kept.update()

    def show(self, seen: Examination) -> None:
        """Show what was found."""
        from sheets_schema.book.quality import measure

        self.seen, self.scores = seen, measure(self.desk.book, seen, self.desk.now())
        self.findings.update(seen.findings)
        clean = text(self.desk.say("doctor.page.clean"))
        shown = [self.findings, row(self.apply)] if seen.findings else [clean]
        self.found.children = (self.found.children[0], *shown)
        self.keep.disabled = False
        self.count()
        self.refresh()

    def count(self) -> None:
        """Say on the button how much is ticked."""
        ticked = len(self.findings.ticked())
        self.apply.description = self.desk.say("doctor.page.apply", count=ticked)
        self.apply.disabled = not ticked

    def _look(self) -> None:
        """Look at the whole workbook."""
        from sheets_schema.book.examine import examine

        tell(self.note, "")
        with progress(self.desk, self.desk.say("doctor.page.looking")) as step:
            self.show(examine(self.desk.book, told=step))
        self._summary()

    def _summary(self) -> None:
        """Say how much was found."""
        seen, say = self.seen, self.desk.say
        if seen is None:
            return
        trust = [each.confidence for each in seen.findings]
        counts = {name: trust.count(name) for name in ("sure", "likely", "person")}
        sheets = len({each.fault.sheet for each in seen.findings})
        words = say("doctor.found", count=len(trust), sheets=sheets, **counts)
        tell(self.note, words if trust else say("doctor.page.clean"), "amber" if trust else "green")

    def _keep(self) -> None:
        """Keep today's score as data."""
        from sheets_schema.book.quality import record

        desk = self.desk
        refuse_unless_theirs(desk, ["data_quality"])
        if self.seen is not None:
            record(desk.book, self.seen, who=desk.person, source=SOURCE, now=desk.now())
            desk.reload()
            tell(self.note, desk.say("doctor.page.kept"), "green")

    def _apply(self) -> None:
        """Put right what is ticked."""
        from sheets_schema.book.treat import treat

        desk, ticked = self.desk, self.findings.ticked()
        if self.seen is None or not ticked:
            return
        refuse_unless_theirs(desk, changed_by(ticked))
        before = self.seen
        with progress(desk, desk.say("doctor.page.applying"), len(ticked)) as step:
            done = treat(
                desk.book,
                ticked,
                who=desk.person,
                source=SOURCE,
                now=desk.now(),
                language=desk.language,
                told=step,
            )
            self.show(before.with_newer(done.examination))
        desk.reload()
        words = desk.say("doctor.done", count=len(done.done))
        if done.left:
            words += " " + desk.say("doctor.left", count=len(done.left))
        tell(self.note, words, "amber" if done.left else "green")

    def _told(self, words: str, tone: str) -> None:
        """Say what became of something, where the person looks."""
        tell(self.note, words, "red" if tone == "red" else "green")

    def _try(self, action: Callable[[], None]) -> None:
        """Do something, or say why not."""
        try:
            action()
        except OpslineError as error:
            tell(self.note, error.text(self.desk.language), "red")


def changed_by(ticked: Sequence[Finding]) -> list[str]:
    """Return the tables whose rows a person must be allowed to change for some findings."""
    names = [each.fault.sheet for each in ticked]
    moved = any(each.fix.action == "quarantine" for each in ticked)
    return list(dict.fromkeys([*names, *(["quarantine"] if moved else [])]))
