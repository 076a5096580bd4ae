"""Which status may follow which: the arrows in the sheet `statuses`."""

from __future__ import annotations

import pandas as pd

from sheets_schema.errors import IllegalMove
from sheets_schema.tickets.rules import text_of
from sheets_schema.words import LANGUAGES, Message

__all__ = ["allowed_moves", "check_move", "status_labels"]

NAMES = {"en": "name", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}


def allowed_moves(statuses: pd.DataFrame, here: object) -> tuple[str, ...]:
    """Return the statuses that may follow *here*, in the order in which the sheet names them.

    A code that is no row of the sheet, or *here* itself, is left out.

    >>> statuses = pd.DataFrame({"id": ["new", "done"], "next": ["done gone", None]})
    >>> allowed_moves(statuses, "new"), allowed_moves(statuses, "done")
    (('done',), ())
    """
    found = statuses.loc[statuses["id"] == here, "next"]
    codes = text_of(found.iloc[0]).split() if len(found) else []
    known = set(statuses["id"].dropna())
    return tuple(dict.fromkeys(code for code in codes if code in known and code != here))


def check_move(statuses: pd.DataFrame, here: object, there: object) -> None:
    """Refuse a move for which there is no arrow.

    Raises:
        IllegalMove: Its sentence names the moves that are allowed from *here*, and `facts["codes"]`
            holds their codes.
    """
    codes = allowed_moves(statuses, here)
    if there in codes:
        return
    names = [status_labels(statuses, code) for code in codes]
    raise IllegalMove(
        here=status_labels(statuses, here),
        there=status_labels(statuses, there),
        allowed=_listed(names) if names else Message("tickets.move.none"),
        codes=codes,
    )


def status_labels(statuses: pd.DataFrame, code: object) -> dict[str, str]:
    """Return what a status is called in each language; its code where the sheet has no name."""
    found = statuses[statuses["id"] == code]
    row = {} if found.empty else found.iloc[0].to_dict()
    return {
        language: text_of(row.get(NAMES[language])) or text_of(row.get("name")) or text_of(code)
        for language in LANGUAGES
    }


def _listed(names: list[dict[str, str]]) -> dict[str, str]:
    """Return a list of names in each language."""
    comma = Message("common.list_separator")
    return {language: comma.text(language).join(name[language] for name in names) for language in LANGUAGES}
