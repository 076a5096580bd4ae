"""What whole columns are read by gives the same as reading them cell by cell."""

import sys
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.language import Field, Reading, Table
from sheets_schema.language import grid as laid_out
from sheets_schema.language.kinds import number, text, vectors, zone

TABLE = Table(
    "wide",
    (
        Field("id", required=True, unique=True),
        Field("subject", pattern="[A-Za-z =#!/0-9.*-]*"),
        Field("priority", enum=("P1", "P2"), choices={"P1": {"en": "Urgent", "zh-Hans": "紧急"}}),
        Field("zone", holds="time_zone"),
        Field("period", holds="period"),
        Field("score", "integer", minimum=1, maximum=5, unique=True),
        Field("hours", "number", minimum=0, unique=True),
        Field("vip", "boolean"),
        Field("due", "date"),
        Field("opened_at", "datetime"),
    ),
    missing=frozenset({"", "-"}),
)
WHITE = st.sampled_from(["", " ", "\u3000", "\t", "\x1f", "\xa0", "\u200b"])
WORDS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["", "-", "#N/A", "#REF!", "T-1", "P1", "p1", "urgent", "紧急", "Ｐ1", "UTC", "Asia/Shanghai"]
    ),
    st.sampled_from(["2026-Q1", "2026年1月", "2026", "2026-11-23", "2026-11-23 09:30", "1,200", "12%", "是"]),
)
TEXTS = st.builds(lambda before, word, after: before + word + after, WHITE, WORDS, WHITE)
NUMBERS = st.one_of(
    st.integers(-3, 8),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from([0.0, -0.0, 46349, 46349.5, 46023, 20261123, 2.0**53, 2**53 + 1, 1e300, 2026]),
)
TEXT = st.one_of(TEXTS, st.none())
NUMBER = st.one_of(NUMBERS, st.just(""), st.none())
FLAG = st.one_of(st.booleans(), st.just(""), st.none())
ANY = st.one_of(TEXT, NUMBER, FLAG, st.just("\ud800"))
COLUMN = st.sampled_from([TEXT, NUMBER, FLAG, ANY])


@st.composite
def sheets(draw: st.DrawFn) -> list[list[object]]:
    """Return a sheet whose columns hold mostly one kind of cell each, and whose rows end where they like."""
    cells = [draw(COLUMN) for _ in range(len(TABLE.names) + 1)]
    rows = draw(st.lists(st.tuples(*cells), max_size=6))
    header = [*draw(st.permutations(TABLE.names)), draw(st.sampled_from(["", "more"]))]
    whole = draw(st.booleans())
    return [header, *(list(row[: len(row) if whole else draw(st.integers(0, len(row)))]) for row in rows)]


def cell_by_cell(values: list[list[object]], time_zone: str) -> Reading:
    """Return a sheet as it is read where no column is all of one kind."""
    with (
        patch.object(text, "texts_of", return_value=None),
        patch.object(zone, "texts_of", return_value=None),
        patch.object(laid_out, "texts_of", return_value=None),
        patch.object(number, "numbers_of", return_value=None),
    ):
        return TABLE.read(values, time_zone=time_zone)


@given(values=sheets(), time_zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]))
def test_columns_are_read_as_their_cells_are(values, time_zone):
    """Values, types, row numbers and faults are the same, whichever way is taken."""
    quick, slow = TABLE.read(values, time_zone=time_zone), cell_by_cell(values, time_zone)
    pd.testing.assert_frame_equal(quick.frame, slow.frame, check_exact=True, check_index_type="exact")
    assert list(map(repr, quick.faults)) == list(map(repr, slow.faults))
    assert (quick.header, quick.unknown) == (slow.header, slow.unknown)


def test_what_is_trimmed_is_what_python_takes_for_white_space():
    """A new Unicode version that knows more white space shows here."""
    assert set(vectors.WHITE) == {chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()}


@pytest.mark.parametrize(
    "cells", [["a", 1], ["a", b"b"], [1, True], ["\ud800"], [pd.NaT, None], [2**64], [["a"]], [None, pd.NA]]
)
def test_cells_of_several_kinds_are_left_to_be_looked_at_one_by_one(cells):
    """None of these is a column of texts or of numbers."""
    assert vectors.texts_of(cells) is None
    assert vectors.numbers_of(cells) is None


@pytest.mark.parametrize("held", [["a", "b", None], ["a", "a"], ["a", None, None]])
def test_texts_are_known_to_differ_only_where_they_do(held):
    """A missing one leaves it open: then they are looked at one by one."""
    assert not vectors.all_differ(pd.array(held, dtype="str"))


def test_texts_that_differ_are_known_to():
    """An id column costs no look at each id."""
    assert vectors.all_differ(pd.array(["a", "b", "A"], dtype="str"))
