"""A real book with a small register: levels, assessments over a year, money, an acceptance."""

import pandas as pd
import pytest

from sheets_schema.book import Change
from widgets.risks import risks_page

NOW = pd.Timestamp("2026-11-23T09:00:00+08:00").tz_convert("UTC")
LEVELS = {
    "low": ("Low", "低", 1, 3, "#2e7d32", 365, "avoid reduce transfer accept", "lead"),
    "moderate": ("Moderate", "中", 4, 6, "#f9a825", 182, "avoid reduce transfer accept", "lead"),
    "high": ("High", "高", 8, 12, "#ef6c00", 91, "avoid reduce transfer accept", "manager"),
    "extreme": ("Extreme", "極高", 15, 25, "red;} body{", 30, "avoid reduce transfer", "manager"),
}
RISKS = {
    "R01": ("Peak-sale demand", "大促工單激增", "market", "reduce"),
    "R07": ("Personal data leak <b>", "共享表格泄露個人信息", "data_security", "reduce"),
    "R12": ("Sheet deleted", "表格誤刪或覆蓋", "technology", "accept"),
}
PATHS = {
    "R01": {"inherent": [(5, 4)], "current": [(3, 4), (4, 3)], "target": [(3, 3)]},
    "R07": {"inherent": [(4, 5)], "current": [(3, 5), (2, 5)], "target": [(1, 5)]},
    "R12": {"inherent": [(4, 4)], "current": [(2, 4), (2, 4)], "target": [(2, 2)]},
}
MONEY = {"R01": (0.8, 20, 120), "R07": (0.15, 50, 900)}
ROUNDS = [
    pd.Timestamp("2026-01-14 10:00", tz="Asia/Shanghai"),
    pd.Timestamp("2026-10-16 10:00", tz="Asia/Shanghai"),
]


def company():
    """Yield settings, people and levels."""
    for id_, value in {"time_zone": "Asia/Shanghai", "appetite_score": "9"}.items():
        yield "settings", {"id": id_, "value": value}
    for id_, name, role in [
        ("E01", "Chen Wei", "manager"),
        ("E02", "Li Na", "lead"),
        ("E03", "Guest", "agent"),
    ]:
        yield "people", {"id": id_, "name": name, "role": role}
    for id_, (name, chinese, low, high, colour, days, responses, role) in LEVELS.items():
        band = {"score_from": low, "score_to": high, "colour": colour, "review_days": days}
        names = {"name": name, "name_zh_hans": chinese, "name_zh_hant": chinese}
        yield "risk_levels", {"id": id_, **names, **band, "responses": responses, "approver_role": role}


def register():
    """Yield risks, their assessments and treatments."""
    for id_, (name, chinese, category, response) in RISKS.items():
        facts = {"name": name, "name_zh_hant": chinese, "category": category, "response": response}
        yield "risks", {"id": id_, **facts, "owner": "E01", "status": "open", "cause": "x < y"}
        for stage, pairs in PATHS[id_].items():
            for at, (likelihood, impact) in zip(ROUNDS, pairs, strict=False):
                row = {"risk": id_, "at": at, "stage": stage, "likelihood": likelihood, "impact": impact}
                if stage == "current" and id_ in MONEY:
                    row |= dict(zip(["probability", "loss_low", "loss_high"], MONEY[id_], strict=True))
                yield "risk_assessments", {**row, "assessor": "E01"}
    accepted = {"risk": "R12", "strategy": "accept", "measure": "Until protected ranges are live"}
    expires = pd.Timestamp("2026-11-30")
    yield (
        "treatments",
        {**accepted, "owner": "E01", "status": "open", "expires": expires, "approved_by": "E01"},
    )


@pytest.fixture(scope="session")
def registered(local_server):
    """Return the server with all of the above in the spreadsheet that it copies."""
    rows = [*company(), *register()]
    return local_server.with_rows([Change(table, values) for table, values in rows])


@pytest.fixture
def risk_book(registered, monkeypatch):
    """Return a copy of one's own."""
    monkeypatch.setenv("OPSLINE_TOKEN", registered.token)
    return registered.copy()


@pytest.fixture
def open_risks(risk_book, monkeypatch):
    """Return a function that opens the page as somebody and gives its view."""

    def opened(query="", person="E01"):
        monkeypatch.setenv("OPSLINE_NOW", NOW.isoformat())
        monkeypatch.setenv("OPSLINE_PERSON", person)
        monkeypatch.setenv("QUERY_STRING", query)
        return risks_page(risk_book).main.children[-1]

    return opened
