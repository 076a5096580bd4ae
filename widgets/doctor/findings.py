"""Findings in groups of a kind, each with a box to tick, what stands there and what would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as ipw

from sheets_schema.doctor.finding import KINDS
from sheets_schema.language.cells import as_text
from widgets.input import Input, select
from widgets.parts import Tone, badge, card, link, markup, row, text

if TYPE_CHECKING:
    from sheets_schema.doctor import Finding
    from widgets.desk import Desk

SHOWN: Final = 20
"""Findings of a kind that have a box of their own; the kind's own box ticks all of it."""
TONES: Final[dict[str, Tone]] = {"sure": "green", "likely": "amber", "person": "grey"}
FILTERS: Final = ("kind", "sheet", "trust")
SIGNS: Final = {"\u00a0": "⍽", "\u3000": "⍽", "\u200b": "⌷", "\ufeff": "⌷", "  ": "␣␣", "\n": "↵"}
"""White space that cannot be seen -> what is shown for it."""


class Findings(ipw.VBox):
    """All findings, filtered and grouped.

    Args:
        desk: The page's desk.
        counted: Called whenever something was ticked or not any more.
    """

    def __init__(self, desk: Desk, counted: Callable[[], None]) -> None:
        self.desk, self._counted = desk, counted
        self.findings: Sequence[Finding] = ()
        self._ticked: set[str] = set()
        self.groups: dict[str, Group] = {}
        self.filters = {name: self._filter(name) for name in FILTERS}
        self.body = ipw.VBox()
        self.body.add_class("op-column")
        super().__init__([row(*self.filters.values()), self.body])
        self.add_class("op-column")

    def update(self, findings: Sequence[Finding]) -> None:
        """Take newer findings; ticks of those that are still there stay."""
        self.findings = findings
        self._ticked &= {each.id for each in findings}
        for name, control in self.filters.items():
            options = self._options(name)
            control.options = [list(option) for option in options]
            if control.value not in {code for _, code in options}:
                control.value = ""
        self.draw()

    def ticked(self) -> list[Finding]:
        """Return what is ticked, whether the filters show it or not."""
        return [each for each in self.findings if each.id in self._ticked]

    def tick(self, ids: Sequence[str], *, on: bool) -> None:
        """Tick findings, or take their ticks away."""
        self._ticked = self._ticked | set(ids) if on else self._ticked - set(ids)
        self._counted()

    def is_ticked(self, id_: str) -> bool:
        """Say whether a finding is ticked."""
        return id_ in self._ticked

    def draw(self) -> None:
        """Show what the filters let through, a card for each kind."""
        chosen = {name: control.value for name, control in self.filters.items()}
        shown = [
            each
            for each in self.findings
            if all(not chosen[name] or _facet(each, name) == chosen[name] for name in FILTERS)
        ]
        by_kind = {kind: [each for each in shown if each.kind == kind] for kind in KINDS}
        self.groups = {kind: Group(self, kind, some) for kind, some in by_kind.items() if some}
        self.body.children = tuple(self.groups.values())
        self._counted()

    def _filter(self, name: str) -> Input:
        """Return one filter."""
        control = select(self.desk.say(f"doctor.page.{name}"), [(self.desk.say("common.all"), "")])
        control.observe(lambda _: self.draw(), "value")
        return control

    def _options(self, name: str) -> list[tuple[str, str]]:
        """Return what a filter offers: what there is."""
        there = dict.fromkeys(_facet(each, name) for each in self.findings)
        say, tables = self.desk.say, self.desk.book.tables
        labels = {
            "kind": lambda code: say(f"doctor.kind.{code}"),
            "sheet": lambda code: tables[code].label(self.desk.language),
            "trust": lambda code: say(f"doctor.confidence.{code}"),
        }
        return [(say("common.all"), ""), *((labels[name](code), code) for code in there)]


class Group(ipw.VBox):
    """The findings of one kind."""

    def __init__(self, owner: Findings, kind: str, findings: Sequence[Finding]) -> None:
        self.owner, self.findings = owner, findings
        say = owner.desk.say
        self.ids = [each.id for each in findings if each.can_fix]
        title = f"{say(f'doctor.kind.{kind}')} ({len(findings)})"
        self.all = Input(say("doctor.page.all", count=len(self.ids)), "check", self._is_full())
        self.boxes = {each.id: self._box(each) for each in findings[:SHOWN] if each.can_fix}
        lines: list[ipw.Widget] = [self.all] if len(self.ids) > 1 else []
        for each in findings[:SHOWN]:
            lines += [*([self.boxes[each.id]] if each.can_fix else []), markup(told(owner.desk, each))]
        if len(findings) > SHOWN:
            lines.append(text(say("doctor.page.more", count=len(findings) - SHOWN), muted=True))
        super().__init__([card(title, lines)])
        self.all.observe(self._on_all, "value")

    def _is_full(self) -> bool:
        """Say whether all that can be put right is ticked."""
        return bool(self.ids) and all(map(self.owner.is_ticked, self.ids))

    def _box(self, finding: Finding) -> Input:
        """Return the box of one finding, called by its cell and the fix."""
        desk, fault = self.owner.desk, finding.fault
        label = f"{fault.sheet}!{fault.cell or 'A1'} · {finding.fix.message.text(desk.language)}"
        box = Input(label, "check", self.owner.is_ticked(finding.id))
        box.observe(lambda change: self._on_one(finding.id, on=bool(change["new"])), "value")
        return box

    def _on_one(self, id_: str, *, on: bool) -> None:
        """One box was ticked, or not any more."""
        if self.owner.is_ticked(id_) != on:
            self.owner.tick([id_], on=on)

    def _on_all(self, change: Any) -> None:
        """The box of the kind: all of it, also what has no box of its own."""
        self.owner.tick(self.ids, on=bool(change["new"]))
        for box in self.boxes.values():
            box.value = bool(change["new"])


def _facet(finding: Finding, name: str) -> str:
    """Return what a filter compares."""
    facets = {"kind": finding.kind, "sheet": finding.fault.sheet, "trust": finding.confidence}
    return facets[name]


def told(desk: Desk, finding: Finding) -> str:
    """Return what is said of a finding, as safe HTML: the cell as a link, what is wrong, old and new."""
    fault, language = finding.fault, desk.language
    cell = f"{fault.sheet}!{fault.cell}"
    place = f"&range={fault.cell}" if fault.cell else ""
    there = fault.sheet in desk.book.workbook.grids
    where = link(f"{desk.sheet_link(fault.sheet)}{place}", cell) if there else escape(fault.sheet)
    what = escape(finding.what(language).removeprefix(cell).lstrip("：: "))
    trust = badge(desk.say(f"doctor.confidence.{finding.confidence}"), TONES[finding.confidence])
    says = "" if finding.can_fix else f" {escape(finding.fix.message.text(language))}"
    return f'<div class="op-text">{where} {what}{says} {trust}{_preview(desk, finding)}</div>'


def _preview(desk: Desk, finding: Finding) -> str:
    """Return what stands in a cell and what would, with white space that shows; blank for the rest."""
    if finding.fix.action not in {"write", "header"}:
        return ""
    old, new = finding.formula or finding.fault.found, finding.fix.value
    field = desk.book.tables[finding.fault.sheet]
    name = finding.fault.field
    if finding.fix.action == "write" and name in field.names and not isinstance(new, str | bool):
        from sheets_schema.book.journal import text_of

        new = text_of(field.field(name), new)
    facts = {"old": visible(old), "new": visible(new)}
    return f'<br><span class="op-muted">{escape(desk.say("doctor.page.preview", **facts))}</span>'


def visible(cell: object) -> str:
    """Return a cell as text in which white space can be seen, at most one line.

    >>> visible(" Lamp\u00a0is  here"), visible("")
    ('␣Lamp⍽is␣␣here', '∅')
    """
    words = cell if isinstance(cell, str) else as_text(cell)
    if not words:
        return "∅"
    for hidden, sign in SIGNS.items():
        words = words.replace(hidden, sign)
    words = f"␣{words[1:]}" if words.startswith(" ") else words
    words = f"{words[:-1]}␣" if words.endswith(" ") else words
    return words if len(words) <= 120 else f"{words[:119]}…"  # noqa: PLR2004 - a line or two
