"""The page in Dash: `gunicorn --preload dash_app:server`; what was read before they forked is shared."""

from typing import Any

import figures
from dash import Dash, Input, Output, callback, dcc, html

TICKETS = figures.read()
app = Dash(__name__, title="Tickets")
server = app.server
app.layout = html.Div(
    [
        dcc.Dropdown(figures.choices(TICKETS), figures.ALL, clearable=False, id="category"),
        html.Div(id="tiles", style={"display": "flex", "gap": "2rem"}),
        *(dcc.Graph(id=f"chart{number}") for number in range(3)),
    ]
)


@callback(
    Output("tiles", "children"),
    *(Output(f"chart{number}", "figure") for number in range(3)),
    Input("category", "value"),
)
def show(category: str) -> list[Any]:
    """Answer the drop-down."""
    shown = figures.chosen(TICKETS, category)
    tiles = [html.Div([html.Span(label), html.H2(value)]) for label, value in figures.tiles(shown)]
    return [tiles, *figures.charts(shown)]


server.test_client().get("/")  # registers the scripts before the workers fork; else one may not know them yet
