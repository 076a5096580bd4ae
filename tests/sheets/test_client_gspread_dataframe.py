"""gspread-dataframe, unchanged, on a gspread worksheet of the server."""

import gspread
import numpy as np
import pandas as pd
from gspread_dataframe import get_as_dataframe, set_with_dataframe


def test_a_frame_goes_in_and_comes_out(sheet: gspread.Worksheet) -> None:
    """Text, numbers, dates, truth and gaps; the sheet is cut to its size."""
    frame = pd.DataFrame(
        {
            "id": ["0042", "b", "c"],
            "n": [1.5, np.nan, 3.0],
            "when": pd.to_datetime(["2020-01-01", "2020-06-30", "2021-12-31"]),
            "ok": [True, False, True],
        }
    )
    set_with_dataframe(sheet, frame, resize=True, string_escaping="full")
    back = get_as_dataframe(sheet, parse_dates=["when"], dtype={"id": str})

    pd.testing.assert_frame_equal(back, frame, check_dtype=False)
    assert (sheet.row_count, sheet.col_count) == (4, 4)


def test_formulas_are_evaluated_or_kept(sheet: gspread.Worksheet) -> None:
    """`evaluate_formulas` reads values, its absence the formulas' text."""
    frame = pd.DataFrame({"f": ["=1+2", "=2*3"]})
    set_with_dataframe(sheet, frame, allow_formulas=True)

    assert get_as_dataframe(sheet, evaluate_formulas=True)["f"].tolist() == [3, 6]
    assert get_as_dataframe(sheet)["f"].tolist() == ["=1+2", "=2*3"]


def test_a_frame_without_formulas_is_text(sheet: gspread.Worksheet) -> None:
    """`allow_formulas=False` escapes a leading `=`."""
    set_with_dataframe(sheet, pd.DataFrame({"t": ["=1+2"]}), allow_formulas=False)

    assert sheet.acell("A2").value == "=1+2"


def test_an_index_of_two_levels_and_an_offset(sheet: gspread.Worksheet) -> None:
    """include_index, row and col; headers of two rows."""
    index = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["a", "b"])
    frame = pd.DataFrame({("p", "q"): [1, 2]}, index=index)
    set_with_dataframe(sheet, frame, row=3, col=2, include_index=True)
    rows = sheet.get("B3:D7")

    assert rows[-2:] == [["x", "1", "1"], ["y", "2", "2"]]
    assert rows[0][-1] == "p"


def test_a_frame_appended_under_another(sheet: gspread.Worksheet) -> None:
    """Without its header, below the first."""
    frame = pd.DataFrame({"id": ["a", "b"]})
    set_with_dataframe(sheet, frame)
    set_with_dataframe(sheet, frame, row=4, include_column_header=False)

    assert sheet.col_values(1) == ["id", "a", "b", "a", "b"]
