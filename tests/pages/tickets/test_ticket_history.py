"""A ticket's timeline over a real book: what was done is undone, and what was deleted is brought back."""

from __future__ import annotations

import pytest

from sheets_schema.book import Change, open_book


@pytest.fixture
def view(open_page):
    """Return the page of T-1 as an agent sees it."""
    return open_page("tickets", "id=T-1")


def ticket(rows, number="T-1"):
    """Return a ticket's row of the real book."""
    return rows("tickets").set_index("id").loc[number]


def last_save(rows):
    """Return the id of the newest save of the journal."""
    return rows("journal")["save"].iloc[-1]


def press(view, save):
    """Press the undo of a save; return what the page says."""
    view.ticket.history.undos[save].click()
    return view.ticket.history.told_note.value


def other(book):
    """Return another process's book of the same workbook."""
    return open_book(book.address.removesuffix("/edit"))


def test_a_move_is_undone_with_its_event(view, rows):
    """The ticket is as it was, the event's row is gone, and the timeline says who undid it, and when."""
    before = ticket(rows)
    view.ticket.actions.moves["waiting_customer"].click()
    save = last_save(rows)
    assert "Waiting for customer" in view.ticket.history.value

    assert "Undone." in press(view, save)
    after = ticket(rows)
    kept = ["version", "updated_at", "updated_by"]
    assert after.drop(kept).equals(before.drop(kept))
    assert rows("ticket_events").empty
    assert "Undone by Li Na, 23 Nov 10:00" in view.ticket.history.value
    assert save not in view.ticket.history.undos
    again = last_save(rows)

    assert "Undone." in press(view, again), "an undo is undone like any other save"
    assert ticket(rows)["status"] == "waiting_customer"
    assert save in view.ticket.history.undos


def test_what_somebody_changed_since_is_left_and_shown_three_ways(view, desk_book, rows, now):
    """Theirs stays; what the change had written and what undo would put back stand beside it, escaped."""
    change = Change("tickets", {"subject": "Ours", "resolution": "r"}, "T-1")
    desk_book.save([change], who="E02", source="tickets", now=now)
    save = last_save(rows)
    view.desk.reload()
    theirs = Change("tickets", {"subject": "<i>Theirs</i>"}, "T-1")
    other(desk_book).save([theirs], who="E01", source="tickets", now=now)

    assert "except for what somebody has changed since" in press(view, save)
    left = view.ticket.history.left.value
    for shown in ("T-1 · Subject", "&lt;i&gt;Theirs&lt;/i&gt;", "Ours", "Refund &lt;b&gt;has&lt;/b&gt;"):
        assert shown in left
    assert ticket(rows)["subject"] == "<i>Theirs</i>"
    assert ticket(rows).isna()["resolution"]


def test_an_edit_in_the_sheet_is_told_and_undone(view, desk_book, rows):
    """Somebody has typed in the spreadsheet; the journal says so, and a press puts it back."""
    sheet = other(desk_book).workbook.worksheet("tickets")
    cell = sheet.find("T-1")
    sheet.update_cell(cell.row, sheet.row_values(1).index("organisation") + 1, "<b>Typed</b>")
    view.desk.reload()
    view.desk.reload()  # what was found has been journalled by now

    told = view.ticket.history.value
    assert "edited in the sheet" in told
    assert "— → &lt;b&gt;Typed&lt;/b&gt;" in told
    assert "Undone." in press(view, last_save(rows))
    assert ticket(rows).isna()["organisation"]


def test_a_row_that_was_deleted_in_the_sheet_is_brought_back(open_page, desk_book, rows):
    """The link to it shows what the journal has, and a button that brings it back."""
    desk_book.load("tickets")
    first = ticket(rows)
    sheet = other(desk_book).workbook.worksheet("tickets")
    sheet.delete_rows(sheet.find("T-1").row)
    desk_book.load("tickets")
    view = open_page("tickets", "id=T-1")
    assert "There is no ticket" in view.ticket.head.value
    assert view.ticket.lost.layout.display is None
    assert "Row deleted" in view.ticket.history.value

    view.ticket.history.backs["tickets", "T-1"].click()
    assert "Brought back." in view.ticket.history.told_note.value
    kept = ["version", "updated_at", "updated_by"]
    assert ticket(rows).drop(kept).equals(first.drop(kept))
    assert view.ticket.lost.layout.display == "none"
    assert view.ticket.body.layout.display is None


def test_a_viewer_has_no_button_and_a_forged_press_is_refused(open_page, desk_book, rows, now):
    """Asked in Python; personal data is masked in the history, too."""
    change = Change("tickets", {"contact": "13900139000"}, "T-1")
    desk_book.save([change], who="E02", source="tickets", now=now)
    view = open_page("tickets", "id=T-1", person="E03")
    assert view.ticket.history.undos == {}
    assert "13900139000" not in view.ticket.history.value
    assert "•••••••••00 → •••••••••00" in view.ticket.history.value
    view.ticket.history._on_undo(last_save(rows))

    assert "Not saved." in view.ticket.history.told_note.value
    assert ticket(rows)["contact"] == "13900139000"


def test_a_save_of_many_rows_says_so_and_may_not_be_undone_by_who_may_not_change_them(open_page):
    """The rules came with the ticket in one save; an agent may not change rules."""
    assert open_page("tickets", "id=T-1").ticket.history.undos == {}
    (button,) = open_page("tickets", "id=T-1", person="E01").ticket.history.undos.values()
    assert button.description.startswith("Undo this save (")
    assert "Chen Wei" in button.tooltip, "who does not see where it stands hears what it undoes"


def test_the_buttons_stay_the_same_while_nothing_changes(view, desk_book, rows, now):
    """The page is updated every few seconds; what has the focus keeps it."""
    change = Change("tickets", {"subject": "Ours"}, "T-1")
    desk_book.save([change], who="E02", source="tickets", now=now)
    view.desk.reload()
    button = view.ticket.history.undos[last_save(rows)]
    view.update()
    view.desk.reload()
    assert view.ticket.history.undos[last_save(rows)] is button


def test_older_changes_are_shown_on_demand_and_looked_for_in_the_archives(open_page, desk_book, now):
    """Fifteen at first; the journal's older lines with a press, the archives' with another."""
    import pandas as pd

    from sheets_schema.book.history.archive import roll_over

    for number in range(20):
        change = Change("tickets", {"subject": f"Number {number}."}, "T-1")
        at = now + number * pd.Timedelta(days=7)
        desk_book.save([change], who="E02", source="tickets", now=at)
    desk_book.limit = 20
    assert roll_over(desk_book, now)
    history = open_page("tickets", "id=T-1").ticket.history
    counts = [history.value.count("Number")]
    while history.older.layout.display is None:
        history.older.click()
        counts.append(history.value.count("Number"))
        assert len(counts) < 6
    assert "Number 0." in history.value
    assert counts == sorted(counts)
    assert history.value.count("Row added") == 1


@pytest.mark.parametrize(("language", "words"), [("zh-Hans", "撤销此变更"), ("zh-Hant", "撤銷此變更")])
def test_the_timeline_speaks_chinese(open_page, desk_book, rows, now, language, words):
    """Buttons, labels and what came of it."""
    desk_book.save([Change("tickets", {"subject": "Ours"}, "T-1")], who="E02", source="tickets", now=now)
    view = open_page("tickets", f"id=T-1&lang={language}")
    save = last_save(rows)
    assert view.ticket.history.undos[save].description == words
    assert {"zh-Hans": "已撤销。", "zh-Hant": "已撤銷。"}[language] in press(view, save)
