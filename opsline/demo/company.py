"""The company: its settings, teams, people and calendar."""

from __future__ import annotations

import pandas as pd

from opsline.demo.content import AS_OF, YEAR, ZONE, Demo, content, day, three_names

Records = list[dict[str, object]]

MANAGER = "P001"
HOURS = "09:00-12:00 13:30-18:00"
CALENDAR = "C"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOCALES = {"en": "en_GB", "zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}


def settings(demo: Demo, started: pd.Timestamp | None) -> Records:
    """Return the settings; the demo's clock runs from *started*, and stands still without it."""
    values: dict[str, object] = {
        "time_zone": ZONE,
        "company": demo.say(content("company")["company"]),
        "currency": "CNY",
        "money_unit": 10_000,
        "plan_year": YEAR,
        "fiscal_start_month": 1,
        "language": demo.language,
        "default_person": MANAGER,
        "due_soon_share": 0.75,
        "appetite_score": 9,
        "tolerance_10": 300,
        "tolerance_1": 1000,
        "first_contact_days": 7,
        "journal_lines": 50_000,
        "kpi_due_days": 10,
        "as_of": AS_OF.isoformat(),
        "as_of_started": started.isoformat(timespec="seconds") if started is not None else "",
    }
    notes = content("company")["settings_notes"]
    return [
        {"id": name, "value": str(value), "note": demo.say(notes[name])} for name, value in values.items()
    ]


def teams(people: Records) -> Records:
    """Return the teams and departments; the first person of each leads it."""
    leads: dict[object, object] = {}
    for person in people:
        leads.setdefault(person["team"], person["id"])
    return [
        {
            "id": code,
            **three_names(team["name"]),
            "kind": team["kind"],
            "lead": leads[code],
            "parent": team["parent"],
        }
        for code, team in content("company")["teams"].items()
    ]


def people(demo: Demo) -> Records:
    """Return about 40 people of the operations line and a liaison in each department."""
    from faker import Faker

    faker = Faker(LOCALES[demo.language])
    faker.seed_instance(demo.seed)
    posts = [post for post in content("company")["posts"] for _ in range(post["count"])]
    rows: Records = []
    leads: dict[str, str] = {"OPS": MANAGER}
    for number, post in enumerate(posts, start=1):
        code = f"P{number:03}"
        lead = leads.setdefault(post["team"], code)
        rows.append(
            {
                "id": code,
                "name": faker.unique.name() if demo.language != "en" else _plain_name(faker),
                "email": f"{code.lower()}@harbour-home.example",
                "department": _department(post["team"]),
                "team": post["team"],
                "post": demo.say(post["post"]),
                "role": post["role"],
                "manager": None if code == MANAGER else lead if lead != code else MANAGER,
                "active_from": day(f"{faker.random_int(2019, 2025)}-{faker.random_int(1, 12):02}-01"),
                "active_to": None,
            }
        )
    return rows


def _plain_name(faker: object) -> str:
    """Return a first and a last name without titles."""
    return f"{faker.first_name()} {faker.last_name()}"  # type: ignore[attr-defined]


def _department(team: str) -> str:
    """Return the department of a team: its own where it is one, else operations."""
    kind = content("company")["teams"][team]["kind"]
    return team if kind == "department" else "OPS"


def calendars(demo: Demo) -> Records:
    """Return calendar C: office hours with a lunch break, Monday to Friday, and on make-up days."""
    week = {name: HOURS if place < 5 else None for place, name in enumerate(WEEK)}  # noqa: PLR2004 - Friday
    name = demo.say(content("company")["calendar"])
    return [{"id": CALENDAR, "name": name, "time_zone": ZONE, **week, "make_up": HOURS}]


def holidays(demo: Demo) -> Records:
    """Return mainland China's holidays of 2026, a row a day, and the make-up days."""
    company = content("company")
    off = [
        (date, "holiday", demo.say(holiday["name"]))
        for holiday in company["holidays"]
        for date in pd.date_range(holiday["from"], holiday["to"])
    ]
    on = [(day(date), "make_up", demo.say(company["make_up"])) for date in company["make_up_days"]]
    return [
        {"id": f"C-{date:%m%d}", "calendar": CALENDAR, "date": date, "kind": kind, "name": name}
        for date, kind, name in sorted(off + on)
    ]
