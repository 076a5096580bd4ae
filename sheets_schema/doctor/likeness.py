"""The likeliest of some names, where one stands out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Final

from sheets_schema.language.header import same

__all__ = ["likeliest"]

CLOSE: Final = 0.75
"""From here on two words are taken for one, misspelt."""
APART: Final = 0.08
"""How far the best must lie above the next."""
MANY: Final = 500
"""Among more names than that, a likeness is chance."""


def likeliest(word: str, names: Mapping[str, str]) -> tuple[str, bool] | None:
    """Return what a word most likely means, and whether it is the very name; None where none stands out.

    Args:
        word: What somebody wrote.
        names: A way to write something -> what it means; ways may mean the same.

    >>> likeliest("urgnet", {"Urgent": "P1", "High": "P2"}), likeliest("HIGH ", {"High": "P2"})
    (('P1', False), ('P2', True))
    """
    wanted = same(word)
    if not wanted:
        return None
    exact = {meaning for name, meaning in names.items() if same(name) == wanted}
    if len(exact) == 1:
        return exact.pop(), True
    if exact or len(names) > MANY:
        return None
    best = _best(wanted, names.items())
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < CLOSE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < APART:
        return None
    return ranked[0][0], False


def _best(wanted: str, names: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return how alike the likest way to write each meaning is."""
    matcher = difflib.SequenceMatcher(b=wanted, autojunk=False)
    found: dict[str, float] = {}
    for name, meaning in names:
        matcher.set_seq1(same(name))
        if matcher.quick_ratio() >= CLOSE:
            found[meaning] = max(found.get(meaning, 0.0), matcher.ratio())
    return found
