"""Colours: Google's shares of red, green and blue, Excel's hex, themes and tints."""

import colorsys
import re
from typing import Any

from local_sheets.errors import Json
from local_sheets.schema.numbers import single
from local_sheets.xlsx.package import openpyxl

_PARTS = ("red", "green", "blue")
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_OFFICE = (
    "FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646",
    "0000FF", "800080",
)  # fmt: skip


def to_hex(colour: Json) -> str:
    """Return a colour as RRGGBB.

    >>> to_hex({"red": 1, "blue": 0.2})
    'FF0033'
    """
    return "".join(f"{round(min(max(colour.get(part, 0), 0), 1) * 255):02X}" for part in _PARTS)


def from_hex(text: str) -> Json:
    """Return the colour of RRGGBB, zeros left out.

    >>> from_hex("FF0033")
    {'red': 1, 'blue': 0.2}
    """
    shares = {
        part: single(int(text[at : at + 2], 16) / 255) for part, at in zip(_PARTS, (0, 2, 4), strict=True)
    }
    return {part: share for part, share in shares.items() if share}


def wanted(look: Json, name: str, theme: Json) -> str | None:
    """Return the colour that a look has under a name (or its Style) as RRGGBB, None for none."""
    style = look.get(f"{name}Style") or {}
    if style.get("themeColor"):
        return to_hex(theme.get(style["themeColor"], {}))
    colour = style.get("rgbColor", look.get(name))
    return None if colour is None else to_hex(colour)


def theme_of(properties: Json) -> Json:
    """Return a spreadsheet's theme: the name of each colour -> the colour."""
    listed = (properties.get("spreadsheetTheme") or {}).get("themeColors") or ()
    return {item.get("colorType"): (item.get("color") or {}).get("rgbColor", {}) for item in listed}


def both(name: str, text: str | None) -> Json:
    """Return a colour and its Style, as Google's answers have both."""
    if text is None:
        return {}
    return {name: from_hex(text), f"{name}Style": {"rgbColor": from_hex(text)}}


class Palette:
    """The colours of an Excel file."""

    def __init__(self, theme: bytes | None) -> None:
        """Read the theme's colours from its XML."""
        text = (theme or b"").decode("utf-8", "replace")
        self._theme = [self._named(text, name) or _OFFICE[n] for n, name in enumerate(_THEME_ORDER)]

    @staticmethod
    def _named(text: str, name: str) -> str | None:
        """Return a colour of the theme."""
        block = re.search(rf"<a:{name}>(.*?)</a:{name}>", text, re.DOTALL)
        found = block and re.search(r'(?:lastClr|srgbClr val)="([0-9A-Fa-f]{6})"', block[1])
        return found[1].upper() if found else None

    def hex(self, colour: Any) -> str | None:
        """Return a colour of openpyxl's as RRGGBB, None for none or the automatic one."""
        if colour is None or colour.type == "auto":
            return None
        if colour.type == "rgb" and isinstance(colour.rgb, str):
            return colour.rgb[-6:].upper()
        if colour.type == "indexed" and colour.indexed < len(openpyxl(".styles.colors").COLOR_INDEX):
            return str(openpyxl(".styles.colors").COLOR_INDEX[colour.indexed])[-6:].upper()
        if colour.type == "theme" and colour.theme < len(self._theme):
            return _tinted(self._theme[colour.theme], float(colour.tint or 0))
        return None


def _tinted(text: str, tint: float) -> str:
    """Return a colour made lighter (tint > 0) or darker.

    >>> _tinted("4F81BD", 0), _tinted("000000", 0.5)
    ('4F81BD', '808080')
    """
    if not tint:
        return text
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, full))
