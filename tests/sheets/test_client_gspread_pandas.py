"""gspread-pandas, unchanged: its own `session` argument points it at the server."""

from collections.abc import Iterator
from typing import Any

import gspread
import pandas as pd
import pytest
from gspread_pandas import Client, Spread

from tests.sheets.clients import session

TOKEN = "test-token"


@pytest.fixture
def client(server: Any) -> Client:
    """Return a client; what is said is held against Google's description."""
    return Client(session=session(server.address, TOKEN))


@pytest.fixture
def spread(client: Client) -> Iterator[Spread]:
    """Return a fresh spreadsheet with a sheet `data`."""
    made = Spread("of pandas", "data", client=client, create_spread=True, create_sheet=True)
    yield made
    client.del_spreadsheet(made.spread.id)


FRAME = pd.DataFrame({"id": ["a", "b"], "n": [1, 2]})


def test_it_knows_who_and_where_it_is(client: Client, spread: Spread) -> None:
    """The person's address, the root folder, files by folder."""
    assert client.email == "owner@localhost"
    assert client.root["name"] == "My Drive"
    assert spread.spread.id in [file["id"] for file in client.list_spreadsheet_files()]
    assert spread.spread.id in [file["id"] for file in client.list_spreadsheet_files_in_folder("root")]
    assert client.directories == [client.root]


def test_it_opens_by_title_key_and_address(client: Client, spread: Spread) -> None:
    """Whichever it is given."""
    for name in ("of pandas", spread.spread.id, spread.url):
        assert Spread(name, client=client).spread.id == spread.spread.id
    with pytest.raises(gspread.SpreadsheetNotFound):
        Spread("nowhere at all", client=client)


def test_a_frame_goes_in_and_comes_out(spread: Spread) -> None:
    """Replace, append by matching columns, freeze and filter."""
    spread.df_to_sheet(FRAME, index=False, replace=True, freeze_headers=True, add_filter=True)
    back = spread.sheet_to_df(index=0, convert_types=True)
    pd.testing.assert_frame_equal(back, FRAME, check_dtype=False)
    assert spread.spread.worksheet("data").frozen_row_count == 1
    spread.df_to_sheet(pd.DataFrame({"n": [3], "id": ["c"]}), index=False, append=True, match_columns=True)
    assert spread.sheet_to_df(index=0)["id"].tolist() == ["a", "b", "c"]


def test_merged_headers_and_index(spread: Spread) -> None:
    """Two header rows and two index levels are merged in one nested batch, and read again."""
    columns = pd.MultiIndex.from_tuples([("x", "p"), ("x", "q")])
    index = pd.MultiIndex.from_tuples([("i", "1"), ("i", "2")], names=["g", "h"])
    frame = pd.DataFrame([["1", "2"], ["3", "4"]], columns=columns, index=index)
    spread.df_to_sheet(frame, merge_headers=True, merge_index=True)
    spread.refresh_spread_metadata()
    back = spread.sheet_to_df(index=0, header_rows=2)

    assert back.to_numpy().tolist() == [["i", "1", "1", "2"], ["i", "2", "3", "4"]]
    merges = spread.spread.fetch_sheet_metadata()["sheets"][-1]["merges"]
    assert len(merges) >= 2


def test_cells_sheets_and_permissions(spread: Spread) -> None:
    """Cells, clearing, merging, freezing, sheets made, ordered and deleted, sharing."""
    spread.update_cells("A1", "B2", ["1", "2", "3", "4"])
    assert spread.sheet.get_all_values() == [["1", "2"], ["3", "4"]]
    spread.merge_cells("A1", "B1")
    spread.unmerge_cells("A1", "B1")
    spread.freeze(1, 1)
    spread.clear_sheet(rows=3, cols=2)
    assert spread.get_sheet_dims() == (3, 2)
    spread.create_sheet("more")
    spread.delete_sheet("more")
    assert "more" not in [sheet.title for sheet in spread.sheets]
    spread.add_permission("ada@example.com|reader|no")
    assert "ada@example.com" in [one.get("emailAddress") for one in spread.list_permissions()]
