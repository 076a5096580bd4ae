"""A small table with every kind of cell, and one with strict rules."""

import pytest

from sheets_schema.language import Field, Table


@pytest.fixture
def table() -> Table:
    """Return tickets in eight columns, one of every kind."""
    return Table(
        "tickets",
        (
            Field("id", required=True, unique=True, labels={"en": "Number", "zh-Hans": "工单编号"}),
            Field("opened_at", "datetime", labels={"en": "Opened at", "zh-Hant": "受理時間"}),
            Field("priority", enum=("P1", "P2", "P3")),
            Field("score", "integer", minimum=1, maximum=5),
            Field("hours", "number", minimum=0),
            Field("vip", "boolean"),
            Field("due", "date"),
            Field("subject"),
        ),
        missing=frozenset({"", "-"}),
    )
