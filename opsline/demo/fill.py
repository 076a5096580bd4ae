"""The demo's records on their way into a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

import pandas as pd

from opsline.demo import generate_frames, records
from opsline.demo.company import MANAGER
from opsline.demo.content import AS_OF, ZONE
from sheets_schema.book import Book
from sheets_schema.errors import NotProtected, OpslineError

__all__ = ["AlreadyFilled", "fill", "filled_from", "only_rules"]

SOURCE = "opsline demo"
PORTION = 20_000
"""Rows that are turned into records at once, so that a large demo does not fill the memory."""


RULES = (
    "settings",
    "teams",
    "calendars",
    "holidays",
    "statuses",
    "categories",
    "sla_policies",
    "priority_matrix",
    "risk_levels",
)
"""Tables of rules; a real desk changes them where it differs."""
DEMO_SETTINGS = ("company", "default_person", "as_of", "as_of_started")


class AlreadyFilled(OpslineError):
    """A workbook has rows already, and the demo overwrites nothing (facts: table)."""

    key = "imports.demo.full"


class BadSize(OpslineError):
    """A demo of no rows was asked for (facts: found)."""

    key = "imports.demo.size"


def filled_from(factor: float, seed: int, language: str) -> dict[str, pd.DataFrame]:
    """Generate the demo with its clock running from now; raise BadSize."""
    if not 0 < factor < float("inf"):
        raise BadSize(found=factor)
    return generate_frames(factor, seed=seed, language=language, started=pd.Timestamp.now("UTC").floor("s"))


def only_rules(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return what a real desk can start from: the rules of the demo, without its people and their work."""
    kept = {name: frames[name] for name in RULES}
    ours = {"created_by": None, "updated_by": None}
    kept = {name: frame.assign(**ours) for name, frame in kept.items()}
    settings = kept["settings"]
    kept["settings"] = settings[~settings["id"].isin(DEMO_SETTINGS)]
    kept["teams"] = kept["teams"].assign(lead=None)
    return kept


def fill(
    book: Book, frames: Mapping[str, pd.DataFrame], progress: Callable[[int], None] | None = None
) -> int:
    """Lay out a workbook and fill it.

    Args:
        book: A workbook, laid out or not; none of its tables may have a row.
        frames: Table -> rows, as `generate_frames` gives them.
        progress: Called with the number of rows done since it was last called.

    Returns:
        The number of rows.

    Raises:
        AlreadyFilled: A table has rows; nothing was changed.
    """
    with suppress(NotProtected):
        book.lay_out(ZONE)
    snapshot = book.load(*frames)
    for name in frames:
        if len(snapshot[name]) and name != "journal":
            raise AlreadyFilled(table=name)
    order = sorted(frames, key=lambda name: name != "settings")
    for name in order:
        frame = frames[name]
        for start in range(0, len(frame), PORTION):
            rows = records(frame.iloc[start : start + PORTION])
            book.append_many(
                name,
                rows,
                who=MANAGER,
                source=SOURCE,
                now=AS_OF.tz_convert("UTC"),
                progress=progress or (lambda _done: None),
            )
        if name == "settings":
            book.load()
    return sum(len(frame) for frame in frames.values())
