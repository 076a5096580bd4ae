"""The 5 x 5 heat map: a table of buttons, so that a keyboard and a screen reader have all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from widgets.assets import loader

HERE = Path(__file__).parent


class HeatMap(anywidget.AnyWidget):
    """Twenty-five cells, each a button; movements are drawn over them as arrows.

    `cells` is "4x3" (likelihood x impact) -> `ids` (the risks in it), `place` (what a screen reader
    says before them) and `colour` (a hexadecimal colour of its level, or blank). `ways` is a list of
    `from`, `to` (cells) and `worse`. `chosen` is the cell chosen with a click or Enter; `picked`
    counts the choices, so that the same cell chosen twice is seen twice.
    """

    _esm = loader("heat")
    _css = (HERE / "heat_map.css").read_text(encoding="utf-8")
    cells = t.Dict().tag(sync=True)
    ways: t.List[dict[str, Any]] = t.List().tag(sync=True)
    words = t.Dict().tag(sync=True)
    chosen = t.Unicode().tag(sync=True)
    picked = t.Int().tag(sync=True)

    def show(self, cells: dict[str, Any], ways: list[dict[str, Any]]) -> None:
        """Show other counts and movements."""
        with self.hold_sync():
            self.cells, self.ways = cells, ways
