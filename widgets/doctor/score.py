"""The score of the data: a tile for each dimension, with where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.doctor.finding import DIMENSIONS
from sheets_schema.quality.measures import latest, trend
from widgets.parts import Tile, Tone, tiles_html

if TYPE_CHECKING:
    from sheets_schema.doctor.scores import Score
    from widgets.desk import Desk

GREEN, AMBER = 0.995, 0.98
"""From here on a dimension is green, and amber: an error rate of 0.5 % and 2 %."""


def score_tiles(desk: Desk, measured: Sequence[Score] | None) -> str:
    """Return the six dimensions as tiles, in safe HTML: as just measured, else as last kept."""
    kept = desk.frame("data_quality")
    newest = latest(kept)
    if measured is not None:
        rows = [(each.sheet, each.dimension, each.passed, each.checked) for each in measured]
        newest = pd.DataFrame(rows, columns=["sheet", "dimension", "passed", "checked"])
    return tiles_html([_tile(desk, name, newest, kept) for name in DIMENSIONS])


def _tile(desk: Desk, name: str, newest: pd.DataFrame, kept: pd.DataFrame) -> Tile:
    """Return one dimension: what passed of what was checked, rebuilt from both."""
    label = desk.say(f"doctor.dimension.{name}")
    mine = newest[newest["dimension"] == name]
    checked = int(mine["checked"].sum())
    past = trend(kept, name).dropna()
    spark = tuple(float(share) for share in past.tail(12))
    if not checked:
        return Tile(label, "–", desk.say("doctor.page.not_measured"), spark=spark)
    passed = int(mine["passed"].sum())
    share = passed / checked
    tone: Tone = "green" if share >= GREEN else "amber" if share >= AMBER else "red"
    said = desk.say("doctor.page.of", passed=f"{passed:,}", checked=f"{checked:,}")
    if len(past) > 1:
        before = shown(float(past.iloc[-2]))
        said += " · " + desk.say("doctor.page.was", share=before, day=desk.day(past.index[-2]))
    return Tile(label, shown(share), said, tone=tone, spark=spark)


def shown(share: float) -> str:
    """Return a share as a person reads it; only all of it is 100 %.

    >>> shown(1.0), shown(0.99999), shown(0.5)
    ('100 %', '99.99 %', '50.00 %')
    """
    return "100 %" if share == 1 else f"{min(share * 100, 99.99):.2f} %"
