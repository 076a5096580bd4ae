"""KPIs whose actuals are computed, from tickets or the data's score, joined with those that people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from sheets_schema.desk_rules.tickets import RULE_TABLES, Frames, ticket_rules
from sheets_schema.kpis.actuals import actuals, drafts, missing_months
from sheets_schema.kpis.periods import month_at, month_before, months_of, working_days, year_of
from sheets_schema.kpis.report import standing, unfinished, year_report, year_to_date
from sheets_schema.people.calendar import WEEKDAYS
from sheets_schema.quality import measures as quality
from sheets_schema.tickets.measures import SOURCES, cases

__all__ = [
    "BOARD_TABLES",
    "KpiBoard",
    "calendar_days",
    "computed",
    "known_figures",
    "kpi_board",
    "ticket_cases",
]

BOARD_TABLES: Final = tuple(
    dict.fromkeys(
        (
            *(*RULE_TABLES, "teams", "tickets", "ticket_events", "data_quality"),
            *("kpi_targets", "kpi_actuals", "kpis"),
        )
    )
)
"""The sheets that a board is read from; a page that shows one loads them."""

COLUMNS: Final = [
    *("source", "scope_type", "scope", "period"),
    *("numerator", "denominator", "value", "n"),
]


@dataclass(frozen=True, slots=True, eq=False)
class KpiBoard:
    """A plan year as it stands.

    Attributes:
        kpis: The rows of `kpis` that have a code and a kind of aggregation, in the sheet's order.
        year: The plan year.
        start: First month of the fiscal year.
        today: The month that is running; the one after the last where the year is over.
        known: Typed and computed actuals together (`kpis.actuals.actuals`).
        report: Every period of the year (`kpis.report.year_report`).
        so_far: The year to date (`kpis.report.year_to_date`).
        newest: Where each KPI stands (`kpis.report.standing`).
        missing: The values that should be there and are not (`kpis.actuals.missing_months`).
        drafts: Typed values that wait for approval, rows of `kpi_actuals`.
        cases: Source -> the tickets that it counts (`ticket_cases`).
    """

    kpis: pd.DataFrame
    year: int
    start: int
    today: str
    known: pd.DataFrame
    report: pd.DataFrame
    so_far: pd.DataFrame
    newest: pd.DataFrame
    missing: pd.DataFrame
    drafts: pd.DataFrame
    cases: Mapping[str, pd.DataFrame]

    def kpi(self, code: str) -> pd.Series | None:
        """Return the row of a KPI; None where the sheet has none of that code."""
        found = self.kpis[self.kpis["id"] == code]
        return found.iloc[0] if len(found) else None

    def of(self, code: str, kind: str | None = None) -> pd.DataFrame:
        """Return the company's rows of the report for one KPI, of one kind of period."""
        mine = (self.report["kpi"] == code) & (self.report["scope_type"] == "company")
        rows = self.report[mine]
        return rows if kind is None else rows[rows["kind"] == kind]


def kpi_board(
    frames: Frames | Mapping[str, pd.DataFrame],
    *,
    now: pd.Timestamp,
    time_zone: str,
    year: int | None = None,
) -> KpiBoard:
    """Read a plan year from the sheets.

    Args:
        frames: `BOARD_TABLES` by name; a snapshot will do.
        now: The moment, with a time zone.
        time_zone: Where months begin; the workbook's.
        year: The plan year; the setting `plan_year`, else the running one, where left out.

    Raises:
        BadHours: A calendar's hours cannot be read.
    """
    frame, targets, typed = frames["kpis"], frames["kpi_targets"], frames["kpi_actuals"]
    kpis = _judged(frame)
    start = _setting(frames, "fiscal_start_month", 1, 12) or 1
    month = month_at(now, time_zone)
    shown = year or _setting(frames, "plan_year", 2000, 2199) or year_of(month, start)
    last = months_of(str(shown), start)[-1]
    today = month if month <= last else month_before(last, -1)
    sources = set(kpis["source"].dropna())
    found = ticket_cases(frames, sources, now=now, time_zone=time_zone)
    known = actuals(kpis, typed, _with_quality(computed(found), frames, sources), start)
    grace = _setting(frames, "kpi_grace_months", 0, 12) or 0
    reports = _reports(frame, targets, known, (shown, start, today, grace))
    return KpiBoard(
        kpis=kpis,
        year=shown,
        start=start,
        today=today,
        known=known,
        report=reports.report,
        so_far=reports.so_far,
        newest=reports.newest,
        missing=missing_months(known, kpis, month_before(today), start),
        drafts=drafts(typed),
        cases=found,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Reports:
    """What follows from the plan and the known figures, with what it was made from."""

    made_from: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, tuple[int, int, str, int]]
    report: pd.DataFrame
    so_far: pd.DataFrame
    newest: pd.DataFrame


_KEPT: list[_Reports] = []
"""The last ones of this process: they change when a figure or the plan does, not with every ticket."""
MOST: Final = 4


def _reports(
    frame: pd.DataFrame, targets: pd.DataFrame, known: pd.DataFrame, facts: tuple[int, int, str, int]
) -> _Reports:
    """Return a plan year's reports; those of before where they are made from the same.

    Args:
        frame: `kpis`.
        targets: `kpi_targets`.
        known: What `actuals.actuals` returned.
        facts: Plan year, first month of the fiscal year, running month, months of grace.
    """
    for kept in _KEPT:
        one, other, figures, then = kept.made_from
        if one is frame and other is targets and then == facts and figures.equals(known):
            return kept
    year, start, today, grace = facts
    kpis = _judged(frame)
    report = year_report(kpis, targets, known, year, start)
    made = _Reports(
        (frame, targets, known, facts),
        report=unfinished(report, today, start),
        so_far=year_to_date(report, kpis, known, today),
        newest=standing(report, kpis, today, start=start, grace=grace),
    )
    _KEPT[:] = [made, *_KEPT[: MOST - 1]]
    return made


def _judged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the KPIs that have a code and a kind of aggregation."""
    return frame[frame["id"].notna() & frame["aggregation"].notna()].drop_duplicates("id")


def ticket_cases(
    frames: Frames | Mapping[str, pd.DataFrame],
    sources: set[str],
    *,
    now: pd.Timestamp,
    time_zone: str,
) -> dict[str, pd.DataFrame]:
    """Return, for each source that tickets can answer, the tickets that it counts.

    Returns:
        source -> frame with `period`, `numerator`, `denominator` and `team`, on the tickets' index
        (their rows of the sheet); periods and teams are categorical. Empty where no KPI asks for one,
        or there are no tickets.
    """
    wanted, tickets = sorted(sources & set(SOURCES)), frames["tickets"]
    if not wanted or tickets.empty:
        return {}
    rules, events = ticket_rules(frames, now, tickets["opened_at"].min()), frames["ticket_events"]
    team = tickets["team"].astype("category")
    return {
        source: cases(source, tickets, events, rules, now=now, time_zone=time_zone).join(team)
        for source in wanted
    }


def computed(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the figures of each source, month and scope (the company, and each team).

    Args:
        found: What `ticket_cases` returned.

    Returns:
        What `kpis.actuals.actuals` takes as computed; values are not yet scaled.
    """
    parts = [_sums(source, rows) for source, rows in found.items()]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    return pd.DataFrame(whole).astype(dict.fromkeys(("source", "scope_type", "scope", "period"), "str"))


def known_figures(
    frames: Frames | Mapping[str, pd.DataFrame], *, now: pd.Timestamp, time_zone: str
) -> pd.DataFrame:
    """Return the figures of every source that a KPI names and that can be computed; see `computed`.

    Args:
        frames: `BOARD_TABLES` by name; a snapshot will do.
        now: The moment, with a time zone.
        time_zone: Where months begin; the workbook's.
    """
    sources = set(frames["kpis"]["source"].dropna())
    found = ticket_cases(frames, sources, now=now, time_zone=time_zone)
    return _with_quality(computed(found), frames, sources)


def _with_quality(
    figures: pd.DataFrame, frames: Frames | Mapping[str, pd.DataFrame], sources: set[str]
) -> pd.DataFrame:
    """Add the figures that the score of the data gives, where a KPI asks for one."""
    if not sources & set(quality.SOURCES):
        return figures
    more = quality.measured(frames["data_quality"])
    return more if figures.empty else pd.concat([figures, more], ignore_index=True)


def calendar_days(frames: Frames | Mapping[str, pd.DataFrame], months: tuple[str, ...]) -> dict[str, float]:
    """Return each month's working days by the workbook's first calendar; none where it has none."""
    calendars = frames["calendars"].dropna(subset=["id"])
    if calendars.empty:
        return {}
    calendar, days = calendars.iloc[0], frames["holidays"]
    hours = [calendar[day] for day in WEEKDAYS]
    is_open = [bool(pd.notna(text) and str(text).strip()) for text in hours]
    counts = working_days(months, is_open, days[days["calendar"] == calendar["id"]])
    return {month: float(count) for month, count in zip(months, counts, strict=True)}


def _sums(source: str, rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return numerator, denominator, value and n of each month: of the company, then of each team."""
    months, teams = rows["period"].cat, rows["team"].cat
    month, team = (each.codes.to_numpy("int64") for each in (months, teams))
    parts = [rows[name].fillna(0.0).to_numpy() for name in ("numerator", "denominator")]
    whole, *rest = (np.bincount(month, each) for each in (None, *parts))
    width, has_team = len(whole), team >= 0
    cells = (team * width + month)[has_team]
    counts, *shares = (
        np.bincount(cells, None if each is None else each[has_team], len(teams.categories) * width)
        for each in (None, *parts)
    )
    n = np.concatenate([whole, counts])
    there = np.flatnonzero(n)
    scopes = np.array(["", *teams.categories], dtype=object)[there // max(width, 1)]
    above, below = (np.concatenate(each)[there] for each in zip(rest, shares, strict=True))
    return {
        "source": np.full(len(there), source, dtype=object),
        "scope_type": np.where(there < width, "company", "team").astype(object),
        "scope": scopes,
        "period": np.asarray(months.categories, dtype=object)[there % max(width, 1)],
        "numerator": above,
        "denominator": below,
        "value": above / np.where(below == 0, np.nan, below),
        "n": n[there],
    }


def _setting(frames: Frames | Mapping[str, pd.DataFrame], name: str, low: int, high: int) -> int | None:
    """Return a setting as a whole number within limits; None where it is none."""
    settings = frames["settings"]
    found = pd.to_numeric(settings.loc[settings["id"] == name, "value"], errors="coerce").dropna()
    if found.empty or not float(found.iloc[0]).is_integer() or not low <= found.iloc[0] <= high:
        return None
    return int(found.iloc[0])
