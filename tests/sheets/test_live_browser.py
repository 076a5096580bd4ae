"""The live page in real Chromiums: several people in one sheet, whatever they do at once, and after a cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import gspread
import pytest
from gspread.utils import ValidationConditionType, a1_to_rowcol
from playwright.sync_api import expect

from local_sheets.page import assets

TOKEN = "test-token"
AXE = Path(__file__).parents[2] / "widgets/frontend/node_modules/axe-core/axe.min.js"
PATIENCE = 15_000
SHOWN = """([gid, row, column]) => {
    const sheet = univer._univerInstanceService.getCurrentUnitOfType(2).getSheetBySheetId(String(gid));
    const cell = sheet.getCell(row, column);
    return cell?.p ? cell.p.body.dataStream.trim() : String(cell?.v ?? "");
}"""
HELD = """(part) => (navigator.clipboard.readText().then((text) => { window.held = text; }),
    window.held?.includes(part) && window.held)"""
FILTER = """([gid, hidden]) => {
    const sheet = univer._univerInstanceService.getCurrentUnitOfType(2).getSheetBySheetId(String(gid));
    return [...Array(41).keys()].filter((row) => sheet.getRowFiltered(row)).length === hidden;
}"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(assets.version() is None, reason="the grid is not built (make frontend)"),
]


@dataclass
class Person:
    """Somebody with the live page open."""

    page: Any
    gid: int
    address: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    entered: float = 0

    def go(self, cell: str) -> None:
        """Select a cell, as a link to it does."""
        self.page.evaluate(
            "([gid, cell]) => { location.hash = `gid=${gid}&range=${cell}`; }", [self.gid, cell]
        )
        self.page.wait_for_function(
            "(cell) => document.querySelector('#table-view').href.includes(`range=${cell}`)",
            arg=cell.partition(":")[0],
        )

    def type(self, cell: str, text: str) -> None:
        """Type into a cell, and Enter."""
        self.go(cell)
        self.page.keyboard.type(text)
        self.entered = perf_counter()
        self.page.keyboard.press("Enter")

    def click(self, cell: str) -> None:
        """Click into the middle of a cell of the first screen; columns are 100 and rows 24 pixels."""
        row, column = a1_to_rowcol(cell)
        box = self.page.locator("canvas[id^=univer-sheet-main-canvas]").bounding_box()
        self.page.mouse.click(box["x"] + 46 + column * 100 - 50, box["y"] + 20 + row * 24 - 12)

    def press(self, keys: str) -> None:
        """Press keys."""
        self.page.keyboard.press(keys)

    def paste(self, cell: str, **kinds: str) -> None:
        """Paste what another program has put on the clipboard: text="...", html="..."."""
        self.page.evaluate(
            """(kinds) => navigator.clipboard.write([new ClipboardItem(Object.fromEntries(
                Object.entries(kinds).map(([kind, text]) => [kind, new Blob([text], { type: kind })])))])""",
            {{"text": "text/plain", "html": "text/html"}[kind]: text for kind, text in kinds.items()},
        )
        self.go(cell)
        self.press("Control+v")

    def copied(self, part: str) -> str:
        """Wait until the clipboard holds a text with this part, and return it.

        The page keeps what it reads: `wait_for_function` takes a promise for true, whatever comes of it.
        """
        held: str = self.page.wait_for_function(HELD, arg=part).json_value()
        return held

    def shown(self, cell: str) -> str:
        """Return what the grid shows in a cell."""
        row, column = a1_to_rowcol(cell)
        text: str = self.page.evaluate(SHOWN, [self.gid, row - 1, column - 1])
        return text

    def sees(self, cell: str, text: str) -> None:
        """Wait until the grid shows a text in a cell."""
        row, column = a1_to_rowcol(cell)
        self.page.wait_for_function(
            f"([where, text]) => ({SHOWN})(where) === text",
            arg=[[self.gid, row - 1, column - 1], text],
            timeout=PATIENCE,
        )

    def saved(self) -> None:
        """Wait until the server has answered everything."""
        expect(self.page.locator("#status[data-state=saved][data-waiting='0']")).to_be_visible(
            timeout=PATIENCE
        )

    def problems(self) -> list[str]:
        """Return the sentences of the list of refused values."""
        return self.page.locator("#problem-list p").all_inner_texts()


@pytest.fixture
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    """Return a sheet of 40 tickets with a dropdown, a checkbox, dates, and a second sheet beside it."""
    sheet = book.sheet1
    rows = [
        [f"T-{n}", ("P1", "P2", "P3")[n % 3], f"lamp {n}", f"2026-11-{n % 28 + 1:02}", n / 4, n % 2 == 0]
        for n in range(2, 42)
    ]
    head = ["id", "priority", "subject", "opened", "hours", "ok"]
    sheet.update([head, *rows], "A1", value_input_option="USER_ENTERED")
    sheet.freeze(rows=1)
    sheet.insert_note("B1", "sets the clock")
    sheet.add_validation("B2:B41", ValidationConditionType.one_of_list, ["P1", "P2", "P3"], strict=True)
    sheet.add_validation("F2:F41", ValidationConditionType.boolean, [], strict=True)
    book.add_worksheet("people", 20, 5).update([["id"], ["p01"]], "A1")
    return sheet


@pytest.fixture
def visit(chromium: Any, server: Any, sheet: gspread.Worksheet) -> Iterator[Any]:
    """Open the live page as a new person; what went wrong on any of the pages fails the test."""
    people: list[Person] = []

    def open_page(
        rest: str = "", login: str = TOKEN, at: Any = sheet, where: Any = server, **options: Any
    ) -> Person:
        context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
        context.set_default_timeout(PATIENCE)
        person = Person(context.new_page(), at.id, where.address)
        person.page.on("console", lambda said: said.type == "error" and person.errors.append(said.text))
        person.page.on("pageerror", lambda error: person.errors.append(str(error)))
        person.page.on("request", lambda request: person.foreign.append(request.url))
        people.append(person)
        url = f"{where.address}/spreadsheets/d/{at.spreadsheet.id}/edit"
        person.page.goto(f"{url}?token={login}{rest}")
        person.page.wait_for_selector("body[data-grid=whole]")
        return person

    yield open_page
    for person in people:
        person.page.context.close()
    cut = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET")
    said = [error for person in people for error in person.errors]
    assert [error for error in said if not any(word in error for word in cut)] == []
    for person in people:
        assert [url for url in person.foreign if not url.startswith((person.address, "data:", "blob:"))] == []


def test_two_people_see_each_others_edits(visit: Any, sheet: gspread.Worksheet, record_property: Any) -> None:
    """Typing of all kinds arrives in the other's grid, read as the server reads it."""
    one, two = visit(), visit()
    took = []
    for cell, text, shown in (
        ("C5", "a new lamp", "a new lamp"),
        ("D6", "2026-01-02", "2026-01-02"),
        ("E7", "5%", "5%"),
    ):
        one.type(cell, text)
        two.sees(cell, shown)
        took.append(perf_counter() - one.entered)
    two.type("C5", "an old lamp")
    one.sees("C5", "an old lamp")
    record_property("seen_after_seconds", [round(seconds, 2) for seconds in took])

    assert sheet.acell("C5").value == "an old lamp"
    assert sheet.acell("D6", value_render_option="UNFORMATTED_VALUE").value == 46024
    expect(one.page.locator("#people li")).to_have_count(1)


def test_undo_touches_the_row_it_was_done_in(visit: Any, sheet: gspread.Worksheet) -> None:
    """Somebody inserts and deletes rows above meanwhile: undo and redo follow the row, not its number."""
    one, two = visit(), visit()
    one.type("C6", "mine")
    one.saved()
    sheet.insert_rows([["above"], ["above"]], 3)
    sheet.delete_rows(2)
    one.sees("C7", "mine")
    one.press("Control+z")
    one.sees("C7", "lamp 6")
    two.sees("C7", "lamp 6")
    assert sheet.col_values(3)[:9] == [
        "subject",
        "",
        "",
        "lamp 3",
        "lamp 4",
        "lamp 5",
        "lamp 6",
        "lamp 7",
        "lamp 8",
    ]
    one.press("Control+y")
    two.sees("C7", "mine")
    assert sheet.acell("C7").value == "mine"


def test_undo_leaves_what_somebody_wrote_since(visit: Any, sheet: gspread.Worksheet) -> None:
    """The other's text stays, and the page says why."""
    one = visit()
    one.type("C6", "mine")
    one.saved()
    sheet.update_acell("C6", "theirs")
    one.sees("C6", "theirs")
    one.press("Control+z")
    expect(one.page.locator("#notice")).to_contain_text("Somebody changed C6 since")
    assert sheet.acell("C6").value == "theirs"


def test_an_open_editor_writes_into_its_own_row(visit: Any, sheet: gspread.Worksheet) -> None:
    """Rows that somebody inserts above while the editor is open do not lead the text astray."""
    one = visit()
    one.go("C9")
    one.page.keyboard.type("typed in row nine")
    sheet.insert_rows([["above"], ["above"]], 2)
    one.sees("C12", "lamp 10")
    one.press("Enter")
    one.sees("C11", "typed in row nine")

    assert sheet.get("A8:C11") == [
        ["T-6", "P1", "lamp 6"],
        ["T-7", "P2", "lamp 7"],
        ["T-8", "P3", "lamp 8"],
        ["T-9", "P1", "typed in row nine"],
    ]


def test_two_edits_of_one_cell_end_the_same(visit: Any, sheet: gspread.Worksheet) -> None:
    """Both type at once, many times; all see one value, which is the server's."""
    one, two = visit(), visit()
    for turn in range(4):
        for person, name in ((one, "one"), (two, "two")):
            person.go("C3")
            person.page.keyboard.type(f"{name} {turn}")
        for person in (one, two):
            person.press("Enter")
        one.saved()
        two.saved()
        value = sheet.acell("C3").value
        assert value in {f"one {turn}", f"two {turn}"}
        one.sees("C3", value)
        two.sees("C3", value)


def test_a_refused_value_is_marked_and_kept(visit: Any, sheet: gspread.Worksheet) -> None:
    """Its text stays in the cell and in the list, also after a reload; mended there it is saved."""
    one, two = visit(), visit()
    one.type("B4", "P9")
    expect(one.page.locator("#problem-list li")).to_have_count(1)
    assert one.problems() == ["B4 must be one of: P1, P2, P3."]
    assert one.shown("B4") == "P9"
    assert two.shown("B4") == "P2"
    one.page.reload()
    one.page.wait_for_selector("body[data-grid=whole]")
    assert one.problems() == ["B4 must be one of: P1, P2, P3."]
    assert one.shown("B4") == "P9"
    sheet.insert_row(["above"], 2)
    one.sees("B5", "P9")
    one.page.locator("#problem-list input").fill("P3")
    one.page.get_by_role("button", name="Try again").click()
    two.sees("B5", "P3")
    expect(one.page.locator("#problems")).to_be_hidden()

    assert sheet.acell("B5").value == "P3"


def test_paste_goes_around_no_rule(visit: Any, sheet: gspread.Worksheet) -> None:
    """Of a table from Excel the good cells are written, the forbidden one is marked; so it is with HTML."""
    one = visit()
    one.paste("A4", text='X-1\tP2\tfirst\nX-2\tP8\t"two\nlines"\n')
    expect(one.page.locator("#problem-list li")).to_have_count(1)
    assert one.problems() == ["B5 must be one of: P1, P2, P3."]
    assert one.shown("B5") == "P8"
    assert sheet.get("A4:C5") == [["X-1", "P2", "first"], ["X-2", "P3", "two\nlines"]]
    one.paste("A7", html="<table><tr><td>H-1</td><td>P1</td></tr><tr><td>H-2</td><td>none</td></tr></table>")
    expect(one.page.locator("#problem-list li")).to_have_count(2)
    assert sheet.get("A7:B8") == [["H-1", "P1"], ["H-2", "P3"]]


def test_what_is_copied_here_is_copied_whole(visit: Any, sheet: gspread.Worksheet) -> None:
    """Inside the spreadsheet a copy takes formats and rules along; a cut moves; both go out as text."""
    sheet.format("C2", {"textFormat": {"bold": True}})
    one = visit()
    one.go("A2:C3")
    one.press("Control+c")
    assert one.copied("T-3") == "T-2\tP3\tlamp 2\nT-3\tP1\tlamp 3"
    one.go("A60")
    one.press("Control+v")
    one.sees("C61", "lamp 3")
    one.go("C10:C11")
    one.press("Control+x")
    assert one.copied("lamp 11") == "lamp 10\nlamp 11"
    one.go("E50")
    one.press("Control+v")
    one.sees("E51", "lamp 11")
    one.sees("C11", "")
    fields = "sheets.data.rowData.values(userEnteredFormat.textFormat,dataValidation.strict)"
    answer = sheet.spreadsheet.fetch_sheet_metadata({"ranges": "A60:C60", "fields": fields})
    looks = answer["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert looks[1]["dataValidation"] == {"strict": True}
    assert looks[2]["userEnteredFormat"]["textFormat"]["bold"] is True


def test_a_cut_loses_nothing(visit: Any, sheet: gspread.Worksheet) -> None:
    """What is typed while cut off is sent afterwards; what changed meanwhile is not overwritten unseen."""
    one = visit()
    one.page.context.set_offline(True)
    expect(one.page.locator("#status")).to_contain_text("Not connected")
    one.type("C5", "typed in the dark")
    one.type("C6", "mine")
    one.type("A50", "T-50")
    expect(one.page.locator("#status")).to_contain_text("3 changes wait")
    sheet.update_acell("C6", "theirs")
    sheet.insert_row(["above"], 2)
    one.page.context.set_offline(False)
    one.saved()
    one.sees("C6", "typed in the dark")
    one.sees("C7", "theirs")
    one.sees("A51", "T-50")
    assert len(one.problems()) == 1
    assert "theirs" in one.problems()[0]
    one.page.get_by_role("button", name="Write mine over it").click()
    one.sees("C7", "mine")
    one.saved()

    assert sheet.get("C6:C7") == [["typed in the dark"], ["mine"]]
    assert sheet.acell("A51").value == "T-50"


def test_a_cut_and_a_reload_lose_nothing(visit: Any, sheet: gspread.Worksheet, server: Any) -> None:
    """Each operation is carried out once, though its answer was never heard."""
    one = visit()
    one.page.evaluate("() => { WebSocket.prototype.send = () => {}; }")  # said, and never heard
    one.type("C5", "kept in the tab")
    expect(one.page.locator("#status")).to_contain_text("Saving 1")
    one.page.reload()
    one.page.wait_for_selector("body[data-grid=whole]")
    one.saved()
    one.sees("C5", "kept in the tab")
    assert sheet.acell("C5").value == "kept in the tab"


def test_a_killed_server_comes_back(visit: Any, start: Any) -> None:
    """The page finds it again by itself, and sends what was typed while it was gone."""
    server = start()
    sheet = server.gspread().create("Killed").sheet1
    sheet.update([["id"], ["T-1"]], "A1")
    one = visit(at=sheet, where=server)
    server.kill()
    expect(one.page.locator("#status")).to_contain_text("Not connected")
    one.type("A2", "typed meanwhile")
    start("--port", server.address.rpartition(":")[2], data=server.data)
    one.saved()
    one.sees("A2", "typed meanwhile")
    assert sheet.acell("A2").value == "typed meanwhile"


def test_a_link_in_a_cell_can_be_followed(visit: Any, sheet: gspread.Worksheet) -> None:
    """The line above the sheet leads where the cell leads, unless that is no address of the web."""
    links = [
        {
            "userEnteredValue": {"stringValue": "a page"},
            "textFormatRuns": [{"format": {"link": {"uri": uri}}}],
        }
        for uri in ("https://example.org/a", "javascript:alert(1)")
    ]
    rows = [{"values": [link]} for link in links]
    start = {"sheetId": sheet.id, "rowIndex": 4, "columnIndex": 6}
    change = {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue,textFormatRuns"}}
    sheet.spreadsheet.batch_update({"requests": [change]})
    one = visit()
    one.go("G5")
    expect(one.page.locator("#cell-link")).to_have_attribute("href", "https://example.org/a")
    one.go("G6")
    expect(one.page.locator("#cell-link")).to_be_hidden()


def test_choices_and_checkboxes_are_clicked(visit: Any, sheet: gspread.Worksheet) -> None:
    """A dropdown shows the rule's choices; a tick is TRUE for everybody."""
    one, two = visit(), visit()
    one.go("B3")
    one.page.keyboard.press("F2")
    one.page.get_by_text("P2", exact=True).last.click()
    two.sees("B3", "P2")
    one.click("F4")
    two.sees("F4", "0")
    assert sheet.acell("B3").value == "P2"
    assert sheet.acell("F4").value == "FALSE"
    sheet.add_validation("G3:G4", ValidationConditionType.one_of_list, ["TRUE", "FALSE"], strict=True)
    sheet.update([[True]], "G3", raw=True)
    two.sees("G3", "TRUE")


def test_rows_are_sorted_for_everybody(visit: Any, sheet: gspread.Worksheet) -> None:
    """The order is the server's; what somebody typed before is undone in its row, wherever that is now."""
    one, two = visit(), visit()
    two.type("C41", "the last of all")
    two.saved()
    one.go("A2:F41")
    one.page.get_by_role("button", name="Data", exact=True).or_(
        one.page.get_by_text("Data", exact=True)
    ).first.click()
    one.page.locator("[data-u-command='sheet.menu.sheets-sort']").first.click()
    one.page.get_by_text("Descending", exact=True).click()
    one.sees("A2", "T-9")
    two.sees("A2", "T-9")
    assert sheet.col_values(1)[1:4] == ["T-9", "T-8", "T-7"]
    place = sheet.col_values(1).index("T-41") + 1
    one.sees(f"C{place}", "the last of all")
    two.press("Control+z")
    one.sees(f"C{place}", "lamp 41")


def test_a_filter_and_a_search_find_rows(visit: Any, sheet: gspread.Worksheet) -> None:
    """A filter is everybody's and hides rows from a search; the API answers it as Google's basic filter."""
    one, two = visit(), visit()
    one.go("B3")
    one.page.get_by_text("Data", exact=True).first.click()
    one.page.locator("[data-u-command='sheet.command.smart-toggle-filter']").first.click()
    criteria = {"filterSpecs": [{"columnIndex": 1, "filterCriteria": {"hiddenValues": ["P2"]}}]}
    two.page.wait_for_function(FILTER, arg=[sheet.id, 0])
    meta = sheet.spreadsheet.fetch_sheet_metadata({"fields": "sheets.basicFilter"})["sheets"][0][
        "basicFilter"
    ]
    assert meta["range"]["endRowIndex"] == 41
    change = {"setBasicFilter": {"filter": {"range": meta["range"]} | criteria}}
    sheet.spreadsheet.batch_update({"requests": [change]})
    two.page.wait_for_function(FILTER, arg=[sheet.id, 13])
    one.page.wait_for_function(FILTER, arg=[sheet.id, 13])
    one.go("A1")
    one.press("Control+f")
    one.page.locator(".univer-theme input, input").last.wait_for()
    one.page.keyboard.type("lamp 12")
    expect(one.page.get_by_text("1/1")).to_be_visible()


def test_a_formula_shows_its_value_and_edits_as_text(visit: Any, sheet: gspread.Worksheet) -> None:
    """The grid shows what the API answers; the editor opens on the formula."""
    one = visit()
    one.type("H2", "=1+2")
    one.saved()
    answer = str(sheet.acell("H2", value_render_option="UNFORMATTED_VALUE").value)
    one.sees("H2", answer)
    one.go("H2")
    expect(one.page.locator("[data-u-comp=formula-bar]")).to_be_visible()
    assert sheet.acell("H2", value_render_option="FORMULA").value == "=1+2"


def test_a_link_leads_to_its_cell(visit: Any, sheet: gspread.Worksheet) -> None:
    """?range= and #gid=&range= select the cell; the table view is one link away, at the same cell."""
    one = visit(f"&gid={sheet.id}&range=C30")
    one.page.wait_for_function("location.hash.endsWith('range=C30')")
    expect(one.page.locator("#table-view")).to_have_attribute(
        "href", re.compile(r"htmlview\?gid=\d+&range=C30")
    )
    one.page.locator("#table-view").click()
    one.page.wait_for_selector("#r30.marked")


def test_a_reader_reads(visit: Any, people: Any) -> None:
    """Nothing can be typed, and a sentence says so; what others write arrives."""
    shared = people.shared().sheet1
    shared.update([["id"], ["as it was"]], "A1")
    one = visit(login=people.token("reader"), at=shared, where=people.server)
    expect(one.page.locator("#role")).to_have_text("You may read this spreadsheet, not change it.")
    one.type("A2", "x")
    shared.update_acell("A3", "written")
    one.sees("A3", "written")

    assert one.shown("A2") == shared.acell("A2").value == "as it was"


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_around_the_grid(visit: Any, scheme: str) -> None:
    """The bar and the list of refused values are accessible; the grid has the table view."""
    one = visit(color_scheme=scheme, bypass_csp=True)
    one.type("B4", "P9")
    expect(one.page.locator("#problem-list li")).to_have_count(1)
    one.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = one.page.evaluate("axe.run({ exclude: ['#grid', '#univer-popup-portal'] })")
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found["violations"]] == []
