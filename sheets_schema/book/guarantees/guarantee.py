"""What a guarantee is, and what its trial says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, unique
from typing import TYPE_CHECKING

from sheets_schema.errors import BookError, OpslineError
from sheets_schema.words import Message, say

if TYPE_CHECKING:
    from sheets_schema.book.guarantees.scratch import Scratch

__all__ = ["Guarantee", "NotTried", "Result", "Seen", "State", "tried"]


@unique
class State(Enum):
    """What is known of a guarantee."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a trial saw, in values and in the service's own words.

    Args:
        found: What was there.
        wanted: What the book needs to be there.
    """

    found: str
    wanted: str


class NotTried(OpslineError):
    """Something could not be tried, or was not asked for."""

    key = "certify.not_asked"


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Something that the book relies on.

    Args:
        name: Its name.
        trial: Tries it on scratch sheets.
        needed: Whether the book may not be used without it.
    """

    name: str
    trial: Callable[[Scratch], Seen]
    needed: bool = True

    def said(self, what: str, language: str = "en") -> str:
        """Return its `title`, `why` or `how` in a language."""
        return say(f"certify.{self.name}.{what}", language)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a trial."""

    guarantee: Guarantee
    state: State
    seen: Message

    @property
    def is_well(self) -> bool:
        """Whether the book may be used, as far as this guarantee goes."""
        return self.state is State.HOLDS or not self.guarantee.needed


def tried(guarantee: Guarantee, scratch: Scratch) -> Result:
    """Try a guarantee; what goes wrong on the way leaves it untried."""
    try:
        seen = guarantee.trial(scratch)
    except NotTried as reason:
        return Result(guarantee, State.NOT_TRIED, reason.message)
    except BookError as error:
        return Result(guarantee, State.NOT_TRIED, error.message)
    if seen.found == seen.wanted:
        return Result(guarantee, State.HOLDS, Message("certify.found", {"found": seen.found}))
    facts = {"found": seen.found, "wanted": seen.wanted}
    return Result(guarantee, State.FAILS, Message("certify.found_other", facts))
