"""How figures, periods and colours of KPIs are said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sheets_schema.kpis.periods import is_period, kind_of
from widgets.parts import Tone

if TYPE_CHECKING:
    from widgets.desk import Desk

DASH = "–"
SHORT = 3
"""The most letters of a unit that stand beside a large figure."""
TONES: dict[str, Tone] = {"green": "green", "amber": "amber", "red": "red"}


def figure(value: Any, decimals: Any = 1) -> str:
    """Return a number with its decimals and separated thousands; a dash where it is not known.

    >>> figure(48000.0, 0), figure(86.04, 1), figure(float("nan")), figure(float("inf"))
    ('48,000', '86.0', '–', '∞')
    """
    if value is None or pd.isna(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    places = 1 if decimals is None or pd.isna(decimals) else int(decimals)
    return f"{float(value):,.{places}f}".replace("-", "−")


def with_unit(value: Any, kpi: pd.Series) -> str:
    """Return a KPI's figure with its unit: "86.0 %"."""
    words = figure(value, kpi.get("decimals"))
    unit = kpi.get("unit")
    return words if words == DASH or unit is None or pd.isna(unit) else f"{words} {unit}"


def reached(row: Any, kpi: pd.Series) -> str:
    """Return a row's actual with its unit, with one decimal more where rounding would hide a miss.

    94.97 % against 95.0 % is "94.97 %", because "95.0 %" in amber would be read as a mistake.
    """
    value, target, places = row["actual"], row["target"], kpi.get("decimals")
    alike = figure(value, places) == figure(target, places) != DASH
    if not alike or row["colour"] not in {"amber", "red"}:
        return with_unit(value, kpi)
    finer = 2 if places is None or pd.isna(places) else int(places) + 1
    return with_unit(value, pd.concat([kpi.drop("decimals"), pd.Series({"decimals": finer})]))


def short(value: Any, kpi: pd.Series) -> str:
    """Return a KPI's figure as a tile has room for it: a long unit is left to the target beside it."""
    unit = kpi.get("unit")
    is_long = unit is not None and not pd.isna(unit) and len(str(unit)) > SHORT
    return figure(value, kpi.get("decimals")) if is_long else with_unit(value, kpi)


def counted(desk: Desk, one: pd.Series) -> str:
    """Return how many cases a newest figure comes from, and of which month it is."""
    when = period(desk, one["as_of"])
    return when if pd.isna(one["n"]) else desk.say("kpis.tile_n", n=figure(one["n"], 0), period=when)


def share(value: Any) -> str:
    """Return a ratio as per cent.

    >>> share(0.972)
    '97.2 %'
    """
    words = figure(value * 100 if value is not None and not pd.isna(value) else None)
    return words if words in {DASH, "∞"} else f"{words} %"


def period(desk: Desk, written: Any) -> str:
    """Return a period as people say it: "Nov 2026", "Q4 2026", "2026"."""
    if not is_period(written):
        return "" if written is None or pd.isna(written) else str(written)
    kind = kind_of(written)
    if kind == "year":
        return desk.say("kpis.year", year=written)
    if kind == "quarter":
        return desk.say("kpis.quarter", quarter=written[-1], year=written[:4])
    return desk.say("kpis.month", month=pd.Timestamp(f"{written}-01"))


def status(desk: Desk, row: Any) -> str:
    """Return a colour as a word; the reason where there is none."""
    if row["colour"] == "grey":
        return desk.say(f"kpis.why.{row['why']}")
    return desk.say(f"kpis.colour.{row['colour']}")


def tone(row: Any) -> Tone:
    """Return the colour as the theme names it."""
    return TONES.get(str(row["colour"]), "grey")
