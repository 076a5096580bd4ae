"""Every notebook of the folder as a visitor sees it: nothing on the console, nothing that axe-core finds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

PAGES = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
VIEWS = {
    "light": {"locale": "en-GB"},
    "dark": {"dark": True, "locale": "zh-CN"},
    "phone": {"width": 390, "height": 844, "locale": "zh-TW"},
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_paints_cleanly_and_for_everyone(
    desk: Any,
    new_page: Callable[..., Any],
    visit: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    watched: Any,
    name: str,
    view: str,
) -> None:
    """No error on the console, no accessibility violation, no other host, in three views and tongues."""
    page = visit(new_page(**VIEWS[view]), desk, name)
    page.wait_for_load_state("networkidle")
    hosts = {urlsplit(address).netloc for address in watched.requests if address.startswith("http")}

    assert watched.errors == []
    assert axe(page) == []
    assert hosts == {urlsplit(desk.address).netloc}
    assert page.locator(".desk-broken").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_scrolls_one_way(
    desk: Any, new_page: Callable[..., Any], visit: Callable[..., Any], name: str
) -> None:
    """At 390 px nothing of the page hangs over its edge."""
    page = visit(new_page(width=390, height=844), desk, name)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
