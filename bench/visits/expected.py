"""What every page must show, worked out from the shared file: by choice, tiles and charts' numbers."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.peers import figures
from bench.visits import data


@dataclass(frozen=True)
class Shown:
    """Six values, and for each chart its traces as [x, y]."""

    tiles: list[str]
    charts: list[Any]


@cache
def expected(rows: int) -> dict[str, Shown]:
    """Return choice -> what is shown; the choices whose three charts differ from all the others'."""
    os.environ["BENCH_TICKETS"] = str(data.parquet(rows))
    tickets = figures.read()
    return {choice: shown(figures.chosen(tickets, choice)) for choice in figures.choices(tickets)}


def shown(tickets: Any) -> Shown:
    """Return what is shown of some tickets."""
    values = [value for _, value in figures.tiles(tickets)]
    traces = [[[plain(trace.x), plain(trace.y)] for trace in chart.data] for chart in figures.charts(tickets)]
    return Shown(values, traces)


def plain(values: Any) -> list[Any]:
    """Return a trace's values as the probe does: numbers to two places.

    >>> plain((1, 2.346, "2026-01"))
    [1, 2.35, '2026-01']
    """
    return [round(value, 2) if isinstance(value, float) else value for value in values]


def differences(found: tuple[list[str], list[Any]], wanted: Shown) -> list[str]:
    """Return what a page shows otherwise than it must; nothing where it is right."""
    tiles, charts = found
    said = [] if tiles == wanted.tiles else [f"tiles {tiles} instead of {wanted.tiles}"]
    if len(charts) != len(wanted.charts):
        return [*said, f"{len(charts)} charts instead of {len(wanted.charts)}"]
    pairs = enumerate(zip(charts, wanted.charts, strict=True), 1)
    return said + [f"chart {number} shows other numbers" for number, (has, must) in pairs if has != must]
