"""What the engine found, as a cell shows it: a value, or an error with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_sheets.store.row import Value
from local_sheets.values.arithmetic import NOT_COMPUTED
from local_sheets.values.typed import tidy


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: the text that a cell shows, and why."""

    text: str
    message: str


CIRCULAR = Problem(
    "#REF!",
    "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
)
TOO_MUCH = Problem("#ERROR!", f"The formula takes too long and {NOT_COMPUTED}.")
"""A formula that would keep everybody waiting."""

_ENGINE = {
    "Div": Problem("#DIV/0!", "Function DIVIDE parameter 2 cannot be zero."),
    "Na": Problem("#N/A", "A value is not available."),
    "Name": Problem("#NAME?", "Unknown function or range name."),
    "Null": Problem("#NULL!", "The ranges do not meet."),
    "Num": Problem("#NUM!", "A number in the formula is outside of what the function takes."),
    "Ref": Problem("#REF!", "Reference does not exist."),
    "Value": Problem("#VALUE!", "A parameter of the formula has a value of the wrong kind."),
    "Error": Problem("#ERROR!", "Formula parse error."),
    "Circ": CIRCULAR,
    "Spill": Problem("#REF!", "Array result was not expanded because it would overwrite data."),
    "Calc": Problem("#N/A", "No matches are found in FILTER evaluation."),
    "NImpl": Problem("#ERROR!", f"A part of the formula {NOT_COMPUTED}."),
}
_OF_ENGINE = {
    "#DIV/0!": "Div", "#N/A": "Na", "#NAME?": "Name", "#NULL!": "Null", "#NUM!": "Num", "#REF!": "Ref",
    "#VALUE!": "Value", "#ERROR!": "Error",
}  # fmt: skip

Result = Value | Problem
_LOOKUPS = ("VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP", "MATCH")


def result(found: Any) -> Result:
    """Return a value of the engine's as a cell's.

    >>> result(2.0), result(None), result({"type": "Error", "kind": "Div"}).text
    (2, '', '#DIV/0!')
    """
    if isinstance(found, Mapping):
        given = _ENGINE.get(str(found.get("kind")), _ENGINE["Error"])
        message = found.get("message")
        return Problem(given.text, str(message)) if message else given
    if found is None:
        return ""
    if isinstance(found, float):
        return tidy(found)
    return found if isinstance(found, (bool, int, str)) else str(found)


def engine_kind(text: str) -> str:
    """Return the engine's word for an error's text."""
    return _OF_ENGINE.get(text, "Error")


def explained(problem: Problem, names: list[str], unknown: str | None) -> Problem:
    """Return an error with a reason that names what the formula calls.

    Args:
        problem: What the engine found.
        names: The functions that the formula calls, in order.
        unknown: The first of them that nobody knows, if any.

    >>> explained(result({"kind": "Na"}), ["VLOOKUP"], None).message
    'Did not find the value in VLOOKUP evaluation.'
    """
    if problem.text == "#NAME?" and unknown:
        return Problem(problem.text, f"Unknown function: '{unknown}'.")
    if problem is _ENGINE["Na"]:
        for name in names:
            if name in _LOOKUPS:
                return Problem(problem.text, f"Did not find the value in {name} evaluation.")
    if problem is _ENGINE["Div"] and names and names[0].startswith("AVERAGE"):
        reason = f"Evaluation of function {names[0]} caused a divide by zero error."
        return Problem(problem.text, reason)
    return problem
