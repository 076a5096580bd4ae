"""Values through plain gspread, as Google answers them."""

import gspread
import pytest
from gspread.utils import DateTimeOption, ValueInputOption, ValueRenderOption

TYPED = ValueInputOption.user_entered
PLAIN = ValueRenderOption.unformatted


def test_raw_text_stays_as_it_was_sent(sheet: gspread.Worksheet) -> None:
    """A title that starts with `=` and an id with leading zeros are text."""
    sheet.update([["=1+1", "0042", "TRUE", 3.0, True]], "A1", raw=True)

    assert sheet.get("A1:E1", value_render_option=PLAIN) == [["=1+1", "0042", "TRUE", 3, True]]


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("0042", 42, "42"),
        ("2,000,000.01", 2000000.01, "2,000,000.01"),
        ("2020-01-01", 43831, "2020-01-01"),
        ("1/2/2020", 43832, "1/2/2020"),
        ("2020-01-01 12:00", 43831.5, "2020-01-01 12:00"),
        ("6:00", 0.25, "6:00"),
        ("12.5%", 0.125, "12.50%"),
        ("$5.50", 5.5, "$5.50"),
        ("-3", -3, "-3"),
        ("(3)", -3, "-3"),
        ("1e3", 1000, "1.00E+03"),
        ("true", True, "TRUE"),
        ("'0042", "0042", "0042"),
        ("2020-02-30", "2020-02-30", "2020-02-30"),
        ("1,23", "1,23", "1,23"),
        ("=4/2", 2, "2"),
        ("hello", "hello", "hello"),
    ],
)
def test_typing_means_what_it_means_to_google(
    sheet: gspread.Worksheet, text: str, value: object, shown: str
) -> None:
    """USER_ENTERED reads numbers, dates, times, shares and money in the spreadsheet's locale."""
    sheet.update([[text]], "A1", value_input_option=TYPED)

    assert sheet.get("A1", value_render_option=PLAIN) == [[value]]
    assert sheet.get("A1") == [[shown]]


def test_dates_come_as_numbers_or_as_text(sheet: gspread.Worksheet) -> None:
    """SERIAL_NUMBER and FORMATTED_STRING differ for a date only."""
    sheet.update([["2020-01-01", 5]], "A1", value_input_option=TYPED)

    def get(option: DateTimeOption) -> list[list[object]]:
        return sheet.get("A1:B1", value_render_option=PLAIN, date_time_render_option=option)

    assert get(DateTimeOption.serial_number) == [[43831, 5]]
    assert get(DateTimeOption.formatted_string) == [["2020-01-01", 5]]


def test_null_leaves_a_cell_alone_and_blank_empties_it(sheet: gspread.Worksheet) -> None:
    """None is skipped, "" clears; both as Google does."""
    sheet.update([["a", "b", "c"]], "A1")
    sheet.update([[None, "", "C"]], "A1")

    assert sheet.get("A1:C1") == [["a", "", "C"]]


def test_trailing_blanks_are_trimmed(sheet: gspread.Worksheet) -> None:
    """Rows end at their last filled cell, the answer at its last filled row."""
    sheet.update([["a", ""], ["", ""], ["", "b"], ["", ""]], "A1")

    answer = sheet.spreadsheet.values_get("Sheet1!A1:C10")
    assert answer["values"] == [["a"], [], ["", "b"]]
    assert answer["range"] == "Sheet1!A1:C10"
    assert "values" not in sheet.spreadsheet.values_get("Sheet1!D1:E5")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("'Sheet1'", "Sheet1!A1:Z1000"),
        ("Sheet1!A2:2", "Sheet1!A2:Z2"),
        ("A1:A", "Sheet1!A1:A1000"),
        ("D4", "Sheet1!D4"),
        ("Sheet1!B2:A1", "Sheet1!A1:B2"),
        ("Sheet1!R1C1:R2C3", "Sheet1!A1:C2"),
        ("Sheet1!A990:C2000", "Sheet1!A990:C1000"),
    ],
)
def test_ranges_come_back_normalised(book: gspread.Spreadsheet, asked: str, answered: str) -> None:
    """An open range is closed, a far one clamped."""
    assert book.values_get(asked)["range"] == answered


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("Sheet1!A1001", "exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("Nowhere!A1", "Unable to parse range: Nowhere!A1"),
        ("Sheet1!12:A:3", "Unable to parse range"),
    ],
)
def test_a_bad_range_is_refused_in_googles_words(book: gspread.Spreadsheet, asked: str, words: str) -> None:
    """400 INVALID_ARGUMENT, with the range."""
    with pytest.raises(gspread.exceptions.APIError, match="400") as caught:
        book.values_get(asked)
    assert words in caught.value.error["message"]
    assert caught.value.error["status"] == "INVALID_ARGUMENT"


def test_append_goes_under_the_table(sheet: gspread.Worksheet) -> None:
    """The table is the block of filled cells that the range meets; the row goes under it."""
    sheet.update([["id", "name"], ["1", "a"]], "B2")
    answer = sheet.append_row(["2", "b"], table_range="B2")

    assert answer["tableRange"] == "Sheet1!B2:C3"
    assert answer["updates"]["updatedRange"] == "Sheet1!B4:C4"


def test_append_without_a_table_starts_at_the_range(sheet: gspread.Worksheet) -> None:
    """There is no tableRange then."""
    answer = sheet.append_row(["x"], table_range="D5")

    assert "tableRange" not in answer
    assert answer["updates"]["updatedRange"] == "Sheet1!D5"


def test_append_takes_the_last_of_two_tables(sheet: gspread.Worksheet) -> None:
    """A blank row parts two tables; the whole sheet as range means the lower one."""
    sheet.update([["a"], ["b"], [""], ["c", "d"]], "A1")

    assert sheet.append_row(["e"])["tableRange"] == "Sheet1!A4:B4"


def test_append_grows_the_grid(book: gspread.Spreadsheet) -> None:
    """A full grid gets new rows."""
    small = book.add_worksheet("small", rows=2, cols=2)
    small.update([["1", "2"], ["3", "4"]], "A1")
    small.append_rows([["5", "6"], ["7", "8"]])

    assert small.get_all_values()[-1] == ["7", "8"]
    assert book.worksheet("small").row_count == 4


def test_a_batch_with_one_bad_range_fails_whole(sheet: gspread.Worksheet) -> None:
    """Nothing of a batchUpdate of values is kept when one part is refused."""
    with pytest.raises(gspread.exceptions.APIError):
        sheet.batch_update([{"range": "A1", "values": [["x"]]}, {"range": "AB1", "values": [["y"]]}])
    assert sheet.get_all_values() == [[]]


def test_a_formula_that_cannot_be_computed_says_so(sheet: gspread.Worksheet) -> None:
    """The text is kept; the value is an error, not a pretended blank."""
    typed = '=GOOGLEFINANCE("GOOG")'
    sheet.update([[typed]], "A1", value_input_option=TYPED)

    assert sheet.get("A1") == [["#NAME?"]]
    assert sheet.get("A1", value_render_option=ValueRenderOption.formula) == [[typed]]


def test_chinese_typing_is_read(book: gspread.Spreadsheet) -> None:
    """A zh_CN spreadsheet reads 2026/11/23 and 2026年11月23日."""
    book.update_locale("zh_CN")
    sheet = book.sheet1
    sheet.update([["2026/11/23", "2026年11月23日"]], "A1", value_input_option=TYPED)

    assert sheet.get("A1:B1", value_render_option=PLAIN) == [[46349, 46349]]
    assert sheet.get("A1:B1") == [["2026/11/23", "2026年11月23日"]]


def test_append_beside_a_table_starts_where_it_was_told(sheet: gspread.Worksheet) -> None:
    """Google's guide: E4 beside a table in B4:D6 is in no table; gspread's insert_cols counts on it."""
    sheet.update([["a", "b"], ["c", "d"]], "B4")
    answer = sheet.append_row(["x"], table_range="D4")

    assert "tableRange" not in answer
    assert answer["updates"]["updatedRange"] == "Sheet1!D4"


@pytest.mark.parametrize(
    ("name", "text", "value", "shown"),
    [
        ("en_GB", "31/12/2020", 44196, "31/12/2020"),
        ("en_GB", "£5", 5, "£5"),
        ("de_DE", "31.12.2020", 44196, "31.12.2020"),
        ("de_DE", "1.000,5", 1000.5, "1.000,50"),
        ("de_DE", "5,50 €", 5.5, "5,50 €"),
        ("fr_FR", "1,5", 1.5, "1,5"),
        ("ja_JP", "2020/01/02", 43832, "2020/01/02"),
        ("en_US", "31/12/2020", "31/12/2020", "31/12/2020"),
    ],
)
def test_typing_is_read_by_the_spreadsheets_locale(
    book: gspread.Spreadsheet, name: str, text: str, value: object, shown: str
) -> None:
    """Marks, order of a date, the currency before or after."""
    book.update_locale(name)
    sheet = book.sheet1
    sheet.update([[text]], "A1", value_input_option=TYPED)

    assert sheet.get("A1", value_render_option=PLAIN) == [[value]]
    assert sheet.get("A1") == [[shown]]
