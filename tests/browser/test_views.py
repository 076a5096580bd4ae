"""Pages that are run once and shown to many: who gets what, and what happens when a process dies."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import requests

from tests.browser.conftest import demo_desk, end_desk, run_opsline, start_desk, until

pytestmark = pytest.mark.browser

CLOCK = """
import itertools, time
import ipywidgets as ipw
label = ipw.HTML(f"<p id='made'>{time.time_ns()}</p>")
button = ipw.Button(description="count")
counted = itertools.count(1)
button.on_click(lambda _: setattr(label, "value", f"<p id='counted'>{next(counted)}</p>"))
ipw.VBox([label, button])
"""
DEAF = """
window.WebSocket = class extends WebSocket {
  constructor(...told) {
    super(...told);
    this.addEventListener("message", (event) => {
      if (!String(event.data).includes("attached")) return;
      event.stopImmediatePropagation();
      window.wasGiven = true;
    });
  }
};
"""
THREAD = """
import threading
import ipywidgets as ipw
threading.Thread(target=threading.Event().wait, daemon=True).start()
ipw.HTML("<p id='hello'>hello</p>")
"""


def shown_by(page: Any) -> str:
    """Return the id of the view that an open page shows."""
    view: str = json.loads(page.text_content("#opsline-view"))["view"]
    return view


def rename_an_open_ticket(desk: Any, subject: str) -> None:
    """Type another subject into the workbook, in the row of a ticket that is still open."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {desk.token}"
    (file,) = session.get(f"{desk.address}/drive/v3/files").json()["files"]
    values = f"{desk.address}/v4/spreadsheets/{file['id']}/values"
    header, *rows = session.get(f"{values}/tickets").json()["values"]
    status = header.index("status")
    row = next(number for number, cells in enumerate(rows, 2) if cells[status] in {"new", "assigned"})
    cell = f"tickets!{chr(ord('A') + header.index('subject'))}{row}"
    answer = session.put(f"{values}/{cell}?valueInputOption=RAW", json={"values": [[subject]]})
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk of this module's own, whose processes may be killed."""
    with demo_desk(tmp_path_factory.mktemp("views")) as served:
        yield served


@pytest.fixture(scope="module")
def team(serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk whose pages do not follow a workbook."""
    folder: Path = tmp_path_factory.mktemp("team")
    for name, source in {"clock": CLOCK, "thread": THREAD}.items():
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        nbformat.write(book, folder / f"{name}.ipynb")
    return serve("--pages", str(folder), OPSLINE_SPARE_KERNEL="0")


def test_who_looks_shares_a_view_and_has_no_kernel(
    mine: Any, new_page: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    """Two visitors see the same process's page; a change in the sheet reaches both."""
    others = set(mine.kernels())
    first, second = (visit(new_page(), mine, "tickets?lang=en") for _ in range(2))
    assert shown_by(first) == shown_by(second)

    rename_an_open_ticket(mine, "Seen by everybody")

    for page in (first, second):
        page.get_by_text("Seen by everybody").first.wait_for()
    assert set(mine.kernels()) <= others


def test_what_a_person_sees_is_not_shown_to_another(
    mine: Any, new_page: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    """Whoever asks as somebody else gets a view of their own."""
    one = visit(new_page(), mine, "home?lang=en&person=E01")
    other = visit(new_page(), mine, "home?lang=en&person=E02")

    assert shown_by(one) != shown_by(other)
    assert one.get_by_label("Person").input_value() == "E01"
    assert other.get_by_label("Person").input_value() == "E02"


def test_what_one_types_stays_ones_own(
    mine: Any, new_page: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    """A touch forks a kernel; the view, and whoever looks at it, know nothing of it."""
    others = set(mine.kernels())
    one, other = (visit(new_page(), mine, "intake?lang=en") for _ in range(2))
    one.get_by_label("Requester").fill("Ms Private")
    one.get_by_label("Subject").fill("Mine")
    one.get_by_label("Subject").press("Tab")
    assert until(lambda: set(mine.kernels()) - others)
    third = visit(new_page(), mine, "intake?lang=en")

    assert len(set(mine.kernels()) - others) == 1
    assert other.get_by_label("Requester").input_value() == ""
    assert third.get_by_label("Requester").input_value() == ""


@pytest.mark.parametrize("dies", ["opsline-kernel", "opsline-view", "opsline-nursery"])
def test_a_page_comes_back_with_what_was_typed(
    mine: Any, page: Any, visit: Callable[..., Any], watched: Any, dies: str
) -> None:
    """Whichever process is killed: the page works on, and nothing that was typed is gone."""
    visit(page, mine, "intake?lang=en")
    page.get_by_label("Requester").fill("Ms Patience")
    page.get_by_label("Subject").fill("Typed before")
    page.get_by_label("Category").select_option("QUA")
    page.get_by_label("Impact").select_option("high")
    assert until(mine.kernels)
    killed = mine.processes(dies)
    assert killed
    for each in killed:
        os.kill(each, signal.SIGKILL)
    assert until(lambda: not set(killed) & set(mine.processes(dies)))

    page.get_by_label("Need").fill("Typed after")
    page.get_by_label("Urgency").select_option("high")
    page.get_by_label("Category").press("Tab")
    if dies == "opsline-kernel":  # a click before that may be said to the dead one (test_light_pages)
        page.get_by_text("connected again").wait_for()
    page.wait_for_function("() => !document.querySelector('.op-main button:disabled')")
    assert page.get_by_label("Requester").input_value() == "Ms Patience"
    page.get_by_role("button", name="File the ticket").click()
    page.get_by_text("Still open").first.wait_for()


def test_pages_come_back_when_the_server_does(
    new_page: Callable[..., Any], visit: Callable[..., Any], tmp_path: Path
) -> None:
    """One that was only looked at, and one with something typed into it."""
    assert run_opsline("demo", "--small", data=tmp_path).returncode == 0
    desk = start_desk(tmp_path)
    looker = visit(new_page(), desk, "tickets?lang=en")
    typist = visit(new_page(), desk, "intake?lang=en")
    typist.get_by_label("Requester").fill("Ms Still There")
    port = desk.address.rpartition(":")[2]
    end_desk(desk)
    looker.wait_for_selector("#desk-lost:not([hidden])")

    again = start_desk(tmp_path, "--port", port)
    try:
        for page in (looker, typist):
            page.wait_for_selector("#desk-lost", state="hidden")
        assert typist.get_by_label("Requester").input_value() == "Ms Still There"
        rename_an_open_ticket(again, "After the restart")
        looker.get_by_text("After the restart").first.wait_for()
    finally:
        end_desk(again)


def test_a_page_that_follows_nothing_is_run_for_each_visitor(team: Any, new_page: Callable[..., Any]) -> None:
    """Nobody else would learn how old it is."""
    made, pages = [], [new_page(), new_page()]
    for page in pages:
        page.goto(f"{team.address}/desk/clock")
        page.wait_for_selector("#made")
        made.append(page.text_content("#made"))
    pages[0].get_by_role("button", name="count").click()
    pages[0].wait_for_selector("#counted")

    assert made[0] != made[1]
    assert pages[1].locator("#counted").count() == 0


def test_a_page_that_cannot_be_forked_has_a_kernel(team: Any, page: Any) -> None:
    """A thread would not survive the fork: the page is served by Voila with a kernel of its own."""
    page.goto(f"{team.address}/desk/thread")
    page.wait_for_selector("#hello")

    assert page.locator("#jupyter-config-data").count() == 1
    assert team.kernels()


def test_a_feed_answers_nobody_from_elsewhere(mine: Any, page: Any, visit: Callable[..., Any]) -> None:
    """Neither a made-up view nor another origin learns anything."""
    visit(page, mine, "home?lang=en")
    feed = f"{mine.address}/opsline/views/{shown_by(page)}/feed?version=0"
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    stranger = requests.get(feed, headers={**upgrade, "Origin": "http://elsewhere.example"}, timeout=10)
    made_up = f"{mine.address}/opsline/views/../feed"

    assert stranger.status_code == 403
    assert requests.get(made_up, timeout=10).status_code == 404


def test_a_page_that_leaves_before_it_takes_its_kernel_leaves_none(
    mine: Any, page: Any, visit: Callable[..., Any]
) -> None:
    """The kernel was forked for it, and the page went away before it had heard so."""
    before = set(mine.kernels())
    page.add_init_script(DEAF)
    visit(page, mine, "intake?lang=en")
    page.get_by_label("Requester").focus()
    page.wait_for_function("() => window.wasGiven")
    assert until(lambda: set(mine.kernels()) - before)

    page.goto("about:blank")
    assert until(lambda: not set(mine.kernels()) - before)
