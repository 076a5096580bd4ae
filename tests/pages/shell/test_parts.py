"""Parts, charts, grids: what goes into a page is escaped, and what is drawn is what was asked for."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from sheets_schema.words import LANGUAGES, catalogue
from widgets.chart import Chart
from widgets.grid import Column, Grid
from widgets.parts import Tile, badge, card, facts, is_address, link, listing, note, tell, text, tiles

EVIL = '"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize(
    "html",
    [
        badge(EVIL, "red"),
        badge("x", EVIL),
        link("tickets?q=" + EVIL, EVIL),
        facts([(EVIL, "")]),
        text(EVIL).value,
        note(EVIL, "red").value,
        tiles([Tile(EVIL, EVIL, EVIL, "tickets?" + EVIL)]).value,
        card(EVIL, []).children[0].value,
        listing([], EVIL),
    ],
    ids=["badge", "tone", "link", "facts", "text", "note", "tiles", "card", "listing"],
)
def test_words_of_people_are_words(html: str) -> None:
    """A requester called <img onerror> is a requester, and not a script."""
    assert "<img" not in html


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "\tvbscript:x", ""]
)
def test_a_script_is_no_address(href: str) -> None:
    """A link from a cell leads to a page or nowhere."""
    assert not is_address(href)
    assert "href" not in link(href, "x")


@pytest.mark.parametrize(
    "href", ["tickets", "tickets?id=a:b", "/x", "?a=1", "https://example.com", "mailto:a@b.c"]
)
def test_a_page_is_an_address(href: str) -> None:
    """Relative pages, the web and mail are led to; a colon in a query is no scheme."""
    assert is_address(href)


def test_a_note_is_spoken_and_goes(desk) -> None:
    """An error is an alert to a screen reader; an empty note leaves nothing behind."""
    said = note("Wrong", "red")
    assert 'role="alert"' in said.value
    tell(said, "")
    assert said.value == ""


def test_a_chart_carries_its_figure_and_little_else() -> None:
    """Ten bars are some hundred bytes; plotly.js and its template stay out of the kernel's socket."""
    chart = Chart(go.Figure(go.Bar(x=list("abcdefghij"), y=list(range(10)))), "Ten")

    assert len(chart.spec) + len(chart._esm) < 3000
    assert "template" not in json.loads(chart.spec)["layout"]


def test_another_figure_is_another_chart() -> None:
    """Setting the figure replaces all of it: nothing of the old one is left to be shown."""
    chart = Chart(go.Figure(go.Bar(x=["a"], y=[1])), "One")
    chart.figure = go.Figure(go.Scatter(x=["b"], y=[2]))

    drawn = json.loads(chart.spec)
    assert [trace["type"] for trace in drawn["data"]] == ["scatter"]
    assert "a" not in chart.spec.replace("scatter", "").replace("data", "").replace("layout", "")


def test_a_grid_of_14000_rows_is_packed_at_once() -> None:
    """The demo's whole queue is a few hundred kilobytes; a column that is not shown stays here."""
    count = 14_000
    frame = pd.DataFrame(
        {
            "id": [f"T-{number:05d}" for number in range(count)],
            "subject": pd.Series(["Where is my parcel?"] * count, dtype="str"),
            "secret": ["phone number"] * count,
            "at": pd.date_range("2026-01-01", periods=count, freq="h", tz="UTC").as_unit("us"),
            "left": np.linspace(-5, 5, count),
        }
    )
    shown = [
        Column("id", "Number", "link"),
        Column("subject", "Subject"),
        Column("at", "At", "moment"),
        Column("left", "Left", "number"),
    ]

    grid = Grid(frame, shown, label="Queue")

    packed = json.loads(zlib.decompress(grid.rows))
    assert len(grid.rows) < 400_000
    assert set(packed) == {"id", "subject", "at", "left"}
    assert packed["at"][1] - packed["at"][0] == 3_600_000


def test_what_is_missing_is_null() -> None:
    """NaN is not JSON: a browser would refuse the whole table for one empty cell."""
    frame = pd.DataFrame(
        {
            "id": ["a", None],
            "n": pd.array([1, None], dtype="Int64"),
            "at": pd.to_datetime(["2026-11-23", None], utc=True),
            "yes": pd.array([True, None], dtype="boolean"),
        }
    )
    columns = [Column("n", "N", "number"), Column("at", "At", "moment"), Column("yes", "Yes")]

    packed = json.loads(zlib.decompress(Grid(frame, columns).rows))

    assert [values[1] for values in packed.values()] == [None] * 4
    assert packed["yes"][0] is True


@pytest.mark.parametrize("topic", ["shell", "nav", "home"])
def test_every_word_is_in_three_languages(topic: str) -> None:
    """A manager who reads Chinese meets no English on the frame."""
    entries = {key: entry for key, entry in catalogue().items() if key.startswith(f"{topic}.")}

    assert entries
    assert [key for key, entry in entries.items() if set(entry) != set(LANGUAGES)] == []


def test_import_is_light() -> None:
    """Importing widgets loads nothing that a page may not need."""
    heavy = "('pandas', 'plotly', 'ipywidgets', 'gspread')"
    code = f"import sys, widgets; print([name for name in {heavy} if name in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )
