"""What the ticket desk goes by: priorities, statuses with their moves, promises and categories."""

from __future__ import annotations

from opsline.demo.company import CALENDAR, Records
from opsline.demo.content import Demo, content, three_names

MATRIX = {
    ("high", "high"): "P1",
    ("high", "medium"): "P2",
    ("medium", "high"): "P2",
    ("high", "low"): "P3",
    ("medium", "medium"): "P3",
    ("low", "high"): "P3",
    ("medium", "low"): "P4",
    ("low", "medium"): "P4",
    ("low", "low"): "P4",
}
"""Impact and urgency -> priority."""

PROMISES = {"P1": (0.25, 4), "P2": (0.5, 15), "P3": (1, 22.5), "P4": (7.5, 75)}
"""First response and resolution, in business hours, where a category has no promise of its own."""

WARN = 0.75

Promise = tuple[str, str, str | None, str | None, tuple[float, float]]
"""Id, name, category, priority, and the hours of first response and resolution."""


def priority_matrix() -> Records:
    """Return the matrix, a row for each pair of impact and urgency."""
    return [
        {"id": f"{impact}-{urgency}", "impact": impact, "urgency": urgency, "priority": priority}
        for (impact, urgency), priority in MATRIX.items()
    ]


def statuses() -> Records:
    """Return the statuses and the moves that are allowed from each."""
    return [
        {
            "id": code,
            **three_names(status["name"]),
            "category": status["category"],
            "next": status["next"],
            "position": place,
        }
        for place, (code, status) in enumerate(content("company")["statuses"].items(), start=1)
    ]


def sla_policies(demo: Demo) -> Records:
    """Return a promise for each category, and one for each priority where no category's applies."""
    own: list[Promise] = [
        (f"SLA-{code}", demo.say(category["name"]), code, None, category["hours"])
        for code, category in content("categories").items()
    ]
    default: list[Promise] = [
        (f"SLA-{priority}", priority, None, priority, hours) for priority, hours in PROMISES.items()
    ]
    return [
        {
            "id": code,
            "name": name,
            "category": category,
            "priority": priority,
            "calendar": CALENDAR,
            "first_response_hours": first_response,
            "resolution_hours": resolution,
            "warn_share": WARN,
            "position": place,
        }
        for place, (code, name, category, priority, (first_response, resolution)) in enumerate(
            own + default, 1
        )
    ]


def categories() -> Records:
    """Return the 15 categories of the sample."""
    return [
        {
            "id": code,
            **three_names(category["name"]),
            "type": category["type"],
            "priority": category["priority"],
            "team": category["team"],
            "department": category["department"],
            "active": True,
        }
        for code, category in content("categories").items()
    ]
