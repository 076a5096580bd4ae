"""What a person's typing means: USER_ENTERED text into a value, a formula, a number format."""

import re
from dataclasses import dataclass
from datetime import datetime

from local_sheets.errors import Json
from local_sheets.store.row import Value
from local_sheets.values.locales import Locale
from local_sheets.values.serial import serial

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
            ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "september", "sept"),
            ("oct", "october"), ("nov", "november"), ("dec", "december"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,3})?)?"
    r"(?:\s*(?P<half>[AaPp][Mm]))?"
)
_TIME_ONLY = re.compile(_TIME)
_DATE_AND_TIME = re.compile(rf"(?P<date>.+?)(?:[T\s]+{_TIME})?")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-\s]([A-Za-z]{3,9})\.?[-\s,]+(\d{4}|\d{2})")
_DURATION = re.compile(r"(\d{2,}):(\d{2}):(\d{2})(\.\d{1,3})?")
_CENTURY_TURNS = 30
_EXACT = 1e21


@dataclass(frozen=True, slots=True)
class Typed:
    """What was meant: the value, the formula if it is one, the number format it brings along."""

    value: Value
    formula: str | None = None
    number_format: Json | None = None


def typed(text: str, locale: Locale) -> Typed:
    """Read what a person typed.

    >>> english = Locale()
    >>> typed("0042", english).value, typed("2,000,000.01", english).value
    (42, 2000000.01)
    >>> typed("2020-01-01", english)
    Typed(value=43831, formula=None, number_format={'type': 'DATE', 'pattern': 'yyyy-mm-dd'})
    >>> typed("'0042", english).value, typed("=A1", english).formula
    ('0042', '=A1')
    """
    if text.startswith("'"):
        return Typed(text[1:])
    if text.startswith("=") and len(text) > 1:
        return Typed("", text)
    plain = text.strip()
    if not plain:
        return Typed(text)
    if plain.upper() in ("TRUE", "FALSE"):
        return Typed(plain.upper() == "TRUE")
    return _number(plain, locale) or _moment(plain, locale) or Typed(text)


def _number(text: str, locale: Locale) -> Typed | None:
    """Read a number, a percentage, an amount of money."""
    if not any(character.isdigit() for character in text):
        return None
    decimal, thousands = re.escape(locale.decimal), re.escape(locale.thousands)
    match = re.fullmatch(
        rf"(?P<open>\()?(?P<sign>[-+])?\s?(?P<money>{re.escape(locale.currency)}|[$€£¥])?\s?(?P<sign2>[-+])?"
        rf"(?P<whole>\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)?(?:{decimal}(?P<part>\d*))?"
        rf"(?P<power>[Ee][-+]?\d+)?\s?(?P<share>%)?(?P<after>{_money_after(locale)})?(?P<close>\))?",
        text,
    )
    if not match or bool(match["open"]) != bool(match["close"]) or not (match["whole"] or match["part"]):
        return None
    if match["sign"] and match["sign2"]:
        return None
    whole = (match["whole"] or "0").replace(locale.thousands, "")
    part = match["part"] or ""
    negative = "-" in ((match["sign"] or "") + (match["sign2"] or "")) or bool(match["open"])
    number = float(f"{'-' if negative else ''}{whole}.{part or '0'}{match['power'] or ''}")
    grouped = bool(match["whole"]) and locale.thousands in match["whole"]
    if match["share"]:
        number = float(f"{number}e-2") if "e" not in f"{number}" else number / 100
    return Typed(tidy(number), None, _number_format(match, part=part, grouped=grouped, locale=locale))


def _money_after(locale: Locale) -> str:
    """Return the pattern of a currency after a number, where people write it so (1,50 €)."""
    return f"(?:{re.escape(locale.currency)}|[$€£¥])" if locale.decimal == "," else "(?!)"


def _number_format(match: re.Match[str], *, part: str, grouped: bool, locale: Locale) -> Json | None:
    """Return the format that the way of typing a number brings along."""
    if match["after"]:
        return {"type": "CURRENCY", "pattern": f"{'#,##0.00' if part else '#,##0'} [${match['after']}]"}
    if match["money"]:
        digits = "#,##0.00" if part else "#,##0"
        mark = match["money"] if match["money"] == locale.currency else f"[${match['money']}]"
        return {
            "type": "CURRENCY",
            "pattern": f'"{mark}"{digits}' if mark == locale.currency else mark + digits,
        }
    if match["share"]:
        return {"type": "PERCENT", "pattern": "0.00%" if part else "0%"}
    if match["power"]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if grouped:
        return {"type": "NUMBER", "pattern": "#,##0.00" if part else "#,##0"}
    return None


def tidy(number: float) -> int | float:
    """Return a whole number as an integer, as JSON from Google has it.

    >>> tidy(2.0), tidy(2.5)
    (2, 2.5)
    """
    if number == number and abs(number) < _EXACT and number == int(number):  # noqa: PLR0124 (NaN)
        return int(number)
    return number


def _moment(text: str, locale: Locale) -> Typed | None:
    """Read a date, a time, both, or a duration."""
    match = _TIME_ONLY.fullmatch(text)
    clock = _clock(match) if match else None
    if match and clock is not None:
        pattern = _time_pattern(match)
        return Typed(tidy(clock), None, {"type": "TIME", "pattern": pattern})
    match = _DURATION.fullmatch(text)
    if match:
        hours, minutes, seconds = int(match[1]), int(match[2]), float(match[3] + (match[4] or ""))
        days = (hours * 3600 + minutes * 60 + seconds) / 86400
        return Typed(tidy(days), None, {"type": "TIME", "pattern": "[h]:mm:ss"})
    match = _DATE_AND_TIME.fullmatch(text)
    found = _date(match["date"], locale) if match else None
    if not match or not found:
        return None
    date, pattern = found
    if match["hour"] is None:
        return Typed(serial(date), None, {"type": "DATE", "pattern": pattern})
    clock = _clock(match)
    if clock is None:
        return None
    both = f"{pattern} {_time_pattern(match)}"
    return Typed(tidy(serial(date) + clock), None, {"type": "DATE_TIME", "pattern": both})


def _clock(match: re.Match[str]) -> float | None:
    """Return a time of day as a fraction of a day; None if there is no such time."""
    hour, minute = int(match["hour"]), int(match["minute"])
    second = float((match["second"] or "0") + (match["part"] or ""))
    if match["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "pm" else 0)
    if hour > 23 or minute > 59 or second >= 60:  # noqa: PLR2004
        return None
    return (hour * 3600 + minute * 60 + second) / 86400


def _time_pattern(match: re.Match[str]) -> str:
    """Return the pattern a time was typed in."""
    hour = "hh" if len(match["hour"]) > 1 and not match["half"] else "h"
    pattern = f"{hour}:mm" + (":ss" if match["second"] else "") + (".000" if match["part"] else "")
    return pattern + (" am/pm" if match["half"] else "")


def _date(text: str, locale: Locale) -> tuple[datetime, str] | None:
    """Return a date and the pattern it was typed in; None if there is no such date."""
    match = _ISO.fullmatch(text)
    if match:
        mark = match[2]
        pattern = f"yyyy{mark}{'m' * len(match[3])}{mark}{'d' * len(match[4])}"
        return _made(match[1], match[3], match[4], pattern)
    match = _CHINESE.fullmatch(text)
    if match:
        return _made(match[1], match[2], match[3], 'yyyy"年"m"月"d"日"')
    match = _MONTH_FIRST.fullmatch(text)
    if match and match[1].lower() in _MONTHS:
        name = "mmmm" if len(match[1]) > 3 else "mmm"  # noqa: PLR2004
        return _made(match[3], str(_MONTHS[match[1].lower()]), match[2], f"{name} d, yyyy")
    match = _DAY_FIRST.fullmatch(text)
    if match and match[2].lower() in _MONTHS:
        mark = text[len(match[1])]
        return _made(match[3], str(_MONTHS[match[2].lower()]), match[1], f"d{mark}mmm{mark}yyyy")
    match = _SHORT.fullmatch(text)
    return _short(match, locale) if match else None


def _short(match: re.Match[str], locale: Locale) -> tuple[datetime, str] | None:
    """Read 1/2/2020 in the locale's order."""
    first, mark, second, year = match[1], match[2], match[3], match[4]
    years = "y" * len(year)
    if locale.order == "dmy":
        pattern = f"{'d' * len(first)}{mark}{'m' * len(second)}{mark}{years}"
        return _made(year, second, first, pattern)
    if locale.order == "mdy":
        pattern = f"{'m' * len(first)}{mark}{'d' * len(second)}{mark}{years}"
        return _made(year, first, second, pattern)
    return None


def _made(year: str, month: str, day: str, pattern: str) -> tuple[datetime, str] | None:
    """Return the date, if the calendar has it."""
    number = int(year)
    if len(year) == 2:  # noqa: PLR2004
        number += 2000 if number < _CENTURY_TURNS else 1900
    try:
        return datetime(number, int(month), int(day)), pattern  # noqa: DTZ001
    except ValueError:
        return None
