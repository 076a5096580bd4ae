"""What a page says, and shows, while the spreadsheet does not answer."""

from __future__ import annotations

import ipywidgets as ipw
import pandas as pd
import pytest

from sheets_schema.book import Change
from sheets_schema.errors import NotAllowed
from tests.book.instants import between, column, sort_it
from widgets.desk import Desk
from widgets.shell import Shell

NOW = pd.Timestamp("2026-11-23T01:00Z")


@pytest.fixture
def shell_for(server):
    """Return a function that opens a page as somebody, in a language."""

    def start(person: str = "E01", language: str = "en") -> Shell:
        environment = {"OPSLINE_NOW": NOW.isoformat(), "QUERY_STRING": f"person={person}&lang={language}"}
        desk = Desk(server.book(), "tickets", ["tickets", "ticket_events", "people"], environment=environment)
        return Shell(desk, lambda desk: ipw.Label(desk.key))

    return start


def subject(text: str, id_: str = "T-1", before: str = "Subject 1") -> Change:
    """Return a change of a ticket's subject, from what its writer saw."""
    return Change("tickets", {"subject": text}, id=id_, before={"subject": before})


def event(text: str) -> Change:
    """Return a new row."""
    return Change("ticket_events", {"ticket": "T-1", "at": NOW, "kind": "note", "by": "E01", "text": text})


def stuck_on(shell: Shell, server, theirs: str = "theirs <b>") -> None:
    """Let a change of the page wait, somebody else change the same field, and the page look again."""
    desk = shell.desk
    server.kill()
    desk.save([subject("mine <i>")], "tickets")
    folder = desk.book.outbox.folder
    waits = [file for file in folder.iterdir() if file.suffix in {".kept", ".lost"}]
    hidden = [file.rename(file.with_suffix(".hidden")) for file in waits]
    server.start()
    other = server.book()
    other.save([Change("tickets", {"subject": theirs}, id="T-1")], who="E02", source="t", now=NOW)
    for file in hidden:
        file.rename(file.with_suffix(".kept"))
    shell.watch.look()


SAID = {
    "en": ("A change waits on this machine", "2 changes wait on this machine"),
    "zh-Hans": ("1 项更改在本机等待", "2 项更改在本机等待"),
    "zh-Hant": ("1 項更改在本機等待", "2 項更改在本機等待"),
}


@pytest.mark.parametrize("language", SAID)
def test_what_waits_is_said_in_a_quiet_line_with_its_rows(server, shell_for, language) -> None:
    """How many, and which; politely, and gone when they are sent."""
    shell = shell_for(language=language)
    assert shell.waiting.line.value == ""
    server.kill()

    for number, said in enumerate(SAID[language], start=1):
        shell.desk.save([subject(f"s{number}", f"T-{number}", f"Subject {number}")], "tickets")
        shell.watch.look()
        assert said in shell.waiting.line.value
        assert f"T-{number}" in shell.waiting.line.value
    assert 'role="status"' in shell.waiting.line.value
    assert shell.bar.fresh["tone"] == "red"

    server.start()
    shell.watch.look()
    assert shell.waiting.line.value == ""
    assert shell.bar.fresh["tone"] == "green"
    assert shell.desk.frame("tickets").set_index("id")["subject"].loc[["T-1", "T-2"]].tolist() == ["s1", "s2"]


def test_what_waits_is_shown_as_it_will_be(server, shell_for) -> None:
    """New and changed rows, typed as all others; the desk says which of them wait."""
    shell = shell_for()
    desk = shell.desk
    kinds = {name: desk.frame(name).dtypes.to_dict() for name in ("tickets", "ticket_events")}
    server.kill()

    desk.save([subject("mine"), event("called")], "tickets")
    saved = desk.save([subject("mine again", before="mine")], "tickets")

    assert saved.kept is not None
    row = desk.frame("tickets").set_index("id").loc["T-1"]
    assert (row["subject"], row["updated_by"], row["updated_at"]) == ("mine again", "E01", NOW)
    (made,) = desk.frame("ticket_events").itertuples()
    assert (made.text, made.ticket, made.at) == ("called", "T-1", NOW)
    assert desk.snapshot.waiting == {"tickets": {"T-1"}, "ticket_events": {made.id}}
    assert {name: desk.frame(name).dtypes.to_dict() for name in kinds} == kinds

    server.start()
    shell.watch.look()
    assert desk.snapshot.waiting == {}
    assert desk.frame("ticket_events")["id"].tolist() == [made.id]
    row = desk.frame("tickets").set_index("id").loc["T-1"]
    assert (row["subject"], row["version"]) == ("mine again", 3)


def test_another_page_of_the_machine_says_and_sends_it_too(server, shell_for) -> None:
    """The page that kept it may be closed by then."""
    one, other = shell_for(), shell_for("E02")
    server.kill()
    one.desk.save([subject("mine")], "tickets")
    other.watch.look()
    assert "T-1" in other.waiting.line.value
    assert other.desk.frame("tickets").set_index("id").loc["T-1", "subject"] == "mine"

    server.start()
    other.watch.look()
    assert other.waiting.line.value == ""
    row = server.book().load("tickets")["tickets"].set_index("id").loc["T-1"]
    assert (row["subject"], row["updated_by"]) == ("mine", "E01")


WORDS = {
    "en": ("needs your decision", "before", "theirs", "yours", "Subject · "),
    "zh-Hans": ("需要您决定", "原值", "对方的值", "您的值", "主题 · "),
    "zh-Hant": ("需要您決定", "原值", "對方的值", "您的值", "主題 · "),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_conflict_found_late_is_shown_with_all_three(server, shell_for, language) -> None:
    """On the page of whose it is: what stood there, theirs, yours, and two buttons; all of it escaped."""
    shell = shell_for(language=language)
    stuck_on(shell, server)

    (stuck,) = shell.waiting.cards
    told = " ".join(str(getattr(part, "value", "")) for part in stuck.widget.children)
    for words in (*WORDS[language][:4], "Subject 1", "theirs &lt;b&gt;", "mine &lt;i&gt;"):
        assert words in told
    assert "<b>" not in told
    assert shell.desk.frame("tickets").set_index("id").loc["T-1", "subject"] == "theirs <b>"


def test_a_person_writes_theirs_over(server, shell_for) -> None:
    """One press: it is saved as theirs, of then, and the card goes."""
    shell = shell_for()
    stuck_on(shell, server)

    shell.waiting.cards[0].write.click()

    assert shell.waiting.cards == ()
    row = shell.desk.frame("tickets").set_index("id").loc["T-1"]
    assert (row["subject"], row["updated_by"]) == ("mine <i>", "E01")


def test_a_person_lets_theirs_stand(server, shell_for) -> None:
    """One press: nothing is written, and the card goes."""
    shell = shell_for()
    stuck_on(shell, server)

    shell.waiting.cards[0].drop.click()

    assert shell.waiting.cards == ()
    assert shell.waiting.line.value == ""
    assert shell.desk.frame("tickets").set_index("id").loc["T-1", "subject"] == "theirs <b>"


def test_somebody_else_is_told_whose_it_is(server, shell_for) -> None:
    """An agent sees that a manager's change needs a decision, not what it says."""
    stuck_on(shell_for("E01"), server)

    other = shell_for("E02")

    assert other.waiting.cards == ()
    assert "it is for Chen Wei to decide" in other.waiting.line.value


def test_a_card_that_was_forged_decides_nothing(server, shell_for) -> None:
    """A browser can press any button: rights are asked in Python."""
    shell = shell_for()
    stuck_on(shell, server)
    card = shell.waiting.cards[0]
    shell.desk.person = "nobody"

    card.drop.click()

    assert "so nothing is saved" in card.told.value
    assert len(shell.desk.book.outbox.waiting()) == 1


def test_a_refused_change_is_told_at_once_and_not_kept(server, shell_for) -> None:
    """Only what cannot be sent waits."""
    shell = shell_for("E02")
    server.kill()
    with pytest.raises(NotAllowed):
        shell.desk.save([Change("people", {"role": "admin"}, id="E02")], "forged")
    assert shell.desk.book.outbox.waiting() == []


REST = {
    "en": "All else of it is in the spreadsheet",
    "zh-Hans": "其余内容已在表格中",
    "zh-Hant": "其餘內容已在表格中",
}


@pytest.mark.parametrize("language", REST)
def test_of_a_change_that_is_done_only_what_is_open_is_shown(
    server, shell_for, monkeypatch, language
) -> None:
    """It was sent in the instant in which somebody sorted and typed: the card says that the rest is there."""

    def sort_and_type(sheet):
        sort_it(sheet)
        sheet.update_cell(sheet.find("T-1").row, column(sheet, "subject"), "Typed")

    shell = shell_for(language=language)
    server.kill()
    shell.desk.save([subject("mine"), event("n")], "tickets")
    server.start()
    between(shell.desk.book, monkeypatch, sort_and_type)
    shell.watch.look()

    (stuck,) = shell.waiting.cards
    told = " ".join(str(getattr(part, "value", "")) for part in stuck.widget.children)
    for words in (REST[language], "Subject 1", "Typed", "mine"):
        assert words in told
    assert len(server.book().load("ticket_events")["ticket_events"]) == 1
    stuck.write.click()
    assert shell.waiting.cards == ()
    assert shell.desk.frame("tickets").set_index("id").loc["T-1", "subject"] == "mine"
    assert len(server.book().load("ticket_events")["ticket_events"]) == 1
