"""Number formats: a pattern such as `#,##0.00` or `yyyy-mm-dd` applied to a number."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from local_sheets.errors import Json
from local_sheets.values.fractions import fraction_text
from local_sheets.values.locales import Locale
from local_sheets.values.moments import moment_text

_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|[AP]M|yyyy|yy|y|mmmmm|mmmm|mmm|mm|m|dddd|ddd|dd|d'
    r"|hh|h|ss|s|\.0+|.",
    re.IGNORECASE | re.DOTALL,
)
_DATE_TOKEN = re.compile(r"[ymdhs]+", re.IGNORECASE)
_FIRST_DAY, _LAST_DAY = -693_593, 2_958_466
"""The first day of the year 1, and the one after the last of 9999: no calendar goes further."""

_ANY_SIZE = Context(prec=400)
"""Numbers of spreadsheets have up to 309 digits before the point."""

MOMENTS = frozenset({"DATE", "TIME", "DATE_TIME"})


def pattern_of(number_format: Json, locale: Locale) -> str:
    """Return the pattern of a NumberFormat, the locale's own where it names none."""
    given = number_format.get("pattern")
    if given:
        return str(given)
    return {
        "DATE": locale.date,
        "TIME": locale.time,
        "DATE_TIME": f"{locale.date} {'hh:mm:ss' if 'am/pm' not in locale.time else 'h:mm:ss'}",
        "PERCENT": "0.00%",
        "CURRENCY": f'"{locale.currency}"#,##0.00',
        "NUMBER": "#,##0.00",
        "SCIENTIFIC": "0.00E+00",
        "TEXT": "@",
    }.get(str(number_format.get("type", "")), "")


def general(number: float, locale: Locale) -> str:
    """Write a number without a format, as a cell shows it.

    >>> general(0.1 + 0.2, Locale()), general(1 / 3, Locale()), general(42, Locale())
    ('0.3', '0.3333333333', '42')
    >>> general(1e21, Locale()), general(1.5, Locale(decimal=","))
    ('1E+21', '1,5')
    """
    if number == 0:
        return "0"
    size = abs(number)
    if size >= 1e15 or size < 1e-6:  # noqa: PLR2004
        mantissa, _, power = f"{number:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}E{power[0]}{int(power[1:]):02d}"
    elif number == int(number):
        text = str(int(number))
    else:
        whole = len(str(int(size))) if size >= 1 else 0
        text = f"{number:.{max(10 - whole, 0)}f}".rstrip("0").rstrip(".")
    return text.replace(".", locale.decimal)


def shown(number: float, pattern: str, locale: Locale) -> str:
    """Write a number by a pattern.

    >>> english = Locale()
    >>> shown(2000000.01, "#,##0.00", english), shown(0.126, "0.0%", english)
    ('2,000,000.01', '12.6%')
    >>> shown(43831.5, "yyyy-mm-dd hh:mm", english), shown(-5, "0;(0)", english)
    ('2020-01-01 12:00', '(5)')
    """
    if not pattern or pattern.lower() in ("general", "@"):
        return general(number, locale)
    section, plain_minus = _section(pattern, number)
    if section.timely:
        in_calendar = _FIRST_DAY <= number < _LAST_DAY
        return moment_text(number, section.tokens) if in_calendar else general(number, locale)
    text = _number_text(abs(number), section.tokens, locale)
    return f"-{text}" if number < 0 and plain_minus and re.search(r"[1-9]", text) else text


def is_moment(pattern: str) -> bool:
    """Say whether a pattern shows a date or a time."""
    return _is_moment(_tokens(pattern.split(";", maxsplit=1)[0]))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pattern: its tokens, whether they show a moment, the bound that numbers for it keep to."""

    tokens: tuple[str, ...]
    timely: bool
    condition: tuple[str, float] | None


@lru_cache(maxsize=512)
def _sections(pattern: str) -> Sequence[Section]:
    """Return the sections of `positive;negative;zero`, or of `[>100]big;[<10]small;rest`."""
    found = re.findall(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)', pattern)
    sections = []
    for text in found[: pattern.count(";") + 1]:
        condition = _CONDITION.search(text)
        tokens = _tokens(_CONDITION.sub("", text))
        bound = (condition[1], float(condition[2])) if condition else None
        sections.append(Section(tokens, _is_moment(tokens), bound))
    return sections


_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]")
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


def _section(pattern: str, number: float) -> tuple[Section, bool]:
    """Choose a section; return it, and whether a minus is to be written."""
    sections = _sections(pattern)
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _HOLDS[section.condition[0]](number, section.condition[1]):
                return section, True
        return sections[-1], True
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:  # noqa: PLR2004
        return sections[2], False
    return sections[0], True


def _tokens(section: str) -> tuple[str, ...]:
    """Split a section into tokens; `m` beside hours or seconds becomes `M` (minutes)."""
    tokens = _TOKEN.findall(section)
    times = [n for n, t in enumerate(tokens) if _DATE_TOKEN.fullmatch(t) or re.fullmatch(r"\[[hms]+\]", t)]
    for place, index in enumerate(times):
        if set(tokens[index].lower()) != {"m"} or len(tokens[index]) > 2:  # noqa: PLR2004
            continue
        before = tokens[times[place - 1]].lower() if place else ""
        after = tokens[times[place + 1]].lower() if place + 1 < len(times) else ""
        if before.strip("[]").startswith("h") or after.strip("[]").startswith("s"):
            tokens[index] = "M" * len(tokens[index])
        else:
            tokens[index] = tokens[index].lower()
    return tuple(tokens)


def _is_moment(tokens: tuple[str, ...]) -> bool:
    """Say whether the tokens show a date or a time."""
    return any(
        _DATE_TOKEN.fullmatch(token) or re.fullmatch(r"\[[hms]+\]", token, re.IGNORECASE) for token in tokens
    )


_FRACTION = re.compile(r"[#0?]+/[#0?\d]+")


def _number_text(number: float, tokens: tuple[str, ...], locale: Locale) -> str:
    """Write a number that is not negative."""
    body = "".join(token if token[0] not in '"\\[_*' else "\0" for token in tokens)
    if _FRACTION.search(body):
        return fraction_text(number, tokens)
    match = re.search(r"[#0?][#0?,]*(?:\.[#0?]*,*)?(?:[Ee][-+]0+)?", body)
    if not match:
        return _literals(tokens, "")
    digits = match[0]
    scale = 10 ** (2 * body.count("%"))
    while digits.endswith(","):
        digits, scale = digits[:-1], scale / 1000
    if "e" in digits.lower():
        text = _scientific(number, digits)
    else:
        text = _fixed(Decimal(repr(float(number))) * Decimal(repr(scale)), digits, locale)
    return _literals(tokens, text)


def _fixed(number: Decimal, digits: str, locale: Locale) -> str:
    """Write a number with a fixed number of decimals."""
    whole_part, _, decimals = digits.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _ANY_SIZE)
    whole, _, part = f"{rounded:f}".partition(".")
    least = len(decimals.rstrip("#?"))
    while len(part) > least and part.endswith("0"):
        part = part[:-1]
    whole = whole.lstrip("0").zfill(whole_part.replace(",", "").count("0"))
    if "," in whole_part:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", locale.thousands, whole)
    return whole + (locale.decimal + part if part or (decimals and "." in digits and least) else "")


def _scientific(number: float, digits: str) -> str:
    """Write 1.23E+04."""
    mantissa, letter, power = re.split(r"([Ee])", digits)
    places = len(mantissa.partition(".")[2])
    exact = Decimal(repr(number))
    raised = exact.adjusted() if exact else 0
    scaled = exact.scaleb(-raised).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if abs(scaled) >= 10:  # noqa: PLR2004
        scaled, raised = scaled.scaleb(-1).quantize(Decimal(1).scaleb(-places)), raised + 1
    sign = "-" if raised < 0 else "+" if power[0] == "+" else ""
    return f"{scaled}{letter}{sign}{str(abs(raised)).zfill(len(power.lstrip('+-')))}"


def _literals(tokens: tuple[str, ...], number: str) -> str:
    """Put a number where the digits of the pattern stand, among its literal text."""
    result, placed = "", False
    for token in tokens:
        if token[0] == '"':
            result += token[1:-1]
        elif token[0] == "\\":
            result += token[1:]
        elif token[0] == "[":
            result += token[2:-1].partition("-")[0] if token[1:2] == "$" else ""
        elif token[0] == "_":
            result += " "
        elif token[0] in "#0?.,*" or (token[0] in "Ee+-" and placed and token.lower() in "e+-"):
            result += "" if placed else number
            placed = True
        else:
            result += token
    return result
