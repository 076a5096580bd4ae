"""The `q` language of files.list: comparisons joined by and, or, not and brackets."""

import re
from collections.abc import Callable
from typing import Any

from local_sheets.errors import BadRequest, Json

Keep = Callable[[Json], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<sign><=|>=|!=|=|<|>|\(|\))|(?P<word>[\w.]+))"
)
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
    "contains": lambda a, b: str(b).casefold() in str(a).casefold(),
}
_FIELDS = {
    "name", "title", "fullText", "mimeType", "modifiedTime", "createdTime", "trashed", "starred",
    "viewedByMeTime", "sharedWithMe",
}  # fmt: skip


def condition(text: str) -> Keep:
    r"""Return a function that says whether a File resource is meant.

    >>> keep = condition("mimeType='a' and (name = 'it\\'s' or name contains 'z') and not trashed = true")
    >>> keep({"mimeType": "a", "name": "it's", "trashed": False})
    True
    """
    if not text.strip():
        return lambda file: not file["trashed"]
    return _Reader(text).whole()


class _Reader:
    """A recursive reader of one query."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if not match:
                raise BadRequest("Invalid Value")
            self._tokens.append(match[0].strip())
            at = match.end()

    def whole(self) -> Keep:
        """Read the whole query."""
        found = self._any()
        if self._tokens:
            raise BadRequest("Invalid Value")
        return found

    def _take(self) -> str:
        if not self._tokens:
            raise BadRequest("Invalid Value")
        return self._tokens.pop(0)

    def _next_is(self, word: str) -> bool:
        return bool(self._tokens) and self._tokens[0].lower() == word

    def _any(self) -> Keep:
        parts = [self._all()]
        while self._next_is("or"):
            self._take()
            parts.append(self._all())
        return lambda file: any(part(file) for part in parts)

    def _all(self) -> Keep:
        parts = [self._one()]
        while self._next_is("and"):
            self._take()
            parts.append(self._one())
        return lambda file: all(part(file) for part in parts)

    def _one(self) -> Keep:
        word = self._take()
        if word == "(":
            inner = self._any()
            if self._take() != ")":
                raise BadRequest("Invalid Value")
            return inner
        if word.lower() == "not":
            inner = self._one()
            return lambda file: not inner(file)
        if self._next_is("in"):
            self._take()
            name, value = self._take(), _value(word)
            return lambda file: value in _people_or_parents(file, name)
        if word not in _FIELDS:
            raise BadRequest("Invalid Value")
        sign = _SIGNS.get(self._take().lower())
        wanted = _value(self._take())
        if sign is None:
            raise BadRequest("Invalid Value")
        name = "name" if word in ("title", "fullText") else word
        return lambda file: sign(file.get(name, ""), wanted)


def _people_or_parents(file: Json, name: str) -> list[str]:
    """Return the list that `'x' in name` looks in."""
    if name == "parents":
        return list(file["parents"])
    return [str(person["emailAddress"]) for person in file["owners"]] + ["me"]


def _value(token: str) -> Any:
    """Return what a token of a query stands for."""
    if token.lower() in ("true", "false"):
        return token.lower() == "true"
    if token[:1] in "'\"":
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    raise BadRequest("Invalid Value")
