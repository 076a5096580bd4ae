"""Whatever several pages do at once: all show the same in the end, and no text is in another's row."""

from typing import Any

import gspread
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sheets.live_page import LivePage

ROWS, COLUMNS = "ROWS", "COLUMNS"
START = 8

lines = st.integers(0, START + 4)
columns = st.integers(1, 4)
doings = st.one_of(
    st.tuples(st.just("type"), lines, columns),
    st.tuples(st.just("insert"), lines, st.integers(1, 3)),
    st.tuples(st.just("delete"), lines, st.integers(1, 2)),
    st.tuples(st.just("move"), lines, lines),
    st.tuples(st.just("sort"), columns, st.booleans()),
    st.tuples(st.just("insert_column"), columns, st.just(1)),
    st.tuples(st.just("delete_column"), columns, st.just(1)),
    st.tuples(st.just("undo"), st.just(0), st.just(0)),
    st.tuples(st.just("redo"), st.just(0), st.just(0)),
)
scripts = st.lists(st.tuples(st.integers(0, 2), doings), min_size=5, max_size=25)


def request_for(doing: tuple[Any, ...]) -> dict[str, Any]:
    """Return the batchUpdate request of a doing."""
    kind, one, two = doing
    if kind == "move":
        source = {"dimension": ROWS, "startIndex": one, "endIndex": one + 1}
        return {"moveDimension": {"source": source, "destinationIndex": two}}
    if kind == "sort":
        order = "ASCENDING" if two else "DESCENDING"
        return {"sortRange": {"range": {}, "sortSpecs": [{"dimensionIndex": one, "sortOrder": order}]}}
    dimension = COLUMNS if kind.endswith("column") else ROWS
    place = {"dimension": dimension, "startIndex": one, "endIndex": one + two}
    return {f"{kind.partition('_')[0]}Dimension": {"range": place}}


class Together:
    """Three pages that do things without waiting to hear of each other, and what each text was meant for."""

    def __init__(self, server: Any, book: gspread.Spreadsheet) -> None:
        self.pages = [LivePage(server, book.id) for _ in range(3)]
        for page in self.pages:
            page.open(0)
        self.meant: dict[str, str] = {}

    def act(self, number: int, doing: tuple[Any, ...]) -> None:
        """Let one page do something."""
        page, kind = self.pages[number], doing[0]
        if kind in ("undo", "redo"):
            page.ask({"type": kind})
        elif kind == "type":
            text = f"text {len(self.meant)}"
            row = page.rows[0][doing[1]] if doing[1] < len(page.rows[0]) else [0, []]
            self.meant[text] = row[1][0] if row[1] else ""
            page.type(0, doing[1], doing[2], text)
        else:
            page.request(request_for(doing))

    def settle(self) -> None:
        """Let every page hear everything."""
        for page in self.pages:
            page.send({"type": "ping"})
            page.until(lambda message: message["type"] == "pong")
            page.socket.settimeout(20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=scripts)
@pytest.mark.parametrize("names", [["id"]])
def test_all_pages_end_the_same_and_every_text_is_in_the_row_it_was_typed_in(
    server: Any, names: list[str], script: list[tuple[int, tuple[Any, ...]]]
) -> None:
    """Rows carry a name in column A, so that it is known which one somebody meant."""
    client = server.gspread()
    book = client.create("together")
    book.sheet1.update([[f"{names[0]} {n}", n % 3, "x"] for n in range(START)], "A1")
    together = Together(server, book)
    for number, doing in script:
        together.act(number, doing)
    together.settle()

    shown = [[[row[0], row[1]] for row in page.rows[0]] for page in together.pages]
    fresh = LivePage(server, book.id)
    fresh.open(0)
    assert shown[0] == shown[1] == shown[2] == [[row[0], row[1]] for row in fresh.rows[0]]
    keys = [row[0] for row in fresh.rows[0]]
    assert len(set(keys)) == len(keys)
    for _key, values in shown[0]:
        for value in values[1:]:
            if together.meant.get(str(value)):
                assert values[0] == together.meant[str(value)]
    for page in [*together.pages, fresh]:
        page.close()
    client.del_spreadsheet(book.id)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(doings.filter(lambda d: d[0] not in ("undo", "redo")), min_size=1, max_size=12))
def test_one_who_undoes_everything_has_the_sheet_as_it_was(
    server: Any, doings: list[tuple[Any, ...]]
) -> None:
    client = server.gspread()
    book = client.create("alone")
    book.sheet1.update([[f"id {n}", n % 3, "x"] for n in range(START)], "A1")
    page = LivePage(server, book.id)
    page.open(0)
    before = page.values(0)
    answers = [
        page.type(0, d[1], d[2], "new") if d[0] == "type" else page.request(request_for(d)) for d in doings
    ]
    after = page.values(0)
    back = answers[-1].get("undo", 0) if answers[-1]["type"] == "done" else len(doings)
    for _ in range(back):
        if page.ask({"type": "undo"})["type"] == "refused":
            break
    assert without_blank_end(page.values(0)) == without_blank_end(before)
    while page.ask({"type": "redo"})["type"] != "refused":
        pass
    assert without_blank_end(page.values(0)) == without_blank_end(after)
    page.close()
    client.del_spreadsheet(book.id)


def without_blank_end(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows without the blank ones at the end: a row that was typed in stays, emptied."""
    kept = list(rows)
    while kept and not kept[-1]:
        kept.pop()
    return kept
