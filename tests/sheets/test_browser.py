"""The page in a real Chromium: two people, the keyboard, a phone, a cut; axe finds nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gspread
import pytest
from gspread.utils import ValidationConditionType
from playwright.sync_api import expect

AXE = Path(__file__).parents[2] / "widgets/frontend/node_modules/axe-core/axe.min.js"
pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def closed(chromium: Any) -> Iterator[None]:
    """Close what a test has opened, so that no page goes on asking."""
    yield
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def tickets(book: gspread.Spreadsheet) -> gspread.Worksheet:
    """Return a sheet of 300 rows with a dropdown."""
    sheet = book.sheet1
    sheet.update([["id", "priority", "subject"], *[[f"T-{n}", "P1", "lamp"] for n in range(2, 301)]], "A1")
    sheet.freeze(rows=1)
    sheet.insert_note("B1", "sets the clock")
    sheet.add_validation("B2:B300", ValidationConditionType.one_of_list, ["P1", "P2"], strict=True)
    sheet.add_validation("C2:C300", ValidationConditionType.text_contains, ["a"], strict=True)
    return sheet


def visit(chromium: Any, server: Any, sheet: gspread.Worksheet, rest: str = "", **options: Any) -> Any:
    """Return a page that a new person has open."""
    page = chromium.new_context(**options).new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    url = f"{server.address}/spreadsheets/d/{sheet.spreadsheet.id}/htmlview"
    page.goto(f"{url}?token=test-token")
    if rest:
        page.goto(url + rest)
    page.wait_for_selector("td[tabindex='0']")
    return page


def cell(page: Any, row: int, column: int) -> Any:
    """Return a cell."""
    return page.locator(f"#r{row} [data-c='{column}']")


def test_one_sees_what_the_other_writes(chromium: Any, server: Any, tickets: gspread.Worksheet) -> None:
    """Within two seconds, without a reload, whichever way it was written."""
    one, two = visit(chromium, server, tickets), visit(chromium, server, tickets)
    cell(one, 5, 2).dblclick()
    one.locator("td.editing input").fill("a new lamp")
    one.keyboard.press("Enter")
    expect(cell(two, 5, 2).locator(".t")).to_have_text("a new lamp", timeout=8000)
    tickets.insert_row(["above"], 2)
    expect(cell(two, 6, 2).locator(".t")).to_have_text("a new lamp", timeout=8000)

    assert tickets.acell("C6").value == "a new lamp"
    assert one.problems == two.problems == []


def test_the_keyboard_is_enough(chromium: Any, server: Any, tickets: gspread.Worksheet) -> None:
    """Arrows move, Enter edits, typing starts an edit, Escape gives up."""
    page = visit(chromium, server, tickets)
    cell(page, 2, 0).click()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("X-3")
    page.keyboard.press("Enter")
    expect(cell(page, 4, 0)).to_be_focused(timeout=8000)
    page.keyboard.press("F2")
    page.keyboard.type("nothing")
    page.keyboard.press("Escape")

    assert tickets.get("A2:A4") == [["T-2"], ["X-3"], ["T-4"]]
    assert cell(page, 4, 0).inner_text() == "T-4"


def test_a_column_with_choices_has_a_dropdown(chromium: Any, server: Any, tickets: gspread.Worksheet) -> None:
    """And what is chosen is saved."""
    page = visit(chromium, server, tickets)
    cell(page, 2, 1).dblclick()
    assert page.locator("td.editing option").all_inner_texts() == ["(blank)", "P1", "P2"]
    page.locator("td.editing select").select_option("P2")
    page.keyboard.press("Enter")
    expect(cell(page, 2, 1).locator(".t")).to_have_text("P2", timeout=8000)

    assert tickets.acell("B2").value == "P2"


def test_a_refused_value_keeps_the_typing_and_says_why(
    chromium: Any, server: Any, tickets: gspread.Worksheet
) -> None:
    """The editor stays open with the text; the sentence is tied to it; the next try is saved."""
    page = visit(chromium, server, tickets)
    cell(page, 2, 2).dblclick()
    page.locator("td.editing input").fill("broken")
    page.keyboard.press("Enter")
    page.wait_for_selector("td.refused input[aria-invalid='true']")
    assert page.locator("#problem").inner_text() == "C2 must contain “a”."
    assert page.locator("td.editing input").input_value() == "broken"
    page.locator("td.editing input").fill("a broken lamp")
    page.keyboard.press("Enter")
    expect(cell(page, 2, 2).locator(".t")).to_have_text("a broken lamp", timeout=8000)

    assert page.locator("#problem").inner_text() == ""


def test_typing_survives_a_cut(chromium: Any, server: Any, tickets: gspread.Worksheet) -> None:
    """While the server cannot be reached the text is kept, and sent again."""
    page = visit(chromium, server, tickets)
    cell(page, 3, 2).dblclick()
    page.locator("td.editing input").fill("lamp after a cut")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("cannot be reached", timeout=8000)
    assert tickets.acell("C3").value == "lamp"
    page.context.set_offline(False)
    expect(cell(page, 3, 2).locator(".t")).to_have_text("lamp after a cut", timeout=8000)
    assert tickets.acell("C3").value == "lamp after a cut"


def test_an_anchor_goes_to_its_row(chromium: Any, server: Any, tickets: gspread.Worksheet) -> None:
    """#gid=0&range=B290:B290, as the desk links to a row."""
    page = visit(chromium, server, tickets, "#gid=0&range=B290:B290")
    page.wait_for_selector("#r290.marked")
    expect(cell(page, 290, 1)).to_be_focused(timeout=8000)


def test_a_row_is_added_in_a_form(chromium: Any, server: Any, tickets: gspread.Worksheet) -> None:
    """Refused fields say why beside them; then the page goes to the new row."""
    page = visit(chromium, server, tickets)
    page.get_by_role("button", name="Add a row").click()
    page.get_by_label("id", exact=True).fill("T-301")
    page.get_by_label("subject").fill("broken")
    page.get_by_role("button", name="Save the row").click()
    expect(page.locator("#why2")).to_contain_text("must contain", timeout=8000)
    page.get_by_label("subject").fill("a chair")
    page.get_by_role("button", name="Save the row").click()
    page.wait_for_selector("#r301.marked")

    assert tickets.row_values(301) == ["T-301", "", "a chair"]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_axe_finds_nothing(
    chromium: Any, server: Any, tickets: gspread.Worksheet, scheme: str, size: tuple[int, int]
) -> None:
    """Light and dark, wide and on a phone: table, open editor, form; nothing is wider than the phone."""
    tickets.delete_rows(12, 300)
    viewport = {"width": size[0], "height": size[1]}
    page = visit(
        chromium, server, tickets, "?range=A5:A5", viewport=viewport, color_scheme=scheme, bypass_csp=True
    )
    page.add_script_tag(path=str(AXE))

    def violations() -> list[str]:
        found = page.evaluate("axe.run()")["violations"]
        return [f"{v['id']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found]

    assert violations() == []
    cell(page, 3, 2).dblclick()
    page.locator("td.editing input").fill("broken")
    page.keyboard.press("Enter")
    page.wait_for_selector("td.refused")
    assert violations() == []
    page.keyboard.press("Escape")
    page.locator("#add").click()
    assert violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.problems == []
