"""Every error words itself, from facts, in three languages."""

import pickle
import re

import pytest

from sheets_schema import errors
from sheets_schema.errors import CredentialFault, OpslineError
from sheets_schema.words import LANGUAGES, Message


def _family(kind: type[OpslineError]) -> list[type[OpslineError]]:
    """Return a class of error and all below it that this module defines."""
    below = [each for child in kind.__subclasses__() for each in _family(child)]
    return [each for each in (kind, *below) if each.__module__ == errors.__name__]


EVERY_ERROR = pytest.mark.parametrize("kind", _family(OpslineError), ids=lambda kind: kind.__name__)


@EVERY_ERROR
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_needs_no_more_facts_than_it_names(kind: type[OpslineError], language: str) -> None:
    """The docstring lists the facts; a sentence that asks for another would fail when it is needed."""
    listed = re.search(r"\(facts: ([^)]*)\)", kind.__doc__ or "")
    facts = dict.fromkeys(listed.group(1).split(", "), "x") if listed else {}
    facts |= {"sheet": "x"} if kind is errors.SheetFault else {}

    assert kind(**facts).text(language).endswith((".", "。", "x"))


@EVERY_ERROR
def test_the_tree_shows_every_error(kind: type[OpslineError]) -> None:
    """It is drawn where it lives."""
    assert re.search(rf"^ *[*+-] {kind.__name__} ", errors.__doc__ or "", re.MULTILINE)


def test_an_error_may_say_another_sentence() -> None:
    """One class, several causes; the key comes first."""
    error = CredentialFault("error.unreachable", address="here")

    assert str(error).startswith("Nothing answers at here")
    assert error.facts == {"address": "here"}
    assert error.message == Message("error.unreachable", {"address": "here"})


def test_an_error_survives_a_pickle() -> None:
    """Kernels and workers hand errors on."""
    error = pickle.loads(  # noqa: S301 - our own, of this moment
        pickle.dumps(CredentialFault("error.unreachable", address="here"))
    )

    assert str(error).startswith("Nothing answers at here")
