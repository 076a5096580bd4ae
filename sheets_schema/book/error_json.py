"""An error as JSON and back: what was said of a save that waits is said again by another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheets_schema import errors
from sheets_schema.book import failures
from sheets_schema.errors import OpslineError
from sheets_schema.words import Message

__all__ = ["error_of", "json_of"]


def json_of(fact: object) -> Any:
    """Return an error, or one of its facts, as JSON has it.

    >>> error_of(json_of(errors.QuotaFault(seconds=9))).text()
    'The spreadsheet service asks for a pause; try again in 9 s.'
    """
    if isinstance(fact, OpslineError):
        facts = {name: json_of(each) for name, each in fact.facts.items()}
        return {"$error": type(fact).__name__, "key": fact.said_by, "facts": facts}
    if isinstance(fact, Message):
        facts = {name: json_of(each) for name, each in fact.facts.items()}
        return {"$message": fact.key, "facts": facts, "field": fact.field}
    if isinstance(fact, Mapping):
        return {str(name): json_of(each) for name, each in fact.items()}
    if isinstance(fact, list | tuple):
        return [json_of(each) for each in fact]
    return fact if fact is None or isinstance(fact, bool | int | float | str) else str(fact)


def error_of(kept: Mapping[str, Any]) -> OpslineError:
    """Return the error that JSON holds; an OpslineError where its class is not known any more."""
    name = str(kept.get("$error"))
    found = getattr(errors, name, None) or getattr(failures, name, None)
    kind = found if isinstance(found, type) and issubclass(found, OpslineError) else OpslineError
    facts = {each: _fact(fact) for each, fact in kept["facts"].items()}
    return kind(str(kept["key"]), **facts)


def _fact(kept: Any) -> object:
    """Return a fact as errors have it."""
    if isinstance(kept, list):
        return tuple(_fact(each) for each in kept)
    if not isinstance(kept, dict):
        return kept
    if "$error" in kept:
        return error_of(kept)
    facts = kept.get("facts", {})
    if "$message" in kept:
        return Message(kept["$message"], {name: _fact(each) for name, each in facts.items()}, kept["field"])
    return {name: _fact(each) for name, each in kept.items()}
