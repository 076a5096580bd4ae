"""The rows of `tickets`: who asked for what, who took it, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from opsline.demo.company import LOCALES, MANAGER, Records
from opsline.demo.content import AS_OF, Demo, content
from opsline.demo.desk import MATRIX
from opsline.demo.lives import NOW, SUPPLIED
from opsline.demo.numbers import ids

CUSTOMERS: Final = 0.35
"""Different customers for each ticket."""
RATED: Final = 0.38
SATISFIED: Final = (0.925, 0.889)
"""Share of ratings 4 and 5 (K01): January to October, November."""
OTHER_PRIORITY: Final = 0.12
CLOSES_AFTER: Final = pd.Timedelta(hours=48)
PRIORITIES: Final = ("P1", "P2", "P3", "P4")


def tickets(demo: Demo, lives: pd.DataFrame, people: Records, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row of `tickets` for each life, in the order of arrival.

    Args:
        demo: Size and language.
        lives: n lives as `lives.lives` returns them.
        people: Rows of `people`.
        rng: Where chance comes from.
    """
    rows = pd.DataFrame({"id": ids("T", lives["opened_at"])})
    for name in (
        "opened_at",
        "channel",
        "category",
        "type",
        "first_response_due",
        "resolution_due",
    ):
        rows[name] = lives[name]
    for name in ("first_response_at", "resolved_at"):
        rows[name] = lives[name]
    rows = rows.join([_customers(demo, lives, rng), _texts(demo, lives, rng), _urgency(lives, rng)])
    rows = rows.join(_hands(lives, people, rng))
    rows["complexity"] = np.where(lives["handed_over"], "complex", "simple")
    rows["sla_policy"] = "SLA-" + lives["category"]
    closed = lives["resolved_at"] + CLOSES_AFTER
    rows["closed_at"] = closed.where(closed <= NOW)
    rows["status"] = _status(lives, rows["closed_at"])
    rows["paused_since"] = lives["paused"].where(lives["resumed"].isna())
    rows["paused_hours"] = lives["paused_hours"].round(4)
    rows["reopen_count"] = lives["reopened"].astype(int)
    rows["department"] = lives["category"].map(_departments()).where(lives["handed"].notna())
    rows["resolution"] = rows["resolution"].where(rows["resolved_at"].notna())
    return rows.join(_ratings(demo, lives, rng))


def _customers(demo: Demo, lives: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return who asked: requester, contact, organisation, vip."""
    from faker import Faker

    faker = Faker(LOCALES[demo.language])
    faker.seed_instance(demo.seed + 1)
    first = np.array([faker.first_name() for _ in range(400)])
    last = np.array([faker.last_name() for _ in range(400)])
    pool = max(20, round(len(lives) * CUSTOMERS))
    who = rng.integers(0, pool, len(lives))
    given, family = first[rng.integers(0, 400, pool)][who], last[rng.integers(0, 400, pool)][who]
    western = demo.language == "en"
    parts = (given, family) if western else (family, given)
    names = [(" " if western else "").join(pair) for pair in zip(*parts, strict=True)]
    numbers = pd.Series(who)
    email = "customer" + numbers.astype("str") + "@example.com"
    phone = "000-" + numbers.astype("str").str.zfill(8)
    company = np.array([demo.say(words) for words in content("company")["organisations"]])
    buys_much = who % 40 == 0
    return pd.DataFrame(
        {
            "requester": names,
            "contact": np.where(lives["channel"].isin(["phone", "visit"]), phone, email),
            "organisation": pd.Series(company[who % len(company)]).where(buys_much),
            "vip": buys_much,
        }
    )


def _texts(demo: Demo, lives: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return subject, need and resolution in the demo's language."""
    products = np.array([demo.say(words) for words in content("company")["products"]])
    product = products[rng.integers(0, len(products), len(lives))]
    order = "26" + pd.Series(rng.integers(100_000, 999_999, len(lives))).astype("str")
    subjects = {
        code: [demo.say(each) for each in one["subjects"]] for code, one in content("categories").items()
    }
    chosen = rng.integers(0, 12, len(lives))
    written = [
        subjects[code][number % len(subjects[code])].format(product=what, order=which)
        for code, number, what, which in zip(lives["category"], chosen, product, order, strict=True)
    ]
    needs = {code: demo.say(words) for code, words in content("company")["needs"].items()}
    answers = {code: demo.say(each["resolution"]) for code, each in content("categories").items()}
    return pd.DataFrame(
        {
            "subject": written,
            "need": lives["type"].map(needs),
            "resolution": lives["category"].map(answers),
        }
    )


def _urgency(lives: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return impact, urgency and the matrix's priority for them; mostly the category's own."""
    usual = {code: PRIORITIES.index(each["priority"]) for code, each in content("categories").items()}
    drift = np.where(rng.random(len(lives)) < OTHER_PRIORITY, rng.choice([-1, 1], len(lives)), 0)
    level = (lives["category"].map(usual).to_numpy() + drift).clip(0, 3)
    level = np.where(lives["type"] == "complaint", 0, level)
    pairs = np.array([[*pair, priority] for pair, priority in MATRIX.items()])
    lot = rng.integers(0, 12, len(lives))
    picked = np.empty((len(lives), 3), dtype=object)
    for number, priority in enumerate(PRIORITIES):
        here, cells = level == number, pairs[pairs[:, 2] == priority]
        picked[here] = cells[lot[here] % len(cells)]
    return pd.DataFrame(picked, columns=["impact", "urgency", "priority"])


def _hands(lives: pd.DataFrame, people: Records, rng: np.random.Generator) -> pd.DataFrame:
    """Return team, first receiver and assignee; who took the ticket stays its first owner."""
    categories = content("categories")
    team = lives["category"].map({code: each["team"] for code, each in categories.items()})
    agents = _members(people, "CS")[1:]
    first = np.array(agents)[rng.integers(0, len(agents), len(lives))]
    assignee = np.where(team == "CS", first, MANAGER)
    for code in ("DATA", "PROC"):
        members = np.array(_members(people, code))
        here = (team == code).to_numpy()
        assignee[here] = members[rng.integers(0, len(members), int(here.sum()))]
    led = (lives["category"] == "SVC").to_numpy()
    assignee[led] = _members(people, "CS")[0]
    taken = lives["assigned"].notna()
    return pd.DataFrame({"team": team, "first_receiver": first, "assignee": pd.Series(assignee).where(taken)})


def _members(people: Records, team: str) -> Sequence[str]:
    """Return the people of a team, its lead first."""
    return [str(person["id"]) for person in people if person["team"] == team]


def _departments() -> Mapping[str, str]:
    """Return where a complex case of each category goes."""
    return {code: each["department"] for code, each in content("categories").items()}


def _status(lives: pd.DataFrame, closed: pd.Series) -> np.ndarray:
    """Return where each ticket stands at the demo's clock: the last step that has happened."""
    waiting = lives["paused"].notna() & lives["resumed"].isna()
    supplier = lives["category"].isin(SUPPLIED)
    steps = [
        (closed.notna(), "closed"),
        (lives["resolved_at"].notna(), "resolved"),
        (lives["reopened_at"].notna(), "reopened"),
        (waiting & supplier, "waiting_supplier"),
        (waiting, "waiting_customer"),
        (lives["handed"].notna() & lives["returned"].isna(), "transferred"),
        (lives["first_response_at"].notna(), "in_progress"),
        (lives["assigned"].notna(), "assigned"),
    ]
    return np.select([condition.to_numpy() for condition, _ in steps], [code for _, code in steps], "new")


def _ratings(demo: Demo, lives: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the answers to the survey; each part of the year meets its share of 4 and 5."""
    delay = pd.to_timedelta(rng.integers(600, 36 * 3600, len(lives)), unit="s")
    asked = lives["resolved_at"] + delay
    rated = (asked <= NOW).to_numpy() & (rng.random(len(lives)) < RATED)
    glad = np.where(rng.random(len(lives)) < 0.6, 5, 4)  # noqa: PLR2004 - more fives than fours
    sorry = rng.choice([3, 2, 1], len(lives), p=[0.5, 0.3, 0.2])
    mood = (
        rng.random(len(lives))
        - 0.5 * lives["late"].to_numpy()
        - 0.4 * (lives["type"] == "complaint").to_numpy()
    )
    unhappy = np.zeros(len(lives), dtype=bool)
    in_november = (asked.dt.tz_convert(AS_OF.tz) >= pd.Timestamp("2026-11-01", tz=AS_OF.tz)).to_numpy()
    for share, part in zip(SATISFIED, (~in_november, in_november), strict=True):
        among = np.flatnonzero(rated & part)
        count = round((1 - share) * len(among))
        unhappy[among[np.argsort(mood[among], kind="stable")[:count]]] = True
    score = pd.Series(np.where(unhappy, sorry, glad)).where(rated).astype("Int64")
    lines = {name: demo.say(words) for name, words in content("company")["comments"].items()}
    tone = score.map({5: lines["good"], 4: None, 3: lines["fair"], 2: lines["bad"], 1: lines["bad"]})
    says = rng.random(len(lives)) < 0.4  # noqa: PLR2004 - most leave no comment
    return pd.DataFrame(
        {"csat_score": score, "csat_comment": tone.where(says), "csat_at": asked.where(rated)}
    )
