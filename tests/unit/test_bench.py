"""What the benches of pages make of their measurements; they themselves are not run here."""

import json

from bench import pages
from bench.visits.report import ratio, spread, table
from bench.visits.servers import cpu_ticks


def test_a_spread_shows_median_least_and_greatest_and_one_measurement_alone():
    assert spread([3.0, 1.0, 2.0]).text(1) == "2.0 (1.0-3.0)"
    assert spread([1.26]).text(1) == "1.3"
    assert spread([]) is None


def test_ours_is_compared_with_the_best_median_of_the_others():
    """Panel's best visit was quicker than Dash's, its median was not."""
    assert ratio([1.0, 9.0, 1.0], {"Dash": [2.0, 2.0, 2.0], "Panel": [1.0, 3.0, 3.0]}) == (0.5, "Dash")
    assert ratio([], {"Dash": [2.0]}) is None


def test_the_ticks_of_a_process_are_its_own_and_its_ended_childrens_whatever_it_is_called():
    assert cpu_ticks("7 (a (b) c) S 1 7 7 0 -1 0 0 0 0 0 10 5 3 2 20 0 1 0 99") == 20


def test_columns_are_as_wide_as_their_widest_cell():
    assert table(["a", "bc"], [["1", "2"], ["333", ""]]).splitlines() == [
        "| a   | bc |",
        "|-----|----|",
        "| 1   | 2  |",
        "| 333 |    |",
    ]


def test_the_table_of_pages_says_what_was_measured_and_how_ours_stands():
    ours = pages.Measured(painted_first=[500.0, 700.0, 600.0], filter=[100.0], stale=2, changes=9)
    ours.looking = [{"viewers": 0, "each": 0.0}, {"viewers": 10, "each": 1.25}]
    measured = {"Opsline": vars(ours), "Dash": vars(pages.Measured(painted_first=[1000.0], filter=[100.0]))}
    about = {
        "date": "2026-11-27",
        "machine": "a machine",
        "load": [0],
        "commit": "c",
        "python": "3",
        "chromium": "1",
    }
    shown = pages.shown_of({"about": about, "rows": 50_000, "measured": measured})
    assert json.loads(json.dumps(measured)) == measured
    lines = {line.split("|")[1].strip(): line for line in shown.splitlines() if line.startswith("|")}
    assert "0.60 (0.50-0.70)" in lines["first visit: painted, s"]
    assert "2 in 9 changes" in lines["stale charts"]
    assert "| 1.2" in lines["one more viewer, at 10, MB"]
    assert "0.60 of Dash" in lines["painted, first visit"]
    assert lines["painted, first visit"].rstrip(" |").endswith("yes")
    assert lines["filter to repaint"].rstrip(" |").endswith("no")
