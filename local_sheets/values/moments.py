"""A date or a time written by the tokens of a pattern."""

import re
from collections.abc import Callable
from datetime import datetime

from local_sheets.values.serial import moment

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NOON = 12

_PARTS: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda when: f"{when.year:04d}",
    "yy": lambda when: f"{when.year % 100:02d}",
    "y": lambda when: f"{when.year % 100:02d}",
    "mmmmm": lambda when: _MONTHS[when.month - 1][0],
    "mmmm": lambda when: _MONTHS[when.month - 1],
    "mmm": lambda when: _MONTHS[when.month - 1][:3],
    "mm": lambda when: f"{when.month:02d}",
    "m": lambda when: str(when.month),
    "dddd": lambda when: _DAYS[when.weekday()],
    "ddd": lambda when: _DAYS[when.weekday()][:3],
    "dd": lambda when: f"{when.day:02d}",
    "d": lambda when: str(when.day),
    "hh": lambda when: f"{when.hour:02d}",
    "h": lambda when: str(when.hour),
    "ss": lambda when: f"{when.second:02d}",
    "s": lambda when: str(when.second),
    "am/pm": lambda when: "AM" if when.hour < _NOON else "PM",
}
_ELAPSED = {"h": 3600, "m": 60, "s": 1}


def moment_text(number: float, tokens: tuple[str, ...]) -> str:
    """Write a number of days as a date, a time or a duration.

    >>> moment_text(43831.75, ("yyyy", "-", "mm", "-", "dd", " ", "h", ":", "MM", " ", "am/pm"))
    '2020-01-01 6:00 PM'
    """
    lower = [token.lower() for token in tokens]
    finest = next((len(token) - 1 for token in lower if token.startswith(".0")), 0)
    if finest or "s" in lower or "ss" in lower:
        number = round(number * 86400, finest) / 86400
    when, half = moment(number), any(token in _HALVES for token in lower)
    passed = tuple(token[1] for token in lower if re.fullmatch(r"\[([hms])\1*\]", token))
    return "".join(_part(token, when, number, passed, half=half) for token in tokens)


_HALVES = frozenset({"am/pm", "a/p", "am", "pm"})


def _part(token: str, when: datetime, number: float, passed: tuple[str, ...], *, half: bool) -> str:
    """Write one token; `M` stands for minutes; *passed* are the units that are counted on (`[h]`)."""
    first = token[0]
    if token.lower() in ("a/p", "am", "pm", "am/pm"):
        word = _PARTS["am/pm"](when)
        return (word[0].lower() if first.islower() else word[0]) if len(token) == len("a/p") else word
    if first in "Hh" and half:
        return str((when.hour + 11) % 12 + 1).zfill(len(token))
    if token in ("M", "MM"):
        return str(when.minute).zfill(len(token))
    if first in '"\\[':
        return _quoted(token, number, passed)
    if token.startswith(".0"):
        return f".{when.microsecond // 1000:03d}"[: len(token)]
    part = _PARTS.get(token.lower())
    return part(when) if part else token


def _quoted(token: str, number: float, passed: tuple[str, ...]) -> str:
    """Write literal text, or the hours, minutes or seconds that have gone by beyond the larger unit."""
    if token[0] == '"':
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    unit = token[1:2].lower()
    size = _ELAPSED.get(unit)
    if not size:
        return ""
    seconds = int(round(number * 86400, 3))
    larger = [_ELAPSED[other] for other in passed if _ELAPSED[other] > size]
    return str(seconds % min(larger, default=seconds + 1) // size).zfill(len(token) - 2)
