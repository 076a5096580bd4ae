"""What every one of the pages shows: six tiles and three charts of the tickets of one category.

Plain pandas and plotly, so that the peers (in their own environment) and ours compute the same figures in
the same time, and a page differs from another by its framework alone.
"""

import os
from typing import Any

import pandas as pd
import plotly.graph_objects as go

ALL = "All categories"
DONE = ("resolved", "closed", "cancelled", "rejected")
HOUR = pd.Timedelta(hours=1)
MARGIN = {"l": 40, "r": 10, "t": 40, "b": 40}


def read() -> pd.DataFrame:
    """Return the tickets of the Parquet file that BENCH_TICKETS names, prepared."""
    return prepared(pd.read_parquet(os.environ["BENCH_TICKETS"]))


def prepared(tickets: pd.DataFrame) -> pd.DataFrame:
    """Return what figures need of the tickets: worked out once, kept by every page with its data."""
    opened = tickets["opened_at"].dt.tz_localize(None)
    late = tickets["resolved_at"] - tickets["resolution_due"]
    return pd.DataFrame(
        {
            "category": tickets["category"].astype("category"),
            "priority": tickets["priority"].astype("category"),
            "channel": tickets["channel"].astype("category"),
            "month": opened.dt.strftime("%Y-%m").astype("category"),
            "week": opened.dt.to_period("W").dt.start_time.dt.strftime("%Y-%m-%d").astype("category"),
            "is_open": ~tickets["status"].isin(DONE),
            "answered": (tickets["first_response_at"] - tickets["opened_at"]) / HOUR,
            "resolved": (tickets["resolved_at"] - tickets["opened_at"]) / HOUR,
            "in_time": (late <= pd.Timedelta(0)).astype(float).where(late.notna()),
            "reopened": tickets["reopen_count"].fillna(0) > 0,
            "score": tickets["csat_score"].astype("Float64").astype(float),
        }
    )


def choices(tickets: pd.DataFrame) -> list[str]:
    """Return what the drop-down offers."""
    return [ALL, *tickets["category"].cat.categories]


def chosen(tickets: pd.DataFrame, category: str) -> pd.DataFrame:
    """Return the tickets of a category."""
    return tickets if category == ALL else tickets[tickets["category"] == category]


def tiles(tickets: pd.DataFrame) -> list[tuple[str, str]]:
    """Return six figures: what they are called, and how they are shown."""
    return [
        ("Tickets", f"{len(tickets):,}"),
        ("Open", f"{tickets['is_open'].sum():,}"),
        ("In time", f"{tickets['in_time'].mean():.1%}"),
        ("Median hours", f"{tickets['resolved'].median():.1f}"),
        ("Reopened", f"{tickets['reopened'].mean():.2%}"),
        ("Satisfaction", f"{tickets['score'].mean():.2f}"),
    ]


def charts(tickets: pd.DataFrame) -> list[Any]:
    """Return three figures: by month and priority, hours by week, and by channel."""
    counts = tickets.groupby(["month", "priority"], observed=True).size().unstack(fill_value=0)  # noqa: PD010
    bars = [go.Bar(name=name, x=list(counts.index), y=counts[name].tolist()) for name in counts]

    hours = tickets.groupby("week", observed=True)[["answered", "resolved"]].median().round(2).dropna()
    weeks = list(hours.index)
    lines = [go.Scatter(name=name, x=weeks, y=hours[name].tolist(), mode="lines+markers") for name in hours]

    channels = tickets["channel"].value_counts().sort_index()
    by_channel = go.Bar(x=channels.tolist(), y=list(channels.index), orientation="h")
    return [
        go.Figure(bars, {"title": "Tickets by month", "barmode": "stack", "height": 320, "margin": MARGIN}),
        go.Figure(lines, {"title": "Median hours by week", "height": 320, "margin": MARGIN}),
        go.Figure([by_channel], {"title": "Tickets by channel", "height": 320, "margin": MARGIN}),
    ]
