"""Formats and rules under their numbers, each told to a page once, before it is first used."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from local_sheets import places
from local_sheets.errors import BadRequest, Json
from local_sheets.page import view
from local_sheets.store import Book
from local_sheets.store.row import AUTOMATIC, FORMAT, RULE, dumps
from local_sheets.values.locales import locale
from local_sheets.values.patterns import pattern_of

_LISTED = ("ONE_OF_LIST", "ONE_OF_RANGE", "BOOLEAN")


@dataclass(slots=True)
class Known:
    """What a page was told: numbers of formats, and of rules with their choices."""

    formats: set[int] = field(default_factory=set)
    rules: dict[int, list[str] | None] = field(default_factory=dict)


def news(book: Book, known: Known, extras: Iterable[str]) -> str | None:
    """Return the message with what these rows' extras use and the page does not know; None for nothing."""
    formats: set[int] = set()
    rules: set[int] = set()
    for text in extras:
        kept = json.loads(text)
        formats.update(kept.get(FORMAT, {}).values())
        formats.update(kept.get(AUTOMATIC, {}).values())
        rules.update(kept.get(RULE, {}).values())
    return _message(book, known, formats - known.formats, rules - known.rules.keys())


def renewed(book: Book, known: Known, sheet: int) -> str | None:
    """Return the message with the rules whose choices, listed in a sheet, are others now."""
    stale = {
        key
        for key, choices in known.rules.items()
        if _lies_in(book, key, sheet) and choices != _choices(book, key)
    }
    return _message(book, known, set(), stale)


def _message(book: Book, known: Known, formats: set[int], rules: set[int]) -> str | None:
    """Return formats and rules as a message, and note that they are known."""
    if not formats and not rules:
        return None
    known.formats |= formats
    told = {key: _rule(book, key) for key in sorted(rules)}
    known.rules |= {key: rule["choices"] for key, rule in told.items()}
    looks = {key: _format(book, key) for key in sorted(formats)}
    return dumps({"type": "looks", "formats": looks, "rules": told})


def _format(book: Book, key: int) -> Json:
    """Return a CellFormat with its number pattern resolved."""
    look = book.styles.get(key)
    number_format = look.get("numberFormat")
    if not number_format:
        return look
    return look | {"pattern": pattern_of(number_format, locale(book.locale))}


def _rule(book: Book, key: int) -> Json:
    """Return a validation rule as the page needs it."""
    rule = book.styles.get(key)
    condition = rule.get("condition") or {}
    return {
        "condition": condition,
        "strict": bool(rule.get("strict")),
        "choices": _choices(book, key),
        "message": rule.get("inputMessage") or None,
        "checkbox": condition.get("type") == "BOOLEAN",
    }


def _choices(book: Book, key: int) -> list[str] | None:
    """Return the choices of a rule; None for one that has none, [] where its range is gone."""
    rule = book.styles.get(key)
    if (rule.get("condition") or {}).get("type") not in _LISTED:
        return None
    try:
        return view.allowed(book, rule)
    except BadRequest:
        return []


def _lies_in(book: Book, key: int, sheet: int) -> bool:
    """Say whether the choices of a rule are listed in a sheet."""
    condition = book.styles.get(key).get("condition") or {}
    if condition.get("type") != "ONE_OF_RANGE":
        return False
    address = str((condition.get("values") or [{}])[0].get("userEnteredValue", ""))
    try:
        found, _box = places.box(book, address.removeprefix("="))
    except BadRequest:
        return False
    return found.id == sheet
