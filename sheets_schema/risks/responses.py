"""Which response a risk's level allows, and acceptances that run out."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sheets_schema.errors import RuleError
from sheets_schema.words import LANGUAGES, Message, say

RESPONSES = ("avoid", "reduce", "transfer", "accept")
RANKS = {"viewer": 0, "agent": 1, "liaison": 1, "analyst": 1, "lead": 2, "manager": 3, "admin": 4}


class ResponseRefused(RuleError):
    """A risk of this level may not be answered so (facts: response, level, allowed)."""

    key = "risks.response.refused"


class ApprovalNeeded(RuleError):
    """A response at this level needs somebody of a higher role (facts: level, role)."""

    key = "risks.response.approval"


class ExpiryNeeded(RuleError):
    """A risk is accepted for a time, never for ever."""

    key = "risks.response.expiry"


class ExpiryPast(RuleError):
    """A risk cannot be accepted until a day that is over (facts: day)."""

    key = "risks.response.expiry_past"


def allowed(level: str, levels: pd.DataFrame) -> tuple[str, ...]:
    """Return the responses that the `risk_levels` sheet allows; all where it says nothing.

    >>> levels = pd.DataFrame({"id": ["extreme"], "responses": ["avoid reduce transfer"]})
    >>> allowed("extreme", levels)
    ('avoid', 'reduce', 'transfer')
    """
    words = _of(level, levels, "responses").replace(",", " ").split()
    return tuple(code for code in RESPONSES if code in words) if words else RESPONSES


def approver_of(level: str, levels: pd.DataFrame) -> str:
    """Return the role that has to approve at a level; "" where the sheet asks for none."""
    return _of(level, levels, "approver_role")


def check_response(
    response: str,
    level: str,
    role: str,
    levels: pd.DataFrame,
    *,
    expires: pd.Timestamp | None = None,
    today: pd.Timestamp | None = None,
) -> None:
    """Refuse a response that the rules of the level do not allow.

    Args:
        response: One of `RESPONSES`.
        level: The risk's present level, an id of *levels*; "" while it is not assessed.
        role: The role of the person who decides.
        levels: Rows of `risk_levels`.
        expires: The day (naive) an acceptance runs out.
        today: The workbook's present day (naive).

    Raises:
        ResponseRefused: The level does not allow the response.
        ApprovalNeeded: The level asks for a higher role than the person's.
        ExpiryNeeded: An acceptance without a day.
        ExpiryPast: An acceptance whose day is over.
    """
    may = allowed(level, levels)
    if response not in may:
        raise ResponseRefused(
            response=named([response]), level=level_names(level, levels), allowed=named(may)
        )
    needed = approver_of(level, levels)
    if response == "accept" and RANKS.get(role, 0) < RANKS.get(needed, 0):
        role_name = Message(f"shell.role.{needed}")
        raise ApprovalNeeded(level=level_names(level, levels), role=role_name)
    if response == "accept" and expires is None:
        raise ExpiryNeeded
    if response == "accept" and today is not None and expires is not None and expires < today:
        raise ExpiryPast(day=f"{expires:%Y-%m-%d}")


def broken_rules(risks: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """List the open risks whose response their present level does not allow.

    Args:
        risks: `id`, `response`, `level` and `status`.
        levels: Rows of `risk_levels`.

    Returns:
        Those rows; a risk without a response or a level breaks nothing.
    """
    is_open = risks["status"].fillna("open") != "closed"
    both = risks["response"].notna() & risks["level"].fillna("").astype(bool)
    rules = {level: allowed(str(level), levels) for level in levels["id"]}
    breaks = [
        response not in rules.get(level, RESPONSES)
        for response, level in zip(risks["response"], risks["level"], strict=True)
    ]
    return risks[is_open & both & pd.Series(breaks, index=risks.index, dtype=bool)]


def acceptances(treatments: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """List the acceptances in force and how long they still run.

    Args:
        treatments: Rows of `treatments`: `strategy`, `status`, `expires` (naive midnight).
        today: The workbook's present day (naive).

    Returns:
        The accepting rows that are not cancelled, with `days_left` (whole days; 0 on the last day,
        negative once it is over, NA without an expiry), the first to run out on top.
    """
    in_force = (treatments["strategy"] == "accept") & (treatments["status"] != "cancelled")
    rows = treatments[in_force.fillna(value=False).astype(bool)]
    left = (rows["expires"] - today.normalize()).dt.days.astype("Int64")
    return rows.assign(days_left=left).sort_values("days_left", kind="stable", na_position="first")


def named(codes: Iterable[str]) -> dict[str, str]:
    """Return what responses are called, in each language; a code that is none stays as it is.

    >>> named(["avoid", "accept"])["zh-Hant"]
    '規避、接受'
    """
    known = [code if code not in RESPONSES else f"risks.answer.{code}" for code in codes]
    return {
        language: (", " if language == "en" else "、").join(
            say(word, language) if word.startswith("risks.answer.") else word for word in known
        )
        for language in LANGUAGES
    }


def level_names(level: str, levels: pd.DataFrame) -> dict[str, str]:
    """Return what a level is called, in each language; its id where the sheet has no name."""
    columns = {"en": "name", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
    return {
        language: (_of(level, levels, column) if column in levels else "") or level
        for language, column in columns.items()
    }


def _of(level: str, levels: pd.DataFrame, column: str) -> str:
    """Return what a column of `risk_levels` says of a level; "" where it says nothing."""
    found = levels.loc[levels["id"] == level, column].dropna()
    return str(found.iloc[0]).strip() if len(found) else ""
