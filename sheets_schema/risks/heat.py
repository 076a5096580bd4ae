"""The 5 x 5 heat map: how many risks lie in each cell, and which."""

from __future__ import annotations

import pandas as pd

from sheets_schema.risks.level import SCALE, level_of


def counts(assessments: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Count the risks in each cell of one stage.

    Args:
        assessments: The assessments in force (`assess.latest`): `stage`, `likelihood`, `impact`.
        stage: "inherent", "current" or "target".

    Returns:
        A 5 x 5 frame of whole numbers: likelihood 1-5 down the index, impact 1-5 across. What is
        not assessed, or lies outside the scale, is in no cell.

    >>> one = pd.DataFrame({"stage": ["current"], "likelihood": [4], "impact": [3]})
    >>> int(counts(one, "current").loc[4, 3]), int(counts(one, "target").to_numpy().sum())
    (1, 0)
    """
    here = assessments[assessments["stage"] == stage].dropna(subset=["likelihood", "impact"])
    table = pd.crosstab(here["likelihood"], here["impact"])
    return table.reindex(index=list(SCALE), columns=list(SCALE), fill_value=0).astype(int)


def in_cell(assessments: pd.DataFrame, stage: str, likelihood: int, impact: int) -> pd.DataFrame:
    """Return the assessments that lie in one cell of one stage, in the order of their risks."""
    here = (
        (assessments["stage"] == stage)
        & (assessments["likelihood"] == likelihood)
        & (assessments["impact"] == impact)
    )
    return assessments[here.fillna(value=False).astype(bool)].sort_values("risk", kind="stable")


def bands(levels: pd.DataFrame) -> pd.DataFrame:
    """Return the level of each cell, shaped as `counts`; "" where no band holds it."""
    scores = [likelihood * impact for likelihood in SCALE for impact in SCALE]
    found = level_of(pd.Series(scores), levels).tolist()
    rows = [found[start : start + len(SCALE)] for start in range(0, len(found), len(SCALE))]
    return pd.DataFrame(rows, index=list(SCALE), columns=list(SCALE))
