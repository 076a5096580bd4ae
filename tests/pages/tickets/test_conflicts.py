"""Two people change one ticket at once: the page shows before, theirs and yours, and the person chooses."""

from __future__ import annotations

import pytest

from sheets_schema.book import Change
from tests.book.instants import between, column

SAID = {
    "en": (
        "Before",
        "Theirs",
        "Yours",
        "somebody has changed this",
        "In progress",
        "Transferred",
        "Resolved",
    ),
    "zh-Hans": ("原值", "对方的值", "您的值", "他人已同时修改", "处理中", "已转办", "已解决"),
    "zh-Hant": ("原值", "對方的值", "您的值", "他人已同時修改", "In progress", "Transferred", "Resolved"),
}


@pytest.fixture
def resolve(open_page, desk_book, now):
    """Return a function: while the page is open somebody else changes T-1, and the person resolves it."""

    def act(language="en", **theirs):
        view = open_page("tickets", f"id=T-1&lang={language}")
        theirs = theirs or {"status": "transferred"}
        desk_book.save([Change("tickets", theirs, "T-1")], who="E01", source="sheet", now=now)
        panel = view.ticket.actions
        panel.actions["resolve"].inputs["text"].value = "Paid <back>"
        panel.actions["resolve"].button.click()
        return panel

    return act


def shown(panel):
    """Return the texts of the conflict's view."""
    (view,) = panel.conflict.children
    return " ".join(str(getattr(part, "value", "")) for part in view.children)


@pytest.mark.parametrize("language", SAID)
def test_all_three_values_are_shown_and_neither_is_lost(resolve, rows, language):
    """By their names, not their codes, in the page's language; what was typed stays in its field."""
    panel = resolve(language)
    words = shown(panel)
    assert [word for word in SAID[language] if word not in words] == []
    assert panel.actions["resolve"].inputs["text"].value == "Paid <back>"
    row = rows("tickets").set_index("id").loc["T-1"]
    assert row["status"] == "transferred"
    assert rows("ticket_events").empty


def test_mine_is_written_over_theirs_where_the_person_says_so(resolve, rows):
    """And what belongs to it comes along; the journal has both."""
    panel = resolve()
    (view,) = panel.conflict.children
    for choice in view.choices:
        choice.value = "mine"
    view.save.click()
    row = rows("tickets").set_index("id").loc["T-1"]
    assert (row["status"], row["resolution"]) == ("resolved", "Paid <back>")
    assert panel.conflict.children == ()
    assert panel.actions["resolve"].inputs["text"].value == ""
    lines = rows("journal")
    chain = lines[lines["row_id"].eq("T-1") & lines["field"].eq("status")]
    assert chain["new"].tolist() == ["transferred", "resolved"]


def test_theirs_is_kept_where_the_person_says_so(resolve, rows):
    """Nothing of mine is saved, and what was typed is still there to be used."""
    panel = resolve()
    (view,) = panel.conflict.children
    for choice in view.choices:
        choice.value = "theirs"
    view.save.click()
    row = rows("tickets").set_index("id").loc["T-1"]
    assert row["status"] == "transferred"
    assert rows("ticket_events").empty
    assert "nothing of yours was saved" in panel.told.value
    assert panel.actions["resolve"].inputs["text"].value == "Paid <back>"


def test_each_field_is_chosen_by_itself(resolve, rows):
    """Two fields were changed by both: one of theirs stays, one of mine is written."""
    panel = resolve(status="transferred", resolution="Theirs")
    (view,) = panel.conflict.children
    names = [each.facts["name"] for each in view.conflicts]
    assert sorted(names) == ["resolution", "status"]
    for name, choice in zip(names, view.choices, strict=True):
        choice.value = "mine" if name == "status" else "theirs"
    view.save.click()
    row = rows("tickets").set_index("id").loc["T-1"]
    assert (row["status"], row["resolution"]) == ("resolved", "Theirs")


def test_without_a_choice_nothing_is_saved(resolve, rows):
    """The button asks for it."""
    panel = resolve()
    (view,) = panel.conflict.children
    view.save.click()
    assert "Choose one for each field" in view.told.value
    assert rows("tickets").set_index("id").loc["T-1"]["status"] == "transferred"


def test_if_somebody_is_first_once_more_the_newer_three_are_shown(resolve, rows, desk_book, now):
    """Nobody is written over unseen."""
    panel = resolve()
    (view,) = panel.conflict.children
    desk_book.save([Change("tickets", {"status": "waiting_customer"}, "T-1")], who="E01", source="s", now=now)
    view.choices[0].value = "mine"
    view.save.click()
    assert "Waiting for customer" in shown(panel)
    view.choices[0].value = "mine"
    view.save.click()
    assert rows("tickets").set_index("id").loc["T-1"]["status"] == "resolved"


REST = {
    "en": ("All else is saved", "Saved, but for one thing"),
    "zh-Hans": ("其余内容均已保存", "已保存，但有一处例外"),
    "zh-Hant": ("其餘內容均已儲存", "已保存，但有一處例外"),
}


@pytest.fixture
def resolve_while_typed(open_page, desk_book, monkeypatch):
    """Return a function: in the instant of resolving T-1 somebody moves its row and types into it."""

    def move_and_type(sheet):
        sheet.insert_rows([[], []], 2)
        sheet.update_cell(sheet.find("T-1").row, column(sheet, "resolution"), "Typed <b>")

    def act(language="en"):
        panel = open_page("tickets", f"id=T-1&lang={language}").ticket.actions
        between(desk_book, monkeypatch, move_and_type)
        panel.actions["resolve"].inputs["text"].value = "Paid <back>"
        panel.actions["resolve"].button.click()
        return panel

    return act


@pytest.mark.parametrize("language", REST)
def test_of_a_save_that_is_done_only_what_is_open_is_asked_for(resolve_while_typed, rows, language):
    """It is said that all else is saved, the form is empty, and the page shows the ticket as resolved."""
    panel = resolve_while_typed(language)
    words = shown(panel)
    head, told = REST[language]
    assert [word for word in (head, "Typed &lt;b&gt;", "Paid &lt;back&gt;") if word not in words] == []
    assert told in panel.told.value
    (view,) = panel.conflict.children
    assert [each.facts["name"] for each in view.conflicts] == ["resolution"]
    assert panel.actions["resolve"].inputs["text"].value == ""
    seen = panel.desk.frame("tickets").set_index("id").loc["T-1"]
    assert (seen["status"], seen["resolution"]) == ("resolved", "Typed <b>")
    assert len(rows("ticket_events")) == 1


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Paid <back>"), ("theirs", "Typed <b>")])
def test_whatever_is_chosen_the_rest_is_not_filed_twice(resolve_while_typed, rows, choice, stands):
    """One event, one change of the status."""
    panel = resolve_while_typed()
    (view,) = panel.conflict.children
    view.choices[0].value = choice
    view.save.click()
    assert panel.conflict.children == ()
    assert ("all else of yours is saved" in panel.told.value) == (choice == "theirs")
    row = rows("tickets").set_index("id").loc["T-1"]
    assert (row["status"], row["resolution"]) == ("resolved", stands)
    assert len(rows("ticket_events")) == 1
    lines = rows("journal")
    assert (lines["row_id"].eq("T-1") & lines["field"].eq("status")).sum() == 1


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Paid <back>"), ("theirs", "Typed <b>")])
def test_what_was_typed_just_before_it_was_written_over_may_be_put_back(
    open_page, rows, desk_book, monkeypatch, choice, stands
):
    """Mine stands already: theirs is written only where the person says so; both ways all is saved."""

    def type_in(sheet):
        sheet.update_cell(sheet.find("T-1").row, column(sheet, "resolution"), "Typed <b>")

    panel = open_page("tickets", "id=T-1&lang=en").ticket.actions
    between(desk_book, monkeypatch, type_in)
    panel.actions["resolve"].inputs["text"].value = "Paid <back>"
    panel.actions["resolve"].button.click()
    assert rows("tickets").set_index("id").loc["T-1", "resolution"] == "Paid <back>"
    (view,) = panel.conflict.children
    assert "Typed &lt;b&gt;" in shown(panel)
    view.choices[0].value = choice
    view.save.click()
    assert panel.conflict.children == ()
    assert "Theirs is kept" not in panel.told.value
    row = rows("tickets").set_index("id").loc["T-1"]
    assert (row["status"], row["resolution"]) == ("resolved", stands)
    assert len(rows("ticket_events")) == 1
