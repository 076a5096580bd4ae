"""The demo in a workbook, through the book and a real server."""

import pandas as pd
import pytest

from opsline.cli import main
from opsline.demo import generate_frames
from opsline.demo.fill import AlreadyFilled, fill, only_rules


@pytest.fixture(scope="module")
def tiny() -> dict[str, pd.DataFrame]:
    """Return the smallest demo that tells anything."""
    return generate_frames(0.02, started=pd.Timestamp("2026-11-23T02:00Z"))


def test_what_is_generated_stands_in_the_workbook(book, tiny):
    """Row for row and moment for moment, in the time zone of the demo, and without a fault."""
    done: list[int] = []
    rows = fill(book, tiny, done.append)
    snapshot = book.load(*tiny)

    assert sum(done) == rows == sum(map(len, tiny.values()))
    assert book.time_zone == "Asia/Shanghai"
    assert list(map(str, snapshot.faults)) == []
    for name in set(tiny) - {"journal"}:
        assert snapshot[name]["id"].tolist() == tiny[name]["id"].tolist()
    opened = snapshot["tickets"]["opened_at"].reset_index(drop=True)
    assert (opened - tiny["tickets"]["opened_at"]).abs().max() < pd.Timedelta("1s")


def test_a_workbook_with_rows_is_left_alone(book, tiny):
    """A demo never mixes with somebody's work."""
    fill(book, {name: tiny[name] for name in ("settings", "teams", "people")})
    before = book.version()
    with pytest.raises(AlreadyFilled, match="has rows already"):
        fill(book, tiny)

    assert book.version() == before


def test_the_command_fills_and_then_refuses(book, capsys):
    """`opsline demo` ends with 0 and one sentence, and with 1 and one sentence."""
    assert main(["demo", "--factor", "0.02", "--language", "zh-Hant", "--to", book.address]) == 0
    assert "演示工作簿已就緒" in capsys.readouterr().out
    assert main(["demo", "--small", "--to", book.address]) == 1
    assert "has rows already" in capsys.readouterr().err


def test_a_real_desk_can_start_from_the_rules_alone(book, tiny):
    """Statuses, calendar, promises, categories and levels: no person, no ticket, the real clock."""
    kept = only_rules(tiny)
    fill(book, kept)
    snapshot = book.load("people", "tickets", *kept)

    assert list(map(str, snapshot.faults)) == []
    assert len(snapshot["tickets"]) == len(snapshot["people"]) == 0
    assert len(snapshot["statuses"]) == 9
    assert snapshot.setting("as_of") is None


def test_a_demo_of_nothing_is_refused(capsys):
    """A factor of 0 is a slip."""
    assert main(["demo", "--factor", "0"]) == 1
    assert "above 0" in capsys.readouterr().err
