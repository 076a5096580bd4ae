"""The outbox: what cannot be sent is kept on disk, and sent once, in order, when the sheet is back."""

import pandas as pd
import pytest

from opsline.cli import main
from sheets_schema.book import Change, outbox
from sheets_schema.book.entry import State
from sheets_schema.book.failures import Lost
from sheets_schema.errors import CellFault, Conflict, MissingRow, Unreachable
from tests.book.instants import between, column, sort_it
from tests.book.kept import keep, note, texts, ticket


def test_what_cannot_be_sent_is_kept_and_said_in_a_sentence(server, now):
    """The number of changes that wait is said, in each language; the ids hold."""
    book = server.book()
    server.kill()
    one, two = (keep(book, now, note(text, now)) for text in ("one", "two"))
    assert one.kept.text() == (
        "Your change is kept on this machine and will be sent when the spreadsheet answers again."
    )
    assert two.kept.text() == (
        "Your change is kept on this machine and will be sent when the spreadsheet answers again;"
        " 2 changes wait."
    )
    assert "2 项更改等待发送" in two.kept.text("zh-Hans")
    assert "2 項更改等待發送" in two.kept.text("zh-Hant")
    assert book.outbox.count == 2
    assert [each.rows[0][1] for each in book.outbox.waiting()] == [*one.ids, *two.ids]
    server.start()
    assert book.outbox.send() is None
    assert texts(book) == ["one", "two"]
    assert book.outbox.count == 0
    assert book.load("ticket_events")["ticket_events"]["id"].tolist() == [*one.ids, *two.ids]


def test_ten_that_wait_go_in_one_request(server, now, calls):
    """And in order: each builds on the one before, with its own person, time and line in the journal."""
    book = server.book()
    server.kill()
    for number in range(10):
        made = now + pd.Timedelta(minutes=number)
        change = Change("tickets", {"subject": f"s{number}"}, id="T-1")
        book.save([change], who=f"W{number}", source=f"page {number}", now=made, keep=True)
    server.start()
    counted = calls(book)
    assert book.outbox.send() is None
    assert counted.sent.count("POST :batchUpdate") == 1
    row = ticket(book)
    assert (row["subject"], row["version"], row["updated_by"]) == ("s9", 11, "W9")
    assert row["updated_at"] == now + pd.Timedelta(minutes=9)
    lines = book.load("journal")["journal"].query("field == 'subject' and row_id == 'T-1'")
    assert lines["who"].tolist() == [f"W{number}" for number in range(10)]
    assert lines["source"].tolist() == [f"page {number}" for number in range(10)]
    assert lines["at"].tolist() == [now + pd.Timedelta(minutes=number) for number in range(10)]
    assert lines["old"].tolist() == ["Subject 1", *(f"s{number}" for number in range(9))]


def test_a_later_save_does_not_overtake(server, now, calls):
    """The sheet is back: what waits goes first, with the new one, in one request."""
    book = server.book()
    server.kill()
    keep(book, now, Change("tickets", {"subject": "first"}, id="T-1"))
    server.start()
    counted = calls(book)
    saved = keep(book, now, Change("tickets", {"subject": "second"}, id="T-1"))
    assert saved.kept is None
    assert counted.sent.count("POST :batchUpdate") == 1
    assert (ticket(book)["subject"], ticket(book)["version"]) == ("second", 3)


def test_a_row_that_waits_can_be_changed_while_it_waits(server, now):
    """A new ticket and what happens to it, both before the sheet is back."""
    book = server.book()
    server.kill()
    made = keep(book, now, Change("people", {"name": "Wu", "role": "agent"}))
    keep(book, now, Change("people", {"name": "Wu Jun"}, id=made.ids[0]))
    server.start()
    assert book.outbox.send() is None
    people = book.load("people")["people"].set_index("id")
    assert people.loc[made.ids[0], "name"] == "Wu Jun"


def test_a_conflict_that_is_found_late_is_kept_for_a_person(server, now):
    """Somebody changed the same field meanwhile: yours, theirs, before; the others go on."""
    book, other = server.book(), server.book()
    server.kill()
    keep(book, now, Change("tickets", {"subject": "yours"}, id="T-1"), who="E01")
    keep(book, now, Change("tickets", {"subject": "fine"}, id="T-2"))
    kept = book.outbox.folder.rename(book.outbox.folder.with_name("away"))
    server.start()
    other.save([Change("tickets", {"subject": "theirs"}, id="T-1")], who="E02", source="t", now=now)
    for file in kept.iterdir():
        if file.suffix in {".kept", ".lost"}:
            file.rename(other.outbox.folder / file.name)
    assert book.outbox.send() is None
    (stuck,) = book.outbox.waiting()
    assert isinstance(stuck.error, Conflict)
    facts = stuck.error.facts
    assert (facts["before"], facts["yours"], facts["theirs"]) == ("Subject 1", "yours", "theirs")
    assert (stuck.who, stuck.source, stuck.now) == ("E01", "page", now)
    assert "对方改为“theirs”" in stuck.error.text("zh-Hans")
    assert (ticket(book)["subject"], ticket(book, "T-2")["subject"]) == ("theirs", "fine")
    assert book.outbox.count == 0


@pytest.fixture
def stuck(server, now):
    """Return a book with a save that needs a person, because of a conflict, and another book."""
    book, other = server.book(), server.book()
    server.kill()
    keep(book, now, Change("tickets", {"subject": "yours", "need": "mine"}, id="T-1"), who="E01")
    waits = [file for file in book.outbox.folder.iterdir() if file.suffix in {".kept", ".lost"}]
    hidden = [file.rename(file.with_suffix(".hidden")) for file in waits]
    server.start()
    other.save([Change("tickets", {"subject": "theirs"}, id="T-1")], who="E02", source="t", now=now)
    for file in hidden:
        file.rename(file.with_suffix(".kept"))
    book.outbox.send()
    assert [type(each.error) for each in book.outbox.waiting()] == [Conflict]
    return book, other


def test_a_person_lets_theirs_stand(stuck):
    """Nothing waits any more, and nothing was written."""
    book, _ = stuck
    book.outbox.discard(book.outbox.waiting()[0].save)
    assert book.outbox.waiting() == []
    assert (ticket(book)["subject"], ticket(book)["version"]) == ("theirs", 2)


def test_a_person_lets_theirs_be_overwritten(stuck):
    """What was shown as theirs is what the save starts from now; who and when stay."""
    book, _ = stuck
    book.outbox.retry(book.outbox.waiting()[0].save, mine=True)
    assert book.outbox.waiting() == []
    row = ticket(book)
    assert (row["subject"], row["need"], row["updated_by"]) == ("yours", "mine", "E01")
    line = book.load("journal")["journal"].query("field == 'subject'").iloc[-1]
    assert (line["old"], line["new"], line["who"]) == ("theirs", "yours", "E01")


def test_what_was_not_shown_is_not_overwritten(stuck, now):
    """They have changed it once more since: it is a conflict again, with what stands there now."""
    book, other = stuck
    other.save([Change("tickets", {"subject": "theirs again"}, id="T-1")], who="E02", source="t", now=now)
    book.outbox.retry(book.outbox.waiting()[0].save, mine=True)
    (waiting,) = book.outbox.waiting()
    assert (waiting.error.facts["before"], waiting.error.facts["theirs"]) == ("theirs", "theirs again")


@pytest.fixture
def rest(server, now, monkeypatch):
    """Return a book with what is open of a save that was sent late, in the instant of a sort and a word."""

    def sort_and_type(sheet):
        sort_it(sheet)
        sheet.update_cell(sheet.find("T-3").row, column(sheet, "subject"), "Typed")

    book = server.book()
    server.kill()
    keep(book, now, Change("tickets", {"subject": "Ours", "need": "mine"}, id="T-3"), note("n", now))
    server.start()
    between(book, monkeypatch, sort_and_type)
    assert book.outbox.send() is None
    return book


def test_of_a_save_that_is_done_only_what_is_open_is_kept(rest):
    """All else of it is in the sheet, and is not among what waits."""
    (waiting,) = rest.outbox.waiting()
    assert waiting.error.done == waiting.save
    assert waiting.fields == [("tickets", "T-3", "subject", "Ours")]
    assert [each.facts["theirs"] for each in waiting.conflicts.values()] == ["Typed"]
    assert (ticket(rest, "T-3")["subject"], ticket(rest, "T-3")["need"]) == ("Typed", "mine")
    assert texts(rest) == ["n"]


def test_what_is_open_is_written_once_and_the_rest_not_again(rest):
    """Under an id of its own: by the first one it would be taken for done."""
    rest.outbox.retry(rest.outbox.waiting()[0].save, mine=True)
    assert rest.outbox.waiting() == []
    assert (ticket(rest, "T-3")["subject"], texts(rest)) == ("Ours", ["n"])
    lines = rest.load("journal")["journal"]
    assert not lines["id"].duplicated().any()
    own = lines[lines["row_id"].eq("T-3") & lines["field"].eq("subject")]
    assert own["new"].tolist() == ["Ours", "Typed", "Ours"]


def test_if_theirs_stands_the_rest_is_saved_all_the_same(rest):
    """Nothing waits any more."""
    rest.outbox.discard(rest.outbox.waiting()[0].save)
    assert rest.outbox.waiting() == []
    assert (ticket(rest, "T-3")["subject"], texts(rest)) == ("Typed", ["n"])


@pytest.mark.parametrize(("mine", "stands"), [(True, "Ours"), (False, "Typed")])
def test_what_was_typed_just_before_a_late_save_wrote_over_it_may_be_put_back(
    server, now, monkeypatch, mine, stands
):
    """Theirs is what they typed, yours is what stands; whichever is chosen, nothing waits any more."""
    book = server.book()
    server.kill()
    keep(book, now, Change("tickets", {"subject": "Ours"}, id="T-3"), note("n", now))
    server.start()
    between(book, monkeypatch, lambda sheet: sheet.update_cell(4, column(sheet, "subject"), "Typed"))
    assert book.outbox.send() is None
    (waiting,) = book.outbox.waiting()
    assert [each.facts["theirs"] for each in waiting.conflicts.values()] == ["Typed"]
    assert ticket(book, "T-3")["subject"] == "Ours"
    if mine:
        book.outbox.retry(waiting.save, mine=True)
    else:
        book.outbox.discard(waiting.save)
    assert book.outbox.waiting() == []
    assert (ticket(book, "T-3")["subject"], texts(book)) == (stands, ["n"])


def test_a_row_that_was_deleted_meanwhile_is_kept_for_a_person(server, now):
    """Its words are not lost; the row brought back, they can be sent again."""
    book, other = server.book(), server.book()
    server.kill()
    keep(book, now, Change("tickets", {"subject": "mine"}, id="T-3"))
    server.start()
    sheet = other.workbook.worksheet("tickets")
    row = sheet.find("T-3").row
    values = sheet.row_values(row, value_render_option="UNFORMATTED_VALUE")
    sheet.delete_rows(row)
    book.outbox.send()
    (waiting,) = book.outbox.waiting()
    assert isinstance(waiting.error, MissingRow)
    sheet.append_row(values)
    book.outbox.retry(waiting.save)
    assert book.outbox.waiting() == []
    assert ticket(book, "T-3")["subject"] == "mine"


def test_a_value_that_is_refused_by_now_is_kept_for_a_person(server, now):
    """The team has narrowed its own field meanwhile."""
    book = server.book()
    field = {"id": "F1", "table": "tickets", "name": "region", "type": "string", "choices": "north|south"}
    book.save([Change("fields", field)], who="E01", source="t", now=now)
    server.kill()
    keep(book, now, Change("tickets", {"region": "south"}, id="T-1"))
    server.start()
    other = server.book()
    sheet = other.workbook.worksheet("fields")
    place = sheet.row_values(1).index("choices") + 1
    sheet.update_cell(sheet.find("F1").row, place, "north|west")
    other.load("tickets")
    other.outbox.send()
    (waiting,) = other.outbox.waiting()
    assert isinstance(waiting.error, CellFault)
    assert "south" in waiting.error.text()


def test_a_command_is_told_and_nothing_is_kept_behind_its_back(server, now):
    """Without `keep` a save that fails is over: it is not sent later."""
    book = server.book()
    server.kill()
    with pytest.raises(Unreachable):
        book.save([note("never", now)], who="E02", source="t", now=now)
    assert book.outbox.waiting() == []
    server.start()
    book.outbox.send()
    assert texts(book) == []


def test_a_command_is_told_that_a_save_may_have_been_done_where_another_process_has_tried_it(
    server, now, monkeypatch
):
    """Whether its request arrived is not known, whatever goes wrong after it."""
    book = server.book()
    written = outbox.write_entry
    monkeypatch.setattr(outbox, "write_entry", lambda *given: written(*given).to(State.SENT))
    server.kill()
    with pytest.raises(Lost):
        book.save([note("one", now)], who="E02", source="test", now=now)


def test_where_nothing_can_be_kept_a_save_is_sent_all_the_same(server, now, monkeypatch):
    """A full disk: only what cannot be sent either is refused, and said."""
    book = server.book()
    book.outbox.folder.parent.mkdir(parents=True, exist_ok=True)
    book.outbox.folder.write_text("no folder")
    assert keep(book, now, note("one", now)).kept is None
    assert texts(book) == ["one"]
    server.kill()
    with pytest.raises(Unreachable):
        keep(book, now, note("two", now))


def test_only_the_user_may_read_what_waits(server, now):
    """Saves may hold personal data."""
    book = server.book()
    server.kill()
    keep(book, now, note("secret", now))
    assert book.outbox.folder.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_read_stops_nothing_and_is_shown(server, now):
    """What a failing disk has left of a save is told to a person; the others are sent."""
    book = server.book()
    server.kill()
    keep(book, now, note("one", now))
    keep(book, now, note("two", now))
    broken = min(book.outbox.folder.glob("*.S-*"))
    broken.write_text("{")
    server.start()
    book.outbox.send()
    assert texts(book) == ["two"]
    (waiting,) = book.outbox.waiting()
    assert "cannot be read" in waiting.error.text()
    (left,) = book.outbox.folder.glob("*.stuck")
    assert left.read_text() == "{"


def test_the_command_lists_what_needs_a_person_and_lets_them_decide(stuck, capsys):
    """`opsline outbox`: whose, when, which rows, why; then it is written over, and nothing waits."""
    book, _ = stuck
    save = book.outbox.waiting()[0].save
    assert main(["outbox", "--book", book.address]) == 1
    said = capsys.readouterr().out
    assert f"{save}, 2026-11-23 09:00, E01: T-1" in said
    assert "yours is 'yours', theirs is 'theirs'" in said
    assert main(["outbox", "--book", book.address, "--retry", save, "--language", "zh-Hans"]) == 0
    assert "本机没有等待发送的更改" in capsys.readouterr().out
    assert ticket(book)["subject"] == "yours"
