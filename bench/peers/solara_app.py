"""The page in Solara: `solara run solara_app.py --production`."""

from functools import cache

import figures
import pandas as pd
import solara

category = solara.reactive(figures.ALL)


@cache
def tickets() -> pd.DataFrame:
    """Read once for all sessions."""
    return figures.read()


@solara.component
def Page() -> None:  # noqa: N802 (Solara looks for this name)
    """Show the page."""
    solara.Title("Tickets")
    shown = figures.chosen(tickets(), category.value)
    solara.Select("Category", values=figures.choices(tickets()), value=category)
    with solara.Columns([1] * 6):
        for label, value in figures.tiles(shown):
            solara.HTML("div", f"{label}<h2>{value}</h2>", classes=["tile"])
    for figure in figures.charts(shown):
        solara.FigurePlotly(figure)
