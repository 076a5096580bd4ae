"""What was thought of a risk, and when: assessments are added and never overwritten."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

STAGES = ("inherent", "current", "target")


def latest(assessments: pd.DataFrame, at: pd.Timestamp | None = None) -> pd.DataFrame:
    """Return the assessment in force for each risk and stage.

    Args:
        assessments: Rows of `risk_assessments`: `risk`, `stage`, `at` (UTC), and what else they
            have. A row without a moment counts as the oldest.
        at: Read the register as it was at this moment (UTC); now where left out.

    Returns:
        One row for each risk and stage, with the columns and the index of the given rows. Of two
        at the same moment the lower row in the sheet wins.
    """
    moments = assessments["at"]
    seen = assessments if at is None else assessments[moments.isna() | (moments <= at)]
    ordered = seen.sort_values("at", kind="stable", na_position="first")
    return ordered.drop_duplicates(["risk", "stage"], keep="last").sort_index()


def history(assessments: pd.DataFrame, risk: str) -> pd.DataFrame:
    """Return one risk's assessments, newest first."""
    mine = assessments[assessments["risk"] == risk]
    return mine.iloc[::-1].sort_values("at", ascending=False, kind="stable")


def movement(assessments: pd.DataFrame, stages: tuple[str, str] = ("inherent", "current")) -> pd.DataFrame:
    """Say how far each risk lies from one stage to another, by the assessments in force.

    Returns:
        One row a risk that has both: `risk`, `likelihood_from`, `impact_from`, `likelihood_to`,
        `impact_to`, and `change` (of the score; negative is better), sorted by risk.
    """
    now = latest(assessments)
    before, after = (now[now["stage"] == stage] for stage in stages)
    return _moved(before, after)


def moved_since(
    assessments: pd.DataFrame,
    since: pd.Timestamp,
    stage: str = "current",
    until: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Say how each risk moved between two dates, in one stage; columns as `movement`.

    A risk that was not yet assessed at *since* is left out: it did not move, it appeared.
    """
    before, after = latest(assessments, since), latest(assessments, until)
    return _moved(before[before["stage"] == stage], after[after["stage"] == stage])


def next_review(assessed_at: pd.Timestamp, level: str, levels: pd.DataFrame) -> pd.Timestamp | None:
    """Return the day by which a risk of this level is to be reviewed again; None without a rule."""
    days = levels.loc[levels["id"] == level, "review_days"].astype("float64").dropna()
    if days.empty:
        return None
    return (assessed_at + pd.Timedelta(days=days.iloc[0])).normalize()


def new_assessment(
    risk: str, stage: str, likelihood: int, impact: int, by: str, at: pd.Timestamp, **more: object
) -> Mapping[str, object]:
    """Return the row that a re-assessment adds; the earlier ones stay as they are."""
    row = {"risk": risk, "at": at, "stage": stage, "likelihood": likelihood, "impact": impact}
    return row | {"assessor": by} | {name: value for name, value in more.items() if value is not None}


def _moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Join two sets of assessments, one row a risk each."""
    columns = ["risk", "likelihood", "impact"]
    both = before[columns].merge(after[columns], on="risk", suffixes=("_from", "_to")).dropna()
    change = both["likelihood_to"] * both["impact_to"] - both["likelihood_from"] * both["impact_from"]
    return both.assign(change=change).sort_values("risk", kind="stable").reset_index(drop=True)
