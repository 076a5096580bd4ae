"""The page in Panel: `panel serve panel_app.py`."""

import figures
import pandas as pd
import panel as pn

pn.extension("plotly")


@pn.cache
def tickets() -> pd.DataFrame:
    """Read once for all sessions."""
    return figures.read()


def show(category: str) -> None:
    """Answer the drop-down."""
    shown = figures.chosen(tickets(), category)
    for tile, (label, value) in zip(tiles, figures.tiles(shown), strict=True):
        tile.object = f"{label}<h2>{value}</h2>"
    for chart, figure in zip(charts, figures.charts(shown), strict=True):
        chart.object = figure


select = pn.widgets.Select(name="Category", options=figures.choices(tickets()))
tiles = [pn.pane.HTML() for _ in range(6)]
charts = [pn.pane.Plotly(sizing_mode="stretch_width", height=320) for _ in range(3)]
show(select.value)
select.param.watch(lambda event: show(event.new), "value")
pn.Column(select, pn.Row(*tiles), *charts, sizing_mode="stretch_width").servable(title="Tickets")
