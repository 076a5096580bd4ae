"""The way from a row of the spreadsheet to its page in the desk."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from opsline.server.row_pages import ROW_PAGES
from sheets_schema.workbook import tables

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


@pytest.mark.parametrize("title", ROW_PAGES)
def test_every_link_names_a_column_of_its_sheet_and_a_page_that_is_there(title: str) -> None:
    link = ROW_PAGES[title]
    fields = tables()[title].fields

    assert link.header in [field.name for field in fields]
    assert (NOTEBOOKS / f"{urlsplit(link.address).path.removeprefix('/desk/')}.ipynb").exists()
