"""An error as JSON and back: what was said of a save that waits is said again by another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheets_schema import errors
from sheets_schema.book import failures
from sheets_schema.errors import OpslineError
from sheets_schema.words import Message

__all__ = ["error_of", "json_of"]


def json_of(error: OpslineError) -> dict[str, Any]:
    """Return an error as JSON has it; one that is among its own facts is only pointed at there.

    >>> error_of(json_of(errors.QuotaFault(seconds=9))).text()
    'The spreadsheet service asks for a pause; try again in 9 s.'
    """
    facts = {name: _json(fact, error) for name, fact in error.facts.items()}
    return {"$error": type(error).__name__, "key": error.said_by, "facts": facts}


def error_of(kept: Mapping[str, Any]) -> OpslineError:
    """Return the error that JSON holds; an OpslineError where its class is not known any more."""
    name = str(kept.get("$error"))
    found = getattr(errors, name, None) or getattr(failures, name, None)
    kind = found if isinstance(found, type) and issubclass(found, OpslineError) else OpslineError
    made = kind(str(kept["key"]))
    made.facts |= {each: _fact(fact, made) for each, fact in kept["facts"].items()}
    return made


def _json(fact: object, of: OpslineError) -> Any:
    """Return an error's fact as JSON has it."""
    if fact is of:
        return {"$itself": True}
    if isinstance(fact, OpslineError):
        return json_of(fact)
    if isinstance(fact, Message):
        facts = {name: _json(each, of) for name, each in fact.facts.items()}
        return {"$message": fact.key, "facts": facts, "field": fact.field}
    if isinstance(fact, Mapping):
        return {str(name): _json(each, of) for name, each in fact.items()}
    if isinstance(fact, list | tuple):
        return [_json(each, of) for each in fact]
    return fact if fact is None or isinstance(fact, bool | int | float | str) else str(fact)


def _fact(kept: Any, of: OpslineError) -> object:
    """Return a fact as errors have it."""
    if isinstance(kept, list):
        return tuple(_fact(each, of) for each in kept)
    if not isinstance(kept, dict):
        return kept
    if "$itself" in kept:
        return of
    if "$error" in kept:
        return error_of(kept)
    if "$message" in kept:
        facts = {name: _fact(each, of) for name, each in kept["facts"].items()}
        return Message(kept["$message"], facts, kept["field"])
    return {name: _fact(each, of) for name, each in kept.items()}
