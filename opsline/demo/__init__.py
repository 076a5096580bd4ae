"""The demo: a made-up company's year, generated from one seed.

`generate` is pure: the same seed, size and language give the same records. The story that the data
tells is kept by tests/unit/demo.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from opsline.demo import arrivals, company, dangers, desk, figures, history, lives, requests
from opsline.demo.content import AS_OF, SIZES, ZONE, Demo, content
from sheets_schema.people.calendar import working_time
from sheets_schema.workbook import tables

__all__ = ["AS_OF", "Demo", "generate", "generate_frames", "size_of"]


def generate(
    size: str | float = "full",
    *,
    seed: int = 7,
    language: str = "en",
    started: pd.Timestamp | None = None,
) -> dict[str, list[dict[str, object]]]:
    """Generate the demo's records.

    Args:
        size: "small" (about 1:10), "full", or a factor of the full volumes.
        seed: The same seed gives the same records.
        language: One of en, zh-Hans, zh-Hant.
        started: The real moment (UTC) from which the demo's clock runs; it stands still without.

    Returns:
        Table name -> records in the order of the workbook's sheets; a field that a record has
        nothing for is left out. Moments are in UTC, days are naive.
    """
    frames = generate_frames(size, seed=seed, language=language, started=started)
    return {name: records(frame) for name, frame in frames.items()}


def generate_frames(
    size: str | float = "full",
    *,
    seed: int = 7,
    language: str = "en",
    started: pd.Timestamp | None = None,
) -> dict[str, pd.DataFrame]:
    """Generate the demo as frames, for large sizes; see `generate`."""
    demo = Demo(seed, size_of(size), language)
    rng = np.random.default_rng(seed)
    people = company.people(demo)
    teams = company.teams(people)
    owners = {str(team["id"]): str(team["lead"]) for team in teams}
    small = {
        "settings": company.settings(demo, started),
        "people": people,
        "teams": teams,
        "calendars": company.calendars(demo),
        "holidays": company.holidays(demo),
        "priority_matrix": desk.priority_matrix(),
        "statuses": desk.statuses(),
        "sla_policies": desk.sla_policies(demo),
        "categories": desk.categories(),
        "kpis": figures.kpis(demo, owners),
        "kpi_targets": figures.kpi_targets(),
        "kpi_actuals": figures.kpi_actuals(demo),
        "data_quality": figures.data_quality(),
        "risks": dangers.risks(demo, owners),
        "risk_assessments": dangers.risk_assessments(owners),
        "risk_levels": dangers.risk_levels(),
        "treatments": dangers.treatments(demo, owners),
        "actions": dangers.actions(demo, owners),
    }
    frames = {name: _carried(pd.DataFrame(rows)) for name, rows in small.items()}
    frames |= _desk_work(demo, frames, people, rng)
    frames["journal"] = _journal(demo, frames)
    return {name: frames[name] for name in tables() if name in frames}


def size_of(size: str | float) -> float:
    """Return the factor of a size, by its name or as a number above 0.

    >>> size_of("small"), size_of(10)
    (0.1, 10.0)
    """
    factor = SIZES[size] if isinstance(size, str) else float(size)
    if not factor > 0:
        raise ValueError(f"a size is above 0, not {factor}")
    return factor


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return a frame's rows as records without their missing values."""
    known = frame.notna().to_numpy()
    columns = frame.columns.tolist()
    values = [frame[name].tolist() for name in columns]
    rows = zip(*values, strict=True)
    return [
        {name: value for name, value, there in zip(columns, row, kept, strict=True) if there}
        for row, kept in zip(rows, known.tolist(), strict=True)
    ]


def _desk_work(
    demo: Demo, frames: dict[str, pd.DataFrame], people: company.Records, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Return the tickets and their history."""
    days = working_time(
        frames["calendars"].iloc[0],
        frames["holidays"],
        pd.Timestamp("2026-01-01", tz=ZONE),
        pd.Timestamp("2027-12-31", tz=ZONE),
    )
    opens = pd.to_datetime(days.opens, unit="us", utc=True).tz_convert(ZONE).tz_localize(None)
    arrived = arrivals.arrivals(demo, frozenset(opens.normalize()), rng)
    planned = lives.lives(arrived, days, rng)
    tickets = requests.tickets(demo, planned, people, rng)
    events = history.ticket_events(demo, tickets, planned, people)
    touched = events.groupby("ticket")["at"].max()
    tickets = tickets.assign(
        created_at=tickets["opened_at"],
        created_by=tickets["first_receiver"],
        updated_at=tickets["id"].map(touched),
        updated_by=tickets["assignee"].fillna(tickets["first_receiver"]),
        version=1,
    )
    events = events.assign(created_at=events["at"], created_by=events["by"], version=1)
    return {"tickets": tickets, "ticket_events": events}


def _carried(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the columns that every record carries; some say when they were made."""
    laid_out = pd.Timestamp("2026-01-04T09:00", tz=ZONE).tz_convert("UTC")
    made = rows.get("created_at", laid_out)
    return rows.assign(
        created_at=made,
        created_by=company.MANAGER,
        updated_at=made,
        updated_by=company.MANAGER,
        version=1,
    )


def _journal(demo: Demo, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a line for each table that was filled."""
    words = content("company")["lines"]["laid_out"]
    now = AS_OF.tz_convert("UTC")
    rows = [
        {
            "id": f"J-{now:%y%m%d}-{number:04}",
            "at": now,
            "who": company.MANAGER,
            "sheet": name,
            "new": demo.say(words).format(count=len(frame)),
            "source": "opsline demo",
            "save": "demo",
        }
        for number, (name, frame) in enumerate(frames.items(), start=1)
    ]
    return pd.DataFrame(rows)
