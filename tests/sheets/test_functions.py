"""Every function people use in such sheets, with a value worked by hand, read through gspread.

Each formula stands on a sheet `Work` of its own rows and reads the sheet `Data`:

    Name  Team  Hours  Day         Done   Pay
    Ann   Red   10     2026-01-05  TRUE   $1,000.00
    Bob   Blue  20     2026-02-10  FALSE  $2,000.00
    Cy    Red   30     2026-03-15  TRUE   $3,500.50
    Dee   Blue  40                 FALSE
"""

from collections.abc import Iterator
from typing import Any

import gspread
import pytest

pytest.importorskip("formualizer")

DATA = [
    ["Name", "Team", "Hours", "Day", "Done", "Pay"],
    ["Ann", "Red", 10, "2026-01-05", True, "$1,000.00"],
    ["Bob", "Blue", 20, "2026-02-10", False, "$2,000.00"],
    ["Cy", "Red", 30, "2026-03-15", True, "$3,500.50"],
    ["Dee", "Blue", 40, "", False, ""],
]
APART = 8
"""So many rows lie between two formulas, for what spills."""

Rows = list[list[str]]
FUNCTIONS: list[tuple[str, str | Rows]] = [
    # counting and adding
    ("=SUM(Data!C2:C5)", "100"),
    ("=SUM(Data!C:C)", "100"),
    ("=SUM(Data!C2:C)", "100"),
    ("=SUM(hours)", "100"),
    ("=SUM(HOURS, 1)", "101"),
    ("=AVERAGE(Data!C2:C5)", "25"),
    ("=MIN(Data!C2:C5)", "10"),
    ("=MAX(Data!C2:C5)", "40"),
    ("=MEDIAN(Data!C2:C5)", "25"),
    ("=COUNT(Data!A1:E5)", "7"),
    ("=COUNTA(Data!D1:D5)", "4"),
    ("=COUNTBLANK(Data!D1:D5)", "1"),
    ("=COUNTUNIQUE(Data!B2:B5)", "2"),
    ("=PRODUCT(Data!C2:C3)", "200"),
    ("=LARGE(Data!C2:C5,2)", "30"),
    ("=SMALL(Data!C2:C5,2)", "20"),
    ("=RANK(20,Data!C2:C5)", "3"),
    ("=PERCENTILE(Data!C2:C5,0.5)", "25"),
    ("=STDEV(Data!C2:C3)", "7.071067812"),
    ("=SUBTOTAL(9,Data!C2:C5)", "100"),
    ('=COUNTIF(Data!B2:B5,"Red")', "2"),
    ('=COUNTIF(Data!A2:A5,"*e*")', "1"),
    ('=COUNTIF(Data!C:C,">"&Data!C2)', "3"),
    ('=COUNTIFS(Data!B2:B5,"Red",Data!C2:C5,">10")', "1"),
    ('=SUMIF(Data!B2:B5,"Blue",Data!C2:C5)', "60"),
    ('=SUMIFS(Data!C2:C5,Data!B2:B5,"Red",Data!E2:E5,TRUE)', "40"),
    ('=AVERAGEIF(Data!B:B,"Red",Data!C:C)', "20"),
    ('=AVERAGEIFS(Data!C2:C5,Data!B2:B5,"Blue")', "30"),
    ('=MAXIFS(Data!C2:C5,Data!B2:B5,"Red")', "30"),
    ('=MINIFS(Data!C2:C5,Data!B2:B5,"Blue")', "20"),
    ('=SUMPRODUCT((Data!B2:B5="Red")*Data!C2:C5)', "40"),
    ("=SUMPRODUCT(LEN(Data!A2:A5))", "11"),
    ("=SUMPRODUCT((MONTH(Data!D2:D4)=2)*Data!C2:C4)", "20"),
    # deciding
    ('=IF(Data!C2>5,"big","small")', "big"),
    ('=IFS(Data!C2>50,"a",Data!C2>5,"b")', "b"),
    ('=IFERROR(1/0,"none")', "none"),
    ("=IFERROR(1/0)", ""),
    ('=IFNA(VLOOKUP("Zed",Data!A2:C5,3,FALSE),"n/a")', "n/a"),
    ("=AND(TRUE,Data!C2>5)", "TRUE"),
    ("=OR(FALSE,Data!C2>50)", "FALSE"),
    ("=NOT(TRUE)", "FALSE"),
    ("=XOR(TRUE,TRUE)", "FALSE"),
    ('=SWITCH(2,1,"a",2,"b")', "b"),
    ('=CHOOSE(2,"a","b")', "b"),
    ("=ISBLANK(Data!D5)", "TRUE"),
    ("=ISNUMBER(Data!C2)", "TRUE"),
    ("=ISTEXT(Data!C2)", "FALSE"),
    ("=ISERROR(1/0)", "TRUE"),
    ("=ISBETWEEN(5,1,10)", "TRUE"),
    # looking up
    ('=VLOOKUP("Bob",Data!A2:C5,3,FALSE)', "20"),
    ('=VLOOKUP("Bob",Data!A:D,4,FALSE)', "2026-02-10"),
    ('=HLOOKUP("Hours",Data!A1:E5,3,FALSE)', "20"),
    ('=XLOOKUP("Cy",Data!A2:A5,Data!B2:B5)', "Red"),
    ('=INDEX(Data!C2:C5,MATCH("Dee",Data!A2:A5,0))', "40"),
    ('=MATCH("Cy",Data!A:A,0)', "4"),
    ("=LOOKUP(25,Data!C2:C5,Data!A2:A5)", "Bob"),
    ('=INDIRECT("Data!C3")', "20"),
    ('=SUM(INDIRECT("Data!C2:C"&5))', "100"),
    ("=OFFSET(Data!C2,1,0)", "20"),
    ("=ROW(Data!B7)", "7"),
    ("=COLUMN()", "1"),
    ("=ROWS(Data!A2:A5)", "4"),
    ("=ADDRESS(2,3)", "$C$2"),
    # numbers
    ("=ROUND(2.345,2)", "2.35"),
    ("=ROUNDUP(2.1,0)", "3"),
    ("=ROUNDDOWN(2.9,0)", "2"),
    ("=ABS(-3)", "3"),
    ("=MOD(-1,3)", "2"),
    ("=INT(2.9)", "2"),
    ("=TRUNC(-2.9)", "-2"),
    ("=CEILING(4.2,1)", "5"),
    ("=FLOOR(4.8,1)", "4"),
    ("=SQRT(16)", "4"),
    ("=POWER(2,10)", "1024"),
    ("=-2^2", "4"),
    ("=2^3^2", "64"),
    ("=50%*10", "5"),
    ("=1/3", "0.3333333333"),
    # dates
    ("=DATE(2026,1,31)", "1/31/2026"),
    ("=YEAR(Data!D2)", "2026"),
    ("=MONTH(Data!D3)", "2"),
    ("=DAY(Data!D4)", "15"),
    ("=WEEKDAY(Data!D2)", "2"),
    ("=EDATE(Data!D2,1)", "2/5/2026"),
    ("=EOMONTH(Data!D2,0)", "1/31/2026"),
    ("=NETWORKDAYS(Data!D2,Data!D3)", "27"),
    ("=WORKDAY(Data!D2,5)", "1/12/2026"),
    ('=DATEDIF(Data!D2,Data!D4,"M")', "2"),
    ("=DAYS(Data!D3,Data!D2)", "36"),
    ("=Data!D3-Data!D2", "36"),
    ("=Data!D2+7", "2026-01-12"),
    ("=MAX(Data!D2:D5)", "2026-03-15"),
    ("=TIME(6,30,0)", "6:30:00 AM"),
    ("=NOW()>TODAY()", "TRUE"),
    ('=DATEVALUE("2026-01-05")', "46027"),
    ("=ISOWEEKNUM(Data!D2)", "2"),
    ('=TEXT(Data!D2,"ddd, mmm d")', "Mon, Jan 5"),
    ('=TEXT(Data!D2,"yyyy-mm-dd")', "2026-01-05"),
    ('="Due "&Data!D2', "Due 2026-01-05"),
    # money and shares
    ("=SUM(Data!F2:F5)", "$6,500.50"),
    ("=Data!F2*2", "$2,000.00"),
    ('=TEXT(0.256,"0.0%")', "25.6%"),
    ('=TEXT(1234.5,"$#,##0.00")', "$1,234.50"),
    # text
    ('=LEFT("hello",2)', "he"),
    ('=RIGHT("hello",1)', "o"),
    ('=MID("hello",2,2)', "el"),
    ('=LEN("hello")', "5"),
    ('=TRIM("  a  b ")', "a b"),
    ('=UPPER("x")&LOWER("Y")&PROPER("ab cd")', "XyAb Cd"),
    ('=SUBSTITUTE("aXbX","X","-")', "a-b-"),
    ('=CONCATENATE("a",1,TRUE)', "a1TRUE"),
    ('=CONCAT("a","b")', "ab"),
    ('=JOIN("-",Data!A2:A5)', "Ann-Bob-Cy-Dee"),
    ('=TEXTJOIN(", ",TRUE,Data!A2:A4)', "Ann, Bob, Cy"),
    ('=FIND("l","hello")', "3"),
    ('=SEARCH("L","hello")', "3"),
    ('=VALUE("12.5")', "12.5"),
    ('=REPT("ab",3)', "ababab"),
    ('=EXACT("a","A")', "FALSE"),
    ('=REGEXMATCH("Ann","^A")', "TRUE"),
    ('=REGEXEXTRACT("ab12","[0-9]+")', "12"),
    ('=REGEXREPLACE("ab12","[0-9]","x")', "abxx"),
    ('="a"="A"', "TRUE"),
    # arrays
    ('=SPLIT("a,b,3",",")', [["a", "b", "3"]]),
    ("=UNIQUE(Data!B2:B5)", [["Red"], ["Blue"]]),
    ('=FILTER(Data!A2:C5,Data!B2:B5="Red")', [["Ann", "Red", "10"], ["Cy", "Red", "30"]]),
    ("=FILTER(Data!A2:A,LEN(Data!A2:A)=2)", "Cy"),
    ("=SORT(Data!A2:A5,1,FALSE)", [["Dee"], ["Cy"], ["Bob"], ["Ann"]]),
    ("=SORT(UNIQUE(Data!B2:B5))", [["Blue"], ["Red"]]),
    ("=TRANSPOSE(Data!A2:A4)", [["Ann", "Bob", "Cy"]]),
    ("=ARRAYFORMULA(Data!C2:C5*2)", [["20"], ["40"], ["60"], ["80"]]),
    ('=ARRAYFORMULA(IF(Data!B2:B="","",LEN(Data!A2:A)))', [["3"], ["3"], ["2"], ["3"]]),
    ('=ARRAYFORMULA(Data!A2:A3&" "&Data!B2:B3)', [["Ann Red"], ["Bob Blue"]]),
    ("=ARRAYFORMULA(VLOOKUP(Data!A2:A3,Data!A2:C5,3,FALSE))", [["10"], ["20"]]),
    ("=SUM(ARRAYFORMULA(Data!C2:C5*2))", "200"),
    ("=FILTER(Data!D2:D5,Data!C2:C5>20)", [["2026-03-15"]]),
    ("={1,2;3,4}", [["1", "2"], ["3", "4"]]),
    ("={Data!A2:A3;Data!B2:B3}", [["Ann"], ["Bob"], ["Red"], ["Blue"]]),
    ("=SEQUENCE(2,2)", [["1", "2"], ["3", "4"]]),
    ("=FLATTEN(Data!A2:B3)", [["Ann"], ["Red"], ["Bob"], ["Blue"]]),
    ("=INDEX(SORT(Data!A2:C5,3,FALSE),1,1)", "Dee"),
    ("=LET(x,Data!C2,x*2)", "20"),
    # blanks stay blank
    ("=Data!D5", ""),
    ("=IF(TRUE,Data!D5)", ""),
    ('=VLOOKUP("Dee",Data!A2:D5,4,FALSE)', ""),
    ("=N(Data!D5)+1", "1"),
    # errors
    ("=1/0", "#DIV/0!"),
    ("=NA()", "#N/A"),
    ('=VLOOKUP("Zed",Data!A2:C5,3,FALSE)', "#N/A"),
    ('="a"+1', "#VALUE!"),
    ("=SQRT(-1)", "#NUM!"),
    ("=FOO(1)", "#NAME?"),
    ("=foo", "#NAME?"),
    ("=Missing!A1", "#REF!"),
    ("=1+", "#ERROR!"),
    ("=FILTER(Data!A2:A5,Data!C2:C5>1000)", "#N/A"),
]


@pytest.fixture(scope="module")
def shown(server: Any) -> Iterator[dict[str, Rows]]:
    """Return what each formula shows, all written at once."""
    client = server.gspread()
    book: gspread.Spreadsheet = client.create("Functions")
    book.sheet1.update_title("Data")
    book.sheet1.update(DATA, raw=False)
    book.sheet1.define_named_range("C2:C5", "hours")
    work = book.add_worksheet("Work", APART * len(FUNCTIONS), 6)
    column = [[""] for _ in range(APART * len(FUNCTIONS))]
    for number, (formula, _value) in enumerate(FUNCTIONS):
        column[APART * number] = [formula]
    work.update(column, raw=False)
    values = work.get_values(f"A1:F{APART * len(FUNCTIONS)}")
    values += [[]] * (APART * len(FUNCTIONS) - len(values))
    found: dict[str, Rows] = {}
    for number, (formula, _value) in enumerate(FUNCTIONS):
        rows = [[*row] for row in values[APART * number : APART * (number + 1)]]
        for row in rows:
            while row and row[-1] == "":
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        found[formula] = rows
    yield found
    client.del_spreadsheet(book.id)


@pytest.mark.parametrize(("formula", "value"), FUNCTIONS)
def test_a_formula_shows(shown: dict[str, Rows], formula: str, value: str | Rows) -> None:
    """What stands in the cell, and in those that its array reaches."""
    expected = value if isinstance(value, list) else [[value]] if value else []
    assert shown[formula] == expected
