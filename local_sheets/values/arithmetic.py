"""Formulas that need no other cell: numbers, text, the signs between them.

Everything else waits for a formula engine; such a cell keeps its text and shows `#NAME?`.
"""

import re
from collections.abc import Callable

from local_sheets.store.row import Value
from local_sheets.values.typed import tidy

NOT_COMPUTED = "is not computed by this server"
"""Part of every reason that is this server's and not the formula's."""

UNKNOWN = "#NAME?"
"""Shown by a formula that never had a value."""

DIVIDED_BY_ZERO = "#DIV/0!"
WRONG_VALUE = "#VALUE!"
REASONS = {
    UNKNOWN: f"The formula {NOT_COMPUTED}.",
    DIVIDED_BY_ZERO: "Function DIVIDE parameter 2 cannot be zero.",
    WRONG_VALUE: "A part of the formula is not a number.",
}
"""Why a formula shows an error."""

_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+\.?\d*(?:[Ee][-+]?\d+)?|\.\d+)|"(?P<text>(?:[^"]|"")*)"'
    r"|(?P<word>TRUE|FALSE)(?![\w(.])|(?P<sign><=|>=|<>|[-+*/^&()=<>%]))",
    re.IGNORECASE,
)
_COMPARE: dict[str, Callable[[float | str, float | str], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}
_LONGEST = 2000


def value_of(formula: str) -> Value:
    """Return what a formula comes to, or the error that its cell shows.

    >>> value_of("=4/2"), value_of('="a"&1+1'), value_of("=-2^2"), value_of("=1/0")
    (2, 'a2', 4, '#DIV/0!')
    >>> value_of("=SUM(A1:A3)")
    '#NAME?'
    """
    try:
        tokens = _tokens(formula[1:])
        result = _Reader(tokens).whole()
    except _CannotError:
        return UNKNOWN
    except ZeroDivisionError:
        return DIVIDED_BY_ZERO
    except (TypeError, OverflowError, ValueError):
        return WRONG_VALUE
    return tidy(result) if isinstance(result, float) else result


class _CannotError(Exception):
    """The formula needs more than arithmetic."""


def _tokens(text: str) -> list[tuple[str, str]]:
    """Split a formula; anything unknown cannot be computed here."""
    found, at, text = [], 0, text.rstrip()
    if len(text) > _LONGEST:
        raise _CannotError
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            raise _CannotError
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """A recursive reader: compare < join < add < multiply < power < sign < percent."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Value:
        """Read the whole formula."""
        result = self._compare()
        if self._at < len(self._tokens):
            raise _CannotError
        return result

    def _sign(self, *signs: str) -> str | None:
        """Take the next token if it is one of these signs."""
        if self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            if kind == "sign" and text in signs:
                self._at += 1
                return text
        return None

    def _compare(self) -> Value:
        left = self._join()
        while sign := self._sign(*_COMPARE):
            left = _COMPARE[sign](_comparable(left), _comparable(self._join()))
        return left

    def _join(self) -> Value:
        left = self._add()
        while self._sign("&"):
            left = _text(left) + _text(self._add())
        return left

    def _add(self) -> Value:
        left = self._multiply()
        while sign := self._sign("+", "-"):
            right = _number(self._multiply())
            left = _number(left) + right if sign == "+" else _number(left) - right
        return left

    def _multiply(self) -> Value:
        left = self._power()
        while sign := self._sign("*", "/"):
            right = _number(self._power())
            left = _number(left) * right if sign == "*" else _number(left) / right
        return left

    def _power(self) -> Value:
        left = self._unary()
        while self._sign("^"):
            result = _number(left) ** _number(self._unary())
            left = float(result)
        return left

    def _unary(self) -> Value:
        sign = self._sign("-", "+")
        if sign:
            value = self._unary()
            return -_number(value) if sign == "-" else value
        value = self._one()
        while self._sign("%"):
            value = _number(value) / 100
        return value

    def _one(self) -> Value:
        if self._sign("("):
            value = self._compare()
            if not self._sign(")"):
                raise _CannotError
            return value
        if self._at >= len(self._tokens):
            raise _CannotError
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text.replace('""', '"')
        if kind == "word":
            return text.upper() == "TRUE"
        raise _CannotError


def _number(value: Value) -> float:
    """Return a value as a number; text that is none is a wrong value."""
    return float(value)


def _text(value: Value) -> str:
    """Return a value as text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(tidy(value)) if isinstance(value, float) else str(value)


def _comparable(value: Value) -> float | str:
    """Return a value as it is compared: text in any case."""
    return value.casefold() if isinstance(value, str) else float(value)
