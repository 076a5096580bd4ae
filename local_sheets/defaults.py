"""What a new spreadsheet says of itself: Google's defaults, as its answers carry them."""

import copy
from typing import Any

from local_sheets.errors import Json
from local_sheets.store.book import DEFAULT_COLUMNS, DEFAULT_ROWS

_WHITE = {"red": 1, "green": 1, "blue": 1}

DEFAULT_FORMAT: Json = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}

_THEME = {
    "TEXT": {},
    "BACKGROUND": _WHITE,
    "ACCENT1": {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275},
    "ACCENT2": {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314},
    "ACCENT3": {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275},
    "ACCENT4": {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902},
    "ACCENT5": {"red": 1, "green": 0.42745098, "blue": 0.003921569},
    "ACCENT6": {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706},
    "LINK": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8},
}


def book_properties(given: Json) -> Json:
    """Return SpreadsheetProperties, the defaults filled in."""
    theme: dict[str, Any] = {
        "primaryFontFamily": "Arial",
        "themeColors": [
            {"colorType": name, "color": {"rgbColor": colour}} for name, colour in _THEME.items()
        ],
    }
    properties: Json = {
        "title": given.get("title") or "Untitled spreadsheet",
        "locale": given.get("locale") or "en_US",
        "autoRecalc": given.get("autoRecalc") or "ON_CHANGE",
        "timeZone": given.get("timeZone") or "Etc/GMT",
        "defaultFormat": DEFAULT_FORMAT,
        "spreadsheetTheme": given.get("spreadsheetTheme") or theme,
    }
    if given.get("iterativeCalculationSettings"):
        properties["iterativeCalculationSettings"] = given["iterativeCalculationSettings"]
    return copy.deepcopy(properties)


def sheet_properties(given: Json, number: int, title: str) -> Json:
    """Return SheetProperties, the defaults filled in; `index` is not kept."""
    grid = dict(given.get("gridProperties") or {})
    grid = {
        "rowCount": grid.pop("rowCount", None) or DEFAULT_ROWS,
        "columnCount": grid.pop("columnCount", None) or DEFAULT_COLUMNS,
        **{name: value for name, value in grid.items() if value},
    }
    kept: Json = {"sheetId": number, "title": given.get("title") or title, "sheetType": "GRID"}
    kept["gridProperties"] = grid
    for name in ("hidden", "tabColor", "tabColorStyle", "rightToLeft"):
        if given.get(name):
            kept[name] = copy.deepcopy(given[name])
    return kept
