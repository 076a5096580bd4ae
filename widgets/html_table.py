"""A table of ready HTML cells that scrolls by itself where the page is narrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(label: str, heads: Sequence[str], lines: Iterable[str], empty: str = "") -> str:
    """Return rows as a table, or the sentence *empty* where there are none.

    Args:
        label: What the table shows; spoken, not seen.
        heads: The columns' headings, as text.
        lines: The rows, `<tr>...</tr>` each, as HTML that is already safe.
        empty: What is said where there is no row.

    Returns:
        Safe HTML: a region of its own, reached with the keyboard, so that a phone scrolls the table
        and not the page.

    >>> html_table("Teams", ["Team"], [], "None yet.")
    '<p class="op-text op-muted">None yet.</p>'
    """
    body = "".join(lines)
    if not body:
        return f'<p class="op-text op-muted">{escape(empty)}</p>' if empty else ""
    top = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    name = escape(label)
    return (
        f'<div role="region" tabindex="0" aria-label="{name}" style="overflow-x:auto">'
        f'<table class="op-table"><caption class="op-quiet">{name}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
