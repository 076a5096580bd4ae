"""A plotly figure on a page, without plotly's 5 MB in the kernel's socket and without old data.

The figure travels as JSON; the page's one copy of plotly.js draws it, and draws all of it anew
whenever it changes (a stock FigureWidget was seen to keep old data after a filter, voila.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets as t

from widgets.assets import loader
from widgets.speech import SPEECH

WORDS = ("shell.chart.table", "shell.chart.chart", "shell.chart.missing", "shell.chart.point")


class Chart(anywidget.AnyWidget):
    """A figure with a label for screen readers, a table of its data, and clicks.

    Args:
        figure: A plotly `go.Figure`, or its JSON as a mapping. Colours that are not set come from the
            theme, light or dark, and so do those called "var(--op-red)" (green, amber, red, blue,
            grey, text, muted, line, surface, series-1 to -6); the width is that of the page.
        label: What the chart shows, in one sentence.
        height: In CSS pixels.

    `clicked` holds the last point that was clicked: `customdata`, `x`, `y`, `curve` (number of the
    trace) and `n`, which counts the clicks, so that the same point clicked twice is seen twice.
    """

    _esm = loader("chart")
    spec = t.Unicode("{}").tag(sync=True)
    label = t.Unicode().tag(sync=True)
    height = t.Int(320).tag(sync=True)
    clicked = t.Dict().tag(sync=True)
    language = t.Unicode("en").tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(self, figure: Any, label: str = "", height: int = 320, **more: Any) -> None:
        super().__init__(
            spec=to_json(figure),
            label=label,
            height=height,
            language=SPEECH.language,
            words=SPEECH.words(*WORDS),
            **more,
        )
        self._drawn = figure

    @property
    def figure(self) -> Any:
        """The figure shown; set it to show another one."""
        return self._drawn

    @figure.setter
    def figure(self, figure: Any) -> None:
        self._drawn = figure
        self.spec = to_json(figure)


def to_json(figure: Any) -> str:
    """Return a figure as plotly's JSON, without the template: the page's theme is its template.

    >>> to_json({"data": [], "layout": {"template": {"layout": {}}}})
    '{"data": [], "layout": {}}'
    """
    parts = figure if isinstance(figure, Mapping) else json.loads(figure.to_json())
    layout = {name: part for name, part in parts.get("layout", {}).items() if name != "template"}
    return json.dumps({"data": parts.get("data", []), "layout": layout})
