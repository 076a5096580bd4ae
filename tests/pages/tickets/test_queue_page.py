"""The queue: filters in the address bar, the time that is left, rows and cards."""

from __future__ import annotations

import time

from sheets_schema.book import Change
from widgets.tickets.counter import TicketDesk


def shown(view):
    """Return the numbers in the table."""
    return view.queue.grid.frame["id"].tolist()


def test_the_queue_shows_what_is_to_do_the_most_pressing_first(open_page):
    """The late one first, in red, with how late it is in working hours."""
    view = open_page("tickets")

    assert shown(view) == ["T-1", "T-2"]
    assert view.queue.grid.frame["left_shown"].iloc[0] == "red|1 h over"
    assert "2 overdue" in view.queue.summary.value, "the other one's first answer is late"


def test_the_countdown_moves(open_page, at, desk_book, now):
    """The answer was due Mon 09:30; once it is given, 13 h are left at 11:00, due Tue 18:00."""
    view = open_page("tickets")
    assert view.queue.grid.frame["left_shown"].iloc[1] == "red|Reply: 30 min over"
    at("2026-11-23 11:00")
    view.update()
    assert view.queue.grid.frame["left_shown"].iloc[1] == "red|Reply: 1 h 30 min over"
    answered = Change("tickets", {"first_response_at": now}, "T-2")
    desk_book.save([answered], who="E01", source="sheet", now=now)
    view.desk.reload()

    assert view.queue.grid.frame["left_shown"].iloc[1] == "green|13 h left"


def test_filters_are_kept_in_the_address_bar(open_page):
    """A link shows what its sender saw."""
    view = open_page("tickets")
    view.queue.inputs["assignee"].value = "-"

    assert view.desk.query == {"assignee": "-"}
    assert shown(view) == ["T-2"]
    again = open_page("tickets", "assignee=-&due=overdue")
    assert again.queue.inputs["assignee"].value == "-"
    assert again.queue.inputs["due"].value == "overdue"
    assert shown(again) == ["T-2"]


def test_mine_is_what_is_assigned_to_me(open_page):
    """One button; another brings back the fresh page."""
    view = open_page("tickets")
    view.queue.mine.click()
    assert (shown(view), view.desk.query["assignee"]) == (["T-1"], "E02")
    view.queue.every.click()

    assert (shown(view), view.desk.query) == (["T-1", "T-2"], {})


def test_the_back_button_brings_the_filters_back(open_page):
    """The address bar leads, the controls follow."""
    view = open_page("tickets")
    view.queue.inputs["text"].value = "sofa"
    assert shown(view) == ["T-2"]
    view.desk.arrive({})

    assert view.queue.inputs["text"].value == ""
    assert shown(view) == ["T-1", "T-2"]


def test_tickets_stand_on_a_board_by_status(open_page):
    """One column a status; a card opens its ticket."""
    view = open_page("tickets", "view=board")
    columns = {
        column["title"]: [card["id"] for card in column["cards"]] for column in view.queue.kanban.columns
    }
    assert columns["New"] == ["T-2"]
    assert columns["In progress"] == ["T-1"]
    assert columns["Waiting for customer"] == []
    assert "Closed" not in columns, "what is done is not to do"
    view.queue.kanban.set_trait("selected", "T-2")
    view.queue.kanban.picked += 1

    assert view.desk.query["id"] == "T-2"
    assert view.ticket.number == "T-2"


def test_choosing_a_row_opens_the_ticket_and_back_leads_to_the_same_filters(open_page):
    """In place, without loading the page again."""
    view = open_page("tickets", "due=overdue")
    view.queue.grid.set_trait("selected", "T-1")
    view.queue.grid.picked += 1
    assert view.children == (view.ticket,)
    view.ticket.to_queue.click()

    assert view.children == (view.queue,)
    assert view.desk.query == {"due": "overdue"}


def test_a_change_in_the_sheet_is_seen(open_page, desk_book, now):
    """Somebody changes the priority in the spreadsheet; the open page shows it."""
    view = open_page("tickets")
    desk_book.save([Change("tickets", {"priority": "P1"}, "T-2")], who="E01", source="sheet", now=now)
    view.desk.reload()

    assert view.queue.grid.frame.set_index("id")["priority_shown"]["T-2"] == "red|P1 urgent"


def test_ten_thousand_tickets_are_queued_in_a_second(open_page, monkeypatch):
    """The demo has fourteen thousand (measured: 0.4 s of computing on this machine)."""
    view = open_page("tickets")
    one = view.counter.tickets
    many = one.loc[one.index.repeat(5000)].reset_index(drop=True)
    many["id"] = [f"T-{number}" for number in range(len(many))]
    monkeypatch.setattr(TicketDesk, "tickets", many)
    begun = time.process_time()
    view.update()
    taken = time.process_time() - begun

    assert len(view.queue.grid.frame) == 1000
    assert "10,000 tickets" in view.queue.summary.value
    assert taken < 1.5
