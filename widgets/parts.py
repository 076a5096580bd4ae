"""The small parts that pages are put together from: tiles, cards, badges, notes, buttons.

Everything that goes into them is escaped. Only `markup` takes ready HTML, and the parts that return `str`
(`badge`, `link`, `facts`) return HTML that is safe to give to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

import ipywidgets as ipw

Tone = Literal["green", "amber", "red", "grey", "blue"]
TONES: Final = ("green", "amber", "red", "grey", "blue")
SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a row of tiles.

    Args:
        label: What the figure is.
        value: The figure, as it is shown.
        trend: What it was, or where it goes; one short line.
        href: Where a click leads; blank where it leads nowhere.
        tone: How good the figure is.
        spark: Its last values, drawn as a small line; fewer than two draw none.
    """

    label: str
    value: str
    trend: str = ""
    href: str = ""
    tone: Tone = "grey"
    spark: tuple[float, ...] = ()


def markup(safe: str, classes: Sequence[str] = ()) -> ipw.HTML:
    """Show HTML that is already safe: built here, or escaped by the caller."""
    shown = ipw.HTML(safe)
    for name in ("op-html", *classes):
        shown.add_class(name)
    return shown


def text(words: str, *, muted: bool = False) -> ipw.HTML:
    """Show a paragraph."""
    return markup(f'<p class="op-text{" op-muted" if muted else ""}">{escape(words)}</p>')


def heading(words: str, level: int = 2) -> ipw.HTML:
    """Show a heading; the page's own title is the only one of level 1."""
    return markup(f"<h{level} class='op-heading'>{escape(words)}</h{level}>")


def badge(words: str, tone: Tone = "grey") -> str:
    """Return a small coloured word as safe HTML.

    >>> badge("<P1>", "red")
    '<span class="op-badge op-red">&lt;P1&gt;</span>'
    """
    return f'<span class="op-badge op-{_tone(tone)}">{escape(words)}</span>'


def link(href: str, words: str) -> str:
    """Return a link as safe HTML; plain text where *href* is blank or not an address of the web.

    >>> link("tickets?id=T-1", "T-1")
    '<a class="op-link" href="tickets?id=T-1">T-1</a>'
    >>> link("javascript:alert(1)", "no")
    'no'
    """
    if not is_address(href):
        return escape(words)
    outside = ' target="_blank" rel="noopener"' if href.startswith(("http://", "https://")) else ""
    return f'<a class="op-link" href="{escape(href)}"{outside}>{escape(words)}</a>'


def is_address(href: str) -> bool:
    """Say whether *href* leads to a page and does not run as a script."""
    href = href.strip()
    if not href:
        return False
    return href.startswith(SCHEMES) or ":" not in href.split("/", 1)[0].split("?", 1)[0]


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return label and value pairs as a safe HTML list; a value is ready HTML, a label is text."""
    lines = "".join(f"<div><dt>{escape(label)}</dt><dd>{value}</dd></div>" for label, value in rows)
    return f'<dl class="op-facts">{lines}</dl>'


def listing(items: Iterable[str], empty: str = "") -> str:
    """Return safe HTML items as a list, or the sentence *empty* where there are none."""
    lines = "".join(f"<li>{item}</li>" for item in items)
    if not lines:
        return f'<p class="op-text op-muted">{escape(empty)}</p>'
    return f'<ul class="op-list">{lines}</ul>'


def tiles(shown: Sequence[Tile]) -> ipw.HTML:
    """Show a row of figures; each is a link where it has an address."""
    return markup(tiles_html(shown), ["op-tiles-box"])


def tiles_html(shown: Sequence[Tile]) -> str:
    """Return a row of figures as safe HTML; what changes the figures in place sets it anew."""
    return f'<ul class="op-tiles">{"".join(map(_tile, shown))}</ul>'


def card(title: str, children: Sequence[ipw.Widget], *, tone: Tone = "grey") -> ipw.VBox:
    """Put *children* under a title, in a frame of their own."""
    top = [heading(title)] if title else []
    box = ipw.VBox([*top, *children])
    box.add_class("op-card")
    box.add_class(f"op-{_tone(tone)}")
    return box


def note(message: str, tone: Tone = "grey") -> ipw.HTML:
    """Show a sentence that a screen reader speaks as soon as it changes; see `tell`."""
    shown = markup("")
    tell(shown, message, tone)
    return shown


def tell(shown: ipw.HTML, message: str, tone: Tone = "grey") -> None:
    """Put another sentence into a `note`; a blank one hides it."""
    role = "alert" if tone == "red" else "status"
    shown.value = (
        f'<p class="op-note op-{_tone(tone)}" role="{role}">{escape(message)}</p>' if message else ""
    )


def button(label: str, tone: Tone = "grey") -> ipw.Button:
    """Return a button; blue is the page's main one, red destroys or sends back."""
    made = ipw.Button(description=label)
    made.add_class("op-button")
    made.add_class(f"op-{_tone(tone)}")
    return made


def row(*children: ipw.Widget) -> ipw.HBox:
    """Put parts side by side; they wrap where there is no room."""
    box = ipw.HBox(children)
    box.add_class("op-row")
    return box


def column(*children: ipw.Widget) -> ipw.VBox:
    """Put parts one under the other."""
    box = ipw.VBox(children)
    box.add_class("op-column")
    return box


def board(*children: ipw.Widget) -> ipw.Box:
    """Put cards in as many equal columns as there is room for; one on a phone."""
    box = ipw.Box(children)
    box.add_class("op-board")
    return box


def _tone(tone: str) -> str:
    """Return a tone that the theme knows."""
    return tone if tone in TONES else "grey"


def _tile(tile: Tile) -> str:
    """Return one figure as safe HTML."""
    inside = (
        f'<span class="op-tile-label">{escape(tile.label)}</span>'
        f'<span class="op-tile-value">{escape(tile.value)}</span>'
        f'<span class="op-tile-trend">{escape(tile.trend)}</span>{sparkline(tile.spark)}'
    )
    if is_address(tile.href):
        inside = f'<a href="{escape(tile.href)}">{inside}</a>'
    else:
        inside = f"<div>{inside}</div>"
    return f'<li class="op-tile op-{_tone(tile.tone)}">{inside}</li>'


def sparkline(values: Sequence[float], width: int = 96, height: int = 24) -> str:
    """Return a small line of *values* as SVG, for the eye only; blank for fewer than two."""
    known = [value for value in values if value == value]  # noqa: PLR0124 - NaN is not itself
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = width / (len(known) - 1)
    points = " ".join(
        f"{place * step:.1f},{height - 2 - (value - low) / span * (height - 4):.1f}"
        for place, value in enumerate(known)
    )
    return (
        f'<svg class="op-spark" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true">'
        f'<polyline points="{points}"/></svg>'
    )
