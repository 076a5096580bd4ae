"""A table as it was, by the journal's lines and the rows of today."""

import pandas as pd
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from sheets_schema.book import journal
from sheets_schema.book.history.as_of import as_of
from sheets_schema.book.history.lines import in_order
from sheets_schema.book.history.replay import differences, replay, sheet_texts
from sheets_schema.book.history.timeline import timeline
from tests.unit.history.model import START, TABLE, ZONE, Sheet

TABLES = {"tickets": TABLE}
MINUTE = pd.Timedelta(minutes=1)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["", "=1+1", "#1", "é 灯", "TRUE", "007", "x" * 4_500]),
        "csat_score": st.sampled_from([None, 1, 5]),
        "paused_hours": st.sampled_from([None, 0.1, 1 / 3, 12.0]),
        "vip": st.sampled_from([None, True, False]),
        "closed_at": st.sampled_from([None, START, START + pd.Timedelta("3h 7min 8.123s")]),
        "priority": st.sampled_from([None, "P1", "P3"]),
    },
)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
IDS = st.sampled_from(["T-1", "T-2", "T-3"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "bulk", "change", "by hand", "take"]), IDS, VALUES), max_size=14
)


def do(sheet: Sheet, step: tuple[str, str, dict[str, object]]) -> bool:
    """Do one step, if it can be done; say whether it was."""
    kind, id_, values = step
    if (id_ in sheet.rows) == (kind in {"add", "bulk"}):
        return False
    if kind in {"add", "bulk"}:
        sheet.add(id_, values, bulk=kind == "bulk")
    elif kind == "take":
        sheet.take(id_)
    else:
        sheet.change(id_, values, by_hand=kind == "by hand")
    return True


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in one order."""
    return frame.sort_values("id").reset_index(drop=True)


@settings(max_examples=20, phases=PHASES)
@given(STEPS)
@example([("add", "T-3", {}), ("by hand", "T-3", {"subject": "#1"}), ("take", "T-3", {}), ("add", "T-3", {})])
def test_every_moment_is_as_it_was_loaded_then(steps):
    """Whatever saves, imports, people and deletions do, each state comes back whole, kept columns too."""
    sheet = Sheet()
    states = [(START, sheet.frame())]
    states += [(sheet.now, sheet.frame()) for step in steps if do(sheet, step)]
    lines, today = sheet.lines(), {"tickets": sheet.frame()}
    for moment, state in states:
        past = as_of(moment, lines, today, TABLES, ZONE)
        assert_frame_equal(plain(past["tickets"]), plain(state))
        assert set(past.unknown["why"]) <= {"begins"}


@settings(max_examples=20, phases=PHASES)
@given(STEPS)
def test_the_journal_replayed_is_the_sheet(steps):
    """Forward from nothing, the lines give the sheet, but for values that came in bulk."""
    sheet = Sheet()
    for step in steps:
        do(sheet, step)
    replayed = replay(sheet.lines(), TABLES).get("tickets", pd.DataFrame())
    assert differences(replayed, sheet_texts(TABLE, sheet.values())).empty


def test_a_difference_between_journal_and_sheet_is_named():
    """A cell, a row too many, a row too few and a row that stands twice."""
    sheet = Sheet()
    for id_ in ("T-1", "T-2", "T-3"):
        sheet.add(id_, {"subject": "Lamp"})
    lines = sheet.lines()
    sheet.rows["T-1"]["subject"] = "Lamps"
    sheet.rows["T-4"] = {"id": "T-4"}
    del sheet.rows["T-2"]
    values = [*sheet.values(), sheet.values()[2]]
    found = differences(replay(lines, TABLES)["tickets"], sheet_texts(TABLE, values))
    assert found.to_dict("records") == [
        {"row_id": "T-2", "field": "", "journal": "T-2", "sheet": None},
        {"row_id": "T-4", "field": "", "journal": None, "sheet": "T-4"},
        {"row_id": "T-3", "field": "", "journal": "T-3", "sheet": "T-3, T-3"},
        {"row_id": "T-1", "field": "subject", "journal": "Lamp", "sheet": "Lamps"},
    ]


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("column", ["new", "field", "row_id", "who", "at"])
def test_a_journal_that_was_sorted_tells_the_same(column, ascending):
    """Somebody sorts the journal by a column; the moments and the numbers of the lines put it right."""
    sheet = Sheet()
    ids = [f"T-{number}" for number in range(30)]
    for id_ in ids:
        sheet.add(id_, {"subject": "a"}, who=f"E{len(sheet.rows) % 3}")
    for subject in ("b", "c", "d"):
        for id_ in ids:
            sheet.change(id_, {"subject": subject, "need": subject})
    told = in_order([sheet.journal().sort_values(column, ascending=ascending)])
    assert told["id"].tolist() == sheet.lines()["id"].tolist()


def test_a_save_that_waited_in_the_outbox_is_there_since_it_was_sent():
    """It bears its own moment, and at that moment the sheet did not have it yet."""
    sheet = Sheet()
    sheet.add("T-1", {"subject": "a"})
    sheet.change("T-1", {"subject": "b"})
    sheet.change("T-1", {"need": "late"})
    at = [record["at"] for record in sheet.records]
    for record in sheet.records:
        if record["field"] == "need":
            record["at"] = at[0] + 0.5 * MINUTE
    past = as_of(at[0] + 0.7 * MINUTE, sheet.lines(), {"tickets": sheet.frame()}, TABLES, ZONE)
    assert past["tickets"].loc[0, ["subject", "need"]].fillna("").tolist() == ["a", ""]


def test_what_the_journal_does_not_know_is_said():
    """A trimmed journal, a line that is gone, a row without a trace, a row that cannot be read."""
    sheet = Sheet()
    for id_ in ("T-1", "T-2", "T-3"):
        sheet.add(id_, {"subject": "a"})
    for subject in ("b", "c", "d"):
        sheet.change("T-1", {"subject": subject})
    sheet.change("T-2", {"subject": "x"})
    del sheet.rows["T-2"]
    sheet.take("T-3")
    sheet.records[-1]["old"] = "{broken"
    del sheet.records[4]
    past = as_of(START + 4 * MINUTE, sheet.lines(), {"tickets": sheet.frame()}, TABLES, ZONE)
    assert past.unknown.to_dict("records") == [
        {"sheet": "tickets", "row_id": "T-1", "field": "subject", "why": "gap"},
        {"sheet": "tickets", "row_id": "T-3", "field": "", "why": "unreadable"},
        {"sheet": "tickets", "row_id": "T-2", "field": "", "why": "vanished"},
    ]
    trimmed = in_order([sheet.journal(since=3)])
    past = as_of(START + 2 * MINUTE, trimmed, {"tickets": sheet.frame()}, TABLES, ZONE)
    assert past.unknown["why"].tolist()[0] == "begins"
    assert ("T-1", "updated_at", "not_kept") in set(
        past.unknown[["row_id", "field", "why"]].itertuples(index=False, name=None)
    )


def test_a_renamed_column_is_read_under_its_name_of_then():
    """The header was renamed in the sheet, and the column's cells changed before and after."""
    sheet = Sheet()
    sheet.add("T-1", {"subject": "a", "organisation": "Old Ltd"})
    sheet.change("T-1", {"organisation": "New Ltd"})
    renamed = [list(sheet.values()[0]), *sheet.values()[1:]]
    renamed[0][TABLE.names.index("organisation")] = "firm"
    sheet.saves += 1
    more = {"who": "", "sheet": "tickets", "source": "sheet"}
    sheet.records += [
        {
            "id": "H-1",
            "at": sheet.now,
            **more,
            "row_id": "",
            "field": "#header",
            "old": "organisation",
            "new": "firm",
            "save": "H",
        },
        {
            "id": "H-2",
            "at": sheet.now + MINUTE,
            **more,
            "row_id": "T-1",
            "field": "firm",
            "old": "New Ltd",
            "new": "Newest Ltd",
            "save": "I",
        },
    ]
    renamed[1][TABLE.names.index("organisation")] = "Newest Ltd"
    today = {"tickets": TABLE.read(renamed, time_zone=ZONE).frame}
    seen = [
        as_of(START + minutes * MINUTE, sheet.lines(), today, TABLES, ZONE)["tickets"].loc[0, "organisation"]
        for minutes in (1, 2)
    ]
    assert seen == ["Old Ltd", "New Ltd"]
    past = as_of(START + 3 * MINUTE, sheet.lines(), today, TABLES, ZONE)
    assert past["tickets"].loc[0, "firm"] == "New Ltd"


def test_an_edit_that_was_found_after_a_save_had_gone_over_it_does_not_hold():
    """Somebody types, somebody else saves over it, and only then the typing is found: the save holds."""
    sheet = Sheet()
    sheet.add("T-1", {"subject": "a"})
    sheet.rows["T-1"]["subject"] = "typed"
    sheet.change("T-1", {"subject": "saved"})
    sheet.saves += 1
    sheet.write([journal.changed(TABLE, "T-1", "subject", "a", "typed")], "", "sheet")
    lines, today = sheet.lines(), {"tickets": sheet.frame()}
    assert lines["holds"].tolist() == [True, True, False]
    for minutes, subject in ((1, "typed"), (2, "saved"), (3, "saved")):
        past = as_of(START + minutes * MINUTE, lines, today, TABLES, ZONE)
        assert past["tickets"]["subject"].item() == subject, minutes
    assert differences(replay(lines, TABLES)["tickets"], sheet_texts(TABLE, sheet.values())).empty


def test_a_cell_that_was_given_back_at_once_has_never_changed():
    """A save had landed in another row; what that row got back is said, and holds nothing new."""
    sheet = Sheet()
    sheet.add("T-1", {"subject": "a"})
    sheet.saves += 1
    sheet.write([journal.changed(TABLE, "T-1", "subject", "astray", "a")], "E01", "put right")
    past = as_of(START + MINUTE, sheet.lines(), {"tickets": sheet.frame()}, TABLES, ZONE)
    assert past["tickets"]["subject"].item() == "a"
    assert past.unknown.empty


def test_a_row_whose_id_was_changed_in_the_sheet_is_followed_to_its_old_id():
    """Backwards and forwards, with what happened to it before and after."""
    sheet = Sheet()
    sheet.add("T-1", {"subject": "a"})
    sheet.change("T-1", {"subject": "b"})
    sheet.rows["T-9"] = {**sheet.rows.pop("T-1"), "id": "T-9"}
    sheet.saves += 1
    sheet.write([journal.Line("tickets", "T-1", "id", "T-1", "T-9")], "", "sheet")
    sheet.change("T-9", {"subject": "c"})
    lines, today = sheet.lines(), {"tickets": sheet.frame()}
    seen = [
        as_of(START + minutes * MINUTE, lines, today, TABLES, ZONE)["tickets"]
        .loc[0, ["id", "subject"]]
        .tolist()
        for minutes in (1, 2, 3, 4)
    ]
    assert seen == [["T-1", "a"], ["T-1", "b"], ["T-9", "b"], ["T-9", "c"]]
    assert differences(replay(lines, TABLES)["tickets"], sheet_texts(TABLE, sheet.values())).empty
    told = timeline(lines, "tickets", "T-9", TABLE.key)
    assert told.loc[told["field"] == "subject", "new"].tolist() == ["a", "b", "c"]
