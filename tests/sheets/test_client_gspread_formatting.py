"""gspread-formatting, unchanged, on a gspread worksheet of the server."""

import gspread
import gspread_formatting as gf
import pandas as pd
from gspread_formatting.dataframe import BasicFormatter, format_with_dataframe

BOLD = gf.CellFormat(
    backgroundColor=gf.Color(1, 0.5, 0),
    textFormat=gf.TextFormat(bold=True, foregroundColor=gf.Color(0, 0, 1)),
    horizontalAlignment="CENTER",
)


def test_cells_are_formatted_and_formats_read(sheet: gspread.Worksheet) -> None:
    """User-entered and effective formats; a second one is laid over the first."""
    gf.format_cell_range(sheet, "A1:B2", BOLD)
    gf.format_cell_ranges(sheet, [("B2:B3", gf.CellFormat(textFormat=gf.TextFormat(italic=True)))])
    sheet.update([["x"]], "A1")
    entered, effective = gf.get_user_entered_format(sheet, "A1"), gf.get_effective_format(sheet, "A1")

    assert entered.textFormat.bold is True
    assert entered.backgroundColor.green == 0.5
    assert effective.textFormat.fontSize == 10
    assert effective.horizontalAlignment == "CENTER"
    assert gf.get_user_entered_format(sheet, "B2").textFormat.italic is True
    assert gf.get_user_entered_format(sheet, "B2").textFormat.bold is True
    assert gf.get_user_entered_format(sheet, "D9") is None
    assert gf.get_default_format(sheet.spreadsheet).textFormat.fontFamily == "arial,sans,sans-serif"


def test_sizes_frozen_lines_and_direction(sheet: gspread.Worksheet) -> None:
    """Heights, widths, frozen rows and columns, right to left."""
    gf.set_row_height(sheet, "1:3", 42)
    gf.set_column_widths(sheet, [("A", 150), ("C:D", 80)])
    gf.set_frozen(sheet, rows=2, cols=1)
    gf.set_right_to_left(sheet, True)
    params = {"fields": "sheets.data(rowMetadata.pixelSize,columnMetadata.pixelSize)"}
    data = sheet.spreadsheet.fetch_sheet_metadata(params)["sheets"][0]["data"][0]

    assert [row["pixelSize"] for row in data["rowMetadata"][:4]] == [42, 42, 42, 21]
    assert [column["pixelSize"] for column in data["columnMetadata"][:5]] == [150, 100, 80, 80, 100]
    assert (gf.get_frozen_row_count(sheet), gf.get_frozen_column_count(sheet)) == (2, 1)
    assert gf.get_right_to_left(sheet) is True


def test_validation_rules(sheet: gspread.Worksheet) -> None:
    """Set on a range, read from a cell, taken away."""
    rule = gf.DataValidationRule(
        gf.BooleanCondition("ONE_OF_LIST", ["1", "2"]), inputMessage="pick", strict=True, showCustomUi=True
    )
    gf.set_data_validation_for_cell_range(sheet, "A2:A9", rule)
    assert gf.get_data_validation_rule(sheet, "A2") == rule
    gf.set_data_validation_for_cell_range(sheet, "A2:A9", None)
    assert gf.get_data_validation_rule(sheet, "A2") is None


def test_conditional_rules_are_kept_in_order(sheet: gspread.Worksheet) -> None:
    """Boolean and gradient rules, inserted, replaced, cleared."""
    where = [gf.GridRange.from_a1_range("A1:A9", sheet)]
    rules = gf.get_conditional_format_rules(sheet)
    red = gf.CellFormat(backgroundColor=gf.Color(1, 0, 0))
    rules.append(
        gf.ConditionalFormatRule(
            ranges=where,
            booleanRule=gf.BooleanRule(condition=gf.BooleanCondition("NUMBER_GREATER", ["5"]), format=red),
        )
    )
    points = [gf.InterpolationPoint(color=gf.Color(0, 1, 0), type=kind) for kind in ("MIN", "MAX")]
    rules.insert(0, gf.ConditionalFormatRule(ranges=where, gradientRule=gf.GradientRule(*points)))
    rules.save()
    found = gf.get_conditional_format_rules(sheet)

    assert [bool(rule.booleanRule) for rule in found] == [False, True]
    assert found[1].booleanRule.condition.values[0].userEnteredValue == "5"
    found.clear()
    found.save()
    assert list(gf.get_conditional_format_rules(sheet)) == []


def test_a_batch_is_sent_as_one(sheet: gspread.Worksheet) -> None:
    """batch_updater."""
    with gf.batch_updater(sheet.spreadsheet) as batch:
        batch.format_cell_range(sheet, "A1", BOLD)
        batch.set_frozen(sheet, rows=1)

    assert gf.get_user_entered_format(sheet, "A1").textFormat.bold is True
    assert gf.get_frozen_row_count(sheet) == 1


def test_text_runs(sheet: gspread.Worksheet) -> None:
    """Parts of a cell's text have formats of their own."""
    sheet.update([["bold and plain"]], "A1")
    runs = [
        gf.TextFormatRun(startIndex=0, format=gf.TextFormat(bold=True)),
        gf.TextFormatRun(startIndex=4, format=gf.TextFormat()),
    ]
    gf.set_text_format_runs(sheet, "A1", runs)

    assert [run.startIndex or 0 for run in gf.get_text_format_runs(sheet, "A1")] == [0, 4]
    assert sheet.acell("A1").value == "bold and plain"


def test_a_frame_is_formatted(sheet: gspread.Worksheet) -> None:
    """format_with_dataframe: header, columns, frozen header."""
    frame = pd.DataFrame({"n": [1.25, 2.5], "t": ["a", "b"]})
    sheet.update([["n", "t"], [1.25, "a"], [2.5, "b"]], "A1")
    formatter = BasicFormatter.with_defaults(freeze_headers=True, decimal_format="0.00")
    format_with_dataframe(sheet, frame, formatter, include_column_header=True)

    assert gf.get_frozen_row_count(sheet) == 1
    assert sheet.get("A2:A3") == [["1.25"], ["2.50"]]
