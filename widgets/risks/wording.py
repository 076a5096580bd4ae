"""How levels, cells and sums of money are said on the risk page."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sheets_schema.risks.level import SCALE
from widgets.parts import TONES, Tone

if TYPE_CHECKING:
    from widgets.desk import Desk

DASH: Final = "–"
COLOUR: Final = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
NAMED: Final = {
    "green": "#2b8a4e",
    "amber": "#d08a12",
    "red": "#c63d34",
    "grey": "#8792a0",
    "blue": "#3273c9",
}
TONE_OF_SHARE: Final[tuple[Tone, ...]] = ("green", "amber", "red")
MARK: Final = "display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:5px;background:"


def level_name(desk: Desk, level: Any) -> str:
    """Return what a level is called; a dash where there is none."""
    return desk.name("risk_levels", level) if level and not pd.isna(level) else DASH


def colour_of(levels: pd.DataFrame, level: object) -> str:
    """Return a level's colour as "#rrggbb"; blank where the sheet gives none that is safe to use.

    >>> levels = pd.DataFrame({"id": ["low", "high"], "colour": ["#2E7D32", "red;} body{"]})
    >>> colour_of(levels, "low"), colour_of(levels, "high"), colour_of(levels, "none")
    ('#2E7D32', '', '')
    """
    found = levels.loc[levels["id"] == level, "colour"].dropna()
    colour = str(found.iloc[0]).strip() if len(found) else ""
    return NAMED.get(colour.lower(), colour if COLOUR.fullmatch(colour) else "")


def tone_of(levels: pd.DataFrame, level: object) -> Tone:
    """Return a level's tone by its place among the bands, from green (lowest) to red (highest two)."""
    names = levels["id"].tolist()
    if level not in names:
        return "grey"
    place = names.index(level) / max(len(names) - 1, 1)
    return TONE_OF_SHARE[min(round(place * len(TONE_OF_SHARE) - 0.01), len(TONE_OF_SHARE) - 1)]


def level_html(desk: Desk, levels: pd.DataFrame, likelihood: Any, impact: Any, level: Any) -> str:
    """Return "4 × 3 = 12 High" with the level's colour before it, as safe HTML."""
    if pd.isna(likelihood) or pd.isna(impact):
        return DASH
    colour = colour_of(levels, level)
    mark = f'<span aria-hidden="true" style="{MARK}{colour}"></span>' if colour else ""
    words = f"{likelihood} × {impact} = {likelihood * impact} {level_name(desk, level)}"
    return f'<span style="white-space:nowrap">{mark}{escape(words)}</span>'


def money(value: Any) -> str:
    """Return a sum in the workbook's unit of money; a dash where it is not known.

    >>> money(49.71), money(1234.5), money(float("nan"))
    ('49.7', '1,234', '–')
    """
    if value is None or pd.isna(value):
        return DASH
    return f"{float(value):,.0f}" if abs(value) >= 1000 else f"{float(value):,.1f}"  # noqa: PLR2004


def cells_of(text: str) -> tuple[int, int] | None:
    """Return likelihood and impact of a cell's name; None where it is none.

    >>> cells_of("4x3"), cells_of("6x1"), cells_of("")
    ((4, 3), None, None)
    """
    parts = re.fullmatch(r"([1-5])x([1-5])", text)
    return (int(parts[1]), int(parts[2])) if parts else None


__all__ = ["SCALE", "TONES", "cells_of", "colour_of", "level_html", "level_name", "money", "tone_of"]
