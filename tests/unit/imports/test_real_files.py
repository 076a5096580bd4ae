"""Files that nobody here wrote, against the figures that others published about them."""

from pathlib import Path

import pandas as pd
import pytest

from opsline.imports.errors import ImportRefused
from opsline.imports.recipe import Column, Recipe, Rows, load_recipe
from sheets_schema.tickets.durations import resolution_times

UCI = Path(__file__).parents[3] / "opsline" / "imports" / "mappings" / "uci.yaml"
LOG = "uci_incident_event_log.csv.xz"
MESSY = (
    "calamine_header-row.xlsx",
    "readxl_blanks.xlsx",
    "readxl_dates-1904.xls",
    "readxl_deaths.xlsx",
    "readxl_empty-sheets.xlsx",
    "readxl_iris-google-doc.xlsx",
    "readxl_names-need-repair-xlsx.xlsx",
    "readxl_texty-dates-xlsx.xlsx",
    "readxl_unnamed-duplicated-columns.xlsx",
    "readxl_whitespace-xlsx.xlsx",
    "sheetjs_merge_cells.xlsx",
)


def uci(**rows: object) -> Recipe:
    """Return the committed recipe for the log, with other rows of it taken."""
    recipe = load_recipe(UCI)
    columns = recipe.columns if not rows.pop("no_key", False) else recipe.columns[1:]
    return Recipe(recipe.table, columns, missing=recipe.missing, rows=Rows(**rows))


def test_the_incidents_give_the_published_figures(check, shared):
    """24,918 in; mean 178.2 h, median 22.1 h, max 8,070.2 h; 8,930 of 23,362 (38.2 %) were late."""
    found = check(shared / "uci_incidents_last_row.csv.xz", recipe=uci())
    times = resolution_times(found.frame, found.frame["made_sla"])

    assert (times.tickets, times.resolved, times.tickets - times.resolved) == (24_918, 23_362, 1_556)
    assert (round(times.mean, 1), round(times.median, 1), round(times.maximum, 1)) == (178.2, 22.1, 8070.2)
    assert (times.breached, round(100 * times.breach_share, 1)) == (8_930, 38.2)
    assert (found.faults, found.refused) == ([], 0)


@pytest.mark.slow
def test_the_first_119998_events_give_the_published_figures(check, shared):
    """20,769 incidents, 19,351 resolved, mean 187.678042 h; by priority n, mean and median."""
    found = check(shared / LOG, recipe=uci(first=119_998, last_of="number"))
    times = resolution_times(found.frame, found.frame["made_sla"])
    solved = found.frame.dropna(subset=["resolved_at"])
    hours = (solved["resolved_at"] - solved["opened_at"]) / pd.Timedelta(hours=1)
    by_priority = hours.groupby(solved["priority"]).agg(["size", "mean", "median"]).round(6)

    assert (times.tickets, times.resolved) == (20_769, 19_351)
    assert (round(times.mean, 6), round(hours.std(), 6)) == (187.678042, 547.746399)
    assert [round(hours.quantile(share), 6) for share in (0.25, 0.5, 0.75, 0.9, 0.95, 0.99)] == [
        0.5,
        24.6,
        165.366667,
        397.366667,
        747.7,
        2952.091667,
    ]
    assert by_priority.to_numpy().tolist() == [
        [220, 279.181818, 78.166667],
        [337, 170.424827, 48.316667],
        [18_226, 182.63469, 24.291667],
        [568, 324.304167, 22.85],
    ]


def test_the_first_5000_rows_do_not_fall_into_the_date_trap(check, shared):
    """Read month-first they gave somebody 61 days; the closed rows' answer is 10 d 22:28:22, 715 of 738."""
    where = {"incident_state": ("Closed",)}
    found = check(shared / LOG, recipe=uci(first=5_000, where=where, no_key=True))
    times = resolution_times(found.frame, found.frame["made_sla"])

    assert (times.resolved, times.tickets) == (715, 738)
    assert pd.Timedelta(hours=times.mean).floor("s") == pd.Timedelta("10 days 22:28:22")


@pytest.mark.parametrize("table", ["tickets", "risks", "people"])
@pytest.mark.parametrize("name", MESSY)
def test_a_messy_file_gives_faults_or_a_sentence_and_nothing_else(check, shared, name, table):
    """Workbooks made to break readers: every row is imported, or is a fault by its cell."""
    try:
        found = check(shared / "messy" / name, table)
    except ImportRefused as refusal:
        assert "{" not in str(refusal)
        return
    rows = len(list(found.plan.rows()))

    assert len(found.records) + found.refused <= rows
    assert found.faults or not found.refused


@pytest.fixture
def register(shared):
    """The recipe of a real team's risk register: header in row 19 beside an empty column."""
    columns = (
        Column("id", "Risk ID"),
        Column("name", "Risk Description"),
        Column("consequence", "Impact Description"),
        Column("contingency", "Mitigation Notes"),
        Column("identified_at", "Date Identified"),
        Column(
            "category",
            "Category",
            codes={"Technical": "technology", "Health / Safety": "customer", "UI": "technology"},
            otherwise="process",
        ),
    )
    return Recipe("risks", columns)


def test_a_real_register_is_found_in_row_19_and_its_23_risks_go_in(check, shared, register):
    """Two rows are numbered but not filled in: they are faults."""
    found = check(shared / "tikasathi_risk_register.xlsx", "risks", register)

    assert found.plan.place.header == 19
    assert len(found.records) == 23
    assert found.records[0]["identified_at"] == pd.Timestamp("2026-08-06")


def test_a_real_register_proposes_its_own_mapping(check, shared):
    """Names, synonyms and what stands in the columns are enough for most of it."""
    found = check(shared / "tikasathi_risk_register.xlsx", "risks")
    proposed = {each.field: each.source for each in found.plan.recipe.columns}

    assert proposed["id"] == "Risk ID"
    assert proposed["name"] == "Risk Description"
    assert proposed["identified_at"] == "Date Identified"
    assert proposed["contingency"] == "Mitigation Notes"


def test_a_councils_scorecard_proposes_its_own_mapping(check, shared):
    """45 KPIs; what must be said about each and the file does not say is a fault, not a guess."""
    found = check(shared / "hart_dc_kpis_2014_15_q2.csv", "kpis")
    proposed = {each.field: each.source for each in found.plan.recipe.columns}

    assert proposed["id"] == "kpi"
    assert proposed["name"] == "description"
    assert found.plan.profile.rows == 45


def test_a_small_log_of_the_same_shape_gives_its_figures(check, write):
    """(10 + 20 + 60) h / 3 = 30 h, median 20 h; one of three was late; `?` is missing, -100 is a state."""
    head = "number,incident_state,made_sla,caller_id,opened_at,resolved_at,closed_at,contact_type,category,"
    head += "subcategory,u_symptom,impact,urgency,priority,assignment_group,assigned_to,reopen_count\n"
    tail = "Phone,Category 1,Subcategory 2,?,2 - Medium,2 - Medium,3 - Moderate,Group 1,?,0\n"
    times = [
        ("INC1", "Closed", "true", "3/4/2016 05:00", "3/4/2016 15:00"),
        ("INC2", "Closed", "true", "29/2/2016 01:00", "29/2/2016 21:00"),
        ("INC3", "Closed", "false", "5/6/2016 00:00", "7/6/2016 12:00"),
        ("INC4", "-100", "true", "6/6/2016 00:00", "?"),
    ]
    rows = "".join(f"{n},{state},{sla},Caller 1,{a},{b},?,{tail}" for n, state, sla, a, b in times)
    found = check(write(head + rows), recipe=uci())
    figures = resolution_times(found.frame, found.frame["made_sla"])

    assert found.faults == []
    assert (figures.tickets, figures.resolved, figures.mean, figures.median) == (4, 3, 30.0, 20.0)
    assert (figures.breached, figures.maximum) == (1, 60.0)
    assert found.added == {"categories": ["Category 1"], "teams": ["Group 1"], "people": []}
    assert found.records[3]["status"] == "in_progress"
