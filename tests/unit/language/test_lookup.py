"""Looking up in whole columns gives what looking up one by one gives."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.language.lookup import counted, looked_up, months

CODES = st.lists(st.one_of(st.sampled_from(["a", "b", "c", ""]), st.none()), max_size=8)
VALUES = st.one_of(
    st.dictionaries(st.sampled_from(["a", "b", ""]), st.floats(allow_nan=False)),
    st.dictionaries(st.sampled_from(["a", "b", ""]), st.sampled_from(["x", "y"])),
)


@given(codes=CODES, found=VALUES)
def test_each_code_finds_what_the_table_has(codes, found):
    """A missing code finds nothing, and so does one that the table lacks."""
    column = pd.Series(codes, dtype="str", index=range(2, len(codes) + 2))
    table = pd.Series(found, index=pd.Index(list(found), dtype="str"))
    quick, slow = looked_up(column, table), column.map(table)
    assert quick.index.equals(slow.index)
    assert [None if pd.isna(each) else each for each in quick] == [
        None if pd.isna(each) else each for each in slow
    ]


@given(keys=CODES, among=CODES)
def test_each_key_is_counted(keys, among):
    """Keys that stand nowhere are counted, too: as 0; and so is what is missing. A key may stand twice."""
    texts = pd.Series(among, dtype="str")
    times = [0 if key is None else among.count(key) for key in keys]
    assert counted(pd.Series(keys, dtype="str"), texts).tolist() == times
    weighed = counted(pd.Series(keys, dtype="str"), texts, np.full(len(among), 0.5))
    assert weighed.tolist() == [each / 2 for each in times]


@given(
    moments=st.lists(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2100-01-01")), max_size=8),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_a_month_is_the_one_on_the_wall(moments, zone):
    """The last evening of a month in New York is in the next one in Shanghai."""
    column = pd.Series(pd.DatetimeIndex(moments).tz_localize("UTC").as_unit("us"))
    slow = column.dt.tz_convert(zone).dt.strftime("%Y-%m").astype("str")
    pd.testing.assert_series_equal(months(column, zone).astype("str"), slow)
