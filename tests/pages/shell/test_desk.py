"""What an open page knows."""

from __future__ import annotations

import pandas as pd
import pytest

from sheets_schema.book import Book, Change
from sheets_schema.errors import NotAllowed
from widgets.desk import Desk


def action(title: str) -> Change:
    """Return a new action."""
    due = pd.Timestamp("2026-11-30")
    return Change("actions", {"title": title, "owner": "P01", "due": due, "status": "open"})


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("lang=zh-Hant", "en", "zh-Hant"),
        ("", "zh-CN,zh;q=0.9", "zh-Hans"),
        ("", "zh-HK", "zh-Hant"),
        ("lang=klingon", "fr,en;q=0.5", "en"),
        ("", "", "en"),
    ],
)
def test_the_address_bar_speaks_before_the_browser(desk_for, query, accepted, language) -> None:
    """A person who has chosen a language keeps it, whatever the browser was set to."""
    assert desk_for(query, HTTP_ACCEPT_LANGUAGE=accepted).language == language


def test_the_workbooks_zone_is_shown(desk: Desk) -> None:
    """01:00 UTC is nine o'clock in Shanghai; a year is said where it is another one."""
    assert desk.local(pd.Timestamp("2026-11-23T01:00Z")) == "23 Nov 09:00"
    assert desk.local(pd.Timestamp("2025-12-31T16:00Z")) == "01 Jan 00:00"
    assert desk.local(pd.Timestamp("2025-12-31T15:59Z")) == "31 Dec 2025 23:59"
    assert desk.local(pd.NaT) == ""


def test_links_keep_who_and_how(desk_for) -> None:
    """Each link is a full load: language and person must come along, a filter must not."""
    desk = desk_for("lang=zh-Hans&person=P02&status=open")

    assert desk.href("tickets", id="T-1&x") == "tickets?lang=zh-Hans&person=P02&id=T-1%26x"


def test_jupyterlab_links_to_the_served_desk_or_nowhere(desk_for) -> None:
    """In JupyterLab a relative link would lead into Lab's own files."""
    assert desk_for("", JPY_SESSION_NAME="x").href("home") == ""
    served = desk_for("", JPY_SESSION_NAME="x", OPSLINE_DESK="http://127.0.0.1:8866/")
    assert served.href("home") == "http://127.0.0.1:8866/desk/home"


def test_a_save_reaches_the_sheet_and_the_page(desk: Desk, book: Book) -> None:
    """What was saved is in the page's own snapshot, in the sheet, and in the journal."""
    told = []
    desk.on_refresh(lambda: told.append(len(desk.frame("actions"))))
    before = len(desk.frame("actions"))

    saved = desk.save([action("Lamp is broken")], "intake")

    assert told == [before + 1]
    sheet = book.load("actions", "journal")
    assert saved.ids[0] in set(sheet["actions"]["id"])
    assert set(sheet["journal"].loc[sheet["journal"]["save"] == saved.save, "who"]) == {"P01"}


@pytest.mark.parametrize("person", ["P03", "P99", ""])
def test_a_forged_person_saves_nothing(desk_for, book: Book, person: str) -> None:
    """A viewer, a name that is nobody's and no name at all: a browser can send any of them."""
    desk = desk_for("", OPSLINE_NOW="2026-11-23T01:00Z")
    desk.person = person
    before = len(book.load("actions")["actions"])

    with pytest.raises(NotAllowed):
        desk.save([action("Forged")], "intake")

    assert len(book.load("actions")["actions"]) == before


def test_an_agent_may_not_change_the_rules(desk_for) -> None:
    """Actions are an agent's work; who may do what is not."""
    desk = desk_for("person=P02")

    with pytest.raises(NotAllowed, match="agent"):
        desk.save([Change("people", {"role": "admin"}, id="P02")], "forged")


def test_the_server_says_who_is_asking(desk_for) -> None:
    """Where OPSLINE_PERSON fixes the person, an address that names another one changes nothing."""
    assert desk_for("person=P01", OPSLINE_PERSON="P03").person == "P03"


def test_the_demos_clock_ticks(desk: Desk) -> None:
    """Both settings present: the demo's Monday goes on from the moment it was laid out."""
    from widgets.desk import ahead_of

    class Settings:
        def setting(self, name: str) -> str:
            return {"as_of": "2026-11-23T09:00:00+08:00", "as_of_started": "2027-01-01T00:00:00Z"}[name]

    assert ahead_of(Settings()) == pd.Timestamp("2026-11-23T01:00Z") - pd.Timestamp("2027-01-01T00:00Z")
    assert desk.now() == pd.Timestamp("2026-11-23T01:00Z")


def test_the_address_bar_is_written_once(desk: Desk) -> None:
    """A filter that is already in the address must not become a second step of the history."""
    written = []
    desk.address_bar = written.append

    desk.set_query(status="open", page=None)
    desk.set_query(status="open")
    desk.set_query(status=None)

    assert written == [{"status": "open"}, {}]
