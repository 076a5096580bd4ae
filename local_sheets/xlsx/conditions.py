"""Conditional formats: Google's rules into Excel's, and back."""

from typing import Any

from local_sheets.errors import Json
from local_sheets.values.locales import Locale
from local_sheets.xlsx.colours import wanted
from local_sheets.xlsx.formulas import from_excel
from local_sheets.xlsx.looks import Reader, font
from local_sheets.xlsx.package import openpyxl
from local_sheets.xlsx.rules import OPERATORS, operand, quoted, test_of

_TEXTS = {
    "TEXT_CONTAINS": ("containsText", "containsText"),
    "TEXT_NOT_CONTAINS": ("notContainsText", "notContains"),
    "TEXT_STARTS_WITH": ("beginsWith", "beginsWith"),
    "TEXT_ENDS_WITH": ("endsWith", "endsWith"),
}
_BLANKS = {"BLANK": "containsBlanks", "NOT_BLANK": "notContainsBlanks"}
_POINTS = {"MIN": "min", "MAX": "max", "NUMBER": "num", "PERCENT": "percent", "PERCENTILE": "percentile"}
_GOOGLES = {excel: google for google, excel in list(OPERATORS.items())[:8]}


def excel_rule(rule: Json, cell: str, theme: Json, words: Locale) -> Any:
    """Return a ConditionalFormatRule as openpyxl's, for a range that begins at *cell*."""
    rules = openpyxl(".formatting.rule")
    if "gradientRule" in rule:
        return _scale(rule["gradientRule"], theme)
    boolean = rule.get("booleanRule") or {}
    condition, look = boolean.get("condition") or {}, boolean.get("format") or {}
    kind, values = str(condition.get("type", "")), condition.get("values") or []
    meant: Json = {"type": "expression", "formula": [test_of(condition, cell)]}
    measure, _, operator = kind.partition("_")
    text = str(values[0].get("userEnteredValue", "")) if values else ""
    if measure in ("NUMBER", "DATE") and operator in OPERATORS and values:
        operands = [operand(value, words) for value in values]
        meant = {"type": "cellIs", "operator": OPERATORS[operator], "formula": operands}
    elif kind in ("TEXT_EQ", "TEXT_NOT_EQ") and not text.startswith("="):
        name = "equal" if kind == "TEXT_EQ" else "notEqual"
        meant = {"type": "cellIs", "operator": name, "formula": [quoted(text)]}
    elif kind in _TEXTS and text and not text.startswith("="):
        meant |= {"type": _TEXTS[kind][0], "operator": _TEXTS[kind][1], "text": text}
    elif kind in _BLANKS:
        meant |= {"type": _BLANKS[kind]}
    return rules.Rule(dxf=_dress(look, theme), **meant)


def _dress(look: Json, theme: Json) -> Any:
    """Return the format of a rule."""
    styles = openpyxl(".styles")
    fill = wanted(look, "backgroundColor", theme)
    given = font(look.get("textFormat") or {}, theme)
    given.name = given.sz = None
    return openpyxl(".styles.differential").DifferentialStyle(
        font=given if look.get("textFormat") else None,
        fill=styles.PatternFill(bgColor=fill, fill_type="solid") if fill is not None else None,
    )


def _scale(gradient: Json, theme: Json) -> Any:
    """Return a gradient as a colour scale."""
    rules = openpyxl(".formatting.rule")
    points = [gradient[name] for name in ("minpoint", "midpoint", "maxpoint") if gradient.get(name)]
    marks = [
        rules.FormatObject(type=_POINTS.get(point.get("type", ""), "min"), val=point.get("value") or None)
        for point in points
    ]
    colours = [openpyxl(".styles").Color(wanted(point, "color", theme) or "FFFFFF") for point in points]
    scale = rules.ColorScale(cfvo=marks, color=colours)
    return rules.Rule(type="colorScale", colorScale=scale)


def google_rule(given: Any, reader: Reader) -> Json | None:
    """Return openpyxl's rule as Google's, without its ranges; None for what Google has not."""
    if given.type == "colorScale":
        return _gradient(given.colorScale, reader)
    condition = _condition(given)
    if condition is None:
        return None
    look: Json = {}
    if given.dxf is not None and given.dxf.fill is not None:
        fill = given.dxf.fill
        look |= reader.colour(
            "backgroundColor", fill.bgColor if fill.bgColor.rgb != "00000000" else fill.fgColor
        )
    if given.dxf is not None and given.dxf.font is not None:
        text = reader.text(given.dxf.font)
        look |= {"textFormat": text} if text else {}
    return {"booleanRule": {"condition": condition} | ({"format": look} if look else {})}


def _condition(given: Any) -> Json | None:
    """Return what a rule asks for."""
    formulas = [str(text) for text in given.formula]
    if given.type == "expression" and formulas:
        return _said("CUSTOM_FORMULA", [from_excel(formulas[0])])
    for google, excel in _BLANKS.items():
        if given.type == excel:
            return {"type": google}
    for google, (excel, _) in _TEXTS.items():
        if given.type == excel and given.text:
            return _said(google, [given.text])
    if given.type == "cellIs" and formulas:
        if formulas[0].startswith('"') and given.operator in ("equal", "notEqual"):
            text = formulas[0][1:-1].replace('""', '"')
            return _said("TEXT_EQ" if given.operator == "equal" else "TEXT_NOT_EQ", [text])
        if given.operator in _GOOGLES:
            return _said(f"NUMBER_{_GOOGLES[given.operator]}", [_number(text) for text in formulas])
    return None


def _said(kind: str, values: list[str]) -> Json:
    """Return a BooleanCondition."""
    return {"type": kind, "values": [{"userEnteredValue": value} for value in values]}


def _number(formula: str) -> str:
    """Return an operand as a person types it."""
    try:
        float(formula)
    except ValueError:
        return from_excel(formula)
    return formula


def _gradient(scale: Any, reader: Reader) -> Json:
    """Return a colour scale as a gradient."""
    points = []
    for mark, colour in zip(scale.cfvo, scale.color, strict=False):
        kind = next((name for name, excel in _POINTS.items() if excel == mark.type), "NUMBER")
        value = {"value": f"{mark.val:g}"} if mark.val is not None else {}
        points.append(reader.colour("color", colour) | {"type": kind} | value)
    names = ("minpoint", "maxpoint") if len(points) == 2 else ("minpoint", "midpoint", "maxpoint")  # noqa: PLR2004
    return {"gradientRule": dict(zip(names, points, strict=False))}
