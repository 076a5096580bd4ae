"""The `q` language of files.list: comparisons joined by and, or, not and brackets."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local_sheets.drive_errors import DriveError, invalid
from local_sheets.errors import Json

Keep = Callable[[Json], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})"
    r"|(?P<word>[\w.]+))",
    re.DOTALL,
)
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
_TEXTS = {"name": "name", "title": "name", "mimeType": "mimeType", "visibility": "visibility"}
_MOMENTS = {"modifiedTime", "createdTime"}
_TRUTHS = {"trashed", "starred", "sharedWithMe"}
_PEOPLE = {"owners", "writers", "readers"}
_DEEPEST = 50


def condition(text: str) -> Keep:
    r"""Return a function that says whether a file (`drive_resource.facts`) is meant.

    >>> keep = condition("mimeType='a' and (name = 'it\\'s' or name contains 'z') and not trashed = true")
    >>> keep({"mimeType": "a", "name": "it's", "trashed": False})
    True
    """
    if not text.strip():
        return lambda _file: True
    return _Reader(text).whole()


def _bad() -> DriveError:
    """Return the error for a query that cannot be read."""
    return invalid("q")


class _Reader:
    """A recursive reader of one query."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        self._depth = 0
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if not match:
                raise _bad()
            self._tokens.append(match[0].strip())
            at = match.end()

    def whole(self) -> Keep:
        """Read the whole query."""
        found = self._any()
        if self._tokens:
            raise _bad()
        return found

    def _take(self) -> str:
        if not self._tokens:
            raise _bad()
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
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _bad()
        word = self._take()
        if word == "(":
            inner = self._any()
            if self._take() != ")":
                raise _bad()
        elif word.lower() == "not":
            inner = _not(self._one())
        else:
            inner = self._comparison(word)
        self._depth -= 1
        return inner

    def _comparison(self, word: str) -> Keep:
        """Read one comparison that begins with *word*."""
        if self._next_is("in"):
            self._take()
            return _member(_text(word), self._take())
        if word in ("properties", "appProperties"):
            return self._property(word)
        if word in _TRUTHS:
            return self._truth(word)
        sign, value = self._take().lower(), _text(self._take())
        if word == "fullText" and sign == "contains":
            return _anywhere(value)
        if word in _MOMENTS and sign in _ORDERS:
            moment = _moment(value)
            return lambda file: _ORDERS[sign](_moment(file[word]), moment)
        return _compared(_TEXTS.get(word, ""), sign, value)

    def _truth(self, word: str) -> Keep:
        """Read `trashed = false`, or `sharedWithMe` alone."""
        if not self._tokens or self._tokens[0] not in ("=", "!="):
            return lambda file: bool(file[word])
        equal, wanted = self._take() == "=", self._take().lower()
        if wanted not in ("true", "false"):
            raise _bad()
        return lambda file: (bool(file[word]) == (wanted == "true")) == equal

    def _property(self, word: str) -> Keep:
        """Read `has { key='k' and value='v' }`."""
        parts = [self._take() for _ in range(9)]
        shape = [part.lower() for part in (*parts[:4], parts[5], *parts[6:8])]
        if shape[:4] != ["has", "{", "key", "="] or shape[4:] != ["and", "value", "="]:
            raise _bad()
        key, value = _text(parts[4]), _text(parts[8])
        if self._take() != "}":
            raise _bad()
        return lambda file: (file.get(word) or {}).get(key) == value


def _not(keep: Keep) -> Keep:
    """Return the contrary."""
    return lambda file: not keep(file)


def _compared(name: str, sign: str, wanted: str) -> Keep:
    """Compare a text: whole, whatever its case; `contains` finds words that begin so, as Drive does."""
    low = wanted.casefold()
    if not name:
        raise _bad()
    if sign == "contains":
        begins = re.compile(r"(?<!\w)" + re.escape(low)) if low[:1].isalnum() else re.compile(re.escape(low))
        return lambda file: bool(begins.search(str(file[name]).casefold()))
    if sign in ("=", "!="):
        return lambda file: (str(file[name]).casefold() == low) == (sign == "=")
    if sign in _ORDERS and name == "name":
        return lambda file: _ORDERS[sign](str(file[name]), wanted)
    raise _bad()


def _anywhere(wanted: str) -> Keep:
    """Look for a text in a file's name, its description and its cells; each word counts, "..." is one."""
    words = [phrase or word for phrase, word in re.findall(r'"([^"]+)"|(\S+)', wanted)]

    def found(file: Json) -> bool:
        beside = f"{file['name']}\n{file['description']}".casefold()
        return all(word.casefold() in beside or file["search"](word) for word in words)

    return found


def _member(wanted: str, name: str) -> Keep:
    """Look for a folder or a person in one of a file's lists."""
    if name == "parents":
        return lambda file: wanted in file["parents"]
    if name in _PEOPLE:
        return lambda file: wanted.casefold() in file["people"][name]
    raise _bad()


def _text(token: str) -> str:
    """Return what a quoted text stands for."""
    if token[:1] not in ("'", '"'):
        raise _bad()
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


def _moment(text: str) -> datetime:
    """Return a moment; without a time zone it is meant in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _bad() from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
