"""Data validation: whether a value is allowed by its cell's rule, and what to say when it is not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_sheets.errors import Json
from local_sheets.store.row import Value
from local_sheets.values.locales import Locale
from local_sheets.values.typed import typed


def choices(rule: Json) -> list[str]:
    """Return the choices of a ONE_OF_LIST rule, in order.

    >>> choices({"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "P1"}]}})
    ['P1']
    """
    condition = rule.get("condition") or {}
    if condition.get("type") != "ONE_OF_LIST":
        return []
    return [str(value.get("userEnteredValue", "")) for value in condition.get("values") or ()]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value is not allowed: a word for the reason, and its facts."""

    reason: str
    facts: tuple[str, ...] = ()


Numbers = Callable[[list[float], float], bool]

_NUMBERS: dict[str, Numbers] = {
    "NUMBER_GREATER": lambda w, n: n > w[0],
    "NUMBER_GREATER_THAN_EQ": lambda w, n: n >= w[0],
    "NUMBER_LESS": lambda w, n: n < w[0],
    "NUMBER_LESS_THAN_EQ": lambda w, n: n <= w[0],
    "NUMBER_EQ": lambda w, n: n == w[0],
    "NUMBER_NOT_EQ": lambda w, n: n != w[0],
    "NUMBER_BETWEEN": lambda w, n: w[0] <= n <= w[1],
    "NUMBER_NOT_BETWEEN": lambda w, n: not w[0] <= n <= w[1],
}
_DATES: dict[str, Numbers] = {
    "DATE_EQ": lambda w, n: int(n) == int(w[0]),
    "DATE_BEFORE": lambda w, n: n < w[0],
    "DATE_AFTER": lambda w, n: n > w[0],
    "DATE_ON_OR_BEFORE": lambda w, n: int(n) <= int(w[0]),
    "DATE_ON_OR_AFTER": lambda w, n: n >= w[0],
    "DATE_BETWEEN": lambda w, n: w[0] <= n <= w[1],
    "DATE_NOT_BETWEEN": lambda w, n: not w[0] <= n <= w[1],
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "TEXT_CONTAINS": lambda wanted, text: wanted.casefold() in text.casefold(),
    "TEXT_NOT_CONTAINS": lambda wanted, text: wanted.casefold() not in text.casefold(),
    "TEXT_EQ": lambda wanted, text: wanted.casefold() == text.casefold(),
}
_SHAPES = {
    "TEXT_IS_EMAIL": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "TEXT_IS_URL": re.compile(r"(?:https?://|www\.)\S+\.\S+", re.IGNORECASE),
}
_FURTHEST = 2_958_465.999
"""The end of 9999-12-31."""


def refusal(rule: Json, value: Value, words: Locale, listed: Callable[[str], list[Value]]) -> Refusal | None:
    """Say why a value is not allowed by a rule; None when it is.

    Args:
        rule: A DataValidationRule.
        value: What would be written; "" is always allowed.
        words: The spreadsheet's locale.
        listed: Returns the values of an A1 address (for ONE_OF_RANGE).
    """
    if value == "" and isinstance(value, str):
        return None
    condition = rule.get("condition") or {}
    kind = str(condition.get("type", ""))
    given = [str(item.get("userEnteredValue", "")) for item in condition.get("values") or ()]
    if kind in ("ONE_OF_LIST", "ONE_OF_RANGE", "BOOLEAN"):
        allowed = given or ["TRUE", "FALSE"]
        if kind == "ONE_OF_RANGE":
            allowed = [_plain(found) for found in listed(given[0])]
        return None if _plain(value) in allowed else Refusal("list", tuple(allowed))
    if kind in _NUMBERS or kind in _DATES:
        return _measured(kind, given, value, words)
    text = _plain(value)
    if kind in _TEXTS:
        return None if _TEXTS[kind](given[0], text) else Refusal(kind.lower(), (given[0],))
    good = True  # CUSTOM_FORMULA needs a formula engine: nothing is refused
    if kind in _SHAPES:
        good = bool(_SHAPES[kind].fullmatch(text))
    elif kind == "DATE_IS_VALID":
        good = type(value) in (int, float) and 0 <= float(value) <= _FURTHEST
    return None if good else Refusal("date" if kind == "DATE_IS_VALID" else kind.lower())


def _measured(kind: str, given: list[str], value: Any, words: Locale) -> Refusal | None:
    """Check a number or a date against bounds."""
    bounds = [typed(text, words).value for text in given]
    date = kind in _DATES
    if isinstance(value, (bool, str)):
        return Refusal("date" if date else "number")
    if not all(isinstance(bound, (int, float)) for bound in bounds):
        return None  # a relative date or a formula as bound
    check = _DATES[kind] if date else _NUMBERS[kind]
    numbers = [float(bound) for bound in bounds]
    return None if check(numbers, float(value)) else Refusal(kind.lower(), tuple(given))


def _plain(value: Value) -> str:
    """Return a value as a choice would be written."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)
