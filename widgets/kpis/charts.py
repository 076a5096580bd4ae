"""The figures of the KPI page, as plotly reads them; colours are the theme's own names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.kpis.periods import months_of, quarters_of
from widgets.kpis.wording import period, status, with_unit

if TYPE_CHECKING:
    from sheets_schema.desk_rules.kpis import KpiBoard
    from widgets.desk import Desk

Figure = dict[str, Any]
MARGIN = {"l": 8, "r": 8, "t": 28, "b": 8}
RED_FLAG, GOAL, FULL = 10 / 3, 20 / 3, 10.0


def scores(desk: Desk, newest: pd.DataFrame) -> Figure:
    """Return each KPI's score as a bar over the bands of red, amber and green (a bullet chart)."""
    rows = newest.iloc[::-1]
    names = [f"{row['kpi']} {desk.name('kpis', row['kpi'])}" for _, row in rows.iterrows()]
    points = [None if math.isnan(value) else round(value, 2) for value in rows["score"]]
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": points,
        "width": 0.42,
        "customdata": rows["kpi"].tolist(),
        "text": [status(desk, row) for _, row in rows.iterrows()],
        "textposition": "none",
        "hovertemplate": "%{y}<br>%{x} · %{text}<extra></extra>",
        "marker": {"color": [f"var(--op-{colour})" for colour in rows["colour"]]},
        "name": desk.say("kpis.score"),
    }
    bands = [("red", 0, RED_FLAG), ("amber", RED_FLAG, GOAL), ("green", GOAL, FULL)]
    shapes = [
        {
            "type": "rect", "xref": "x", "yref": "paper", "x0": left, "x1": right, "y0": 0, "y1": 1,
            "fillcolor": f"var(--op-{colour})", "opacity": 0.13, "line": {"width": 0}, "layer": "below",
        }
        for colour, left, right in bands
    ]  # fmt: skip
    axis = {"range": [0, FULL], "tickvals": [0, RED_FLAG, GOAL, FULL], "fixedrange": True}
    axis["ticktext"] = ["0", "3.3", "6.7", "10"]
    layout = {
        "shapes": shapes,
        "margin": MARGIN,
        "showlegend": False,
        "xaxis": axis,
        "yaxis": {"fixedrange": True},
    }
    return {"data": [bar], "layout": layout}


def trend(desk: Desk, months: pd.DataFrame, kpi: pd.Series) -> Figure:
    """Return a KPI's actuals in their colours, with the target as a line.

    A sum is drawn as bars from nothing; a ratio or a level as points, whose axis may begin near
    them, because a bar that does not begin at nothing shows a wrong proportion.
    """
    labels = [month_name(desk, month) for month in months["period"]]
    said = [f"{with_unit(row['actual'], kpi)} · {status(desk, row)}" for _, row in months.iterrows()]
    colours = [f"var(--op-{colour})" for colour in months["colour"]]
    is_sum = kpi["aggregation"] == "sum"
    actual: Figure = {
        "name": desk.say("kpis.actual"),
        "x": labels,
        "y": plain(months["actual"]),
        "customdata": months["period"].tolist(),
        "hovertext": said,
        "hovertemplate": "%{x}<br>%{hovertext}<extra></extra>",
    }
    points = {"type": "scatter", "mode": "lines+markers", "line": {"color": "var(--op-line)", "width": 2}}
    kind = {"type": "bar", "marker": {"color": colours}} if is_sum else points
    marker = {} if is_sum else {"marker": {"color": colours, "size": 13}}
    line = {
        "type": "scatter",
        "mode": "lines+markers" if is_sum else "lines",
        "name": desk.say("kpis.target"),
        "x": labels,
        "y": plain(months["target"]),
        "customdata": months["period"].tolist(),
        "line": {"color": "var(--op-text)", "width": 2, "dash": "dot", "shape": "hvh"},
        "marker": {"color": "var(--op-text)", "size": 5},
        "hovertemplate": "%{x}<br>%{y}<extra></extra>",
    }
    layout = {
        "margin": MARGIN,
        "yaxis": {"fixedrange": True, "rangemode": "tozero" if is_sum else "normal"},
        "xaxis": {"fixedrange": True, "type": "category"},
    }
    return {"data": [line, actual | kind | marker], "layout": layout}


def breakdown(desk: Desk, targets: Mapping[str, float], board: KpiBoard, kpi: pd.Series) -> Figure:
    """Return the target of the year over its quarters over its months.

    A sum is drawn as three rows whose parts lie under what they are parts of; a level, whose
    parts do not sum, as three groups of bars.
    """
    levels = [
        (desk.say("kpis.breakdown.year"), [str(board.year)]),
        (desk.say("kpis.breakdown.quarter"), list(quarters_of(board.year))),
        (desk.say("kpis.breakdown.month"), list(months_of(str(board.year), board.start))),
    ]
    known = [value for value in targets.values() if not math.isnan(value)]
    if kpi["aggregation"] == "sum" and known and min(known) >= 0:
        return _icicle(desk, targets, levels, kpi)
    return _steps(desk, targets, levels, kpi)


def _icicle(
    desk: Desk, targets: Mapping[str, float], levels: list[tuple[str, list[str]]], kpi: pd.Series
) -> Figure:
    """Return rows of bars, each part beginning where the one before it ends."""
    data = []
    for place, (name, periods) in enumerate(levels, start=1):
        sizes = [0.0 if math.isnan(targets.get(p, math.nan)) else targets[p] for p in periods]
        bases = [sum(sizes[:number]) for number in range(len(sizes))]
        words = [f"{period(desk, p)}: {with_unit(targets.get(p), kpi)}" for p in periods]
        edge = {"color": "var(--op-surface)", "width": 2}
        data.append(
            {
                "type": "bar", "orientation": "h", "name": name, "y": [name] * len(periods), "x": sizes,
                "base": bases, "customdata": periods, "width": 0.92,
                "text": [p[5:] or p for p in periods], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0, "hovertext": words,
                "hovertemplate": "%{hovertext}<extra></extra>",
                "marker": {"color": f"var(--op-series-{place})", "line": edge},
            }
        )  # fmt: skip
    layout = {
        "margin": MARGIN, "showlegend": False, "barmode": "overlay", "bargap": 0.06,
        "xaxis": {"fixedrange": True}, "yaxis": {"fixedrange": True, "autorange": "reversed"},
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _steps(
    desk: Desk, targets: Mapping[str, float], levels: list[tuple[str, list[str]]], kpi: pd.Series
) -> Figure:
    """Return a level's targets: a step line of months, quarters and the year over one another."""
    months = levels[-1][1]
    labels = [month_name(desk, month) for month in months]
    widths = {name: len(months) // len(periods) for name, periods in levels}
    data = []
    for place, (name, periods) in enumerate(levels, start=1):
        spread = [p for p in periods for _ in range(widths[name])]
        words = [f"{period(desk, p)}: {with_unit(targets.get(p), kpi)}" for p in spread]
        data.append(
            {
                "type": "scatter", "mode": "lines+markers", "name": name, "x": labels,
                "y": plain(pd.Series([targets.get(p, math.nan) for p in spread])),
                "customdata": spread, "hovertext": words, "hovertemplate": "%{hovertext}<extra></extra>",
                "line": {"color": f"var(--op-series-{place})", "shape": "hvh", "width": 4 - place},
                "marker": {"size": 5},
            }
        )  # fmt: skip
    layout = {"margin": MARGIN, "xaxis": {"fixedrange": True, "type": "category"}}
    return {"data": data, "layout": layout | {"yaxis": {"fixedrange": True}}}


def month_name(desk: Desk, month: str) -> str:
    """Return a month without its year, for an axis: "Jan"."""
    return desk.say("kpis.month_short", month=pd.Timestamp(f"{month}-01"))


def plain(values: pd.Series) -> list[float | None]:
    """Return numbers as JSON can hold them: None where one is not known."""
    return [None if pd.isna(value) or math.isinf(value) else float(value) for value in values]
