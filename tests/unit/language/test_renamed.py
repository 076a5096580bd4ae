"""Which column is taken for a renamed one: by what it held, by where it stands, and not in silence."""

import pytest

from sheets_schema.language import Field, Table
from sheets_schema.language.header import Taken, match
from sheets_schema.language.renamed import recognised

ZONE = "Asia/Shanghai"
TABLE = Table(
    "parts",
    (
        Field("id", required=True, unique=True),
        Field("name", labels={"en": "Name of the part"}),
        Field("made", "date"),
        Field("state", enum=("new", "used")),
        Field("stocked", "boolean"),
        Field("note"),
    ),
)
HEADER = list(TABLE.names)
ROWS = [
    ["P-1", "Lamp", 46349, "new", True, ""],
    ["P-2", "Desk", 46350, "used", False, ""],
    ["P-3", "Sofa", 46351, "new", False, ""],
    ["P-4", "Vase", "", "used", True, ""],
]
BEFORE = TABLE.read([HEADER, *ROWS], time_zone=ZONE)


def renamed(**names):
    """Return the header with other names."""
    return [names.get(name, name) for name in HEADER]


def taken(header, rows=ROWS, before=BEFORE):
    """Return which fields are taken for which column, and the kinds of what is asked."""
    found = recognised(TABLE, [header, *rows], before, ZONE)
    asked = {
        fault.field: fault.message.key.rpartition(".")[2]
        for fault in found.faults
        if fault.message.key.startswith("language.ask.")
    }
    return dict(found.taken), asked


def without(rows, place):
    """Return rows without a column."""
    return [[*row[:place], *row[place + 1 :]] for row in rows]


def with_cells(place, *cells):
    """Return the rows with other cells in a column."""
    return [[*row[:place], cell, *row[place + 1 :]] for row, cell in zip(ROWS, cells, strict=True)]


def test_a_header_with_all_names_takes_nothing():
    """In any order, by label, with columns of one's own."""
    assert taken(HEADER) == ({}, {})
    assert taken([*renamed(name="NAME OF THE PART"), "mine"], [[*row, "x"] for row in ROWS]) == ({}, {})
    assert taken(HEADER[::-1], [row[::-1] for row in ROWS]) == ({}, {})


@pytest.mark.parametrize("name", HEADER)
def test_each_column_is_known_in_its_place(name):
    """The ids, texts, dates, codes, boxes, and one that is blank."""
    kind = "blank" if name == "note" else "renamed"
    assert taken(renamed(**{name: "Other"})) == ({name: HEADER.index(name)}, {name: kind})


def test_a_sorted_sheet_with_other_rows_is_compared_by_id():
    """Rows moved, one gone, one new, one without an id, blank ones between."""
    rows = [ROWS[3], [], ROWS[1], ["P-9", "Bed", 46352, "new", True, "x"], ["", "loose"], ROWS[0]]
    found = recognised(TABLE, [renamed(made="When"), *rows], BEFORE, ZONE)
    (asked,) = found.faults
    facts = {key: asked.message.facts[key] for key in ("was", "same", "rows")}
    assert (asked.cell, facts) == ("C1", {"was": "made", "same": 2, "rows": 2})


@pytest.mark.parametrize(
    ("cells", "is_taken"),
    [
        (("Lamp", "Desk", "Sofa", "Changed"), True),
        (("Lamp", "Desk", "Changed", "Changed"), True),
        (("Lamp", "Changed", "Changed", "Changed"), False),
        (("", "", "", ""), False),
    ],
)
def test_half_of_the_values_must_be_the_same_in_its_place(cells, is_taken):
    """What was typed over meanwhile is an edit; another content is another column."""
    assert taken(renamed(name="Other"), with_cells(1, *cells)) == (
        ({"name": 1}, {"name": "renamed"}) if is_taken else ({}, {})
    )


def test_elsewhere_nearly_all_must_be_the_same():
    """And of more than one value: all rows that say the same are nobody's."""
    header, rows = [*HEADER[:1], *HEADER[2:], "Other"], without(ROWS, 1)
    moved = [[*row, old[1]] for row, old in zip(rows, ROWS, strict=True)]
    assert taken(header, moved) == ({"name": 5}, {"name": "moved"})
    half = [[*row, cell] for row, cell in zip(rows, ["Lamp", "Desk", "x", "y"], strict=True)]
    assert taken(header, half) == ({}, {})
    plain = TABLE.read([HEADER, *with_cells(1, *["same"] * 4)], time_zone=ZONE)
    assert taken(header, [[*row, "same"] for row in rows], plain) == ({}, {})


def test_of_two_alike_none_is_taken_unless_one_stands_in_its_place():
    """A copy at the end does not take the name of what it was copied from."""
    both = [[*row, row[1]] for row in ROWS]
    assert taken([*renamed(name="One"), "Two"], both)[0] == {"name": 1}
    copies = [[*row, old[1], old[1]] for row, old in zip(without(ROWS, 1), ROWS, strict=True)]
    assert taken([*HEADER[:1], *HEADER[2:], "One", "Two"], copies) == ({}, {})


def test_names_that_lost_each_other_are_found_together():
    """All but one at once; all of them are a header that nobody can know."""
    header = ["A", "B", "C", "D", "E", "note"]
    assert taken(header)[0] == {name: place for place, name in enumerate(HEADER[:-1])}
    assert taken(["A", "B", "C", "D", "E", "F"]) == ({}, {})


def test_a_declared_name_is_what_it_says():
    """Two that were exchanged, and one above what another held, are asked about and not taken."""
    assert taken(renamed(name="state", state="name")) == ({}, {"state": "crossed", "name": "crossed"})
    gone = [HEADER[0], "state", *HEADER[2:3], *HEADER[4:]]
    assert taken(gone, without(ROWS, 3)) == ({}, {"state": "crossed"})


@pytest.mark.parametrize("name", ["name", "state"])
def test_of_two_of_one_name_it_is_the_one_that_was_it(name):
    """Left of it or right of it; the other one is what it was."""
    header = renamed(**{name: "made"})
    found, asked = taken(header)
    assert found == {name: HEADER.index(name)} | ({"made": 2} if name == "name" else {})
    assert asked == {name: "renamed"}
    names = match(TABLE, header, found)
    assert names.places == {each: place for place, each in enumerate(HEADER)}
    assert names.shown(TABLE, HEADER.index(name)) == f"made ({'BD'[name == 'state']})"
    assert names.named == tuple(HEADER)


def test_a_question_is_asked_as_it_was_first():
    """With the numbers of then, though the column is what was read last."""
    values = [renamed(name="Other"), *with_cells(1, "Lamp", "Desk", "Sofa", "Changed")]
    first = recognised(TABLE, values, BEFORE, ZONE)
    read = TABLE.read(values, time_zone=ZONE, header=first)
    assert recognised(TABLE, values, read, ZONE).faults == first.faults
    other = recognised(TABLE, [renamed(name="Another"), *values[1:]], read, ZONE)
    assert [fault.message.facts["same"] for fault in (*first.faults, *other.faults)] == [3, 4]


def test_a_column_that_was_nobodys_stays_so():
    """What was known to be without a column gets none by chance."""
    values = [renamed(state="Zustand"), *ROWS]
    read = TABLE.read(values, time_zone=ZONE)
    assert taken(values[0], before=read) == ({}, {})


def test_an_unknown_sheet_is_judged_by_what_may_stand_there():
    """Codes between their neighbours are; a text that may be anything, under another name, is not."""
    assert taken(renamed(state="Status"), before=None) == ({"state": 3}, {"state": "fits"})
    assert taken([*HEADER[:1], *HEADER[2:], "xyz"], [[*row, "x"] for row in without(ROWS, 1)], None)[0] == {}


def test_a_name_in_the_other_languages_is_told_as_well():
    """With the marks of each."""
    (fault,) = recognised(TABLE, [renamed(name=""), *ROWS], BEFORE, ZONE).faults
    assert str(fault) == (
        "parts!B1: a column without a name stands where 'name' was, and 4 of 4 rows hold the same; "
        "is it the same column? Until that is answered it is read as 'name'."
    )
    assert fault.text("zh-Hans") == (
        "parts!B1：一个没有名称的列位于原来“name”的位置，4 行中有 4 行内容相同；是同一列吗？"
        "在确认之前按“name”读取。"
    )


def test_a_column_is_found_again_only_where_it_cannot_be_another():
    """By its text, wherever it stands; one without a text, only below the very same header."""
    seen = Taken({"name": 1, "state": 3}, ("id", "Other", "made", "", "stocked"))
    assert seen.now(["id", "Other", "made", "", "stocked"]) == {"name": 1, "state": 3}
    assert seen.now(["id", "made", "", "stocked", "Other"]) == {"name": 4}
    assert seen.now(["id", "Other", "Other"]) == {}
