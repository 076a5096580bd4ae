"""How bad a risk is: likelihood x impact, and the band that the workbook gives the score."""

from __future__ import annotations

import pandas as pd

SCALE = (1, 2, 3, 4, 5)


def score(likelihood: pd.Series, impact: pd.Series) -> pd.Series:
    """Return likelihood x impact; NA where either is not known.

    >>> score(pd.Series([4], dtype="Int64"), pd.Series([3], dtype="Int64")).tolist()
    [12]
    """
    return likelihood * impact


def level_of(scores: pd.Series, levels: pd.DataFrame) -> pd.Series:
    """Return the id of the band that each score lies in.

    Args:
        scores: n scores; NA where not known.
        levels: Rows of `risk_levels`: `id`, `score_from`, `score_to`, both ends included. Where
            bands overlap the later row wins, so that a mistake in the sheet errs on its side.

    Returns:
        n ids on the same index; "" where there is no score, or no band that holds it.

    >>> bands = pd.DataFrame({"id": ["low", "high"], "score_from": [1, 4], "score_to": [3, 25]})
    >>> level_of(pd.Series([3, 4]), bands).tolist()
    ['low', 'high']
    """
    points = scores.astype("float64")
    found = pd.Series("", index=scores.index, dtype="object")
    known = levels.dropna(subset=["id", "score_from", "score_to"])
    bounds = known[["score_from", "score_to"]].to_numpy(dtype="float64")
    for name, (bottom, top) in zip(known["id"], bounds, strict=True):
        found = found.mask(points.between(bottom, top), str(name))
    return found


def uncovered_scores(levels: pd.DataFrame) -> list[int]:
    """Return the scores that a 5 x 5 matrix can have and no band holds."""
    possible = sorted({likelihood * impact for likelihood in SCALE for impact in SCALE})
    bands = level_of(pd.Series(possible), levels)
    return [points for points, band in zip(possible, bands, strict=True) if not band]


def rated(assessments: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with `score` and `level` beside them."""
    points = score(assessments["likelihood"], assessments["impact"])
    return assessments.assign(score=points, level=level_of(points, levels))
