"""The sheet doctor in a real browser: look, tick, apply, for everyone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheets_schema.book import open_book

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("view", [{"width": 1280}, {"width": 390, "dark": True, "locale": "zh-TW"}])
def test_a_finding_is_ticked_and_put_right(
    opsline: Callable[..., Any],
    serve: Callable[..., Any],
    new_page: Callable[..., Any],
    visit: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    watched: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    view: dict[str, Any],
) -> None:
    """On a desk and on a phone; the list is as accessible as the page without it."""
    opsline("demo", "--small", data=tmp_path)
    monkeypatch.setenv("OPSLINE_DATA", str(tmp_path))
    book = open_book()
    sheet = book.workbook.worksheet("tickets")
    place = sheet.row_values(1).index("need") + 1
    sheet.update_cell(2, place, " a  lamp")
    desk = serve(data=tmp_path)
    page = visit(new_page(**view), desk, "doctor")
    page.locator(".op-button").first.click()
    page.wait_for_selector(".op-field-check input")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.locator(".op-field-check input").first.check()
    page.locator(".op-button").filter(has_text=re.compile("[(（]1[)）]")).click()
    page.wait_for_function("() => document.querySelectorAll('.op-main .op-field-check input').length === 0")

    assert book.load("tickets")["tickets"]["need"].iloc[0] == "a lamp"
    assert watched.errors == []
