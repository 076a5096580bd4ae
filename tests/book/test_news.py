"""A local workbook tells at once that it has changed; nobody has to ask again and again."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from sheets_schema.book import Change, open_book
from sheets_schema.book.doors import GoogleDoor
from widgets.desk import Desk
from widgets.live import Watch


def states(book):
    """Return a list that grows with each question after news."""
    asked = []
    book.client.session.hooks["response"].append(
        lambda answer, *_, **__: asked.append(answer.url) if "/state" in answer.url else None
    )
    return asked


def test_who_waits_is_told_as_soon_as_somebody_saves(small_book, now):
    """One question, held by the server until there is something to tell."""
    other = open_book(small_book.address.removesuffix("/edit"))
    version, asked, said = small_book.version(), states(small_book), []
    waiting = threading.Thread(target=lambda: said.append(small_book.is_still(version, 20.0)))
    waiting.start()
    other.save([Change("tickets", {"subject": "New"}, id="T-1")], who="E01", source="test", now=now)
    waiting.join(15)
    assert said == [False]
    assert len(asked) == 1


def test_without_news_the_answer_is_that_there_is_none(small_book):
    """And news that came before the question is told at once."""
    version = small_book.version()
    assert small_book.is_still(version, 0.2) is True
    small_book.workbook.worksheet("tickets").update_cell(2, 5, "x")
    assert small_book.is_still(version, 20.0) is False


def test_where_nobody_tells_nobody_waits(small_book, monkeypatch):
    """Google tells no program without an address of its own; a server that is gone tells nothing."""
    asked = states(small_book)
    with monkeypatch.context() as patch:
        patch.setattr(small_book.client, "door", GoogleDoor("x"))
        assert small_book.is_still("1@", 20.0) is None
    monkeypatch.setattr(small_book.client.door, "base", "http://127.0.0.1:9")
    assert small_book.is_still("1@", 20.0) is None
    assert asked == []


def test_an_open_page_shows_what_somebody_typed_without_being_asked(small_book):
    """The watch of a page that asks but once in a minute has it at once."""
    desk = Desk(small_book, "tickets", ["tickets"], {"OPSLINE_PERSON": "E01"})
    sheet = open_book(small_book.address.removesuffix("/edit")).workbook.worksheet("tickets")

    async def look():
        arrived = asyncio.Event()
        desk.on_refresh(arrived.set)
        watch = Watch(desk, lambda _: None, seconds=19.0)
        watch.start()
        sheet.update_cell(2, sheet.row_values(1).index("subject") + 1, "Typed")
        await asyncio.wait_for(arrived.wait(), 15)
        watch.stop()

    with ThreadPoolExecutor(1) as apart:  # the browser of another test's page keeps a loop running here
        apart.submit(asyncio.run, look()).result()
    assert desk.frame("tickets")["subject"].iloc[0] == "Typed"


def test_a_page_that_still_draws_is_not_asked_for_more(small_book):
    """On a busy machine what is new is taken once, when the page has time; and then it is the newest."""
    desk = Desk(small_book, "tickets", ["tickets"], {"OPSLINE_PERSON": "E01"})
    sheet = open_book(small_book.address.removesuffix("/edit")).workbook.worksheet("tickets")
    column = sheet.row_values(1).index("subject") + 1
    asked, is_drawing, may_go_on = states(small_book), threading.Event(), threading.Event()

    def draw():
        is_drawing.set()
        assert may_go_on.wait(20)

    async def look():
        newest = asyncio.Event()
        desk.on_refresh(draw)
        desk.on_refresh(lambda: desk.frame("tickets")["subject"].iloc[0] == "Last" and newest.set())
        watch = Watch(desk, lambda _: None, seconds=0.2)
        watch.start()
        await asyncio.wait_for(newest.wait(), 15)
        watch.stop()

    with ThreadPoolExecutor(1) as apart:
        looking = apart.submit(asyncio.run, look())
        sheet.update_cell(2, column, "First")
        assert is_drawing.wait(15)
        before = len(asked)
        sheet.update_cell(2, column, "Second")
        sheet.update_cell(2, column, "Last")
        may_go_on.wait(1)  # as nobody has said yet: time enough to ask again and again
        assert len(asked) == before
        may_go_on.set()
        looking.result()
    assert len(asked) > before
