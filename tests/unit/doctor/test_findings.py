"""Each kind of finding, in a grid small enough to be judged by eye."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_schema.doctor.finding import KINDS
from sheets_schema.doctor.likeness import likeliest
from sheets_schema.doctor.spaces import tidy
from sheets_schema.words import LANGUAGES, catalogue

HEADER = ["id", "name", "made", "price", "state", "maker", "stocked"]
GOOD = ["P-1", "Lamp", 46349, 12.5, "new", "M1", True]


def row(**changes: Any) -> list[Any]:
    """Return the good row with some cells changed."""
    return [changes.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True)]


def said(findings: Any) -> list[tuple[Any, ...]]:
    """Return what matters of findings: cell, kind, action, value, trust."""
    return [
        (each.fault.cell, each.kind, each.fix.action, each.fix.value, each.confidence) for each in findings
    ]


def test_a_clean_sheet_has_no_findings(look: Any) -> None:
    """Silence is an answer too."""
    assert look(GOOD, row(id="P-2", made="", price="", state="", maker="", stocked="")) == []


@pytest.mark.parametrize(
    ("name", "cell", "cell_at", "kind", "value", "trust"),
    [
        ("made", "2026-11-23", "C2", "text_date", 46349.0, "sure"),
        ("made", "23/11/2026", "C2", "text_date", 46349.0, "sure"),
        ("made", 20261123, "C2", "text_date", 46349.0, "sure"),
        ("made", "3.11.2026", "C2", "ambiguous_date", 46329.0, "likely"),
        ("made", "03/04/2026", "C2", "ambiguous_date", None, "person"),
        ("made", "soon", "C2", "wrong_value", None, "person"),
        ("price", "1 200", "D2", "text_number", 1200.0, "sure"),
        ("price", "1\u00a0200", "D2", "text_number", 1200.0, "sure"),
        ("price", "１２", "D2", "text_number", 12.0, "sure"),
        ("price", "12,5", "D2", "wrong_value", 12.5, "likely"),
        ("price", "12 pcs", "D2", "wrong_value", 12.0, "likely"),
        ("price", "1 or 2", "D2", "wrong_value", None, "person"),
        ("stocked", "是", "G2", "text_boolean", True, "sure"),
        ("state", "NEW", "E2", "spelling", "new", "sure"),
        ("state", "二手", "E2", "spelling", "used", "sure"),
        ("state", "usd", "E2", "unknown_code", "used", "likely"),
        ("state", "broken", "E2", "unknown_code", None, "person"),
        ("state", "new ", "E2", "space", "new", "sure"),
        ("maker", "m1", "F2", "orphan_id", "M1", "sure"),
        ("maker", "Acme", "F2", "orphan_id", "M1", "likely"),
        ("maker", "Chen We", "F2", "orphan_id", None, "person"),
        ("maker", "M9-gone", "F2", "orphan_id", None, "person"),
        ("maker", "M1\u00a0", "F2", "space", "M1", "sure"),
        ("name", " Lamp", "B2", "space", "Lamp", "sure"),
        ("name", "Desk  lamp", "B2", "space", "Desk lamp", "sure"),
        ("name", "Desk\u00a0lamp", "B2", "space", "Desk lamp", "sure"),
        ("name", "Lamp\u200b", "B2", "space", "Lamp", "sure"),
        ("name", "Lamp １２", "B2", "width", "Lamp 12", "likely"),
        ("name", "", "B2", "blank_required", None, "person"),
        ("price", "#REF!", "D2", "formula_error", None, "person"),
    ],
)
def test_a_cell_is_found_with_its_fix(
    look: Any, name: str, cell: object, cell_at: str, kind: str, value: object, trust: str
) -> None:
    """23 November 2026 is 46349 in a sheet, 3 November 46329."""
    action = "person" if trust == "person" else "write"

    assert said(look(row(**{name: cell}))) == [(cell_at, kind, action, value, trust)]


def test_a_formula_gives_its_value(look: Any) -> None:
    """The value stands, the formula goes to the journal; in a column of one's own it stays."""
    found = look([*GOOD, 4], header=[*HEADER, "mine"], formulas={(2, 3): "=10+2.5", (2, 7): "=2+2"})

    assert (
        said(found)
        == [
            ("D2", "formula", "write", 12.5, "likely"),
            ("H1", "unknown_column", "person", None, "person"),
        ][::-1]
    )
    assert found[1].formula == "=10+2.5"


def test_ambiguous_dates_follow_the_column(look: Any) -> None:
    """25/11/2026 can only have its day first; so does 03/11/2026 beside it."""
    found = look(row(made="25/11/2026"), row(id="P-2", made="03/11/2026"))

    assert said(found)[1] == ("C3", "ambiguous_date", "write", 46329.0, "likely")


def test_a_row_without_an_id_gets_one(look: Any) -> None:
    """All that must be filled is filled: the row is one of the table's."""
    assert said(look(GOOD, row(id=""))) == [("A3", "blank_key", "new_id", None, "sure")]


def test_a_sum_below_the_table_is_quarantined(look: Any) -> None:
    """One finding for the row, not one for each cell that it leaves blank."""
    found = look(GOOD, ["", "", "Total", 12.5])

    assert said(found) == [("A3", "stray_row", "quarantine", None, "likely")]
    assert found[0].what() == "parts!A3: row 3 is not one of the table's; it says 'Total · 12.5'."


def test_a_stretch_of_blank_rows_is_closed(look: Any) -> None:
    """Rows 3 to 7 are blank; two blank rows are how people space a sheet."""
    found = look(GOOD, *[[]] * 5, row(id="P-2"))

    assert said(found) == [("A3", "blank_rows", "close", None, "likely")]
    assert found[0].fix.rows == (3, 7)
    assert look(GOOD, [], [], row(id="P-2")) == []


def test_a_double_with_other_cells_gets_a_new_id(look: Any) -> None:
    """Two rows, two things."""
    assert said(look(GOOD, row(name="Desk"))) == [("A3", "duplicate_id", "new_id", None, "likely")]


def test_a_double_in_all_cells_is_quarantined(look: Any) -> None:
    """The same thing twice."""
    assert said(look(GOOD, GOOD)) == [("A3", "duplicate_id", "quarantine", None, "likely")]


@pytest.mark.parametrize("name", ["Preis", "price €", "Prce"])
def test_a_renamed_header_is_recognised(look: Any, name: str) -> None:
    """By what it is called, what stands below it and between which columns; proposed, not guessed."""
    header = [name if each == "price" else each for each in HEADER]

    assert said(look(GOOD, row(id="P-2"), header=header)) == [
        ("D1", "renamed_header", "header", "price", "likely")
    ]


def test_a_header_that_was_emptied_is_recognised(look: Any) -> None:
    """It stands where it stood and holds makers."""
    header = ["" if each == "maker" else each for each in HEADER]

    assert said(look(GOOD, row(id="P-2", maker="M2"), header=header)) == [
        ("F1", "renamed_header", "header", "maker", "likely")
    ]


def test_a_column_that_is_gone_comes_back_blank(look: Any) -> None:
    """Nothing else can be it."""
    assert said(look(GOOD[:3] + GOOD[4:], header=HEADER[:3] + HEADER[4:])) == [
        ("G1", "missing_column", "lay_out", "price", "sure")
    ]


def test_a_column_of_texts_is_not_taken_for_a_column_of_numbers(look: Any) -> None:
    """A missing price and remarks in its place are two findings."""
    header = ["remarks" if each == "price" else each for each in HEADER]
    found = said(look(row(price="nice"), header=header))

    assert [(cell, kind, trust) for cell, kind, _, _, trust in found] == [
        ("D1", "unknown_column", "person"),
        ("H1", "missing_column", "likely"),
    ]


def test_a_header_that_comes_twice_gets_a_name_of_its_own(look: Any) -> None:
    """Nothing of the second column is lost."""
    assert said(look([*GOOD, 99], header=[*HEADER, "Price"])) == [
        ("H1", "duplicate_header", "header", "price_2", "likely")
    ]


def test_a_column_beyond_the_last_gets_a_name(look: Any) -> None:
    """Two columns further on somebody took notes."""
    assert said(look([*GOOD, "", "see mail"])) == [("I1", "nameless_column", "header", "column_I", "likely")]


def test_a_header_that_was_deleted_is_written_again(look: Any) -> None:
    """The first row holds data in the order in which the columns were laid out."""
    found = look(row(id="P-2"), header=GOOD)

    assert said(found) == [("A1", "no_header", "headers", True, "likely")]


def test_a_header_is_not_guessed_over_columns_in_another_order(look: Any) -> None:
    """A name in the column of dates."""
    found = look(header=["P-1", "Lamp", "Acme", 12.5])

    assert said(found) == [("A1", "no_header", "person", None, "person")]


def test_every_kind_has_its_words() -> None:
    """In three languages, with its dimension."""
    words = catalogue()

    assert [kind for kind in KINDS if set(words[f"doctor.kind.{kind}"]) != set(LANGUAGES)] == []
    assert [kind for kind, dimension in KINDS.items() if f"doctor.dimension.{dimension}" not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_said_in_each_language(look: Any, language: str) -> None:
    """What is wrong, and what would put it right."""
    for each in look(row(name=" x", price="1 200", maker="Acme"), ["", "", "Total"]):
        assert each.what(language).startswith("parts!")
        assert each.fix.message.text(language)


@given(st.text(max_size=40), st.booleans())
def test_what_is_tidy_stays_as_it_is(text: str, code: bool) -> None:
    """The second time changes nothing."""
    once = tidy(text, code=code)

    assert tidy(once, code=code) == once


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(*[st.sampled_from(["", " x", "x\u00a0y", "12", "1 200", "3.11.2026", "二手", "M1 "])] * 6)
    )
)
def test_sure_fixes_leave_nothing_sure_behind(look: Any, rows: list[tuple[str, ...]]) -> None:
    """Applied to the grid itself; what is left needs a look."""
    numbers = count(1)
    grid = [[f"P-{next(numbers)}", *cells] for cells in rows]
    for each in look(*grid):
        if each.confidence == "sure" and each.fix.action == "write":
            grid[each.fault.row - 2][each.place] = each.fix.value
    left = [each for each in look(*grid) if each.confidence == "sure" and each.fix.action == "write"]

    assert left == []


def test_two_that_are_alike_are_not_chosen_between() -> None:
    """A guess that may be wrong is worse than a question."""
    assert likeliest("Chen We", {"Chen Wei": "M2", "Chen Wen": "M3"}) is None
    assert likeliest("", {"": "x"}) is None
