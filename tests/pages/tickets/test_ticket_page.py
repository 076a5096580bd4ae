"""One ticket: what can be done is done in the real book, and what cannot is refused in Python."""

from __future__ import annotations

import pytest

from sheets_schema.book import Change


@pytest.fixture
def view(open_page):
    """Return the page of T-1 as an agent sees it."""
    return open_page("tickets", "id=T-1")


def act(view, name, **typed):
    """Type and press, as a person does; return what the page says."""
    action = view.ticket.actions.actions[name]
    for field, value in typed.items():
        action.inputs[field].value = value
    action.button.click()
    return view.ticket.actions.told.value


def ticket(rows, number="T-1"):
    """Return a ticket's row of the real book."""
    return rows("tickets").set_index("id").loc[number]


def kinds(rows, number="T-1"):
    """Return the kinds of a ticket's events."""
    events = rows("ticket_events")
    return events.loc[events["ticket"] == number, "kind"].tolist()


def test_a_ticket_shows_its_facts_its_clock_and_why(view):
    """Overdue since Friday 18:00 by an hour; the explanation adds up; all text is escaped."""
    assert "Refund &lt;b&gt;has&lt;/b&gt; not arrived" in view.ticket.head.value
    assert "<b>" not in view.ticket.head.value
    assert "Overdue" in view.ticket.strip.value
    assert "1 h over" in view.ticket.strip.value
    assert "Together 15 h of working time" in view.ticket.why.value
    assert "Wang Wei" in view.ticket.facts.value
    assert "range=A" in view.ticket.head.value, "a link to the row in the spreadsheet"


def test_the_allowed_moves_are_buttons(view, rows):
    """Pressing one moves the ticket, writes the event, and offers what comes next."""
    assert list(view.ticket.actions.moves) == ["transferred", "waiting_customer", "resolved"]
    view.ticket.actions.moves["waiting_customer"].click()

    assert ticket(rows)["status"] == "waiting_customer"
    assert kinds(rows) == ["status"]
    assert list(view.ticket.actions.moves) == ["in_progress", "resolved"]


def test_a_move_that_is_not_allowed_is_refused_with_those_that_are(view, rows):
    """Whatever a browser sends; nothing is written."""
    said = act(view, "move", status="closed")

    assert "From &#x27;In progress&#x27; it cannot become &#x27;Closed&#x27;" in said
    assert "Transferred, Waiting for customer, Resolved" in said
    assert ticket(rows)["status"] == "in_progress"
    assert view.ticket.actions.actions["move"].inputs["status"].value == "closed", "what was typed stays"


def test_a_transfer_needs_a_reason(view, rows):
    """Refused without one, with the typing kept; done with one."""
    assert "Give a reason." in act(view, "hand_off", department="finance")
    assert ticket(rows)["department"] != "finance"
    act(view, "hand_off", text="The ledger has to be seen")

    assert (ticket(rows)["department"], ticket(rows)["status"]) == ("finance", "transferred")
    assert ticket(rows)["first_receiver"] == "E02"
    assert kinds(rows) == ["handoff", "status"]
    assert "The ledger has to be seen" in view.ticket.history.value


def test_a_note_is_internal_and_a_reply_stops_the_first_clock(open_page, rows):
    """T-2 was opened at 09:00 and is answered at 10:00: first response kept, notes do not count."""
    view = open_page("tickets", "id=T-2")
    act(view, "note", text="<i>cross</i>")
    assert ticket(rows, "T-2").isna()["first_response_at"]
    act(view, "reply", text="We are on it")

    assert f"{ticket(rows, 'T-2')['first_response_at'].tz_convert('Asia/Shanghai'):%H:%M}" == "10:00"
    assert "&lt;i&gt;cross&lt;/i&gt;" in view.ticket.history.value
    assert "seen by the customer" in view.ticket.history.value
    assert view.ticket.actions.actions["reply"].inputs["text"].value == ""


def test_resolving_then_asking_then_reopening(view, rows):
    """The whole end of a ticket: solution, satisfaction, and back again."""
    act(view, "resolve", text="Paid back")
    done = ticket(rows)
    assert (done["status"], done["resolution"]) == ("resolved", "Paid back")
    assert view.ticket.actions.tabs["satisfaction"].layout.display is None
    assert view.ticket.actions.tabs["resolve"].layout.display == "none"
    act(view, "satisfaction", score="2", text="Too slow")
    assert (ticket(rows)["csat_score"], ticket(rows)["csat_comment"]) == (2, "Too slow")
    act(view, "reopen", text="It did not come")

    again = ticket(rows)
    assert (again["status"], again["reopen_count"]) == ("reopened", 1)
    assert again.isna()["resolved_at"]


def test_a_new_priority_moves_the_due_times_and_says_so(open_page, rows):
    """T-2 from Mon 09:00 at P1: 09:15 and 14:30, by the policy S1."""
    view = open_page("tickets", "id=T-2")
    act(view, "priority", priority="P1", text="The sofa fell on somebody")
    changed = ticket(rows, "T-2")

    assert (changed["priority"], changed["sla_policy"]) == ("P1", "S1")
    assert f"{changed['resolution_due'].tz_convert('Asia/Shanghai'):%H:%M}" == "14:30"
    assert kinds(rows, "T-2") == ["priority", "due", "due"]
    assert "2026-11-24 18:00 → 2026-11-23 14:30" in view.ticket.history.value


def test_a_change_in_the_sheet_reaches_the_page_and_leaves_what_is_typed(view, desk_book, now):
    """A person is writing a note while somebody else works in the spreadsheet."""
    view.ticket.actions.actions["note"].inputs["text"].value = "half a sent"
    same = view.ticket
    desk_book.save(
        [Change("tickets", {"priority": "P1", "status": "transferred"}, "T-1")],
        who="E01",
        source="sheet",
        now=now,
    )
    view.desk.reload()

    assert view.ticket is same
    assert "P1 urgent" in view.ticket.head.value
    assert list(view.ticket.actions.moves) == ["in_progress", "resolved"]
    assert view.ticket.actions.actions["note"].inputs["text"].value == "half a sent"
    assert "Cell changed" in view.ticket.history.value, "the journal tells what no event does"


def test_a_viewer_sees_masked_data_and_changes_nothing(open_page, rows):
    """The contact is personal data; a forged press is refused in Python."""
    view = open_page("tickets", "id=T-1", person="E03")
    assert "13800138000" not in view.ticket.facts.value
    assert "•••••••••00" in view.ticket.facts.value
    assert view.ticket.acting.layout.display == "none"
    said = act(view, "note", text="forged")

    assert "Not saved." in said
    assert kinds(rows) == []


def test_a_ticket_that_is_gone_is_said_to_be(open_page):
    """A link to a row that somebody deleted is no empty page."""
    view = open_page("tickets", "id=T-404")

    assert "There is no ticket &#x27;T-404&#x27;" in view.ticket.head.value
    assert view.ticket.body.layout.display == "none"


def test_the_ticket_speaks_chinese(open_page):
    """Labels, states and refusals."""
    view = open_page("tickets", "id=T-1&lang=zh-Hans")

    assert "逾期" in view.ticket.strip.value
    assert "处理中" in view.ticket.head.value
    assert "不能从“处理中”变为“已关闭”" in act(view, "move", status="closed")
