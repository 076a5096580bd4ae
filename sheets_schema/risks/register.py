"""The register as it stands: every risk with its three stages, its money, its review and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from sheets_schema.risks.assess import STAGES, latest
from sheets_schema.risks.level import rated
from sheets_schema.risks.money import expected_loss, rank_disagreement
from sheets_schema.risks.responses import acceptances, broken_rules

TABLES = ("risk_levels", "risk_assessments", "treatments", "risks")
OF_STAGE = ("likelihood", "impact", "score", "level")


class Frames(Protocol):
    """Tables by name: a snapshot, or a mapping of frames."""

    def __getitem__(self, name: str, /) -> pd.DataFrame:
        """Return a table."""


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """All risks as they stand.

    Attributes:
        risks: The rows of `risks` that have an id, indexed by their row of the sheet, with
            `inherent_score`, `inherent_level`, `inherent_likelihood` ... of each stage, `ale`,
            `rank_score`, `rank_ale`, `disagreement`, `assessed_at`, `review_due` and `overdue`.
        now: The assessments in force, with `score`, `level` and `ale`.
        assessments: All of them, so rated.
        levels: Rows of `risk_levels`, from the lowest band up.
        broken: The open risks whose response their current level does not allow.
        accepted: The acceptances in force, with `days_left`.
    """

    risks: pd.DataFrame
    now: pd.DataFrame
    assessments: pd.DataFrame
    levels: pd.DataFrame
    broken: pd.DataFrame
    accepted: pd.DataFrame

    def risk(self, code: str) -> pd.Series | None:
        """Return the row of a risk; None where the sheet has none of that id."""
        found = self.risks[self.risks["id"] == code]
        return found.iloc[0] if len(found) else None

    def above(self, appetite: float) -> pd.DataFrame:
        """Return the open risks whose current score is above the appetite, the highest first."""
        is_open = self.risks["status"].fillna("open") != "closed"
        found = self.risks[is_open & (self.risks["current_score"].astype("float64") > appetite)]
        return found.sort_values("current_score", ascending=False, kind="stable")


def register(frames: Frames | Mapping[str, pd.DataFrame], *, now: pd.Timestamp, time_zone: str) -> Register:
    """Read the register from the sheets.

    Args:
        frames: `TABLES` by name; a snapshot will do.
        now: The moment to read it at (with a time zone); later assessments do not count yet.
        time_zone: Where days begin; the workbook's.
    """
    levels = frames["risk_levels"].dropna(subset=["id"])
    levels = levels.sort_values("score_from", kind="stable")
    assessments = rated(frames["risk_assessments"], levels)
    assessments = assessments.assign(ale=expected_loss(assessments))
    in_force = latest(assessments, now)
    today = now.tz_convert(time_zone).tz_localize(None).normalize()
    listed = frames["risks"].dropna(subset=["id"]).drop_duplicates("id")
    risks = _with_money(_with_stages(listed, in_force), in_force)
    risks = _with_review(risks, levels, time_zone, today)
    current = risks.assign(level=risks["current_level"])
    return Register(
        risks=risks,
        now=in_force,
        assessments=assessments,
        levels=levels,
        broken=broken_rules(current, levels),
        accepted=acceptances(frames["treatments"], today),
    )


def _with_stages(risks: pd.DataFrame, in_force: pd.DataFrame) -> pd.DataFrame:
    """Put each stage's assessment beside its risk."""
    found = risks
    for stage in STAGES:
        here = _of_stage(in_force, stage)
        columns = {f"{stage}_{name}": _beside(found["id"], here[name]) for name in OF_STAGE}
        found = found.assign(**columns)
        found[f"{stage}_level"] = found[f"{stage}_level"].fillna("")
    return found


def _with_money(risks: pd.DataFrame, in_force: pd.DataFrame) -> pd.DataFrame:
    """Put the current ALE beside each risk, and where money and matrix rank differently."""
    here = _of_stage(in_force, "current")
    found = risks.assign(ale=_beside(risks["id"], here["ale"]), assessed_at=_beside(risks["id"], here["at"]))
    is_open = found["status"].fillna("open") != "closed"
    pairs = found[is_open].rename(columns={"current_score": "score"})
    ranked = rank_disagreement(pairs[["id", "score", "ale"]].rename(columns={"id": "risk"}))
    by_risk = ranked.set_index("risk")
    names = ("rank_score", "rank_ale", "disagreement")
    return found.assign(**{name: _beside(found["id"], by_risk[name]) for name in names})


def _with_review(
    risks: pd.DataFrame, levels: pd.DataFrame, time_zone: str, today: pd.Timestamp
) -> pd.DataFrame:
    """Say by when each risk is to be reviewed: as the sheet says, else as its level does."""
    rule = levels.drop_duplicates("id").set_index("id")["review_days"].astype("float64")
    days = pd.to_timedelta(_beside(risks["current_level"], rule), unit="D")
    assessed = risks["assessed_at"].dt.tz_convert(time_zone).dt.tz_localize(None).dt.normalize()
    due = risks["next_review"].fillna(assessed + days)
    is_open = risks["status"].fillna("open") != "closed"
    return risks.assign(review_due=due, overdue=is_open & (due < today))


def _of_stage(in_force: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Return the assessments of one stage by their risk."""
    return in_force[in_force["stage"] == stage].dropna(subset=["risk"]).set_index("risk")


def _beside(codes: pd.Series, facts: pd.Series) -> pd.Series:
    """Return each code's fact on the codes' own index; missing where there is none."""
    return facts.reindex(codes).set_axis(codes.index)
