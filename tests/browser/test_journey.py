"""The whole way through: a form, the sheet, the journal, and back from the sheet to an open page."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gspread
import nbformat
import pytest
import requests

pytestmark = pytest.mark.browser

NEWS_MS = 10_000
FILED = re.compile(r"T-\d{6}-[A-Z0-9]{4}")


class PlainHTTP(gspread.HTTPClient):
    """Send what gspread sends to Google to a desk instead; nothing of ours is in it."""

    host = ""

    def request(self, method: str, endpoint: str, *rest: Any, **more: Any) -> requests.Response:
        """Swap the host."""
        local = re.sub(r"^https://(sheets|www)\.googleapis\.com", self.host, endpoint)
        return super().request(method, local, *rest, **more)


@pytest.fixture(scope="module")
def workbook(desk: Any) -> gspread.Spreadsheet:
    """The desk's workbook, as any program written with gspread opens it."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {desk.token}"
    PlainHTTP.host = desk.address
    client = gspread.Client(auth=None, session=session, http_client=PlainHTTP)
    (file,) = client.list_spreadsheet_files()
    return client.open_by_key(file["id"])


def row_of(workbook: gspread.Spreadsheet, sheet: str, column: str, wanted: str) -> tuple[int, dict[str, str]]:
    """Return the number and the cells of the first row that holds *wanted*."""
    header, *rows = workbook.worksheet(sheet).get_values()
    place = header.index(column)
    number = next(number for number, row in enumerate(rows, start=2) if row[place] == wanted)
    return number, dict(zip(header, rows[number - 2], strict=True))


def write(workbook: gspread.Spreadsheet, sheet: str, row: int, column: str, text: str) -> None:
    """Type into a cell, as a person does."""
    tab = workbook.worksheet(sheet)
    place = tab.row_values(1).index(column) + 1
    tab.update_cell(row, place, text)


def file_one(page: Any, requester: str, subject: str) -> None:
    """Fill the form in, as a person who types and chooses, and file it."""
    page.get_by_label("Requester").fill(requester)
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Need").fill("A new shade")
    page.get_by_label("Category").select_option("QUA")
    page.get_by_label("Impact").select_option("medium")
    page.get_by_label("Urgency").select_option("high")
    page.get_by_label("Category").press("Tab")
    page.wait_for_function("() => !document.querySelector('.op-main button:disabled')")
    page.get_by_role("button", name="File the ticket").click()
    page.get_by_text("Still open: 3").wait_for()


@pytest.fixture(scope="module")
def ticket(desk: Any, chromium: Any) -> str:
    """File two tickets on Intake, one after the other; return the number of the first."""
    page = chromium.new_context(locale="en-GB").new_page()
    page.goto(f"{desk.address}/desk/intake")
    page.wait_for_selector("body.desk-ready .op-main *:visible")
    file = page.get_by_role("button", name="File the ticket")
    file.wait_for()
    assert file.is_disabled()
    file_one(page, "Ms Journey", "=The lamp <b>arrived</b> broken")
    number = page.locator(".op-note.op-green a").text_content()
    file_one(page, "Ms Journey", "The same category once more")
    page.locator(".op-note.op-green a", has_not_text=str(number)).wait_for()
    page.context.close()
    assert number is not None
    assert FILED.fullmatch(number)
    return number


def test_a_filed_ticket_is_in_the_sheet_and_in_the_journal(
    ticket: str, workbook: gspread.Spreadsheet
) -> None:
    """A subject that begins with = is text, and stays as it was typed."""
    _, row = row_of(workbook, "tickets", "id", ticket)

    assert row["subject"] == "=The lamp <b>arrived</b> broken"
    assert (row["requester"], row["category"], row["status"]) == ("Ms Journey", "QUA", "new")
    _, entry = row_of(workbook, "journal", "row_id", ticket)
    assert entry["source"] == "intake"


def test_an_open_page_shows_what_is_typed_into_the_sheet(
    ticket: str,
    workbook: gspread.Spreadsheet,
    desk: Any,
    page: Any,
    visit: Callable[..., Any],
    watched: Any,
) -> None:
    """Nobody reloads; a fault names its cell, and the row stays."""
    visit(page, desk, f"tickets?text={ticket}")
    shown = page.locator(".tabulator-row", has_text="The lamp <b>arrived</b> broken")
    shown.wait_for()
    number, row = row_of(workbook, "tickets", "id", ticket)
    other = "P1" if row["priority"] != "P1" else "P4"

    write(workbook, "tickets", number, "priority", other)
    shown.get_by_text(other).wait_for(timeout=NEWS_MS)

    write(workbook, "tickets", number, "opened_at", "soon")
    page.get_by_text(f"tickets!B{number}").first.wait_for(timeout=NEWS_MS, state="attached")
    assert shown.is_visible()
    assert watched.errors == []


@pytest.mark.parametrize("view", ["edit", "htmlview"])
def test_a_row_of_the_spreadsheet_leads_to_its_page_in_the_desk(
    view: str, ticket: str, workbook: gspread.Spreadsheet, desk: Any, page: Any
) -> None:
    """From the live sheet and from the table, by the id that stands in the row."""
    number, _row = row_of(workbook, "tickets", "id", ticket)
    gid = workbook.worksheet("tickets").id
    page.goto(f"{desk.address}/spreadsheets/d/{workbook.id}/{view}?gid={gid}&range=A{number}&lang=en")
    link = page.get_by_role("link", name=f"Open {ticket} in the desk")
    link.wait_for()

    assert link.get_attribute("href") == f"/desk/tickets?id={ticket}"
    link.click()
    page.wait_for_url(f"**/desk/tickets?id={ticket}*", wait_until="commit")


def test_the_desk_speaks_three_languages(desk: Any, page: Any, visit: Callable[..., Any]) -> None:
    """Chosen by the browser's own wish, and changed on the page without leaving it."""
    visit(page, desk, "tickets?lang=zh-Hant")
    page.get_by_role("link", name="業務受理").wait_for()

    page.get_by_label("語言").select_option("zh-Hans")

    page.get_by_role("link", name="业务受理").wait_for()
    assert "lang=zh-Hans" in page.url


def test_a_saved_notebook_is_a_page(
    serve: Callable[..., Any], desk: Any, page: Any, visit: Callable[..., Any], tmp_path: Any
) -> None:
    """An analyst saves a notebook of three cells; it stands in the navigation."""
    folder = tmp_path / "pages"
    shutil.copytree(Path(__file__).parents[2] / "notebooks", folder)
    made = nbformat.v4.new_notebook()
    made.cells = [
        nbformat.v4.new_markdown_cell("# Loudest customers"),
        nbformat.v4.new_code_cell(
            "import ipywidgets as ipw\nfrom sheets_schema.book import open_book\nfrom widgets import page"
        ),
        nbformat.v4.new_code_cell(
            "page(open_book(), 'loud', ['tickets'],"
            " lambda desk: ipw.HTML(f'<p>{len(desk.frame(\"tickets\"))} tickets</p>'))"
        ),
    ]
    nbformat.write(made, folder / "loud.ipynb")
    mine = serve("--pages", str(folder), OPSLINE_BOOK=desk.address, OPSLINE_TOKEN=desk.token)

    visit(page, mine, "loud")

    assert re.search(r"\d+ tickets", page.text_content(".op-main"))
    assert page.get_by_role("link", name="Loudest customers").count() == 1
