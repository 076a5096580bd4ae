"""Formats of cells: Google's CellFormat into openpyxl's styles, and back."""

import re
from copy import copy
from typing import Any

from local_sheets.errors import Json
from local_sheets.values.locales import Locale
from local_sheets.values.patterns import is_moment, pattern_of
from local_sheets.xlsx.colours import Palette, both, wanted
from local_sheets.xlsx.package import openpyxl

FONT, SIZE = "Arial", 10
GENERAL = "General"
_LINES = {
    "SOLID": "thin", "SOLID_MEDIUM": "medium", "SOLID_THICK": "thick",
    "DOTTED": "dotted", "DASHED": "dashed", "DOUBLE": "double",
}  # fmt: skip
_GOOGLES = {line: style for style, line in _LINES.items()} | {
    "hair": "DOTTED", "mediumDashed": "DASHED", "dashDot": "DASHED", "dashDotDot": "DASHED",
    "mediumDashDot": "DASHED", "mediumDashDotDot": "DASHED", "slantDashDot": "DASHED",
}  # fmt: skip
_HEIGHTS = {"TOP": "top", "MIDDLE": "center", "BOTTOM": "bottom"}
_DIRECTIONS = {"LEFT_TO_RIGHT": 1, "RIGHT_TO_LEFT": 2}
_FLAGS = {"bold": "b", "italic": "i", "strikethrough": "strike"}
_LONGEST_PATTERN = 255
_UPRIGHT = 255
_STRAIGHT = 90


def dress(cell: Any, look: Json, theme: Json, words: Locale) -> None:
    """Give an openpyxl cell a format."""
    styles = openpyxl(".styles")
    cell.number_format = _code(look.get("numberFormat") or {}, words)
    if look.get("textFormat"):
        cell.font = font(look["textFormat"], theme)
    fill = wanted(look, "backgroundColor", theme)
    if fill is not None:
        cell.fill = styles.PatternFill("solid", fgColor=fill)
    if look.get("borders"):
        cell.border = _border(look["borders"], theme)
    alignment = _alignment(look)
    if alignment:
        cell.alignment = styles.Alignment(**alignment)


def font(given: Json, theme: Json) -> Any:
    """Return a TextFormat as a font."""
    return openpyxl(".styles").Font(
        name=given.get("fontFamily") or FONT,
        sz=given.get("fontSize") or SIZE,
        u="single" if given.get("underline") else None,
        color=wanted(given, "foregroundColor", theme),
        **{name: bool(given.get(flag)) or None for flag, name in _FLAGS.items()},
    )


def _code(number_format: Json, words: Locale) -> str:
    """Return a number format's code; one that Excel could not read is left out."""
    code = pattern_of(number_format, words)
    if not code or len(code) > _LONGEST_PATTERN or code.count('"') % 2:
        return GENERAL
    return code


def _border(given: Json, theme: Json) -> Any:
    """Return Borders as a border."""
    styles = openpyxl(".styles")
    sides = {
        side: styles.Side(_LINES[line["style"]], wanted(line, "color", theme) or "000000")
        for side, line in given.items()
        if line and line.get("style") in _LINES and side in ("top", "bottom", "left", "right")
    }
    return styles.Border(**sides)


def _alignment(look: Json) -> Json:
    """Return the arguments of an alignment."""
    rotation = look.get("textRotation") or {}
    angle = int(rotation.get("angle") or 0)
    if rotation.get("vertical"):
        turned = _UPRIGHT
    else:
        turned = min(angle, _STRAIGHT) if angle >= 0 else min(_STRAIGHT - angle, 2 * _STRAIGHT)
    found = {
        "horizontal": str(look.get("horizontalAlignment") or "").lower() or None,
        "vertical": _HEIGHTS.get(look.get("verticalAlignment") or ""),
        "wrap_text": look.get("wrapStrategy") == "WRAP" or None,
        "text_rotation": turned or None,
        "readingOrder": _DIRECTIONS.get(look.get("textDirection") or ""),
    }
    return {name: value for name, value in found.items() if value is not None}


class Reader:
    """Reads the formats of an Excel file as Google would say them."""

    def __init__(self, book: Any, palette: Palette | None = None) -> None:
        """Take an openpyxl workbook whose first style is the one of plain cells."""
        self._book = book
        self._palette = palette or Palette(book.loaded_theme)
        self._sheet = book.worksheets[0]
        plain = self._cell(0).font
        self._plain = (plain.name, plain.sz, self._palette.hex(plain.color))

    def _cell(self, number: int) -> Any:
        """Return a cell of a style's number, as openpyxl lets one look at styles."""
        cell = openpyxl(".cell").Cell(self._sheet, 1, 1)
        cell._style = copy(self._book._cell_styles[number])  # noqa: SLF001
        return cell

    def numbered(self, number: int) -> Json:
        """Return the format of a style's number."""
        return self.look(self._cell(number)) if number < len(self._book._cell_styles) else {}  # noqa: SLF001

    def look(self, cell: Any) -> Json:
        """Return a cell's format; a link is not part of it."""
        look: Json = {}
        code = cell.number_format
        if code and code != GENERAL:
            look["numberFormat"] = {"type": kind(code), "pattern": code}
        if cell.fill.fill_type == "solid":
            look |= both("backgroundColor", self._palette.hex(cell.fill.fgColor))
        look |= _filled("borders", self._borders(cell.border))
        look |= self._placed(cell.alignment)
        look |= _filled("textFormat", self.text(cell.font))
        return look

    def text(self, given: Any) -> Json:
        """Return a font as a TextFormat; what is as in plain cells is left out."""
        name, size, colour = self._plain
        found: Json = {flag: True for flag, short in _FLAGS.items() if getattr(given, short)}
        if given.u:
            found["underline"] = True
        if given.name and given.name != name:
            found["fontFamily"] = given.name
        if given.sz and given.sz != size:
            found["fontSize"] = round(given.sz)
        own = self._palette.hex(given.color)
        return found | (both("foregroundColor", own) if own != colour else {})

    def colour(self, name: str, given: Any) -> Json:
        """Return a colour of openpyxl's under a name."""
        return both(name, self._palette.hex(given))

    def _borders(self, given: Any) -> Json:
        """Return a border as Borders."""
        found = {}
        for name in ("top", "bottom", "left", "right"):
            side = getattr(given, name)
            if side is None:
                continue
            style = _GOOGLES.get(side.style)
            if style:
                found[name] = {"style": style} | both("color", self._palette.hex(side.color) or "000000")
        return found

    @staticmethod
    def _placed(given: Any) -> Json:
        """Return where a cell's text stands."""
        found: Json = {}
        if given.horizontal in ("left", "center", "right"):
            found["horizontalAlignment"] = given.horizontal.upper()
        for name, height in _HEIGHTS.items():
            if given.vertical == height:
                found["verticalAlignment"] = name
        if given.wrap_text:
            found["wrapStrategy"] = "WRAP"
        for name, order in _DIRECTIONS.items():
            if given.readingOrder == order:
                found["textDirection"] = name
        turned = int(given.textRotation or 0)
        if turned == _UPRIGHT:
            found["textRotation"] = {"vertical": True}
        elif turned:
            found["textRotation"] = {"angle": turned if turned <= _STRAIGHT else _STRAIGHT - turned}
        return found


def _filled(name: str, value: Json) -> Json:
    """Return a field, nothing where it would be empty."""
    return {name: value} if value else {}


def kind(code: str) -> str:
    """Return the type of number that a format's code shows.

    >>> [kind(code) for code in ("yyyy-mm-dd", "h:mm", "yyyy-mm-dd h:mm", "0%", "@", "0.0E+00", '"$"0', "0")]
    ['DATE', 'TIME', 'DATE_TIME', 'PERCENT', 'TEXT', 'SCIENTIFIC', 'CURRENCY', 'NUMBER']
    """
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code)
    if is_moment(code):
        day, clock = re.search("[yd]", plain, re.IGNORECASE), re.search(r"[hs]", code, re.IGNORECASE)
        return "DATE_TIME" if day and clock else "TIME" if clock else "DATE"
    if plain.strip() == "@":
        return "TEXT"
    marks = {"PERCENT": "%", "SCIENTIFIC": r"[Ee][+-]"}
    for name, mark in marks.items():
        if re.search(mark, plain):
            return name
    return "CURRENCY" if re.search(r"[$€£¥₹]|\[\$[^-\]]", code) else "NUMBER"
