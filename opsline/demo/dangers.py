"""The 20 risks: register, quarterly assessments, treatments and levels; and the open actions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from opsline.demo.company import MANAGER, Records
from opsline.demo.content import YEAR, Demo, at, content, day, three_names

OWNERS = {
    "market": "SALES",
    "customer": "CS",
    "data_security": "DATA",
    "data": "DATA",
    "technology": "DATA",
    "people": "CS",
    "process": "PROC",
    "supplier": "LOG",
    "compliance": "LEGAL",
    "finance": "FIN",
    "continuity": "OPS",
}
"""Category of risk -> the team whose lead owns it."""

ROUNDS = ("2026-01-14 10:00", "2026-04-15 10:00", "2026-07-15 10:00", "2026-10-16 10:00")
"""The quarterly rounds of assessment."""
IDENTIFIED = "2026-01-12"
R12_EXPIRES = "2026-11-30"
DONE = ("R07", "R11", "R18")
"""Risks whose treatment is finished."""
NEXT_REVIEW = {
    "extreme": "2026-11-16",
    "high": "2027-01-15",
    "moderate": "2027-04-16",
    "low": "2027-10-15",
}


def risks(demo: Demo, owners: dict[str, str]) -> Records:
    """Return the register with every text of the sample."""
    rows: Records = []
    for code, risk in content("risks").items():
        texts = {name: demo.say(risk[name]) for name in ("cause", "event", "consequence", "contingency")}
        rows.append(
            {
                "id": code,
                **three_names(risk["name"]),
                **texts,
                "category": risk["category"],
                "process": OWNERS[risk["category"]],
                "owner": owners[OWNERS[risk["category"]]],
                "identified_by": owners["PROC"],
                "identified_at": day(IDENTIFIED),
                "response": risk["response"],
                "warning_indicator": demo.say(risk["indicator"]),
                "amber": risk["limits"][0],
                "red": risk["limits"][1],
                "status": "open",
                "next_review": day(NEXT_REVIEW[_level(risk["path"][4])]),
                "source": "workshop",
            }
        )
    return rows


def risk_levels() -> Records:
    """Return the four bands of the score, and what each asks for."""
    return [
        {
            "id": code,
            **three_names(level["name"]),
            "score_from": level["from"],
            "score_to": level["to"],
            "colour": level["colour"],
            "review_days": level["days"],
            "responses": level["responses"],
            "approver_role": level["approver"],
        }
        for code, level in content("company")["levels"].items()
    ]


def risk_assessments(owners: dict[str, str]) -> Records:
    """Return the history: inherent, current in each quarter, and target; never overwritten."""
    rows: Records = []
    for code, risk in content("risks").items():
        inherent, *current, target = risk["path"]
        stages = [("inherent", ROUNDS[0], inherent), ("target", ROUNDS[0], target)]
        stages += [("current", moment, pair) for moment, pair in zip(ROUNDS, current, strict=True)]
        rows += [
            {
                "id": f"RA-{code}-{stage[0].upper()}{number}",
                "risk": code,
                "at": at(moment),
                "stage": stage,
                **_pair(pair),
                **_money(risk, stage),
                "confidence": "medium",
                "assessor": owners[OWNERS[risk["category"]]],
            }
            for number, (stage, moment, pair) in enumerate(stages, start=1)
        ]
    return rows


def treatments(demo: Demo, owners: dict[str, str]) -> Records:
    """Return a treatment for each risk; an accepted one names who accepted it and until when."""
    rows: Records = []
    for number, (code, risk) in enumerate(content("risks").items(), start=1):
        accepted = risk["response"] == "accept"
        done = code in DONE
        rows.append(
            {
                "id": f"TR-{code}",
                "risk": code,
                "strategy": risk["response"],
                "measure": demo.say(risk["measure"]),
                "owner": owners[OWNERS[risk["category"]]],
                "cost": risk["cost"],
                "due": day(R12_EXPIRES if accepted else f"{YEAR}-{9 + number % 4:02}-{10 + number}"),
                "progress": 100 if done else (number * 17) % 90,
                "status": "done" if done else "open",
                "expected_likelihood": _pair(risk["path"][5])["likelihood"],
                "expected_impact": _pair(risk["path"][5])["impact"],
                "expires": day(R12_EXPIRES if code == "R12" else "2027-03-31") if accepted else None,
                "approved_by": MANAGER if accepted else None,
            }
        )
    return rows


def actions(demo: Demo, owners: dict[str, str]) -> Records:
    """Return what is to be done about it, some of it overdue."""
    return [
        {
            "id": f"AC-{number:03}",
            "title": demo.say(action["title"]),
            "source_type": action["source"],
            "source_id": action["id"],
            "owner": owners[action["owner"]],
            "due": day(action["due"]),
            "status": "done" if "done" in action else "open",
            "done_at": _moment(action.get("done")),
            "note": demo.say(action["note"]) if "note" in action else None,
        }
        for number, action in enumerate(content("actions"), start=1)
    ]


def _pair(text: str) -> dict[str, object]:
    """Return likelihood and impact of a pair such as 4x3."""
    likelihood, impact = map(int, text.split("x"))
    return {"likelihood": likelihood, "impact": impact}


def _money(risk: dict[str, Any], stage: str) -> dict[str, object]:
    """Return probability and the loss's 90 % interval, where the risk is quantified."""
    if stage != "current" or "money" not in risk:
        return {}
    return dict(zip(("probability", "loss_low", "loss_high"), risk["money"], strict=True))


def _level(pair: str) -> str:
    """Return the level of a pair such as 4x3."""
    likelihood, impact = map(int, pair.split("x"))
    bands = content("company")["levels"]
    return next(
        str(code) for code, band in bands.items() if band["from"] <= likelihood * impact <= band["to"]
    )


def _moment(date: str | None) -> pd.Timestamp | None:
    """Return the end of a working day, or nothing."""
    return at(f"{date} 17:00") if date else None
