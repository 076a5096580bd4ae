"""However many things are asked of a page, there are only so many views, and everybody is answered."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nbformat
import pytest

from opsline.server.views import views as module
from opsline.server.views.view import View, asked_of
from opsline.server.views.views import MAKING, Views
from tests.browser.conftest import until
from tests.browser.test_forked_kernels import apart, is_gone

pytestmark = pytest.mark.browser

PAGE = """
import os
import ipywidgets as ipw
if os.environ["QUERY_STRING"] == "broken":
    raise ValueError("such a query")
ipw.HTML("<p>hello</p>")
"""
LIMIT = 4


class Looker:
    """A page that looks on."""

    def say(self, text: str) -> None:
        """Hear a message."""


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, and room for a few views."""
    monkeypatch.setattr(module, "MOST_OF_ALL", LIMIT)
    file = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAGE)]), file)
    return file


@asynccontextmanager
async def begun() -> AsyncIterator[Views]:
    """Give views, and end them."""
    views = Views(os.environ, wanted=True)
    views.start()
    try:
        yield views
    finally:
        await views.close()


async def made(views: Views, notebook: Path, query: str) -> View:
    """Return the view of a query, which must be shown by one."""
    view = await views.of(asked_of(notebook, query, "en"))
    assert view is not None, query
    return view


def test_many_queries_are_all_answered_and_the_oldest_views_leave(notebook: Path) -> None:
    """Those that somebody looks at stay."""

    async def run() -> None:
        async with begun() as views:
            looked_at = await made(views, notebook, "n=looked-at")
            looked_at.follow(Looker(), looked_at.version)
            all_made = [await made(views, notebook, f"n={number}") for number in range(3 * LIMIT)]

            there = [each for each in all_made if views.by_id(each.id) is each]
            assert there == all_made[1 - LIMIT :]
            assert views.by_id(looked_at.id) is looked_at
            for each in all_made[: 1 - LIMIT]:
                assert await asyncio.to_thread(until, lambda each=each: is_gone(each.ready.pid))
            assert not is_gone(looked_at.ready.pid)

    apart(run())


def test_queries_at_once_take_turns(notebook: Path) -> None:
    """However many ask at the same moment, few pages run at a time."""

    async def run() -> None:
        async with begun() as views:
            all_made = await asyncio.gather(*(made(views, notebook, f"n={n}") for n in range(5 * LIMIT)))

            there = [each for each in all_made if views.by_id(each.id) is each]
            assert LIMIT <= len(there) < LIMIT + MAKING

    apart(run())


def test_a_query_for_which_there_is_no_room_is_no_matter_of_others(notebook: Path) -> None:
    """It is served with a kernel; as soon as somebody has left there is room for the next one."""

    async def run() -> None:
        async with begun() as views:
            looker = Looker()
            looked_at = [await made(views, notebook, f"n={number}") for number in range(LIMIT)]
            for each in looked_at:
                each.follow(looker, each.version)
            late = asked_of(notebook, "n=late", "en")
            assert await views.of(late) is None
            assert not views.is_showable(late)

            looked_at[0].leave(looker)
            await made(views, notebook, "n=next")
            assert views.by_id(looked_at[0].id) is None

    apart(run())


def test_a_query_that_breaks_a_page_breaks_it_for_nobody_else(notebook: Path) -> None:
    """The page of another query is still shown by a view."""

    async def run() -> None:
        async with begun() as views:
            assert await views.of(asked_of(notebook, "broken", "en")) is None
            await made(views, notebook, "")

    apart(run())
