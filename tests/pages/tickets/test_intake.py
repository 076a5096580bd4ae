"""Intake: type, see what becomes of it, press, and find the row in the real book."""

from __future__ import annotations

import pytest

from sheets_schema.book import Change
from tests.book.instants import behind, between, column, insert_column

TYPED = {
    "requester": "Sun Li",
    "contact": "13900139000",
    "category": "REF",
    "subject": "Money has not come back",
}


def fill(view, **values):
    """Type into the form as a person does."""
    for name, value in values.items():
        view.form.inputs[name].value = value


@pytest.fixture
def view(open_page):
    """Return the page as an agent sees it."""
    return open_page("intake")


def test_what_is_missing_stands_beside_its_field_before_the_button_is_pressed(view):
    """Sentences, not a red frame; and the button waits."""
    assert view.form.inputs["subject"].error == "Say in one line what is asked for."
    assert view.file.disabled
    fill(view, **TYPED)

    assert {name: control.error for name, control in view.form.inputs.items() if control.error} == {}
    assert not view.file.disabled


def test_the_form_comes_from_the_schema_and_a_team_s_field_is_on_it(desk_book, open_page, now, rows):
    """A row in `fields` is on the form, required as it says, saved to its own column, shown in the queue."""
    added = {
        "id": "F1",
        "table": "tickets",
        "name": "order_no",
        "type": "string",
        "label_en": "Order",
        "required": True,
    }
    desk_book.save([Change("fields", added)], who="E01", source="test", now=now)
    desk_book.lay_out()
    view = open_page("intake")
    fill(view, **TYPED)

    assert view.form.inputs["order_no"].label == "Order"
    assert view.form.inputs["order_no"].error == "Order has to be filled in."
    fill(view, order_no="8842")
    view.file.click()

    filed = rows("tickets").iloc[-1]
    assert (filed["subject"], filed["order_no"]) == ("Money has not come back", "8842")
    queue = open_page("tickets").queue.grid
    assert {"name": "order_no", "title": "Order"}.items() <= queue.columns[-1].items()
    assert "8842" in set(queue.frame["order_no"])


def test_priority_is_shown_at_once(view):
    """Impact x urgency by the sheet's matrix; the field follows until somebody chooses by hand."""
    fill(view, category="REF", impact="high", urgency="high")
    assert "P1" in view.priority.value
    assert view.form.inputs["priority"].value == "P1"
    fill(view, impact="low", urgency="low")
    assert view.form.inputs["priority"].value == "P4"
    fill(view, priority="P3", urgency="high")

    assert view.form.inputs["priority"].value == "P3", "what a person chose stays"
    assert "Chosen by hand" in view.priority.value


def test_the_due_times_are_live_and_explained(view, at):
    """P1 at Mon 10:00: 10:15 and 15:30, lunch named; an hour later they have moved by an hour."""
    fill(view, **TYPED, impact="high", urgency="high")
    assert "23 Nov 10:15" in view.promise.value
    assert "23 Nov 15:30" in view.promise.value
    assert "Lunch break" in view.promise.value
    at("2026-11-23 11:00")
    view.on_tick()

    assert "23 Nov 16:30" in view.promise.value


def test_routing_is_previewed(view):
    """Simple: the team; complex: the team and the department that handles it."""
    fill(view, category="REF")
    assert "Customer service takes it and answers directly." in view.routing.value
    fill(view, complexity="complex")

    assert "Customer service takes it; Finance handles it." in view.routing.value


def test_possible_duplicates_are_shown_while_typing_and_escaped(view):
    """The subject in the sheet holds HTML; on the page it is text."""
    fill(view, subject="refund has not arrived")

    assert "T-1" in view.alike.value
    assert "&lt;b&gt;has&lt;/b&gt;" in view.alike.value
    assert "<b>" not in view.alike.value


def test_filing_writes_the_row_its_event_and_the_journal(view, rows):
    """Number, due times and a link are told; the form is empty again."""
    fill(view, **TYPED, impact="high", urgency="high")
    view.file.click()
    filed = rows("tickets").iloc[-1]
    events = rows("ticket_events")
    journal = rows("journal")

    assert filed["id"].startswith("T-261123-")
    assert (filed["requester"], filed["priority"], filed["status"]) == ("Sun Li", "P1", "new")
    assert (filed["team"], filed["first_receiver"], filed["sla_policy"]) == ("cs", "E02", "S1")
    assert f"{filed['resolution_due'].tz_convert('Asia/Shanghai'):%d %H:%M}" == "23 15:30"
    assert filed["created_by"] == "E02"
    assert events[events["ticket"] == filed["id"]]["kind"].tolist() == ["created"]
    assert filed["id"] in set(journal["row_id"])
    assert f"tickets?id={filed['id']}" in view.result.value
    assert "23 Nov 10:15" in view.result.value
    assert view.form.inputs["subject"].value == ""
    assert view.file.disabled


def test_a_forged_press_files_nothing(view, rows):
    """`.click()` fires on a disabled button too, as a forged message would."""
    assert view.file.disabled
    view.file.click()

    assert len(rows("tickets")) == 2
    assert "Not saved." in view.result.value


def test_a_viewer_files_nothing_and_loses_nothing(open_page, rows):
    """Rights are asked in Python; what was typed stays in the form."""
    view = open_page("intake", person="E03")
    fill(view, **TYPED)
    view.file.click()

    assert len(rows("tickets")) == 2
    assert "Not saved." in view.result.value
    assert view.form.inputs["subject"].value == "Money has not come back"


def test_text_that_looks_like_a_formula_stays_text(view, rows):
    """Nobody files a calculation."""
    fill(view, **{**TYPED, "subject": "=1+1 does not work"})
    view.file.click()

    assert rows("tickets")["subject"].iloc[-1] == "=1+1 does not work"


def test_a_change_of_the_sheet_reaches_the_page_and_leaves_what_is_typed(view, desk_book, now):
    """Someone makes P1 quicker while a person is typing."""
    fill(view, **TYPED, impact="high", urgency="high")
    desk_book.save(
        [Change("sla_policies", {"resolution_hours": 1.0}, "S1")], who="E01", source="test", now=now
    )
    view.desk.reload()

    assert "23 Nov 11:00" in view.promise.value
    assert view.form.inputs["subject"].value == "Money has not come back"


def test_the_page_speaks_chinese(open_page):
    """Labels, sentences and the names of the sheet."""
    view = open_page("intake", "lang=zh-Hans")

    assert view.form.inputs["subject"].error == "请用一句话填写主题。"
    assert ["退款", "REF"] in view.form.inputs["category"].options
    fill(view, category="REF")
    assert "由客服组受理并直接答复。" in view.routing.value


def test_a_ticket_that_somebody_typed_into_while_it_was_filed_is_filed_once(
    view, desk_book, rows, monkeypatch
):
    """The form is empty, the number is told, and only the one field is asked for."""

    def type_in(sheet):
        sheet.update_cell(4, column(sheet, "requester"), "Typed")

    between(desk_book, monkeypatch, insert_column)
    behind(desk_book, monkeypatch, type_in)
    fill(view, **TYPED)
    view.file.click()

    filed = rows("tickets").iloc[-1]
    assert (filed["requester"], filed["subject"]) == ("Typed", TYPED["subject"])
    assert filed["id"] in view.result.value
    assert "Saved, but for one thing" in view.rest.told.value
    assert view.form.inputs["subject"].value == ""
    assert view.file.disabled
    (choice,) = view.rest.children
    choice.choices[0].value = "mine"
    choice.save.click()
    assert view.rest.children == ()
    tickets = rows("tickets")
    assert (len(tickets), tickets.iloc[-1]["requester"]) == (3, "Sun Li")
