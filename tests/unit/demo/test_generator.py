"""The generator: pure, whole, and consistent with the rules of the desk."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from opsline.demo import generate, generate_frames
from sheets_schema.people.calendar import working_times
from sheets_schema.tickets.rules import TicketRules
from sheets_schema.tickets.sla import choose, due_times
from sheets_schema.workbook import tables

ZONE = "Asia/Shanghai"


def test_the_same_seed_gives_the_same_records(small):
    """A test or a benchmark can be repeated."""
    again = generate_frames("small")

    assert list(again) == list(small)
    for name, frame in small.items():
        assert_frame_equal(again[name], frame)


def test_another_seed_gives_other_tickets(small):
    """Chance comes from the seed alone."""
    other = generate_frames("small", seed=8)

    assert other["tickets"]["subject"].tolist() != small["tickets"]["subject"].tolist()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_record_reads_without_a_fault(language):
    """What the demo writes into the sheets is what the tables declare, references included."""
    frames = generate("small", language=language)
    ids = {name: {row["id"] for row in rows} for name, rows in frames.items()}
    for name, rows in frames.items():
        table = tables()[name]
        reading = table.read(
            [list(table.names), *table.write(rows, table.names, time_zone=ZONE)], time_zone=ZONE
        )

        assert [str(fault) for fault in reading.faults] == []
        assert len(reading.frame) == len(rows)
        for field in table.fields:
            if field.foreign:
                assert set(reading.frame[field.name].dropna()) <= ids[field.foreign], (
                    name,
                    field.name,
                )


def test_every_table_but_the_teams_own_fields_is_filled(small):
    """The fields of a team are the team's to add, and no row of the demo is in quarantine."""
    assert set(tables()) - set(small) == {"fields", "quarantine"}
    assert all(len(frame) for frame in small.values())


@pytest.fixture
def rules(full) -> TicketRules:
    """Return the desk's rules as the demo's own sheets state them."""
    first, last = pd.Timestamp("2026-01-01", tz=ZONE), pd.Timestamp("2027-12-31", tz=ZONE)
    return TicketRules(
        statuses=full["statuses"],
        categories=full["categories"],
        matrix=full["priority_matrix"],
        policies=full["sla_policies"],
        working=working_times(full["calendars"], full["holidays"], first, last),
    )


def test_due_times_are_those_of_the_rules(full, rules):
    """Not invented: the desk's own policy and clock give the same moments."""
    tickets = full["tickets"]
    due = due_times(tickets, rules)

    assert choose(full["sla_policies"], tickets).tolist() == tickets["sla_policy"].tolist()
    for name in ("first_response_due", "resolution_due"):
        assert ((due[name] - tickets[name]).abs() <= pd.Timedelta("1s")).all()


def test_every_move_in_the_history_is_allowed(full):
    """From `new` on, each status follows from the one before by an arrow of `statuses`."""
    onward = {row["id"]: row["next"].split() for row in full["statuses"].to_dict("records")}
    moves = full["ticket_events"].query("kind == 'status'")
    before = moves.groupby("ticket")["new"].shift(fill_value="new")

    assert (moves["old"] == before).all()
    assert all(new in onward[old] for old, new in moves[["old", "new"]].drop_duplicates().to_numpy())


def test_the_history_ends_where_the_ticket_stands(full):
    """The last status event names the ticket's status."""
    last = full["ticket_events"].query("kind == 'status'").groupby("ticket")["new"].last()
    tickets = full["tickets"].set_index("id")

    assert tickets["status"].to_dict() == last.reindex(tickets.index).fillna("new").to_dict()


def test_nothing_has_happened_after_the_clock(full, now):
    """A demo of Monday 09:00 knows nothing of 09:01."""
    moments = full["tickets"][["opened_at", "first_response_at", "resolved_at", "closed_at", "csat_at"]]

    assert (moments.max() <= now).all()
    assert full["ticket_events"]["at"].max() <= now


def test_ids_are_never_used_twice(full):
    """Neither in a day nor in a year."""
    assert all(frame["id"].is_unique for frame in full.values())


def test_a_factor_multiplies_the_volumes():
    """Ten times the small size is the full one."""
    twice = generate_frames(0.2)

    assert len(twice["tickets"]) == pytest.approx(2 * 1378, rel=0.03)


def test_names_are_in_the_chosen_language():
    """A Chinese demo has Chinese people, subjects and settings."""
    frames = generate("small", language="zh-Hans")

    assert all(not row["name"].isascii() for row in frames["people"])
    assert all(not row["subject"].isascii() for row in frames["tickets"])
    assert {"id": "language", "value": "zh-Hans"}.items() <= next(
        row for row in frames["settings"] if row["id"] == "language"
    ).items()
