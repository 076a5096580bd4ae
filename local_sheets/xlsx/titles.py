"""Titles of sheets as Excel allows them: 31 characters, no brackets, colons, slashes, asterisks."""

import re
from collections.abc import Sequence

from local_sheets.xlsx.texts import coded

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")


def short_titles(titles: Sequence[str]) -> dict[str, str]:
    """Return the title in Excel of each title; all differ, whatever their case.

    >>> short_titles(["Tickets", "a/b", "A:B"])
    {'Tickets': 'Tickets', 'a/b': 'a_b', 'A:B': 'A_B~2'}
    """
    found: dict[str, str] = {}
    taken = {title.casefold() for title in titles if _fits(title)}
    for title in titles:
        if _fits(title):
            found[title] = title
            continue
        plain, number = _FORBIDDEN.sub("_", coded(title)) or "_", 1
        short = plain[:LONGEST].strip()
        while short.casefold() in taken:
            number += 1
            short = f"{plain[: LONGEST - 1 - len(str(number))]}~{number}"
        taken.add(short.casefold())
        found[title] = short
    return found


def _fits(title: str) -> bool:
    """Say whether Excel takes a title as it is."""
    return (
        0 < len(title) <= LONGEST
        and not _FORBIDDEN.search(title)
        and coded(title) == title
        and title.casefold() != "history"
    )
