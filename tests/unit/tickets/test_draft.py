"""A ticket that is being typed, without a widget: proposals, blockers, and the rows it becomes."""

from __future__ import annotations

import pandas as pd
import pytest

from sheets_schema.errors import Blocked
from sheets_schema.language import Field
from sheets_schema.tickets.draft import TicketDraft
from sheets_schema.tickets.duplicates import possible_duplicates
from sheets_schema.tickets.priority import priorities, priority_of

NOW = pd.Timestamp("2026-11-23 11:30", tz="Asia/Shanghai")
FULL = {
    "channel": "phone",
    "requester": "Li Na",
    "category": "REF",
    "subject": "Refund has not arrived",
    "impact": "high",
    "urgency": "high",
    "priority": "P1",
    "complexity": "simple",
    "vip": False,
}


def blocked(draft):
    """Return the fields that stand in the way."""
    return [message.field for message in draft.blockers]


def test_what_is_missing_is_said_before_anything_is_pressed(table, rules):
    """A blank form names each required field in a sentence of its own."""
    draft = TicketDraft(table, rules, NOW)

    assert blocked(draft) == ["channel", "requester", "category", "subject", "priority"]
    assert str(draft.blockers[3]) == "Say in one line what is asked for."
    draft.values = dict(FULL)
    assert draft.blockers == ()


def test_a_team_s_own_required_field_blocks_too(table, rules):
    """Nobody wrote a line of code for it."""
    own = table.with_fields(
        [Field("order_no", required=True, on_form=True, labels={"en": "Order", "zh-Hans": "订单"})]
    )
    draft = TicketDraft(own, rules, NOW, **FULL)

    assert blocked(draft) == ["order_no"]
    assert draft.blockers[0].text("zh-Hans") == "请填写订单。"


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"category": "OLD"}, "category"),
        ({"category": "NOPE"}, "category"),
        ({"category": "PRE", "complexity": "complex"}, "complexity"),
        ({"channel": "pigeon"}, "channel"),
        ({"subject": "   "}, "subject"),
    ],
)
def test_a_value_that_cannot_stand_blocks(table, rules, cells, field):
    """A category out of use or unknown, a complex case without a department, a code that is none."""
    assert field in blocked(TicketDraft(table, rules, NOW, **{**FULL, **cells}))


def test_the_promise_is_live(table, rules, shanghai):
    """REF at P1: 0.25 h and 4 h from 11:30; the lunch break does not count."""
    draft = TicketDraft(table, rules, NOW, **FULL)
    promise = draft.proposal.promise

    assert (promise.policy, promise.first_response_due) == ("P-REF1", shanghai("2026-11-23 11:45"))
    assert promise.resolution_due == shanghai("2026-11-23 17:00")
    draft.values = {**FULL, "priority": "P2"}
    assert draft.proposal.promise.resolution_due == shanghai("2026-11-25 11:30")
    draft.now = shanghai("2026-11-24 11:30")
    assert draft.proposal.promise.resolution_due == shanghai("2026-11-26 11:30")


def test_the_matrix_gives_the_priority_and_the_category_only_until_somebody_weighs(table, rules):
    """A safety incident is P1 at medium x medium; weighed as low x low it is what the matrix says."""
    draft = TicketDraft(table, rules, NOW, category="SAF", impact="medium", urgency="medium")
    assert (draft.proposal.priority, draft.proposal.type) == ("P1", "complaint")
    draft.values = {"category": "SAF", "impact": "low", "urgency": "low"}
    assert draft.proposal.priority == "P4"
    assert str(draft.proposal.because) == "Impact low × urgency low gives P4."


def test_the_matrix_is_the_sheet(rules):
    """An empty cell of the matrix gives nothing; a whole table goes the same way as one ticket."""
    frame = pd.DataFrame({"impact": ["high", "low", None], "urgency": ["low", "low", "high"]})

    assert priorities(rules.matrix, frame).fillna("?").tolist() == ["P2", "P4", "?"]
    assert priority_of(rules.matrix, "high", "unheard of") is None


def test_a_complex_case_goes_to_its_department_and_the_agent_stays(table, rules):
    """Team takes it, department handles it; both are recorded, and who typed it is first receiver."""
    draft = TicketDraft(table, rules, NOW, **{**FULL, "complexity": "complex"})
    row, *events = draft.edits("T-1", "E02")

    assert (row.cells["team"], row.cells["department"], row.cells["first_receiver"]) == (
        "cs",
        "finance",
        "E02",
    )
    assert [event.cells["kind"] for event in events] == ["created", "handoff"]


def test_the_row_is_whole(table, rules, shanghai):
    """Number, opening, status, promise: what the sheet needs to be read without us."""
    row, created = TicketDraft(table, rules, NOW, **FULL).edits("T-9", "E02")

    assert row.id is None
    assert row.cells["id"] == "T-9"
    assert row.cells["opened_at"] == NOW
    assert row.cells["status"] == "new"
    assert row.cells["type"] == "apply"
    assert row.cells["resolution_due"] == shanghai("2026-11-23 17:00")
    assert (created.cells["ticket"], created.cells["kind"], created.cells["by"]) == (
        "T-9",
        "created",
        "E02",
    )
    assert all(table.field(name) for name in row.cells)


def test_an_assigned_ticket_is_not_new(table, rules):
    """Naming a person moves it along the sheet's arrow."""
    row, *events = TicketDraft(table, rules, NOW, **FULL, assignee="E03").edits("T-9", "E02")

    assert row.cells["status"] == "assigned"
    assert [event.cells["kind"] for event in events] == ["created", "assign"]


def test_a_forged_press_of_the_button_is_refused(table, rules):
    """A disabled button can be fired; the draft asks again."""
    with pytest.raises(Blocked) as caught:
        TicketDraft(table, rules, NOW, **{**FULL, "subject": ""}).edits("T-1", "E02")

    assert caught.value.facts["field"] == "subject"


def test_the_same_person_or_nearly_the_same_subject_is_a_possible_duplicate(make_tickets):
    """Likeliest first, the reason said; what is old is not looked at."""
    tickets = make_tickets(
        {"opened_at": "2026-11-20 09:00", "requester": "Li Na", "subject": "Invoice for October"},
        {
            "opened_at": "2026-11-21 09:00",
            "requester": "Wang Wei",
            "subject": "refund of my order has not arrived",
        },
        {
            "opened_at": "2026-11-22 09:00",
            "requester": "Zhao",
            "subject": "Sofa is damaged",
            "contact": "138 0013",
        },
        {"opened_at": "2026-06-01 09:00", "requester": "Li Na", "subject": "Refund has not arrived"},
    )
    typed = {"requester": " li na ", "contact": "138 0013", "subject": "Refund has not arrived"}
    found = possible_duplicates(tickets, NOW, **typed)

    assert set(found["id"]) == {"T-1", "T-2", "T-3"}
    assert found.set_index("id")["reason"].to_dict() == {
        "T-1": "requester",
        "T-2": "subject",
        "T-3": "contact",
    }
    assert possible_duplicates(tickets, NOW, subject="Ref").empty, "three letters are like anything"


def test_chinese_subjects_are_compared_too(make_tickets):
    """No spaces between words, and still alike."""
    tickets = make_tickets({"opened_at": "2026-11-20 09:00", "subject": "订单退款一直没有到账"})

    assert len(possible_duplicates(tickets, NOW, subject="订单退款没有到账")) == 1
    assert possible_duplicates(tickets, NOW, subject="预约安装热水器").empty


def test_no_tickets_have_no_duplicates(make_tickets):
    """A new workbook is empty."""
    assert possible_duplicates(make_tickets(), NOW, requester="Li Na", subject="Refund").empty
