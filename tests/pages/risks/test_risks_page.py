"""The risk page over a real book in a real server."""

import html
import re

import pandas as pd
import pytest

from sheets_schema.book import Change


def words(widget):
    """Return the text of an HTML widget."""
    return html.unescape(re.sub(r"<[^>]+>", " ", widget.value))


def fill(form, **values):
    """Type into a form's fields."""
    for name, value in values.items():
        form.inputs[name].value = value


def test_the_register_shows_three_stages_and_the_money(open_risks):
    """R07 ranks second by cell and first by money: amber."""
    rows = open_risks().overview.grid.frame.set_index("id")

    assert rows.loc["R07", ["inherent", "current", "target"]].tolist() == [
        "red|4×5",
        "red|2×5 High",
        "amber|1×5",
    ]
    assert round(rows.loc["R07", "ale"], 1) == 46.8
    assert rows.loc["R07", "ranks"] == "grey|2 / 1"
    assert re.fullmatch(r"http.*range=A\d+.*\|Row \d+", rows.loc["R07", "place"])


def test_what_stands_out_is_on_top(open_risks):
    """Two risks above 9; R12's acceptance has a week left."""
    shown = words(open_risks().overview.tiles)

    assert re.search(r"Open risks\s+3", shown)
    assert re.search(r"Above appetite\s+2", shown)
    assert "R12: expires in 7 days" in shown


def test_the_map_counts_each_cell_of_a_stage(open_risks):
    """Current: 4 x 3, 2 x 5, 2 x 4; switched to inherent: 5 x 4, 4 x 5, 4 x 4."""
    view = open_risks()
    heat = view.overview.map
    now = {key for key, cell in heat.map.cells.items() if cell["ids"]}
    heat.stage.value = "inherent"
    before = {key for key, cell in heat.map.cells.items() if cell["ids"]}

    assert now == {"4x3", "2x5", "2x4"}
    assert before == {"5x4", "4x5", "4x4"}
    assert view.desk.query["stage"] == "inherent"
    assert heat.map.cells["5x4"]["label"] == "Likelihood 5, impact 4, Extreme: R01"


def test_a_colour_that_is_no_colour_does_not_reach_the_page(open_risks):
    """A cell's text is input: "red;} body{" would be CSS."""
    cells = open_risks().overview.map.map.cells

    assert cells["5x5"]["colour"] == ""
    assert cells["1x1"]["colour"] == "#2e7d32"


def test_a_cell_lists_its_risks_and_again_closes_the_list(open_risks):
    """What a click, or Enter on the focused cell, sends."""
    view = open_risks()
    heat = view.overview.map
    heat.map.chosen = "2x5"
    heat.map.picked += 1

    assert view.desk.query["cell"] == "2x5"
    assert "In this cell (2 × 5, High)" in words(heat.listed)
    assert "R07 Personal data leak <b>" in words(heat.listed)
    assert "<b>" not in heat.listed.value
    heat.map.chosen = "2x5"
    heat.map.picked += 1
    assert "cell" not in view.desk.query


def test_an_empty_cell_says_so(open_risks):
    """Instead of nothing."""
    assert "No risk lies in this cell" in words(open_risks("cell=1x1").overview.map.listed)


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ("controlled", {("5x4", "4x3"), ("4x5", "2x5"), ("4x4", "2x4")}),
        ("planned", {("4x3", "3x3"), ("2x5", "1x5"), ("2x4", "2x2")}),
        ("quarter", {("3x4", "4x3"), ("3x5", "2x5")}),
    ],
)
def test_movements_are_arrows_and_a_table(open_risks, moves, expected):
    """Between stages, and between dates; R12 stood still since August."""
    heat = open_risks(f"moves={moves}").overview.map

    assert {(way["from"], way["to"]) for way in heat.map.ways} == expected
    assert "The movements as a table" in words(heat.table)


def test_a_filter_narrows_register_and_map(open_risks):
    """The address bar has it."""
    view = open_risks()
    view.overview.filters["category"].value = "market"

    assert view.overview.grid.frame["id"].tolist() == ["R01"]
    assert [key for key, cell in view.overview.map.map.cells.items() if cell["ids"]] == ["4x3"]
    assert view.desk.query["category"] == "market"


def test_a_row_opens_the_risk_and_back_again(open_risks):
    """The same kernel, another address."""
    view = open_risks()
    view.overview.grid.selected = "R07"
    view.overview.grid.picked += 1

    assert view.desk.query["risk"] == "R07"
    assert "Its money says it is worse than its cell shows" in words(view.detail.lenses)
    view.detail.back.click()
    assert view.children[1] is view.overview


def test_an_unknown_risk_is_said(open_risks):
    """And the register is shown all the same."""
    view = open_risks("risk=R99")

    assert "There is no risk 'R99'" in words(view.note)
    assert view.children[-1] is view.overview


def test_a_reassessment_is_a_new_row_and_the_map_follows(open_risks, risk_book):
    """2 x 5 becomes 1 x 5; the earlier rows stay as they are; the journal knows who."""
    view = open_risks("risk=R07")
    before = view.desk.frame("risk_assessments")
    form = view.detail.reassess.form
    fill(form, stage="current", likelihood="1", impact="5", rationale="=1+1 <i>")
    assert "That is 5: Moderate." in words(view.detail.reassess.becomes)
    view.detail.reassess.save.click()

    after = risk_book.load("risk_assessments", "journal")
    rows = after["risk_assessments"]
    mine = rows[rows["risk"] == "R07"].iloc[-1]
    assert len(rows) == len(before) + 1
    assert mine[["stage", "likelihood", "impact", "assessor", "rationale"]].tolist() == [
        "current", 1, 5, "E01", "=1+1 <i>",
    ]  # fmt: skip
    assert "Saved: R07 is 5, Moderate." in words(view.detail.reassess.note)
    assert "1 × 5 = 5 Moderate" in words(view.detail.head)
    assert set(after["journal"]["sheet"]) >= {"risk_assessments"}
    assert "<i>" not in view.detail.rows.value


def test_money_is_said_while_it_is_typed(open_risks):
    """0.3 x mean of the lognormal of 20 000 to 200 000 = 24 240."""
    reassess = open_risks("risk=R12").detail.reassess
    fill(reassess.form, likelihood="2", impact="4", probability=0.3, loss_low=20000, loss_high=200000)

    assert "Expected annual loss 24,240" in words(reassess.becomes)


def test_blockers_stand_beside_their_fields(open_risks, risk_book):
    """Nothing is written while something is missing, and what is typed stays."""
    view = open_risks("risk=R07")
    reassess = view.detail.reassess
    fill(reassess.form, rationale="Seen in the audit")
    reassess.save.click()

    assert reassess.form.inputs["likelihood"].error == "This has to be filled in."
    assert reassess.form.inputs["rationale"].value == "Seen in the audit"
    assert len(risk_book.load("risk_assessments")["risk_assessments"]) == len(
        view.desk.frame("risk_assessments")
    )


def test_a_loss_that_ends_before_it_begins_is_refused(open_risks):
    """A sentence, not a strange figure."""
    reassess = open_risks("risk=R07").detail.reassess
    fill(reassess.form, likelihood="2", impact="5", loss_low=90, loss_high=10)
    reassess.save.click()

    assert "upper end of the loss must not lie below" in words(reassess.note)


def test_an_extreme_risk_cannot_be_accepted(open_risks, risk_book):
    """R07 gets worse; then accepting it is refused by its level, with what is allowed."""
    view = open_risks("risk=R07")
    fill(view.detail.reassess.form, stage="current", likelihood="5", impact="5")
    view.detail.reassess.save.click()
    treat = view.detail.treat
    fill(treat.form, strategy="accept", measure="Live with it", expires="2026-12-31")
    treat.save.click()

    assert "cannot be answered with 'accept'; allowed are: avoid, reduce, transfer" in words(treat.note)
    assert len(risk_book.load("treatments")["treatments"]) == 1
    assert treat.form.inputs["measure"].value == "Live with it"


@pytest.mark.parametrize(
    ("person", "expires", "reason"),
    [
        ("E02", "2026-12-31", "needs the approval of: manager"),
        ("E01", "", "needs the day on which it expires"),
        ("E01", "2026-11-01", "is over already"),
        ("E03", "2026-12-31", "needs the approval of: manager"),
    ],
)
def test_accepting_has_its_rules(open_risks, risk_book, person, expires, reason):
    """A high risk needs a manager; an acceptance needs a day to come."""
    treat = open_risks("risk=R07", person).detail.treat
    fill(treat.form, strategy="accept", measure="Live with it", expires=expires)
    treat.save.click()

    assert reason in words(treat.note)
    assert len(risk_book.load("treatments")["treatments"]) == 1


def test_a_manager_accepts_for_a_time(open_risks, risk_book):
    """The row says who approved and until when, and the page counts the days."""
    view = open_risks("risk=R07")
    fill(view.detail.treat.form, strategy="accept", measure="Until the move", expires="2026-12-03")
    view.detail.treat.save.click()

    row = risk_book.load("treatments")["treatments"].iloc[-1]
    assert row[["risk", "strategy", "approved_by"]].tolist() == ["R07", "accept", "E01"]
    assert row["expires"] == pd.Timestamp("2026-12-03")
    assert "expires in 10 days" in words(view.detail.treatments)


def test_a_reduction_is_added_by_a_lead(open_risks, risk_book):
    """No approval is needed to make a risk smaller."""
    view = open_risks("risk=R01", "E02")
    treat = view.detail.treat
    fill(
        treat.form,
        strategy="reduce",
        measure="Overflow vendor",
        cost=25,
        expected_likelihood="3",
        expected_impact="3",
    )
    treat.save.click()

    row = risk_book.load("treatments")["treatments"].iloc[-1]
    assert row[["risk", "measure", "cost", "expected_likelihood"]].tolist() == [
        "R01",
        "Overflow vendor",
        25.0,
        3,
    ]
    assert "3 × 3 = 9 High" in words(view.detail.treatments)


def test_an_agent_may_look_and_not_write(open_risks, risk_book):
    """The role is asked in Python, because the button can be fired by anybody."""
    view = open_risks("risk=R01", "E03")
    fill(view.detail.treat.form, strategy="reduce", measure="x")
    view.detail.treat.save.click()

    assert "Not saved." in words(view.detail.treat.note)
    assert len(risk_book.load("treatments")["treatments"]) == 1


def test_a_new_risk_comes_with_its_first_assessment(open_risks, risk_book):
    """One save, two rows; the page then shows the risk."""
    view = open_risks("lang=zh-Hant")
    add = view.overview.add
    fill(add.risk, name="供應商中斷", category="supplier", response="reduce", owner="E02")
    fill(add.assessment, likelihood="3", impact="4")
    add.save.click()

    after = risk_book.load("risks", "risk_assessments")
    risk, first = after["risks"].iloc[-1], after["risk_assessments"].iloc[-1]
    assert risk[["name", "name_zh_hant", "category", "status"]].tolist() == [
        "供應商中斷",
        "供應商中斷",
        "supplier",
        "open",
    ]
    assert first[["risk", "stage", "likelihood", "impact"]].tolist() == [risk["id"], "current", 3, 4]
    assert view.desk.query["risk"] == risk["id"]
    assert view.children[1] is view.detail


def test_a_new_risk_is_not_accepted_where_its_level_forbids_it(open_risks, risk_book):
    """5 x 5 is extreme."""
    add = open_risks().overview.add
    fill(add.risk, name="War", category="market", response="accept")
    fill(add.assessment, likelihood="5", impact="5")
    add.save.click()

    assert "cannot be answered with 'accept'" in words(add.note)
    assert add.risk.inputs["name"].value == "War"
    assert len(risk_book.load("risks")["risks"]) == 3


def test_a_broken_rule_is_shown_where_the_sheet_breaks_it(open_risks, risk_book):
    """Somebody set R12 to 4 x 5 in the sheet; it is accepted, and extreme may not be."""
    view = open_risks("risk=R12")
    view.detail.reassess.form.inputs["rationale"].value = "being typed"
    frame = view.desk.frame("risk_assessments")
    newest = frame[(frame["risk"] == "R12") & (frame["stage"] == "current")].iloc[-1]
    change = Change("risk_assessments", {"likelihood": 4, "impact": 5}, id=newest["id"])
    risk_book.save([change], who="E01", source="test", now=view.desk.now())
    view.desk.reload()

    assert "its level 'Extreme' does not allow (allowed: avoid, reduce, transfer)" in words(
        view.detail.warning
    )
    assert view.detail.reassess.form.inputs["rationale"].value == "being typed"


def test_the_team_s_own_field_is_in_form_table_and_page(open_risks, risk_book):
    """A row in `fields` is enough."""
    field = {
        "id": "F1",
        "table": "risks",
        "name": "region",
        "type": "string",
        "label_en": "Region",
        "position": 1,
    }
    risk_book.save(
        [Change("fields", field)], who="E01", source="test", now=pd.Timestamp("2026-11-23", tz="UTC")
    )
    view = open_risks()
    if "region" not in view.desk.book.tables["risks"].names:
        pytest.fail("the book does not know the team's field after a load")

    assert "region" in view.overview.add.risk.inputs
    assert "region" in [column.name for column in view.overview.grid._columns]


def test_a_risk_whose_cells_are_broken_is_shown_all_the_same(open_risks, risk_book):
    """A likelihood of "often" and a status that is none: the row stays, the fault names the cell."""
    for name, field, value in (("risk_assessments", "likelihood", "often"), ("risks", "status", "maybe")):
        sheet = risk_book.workbook.worksheet(name)
        header = sheet.row_values(1)
        for row in range(2, sheet.row_count + 1 if name == "risks" else 7):
            if sheet.cell(row, 1).value:
                sheet.update_cell(row, header.index(field) + 1, value)
            else:
                break
    view = open_risks()
    rows = view.overview.grid.frame.set_index("id")

    assert sorted(rows.index) == ["R01", "R07", "R12"]
    assert rows.loc["R01", "current"] == ""
    assert {fault.field for fault in view.desk.snapshot.faults} >= {"likelihood", "status"}
    view.show_one("R01")
    assert "–" in words(view.detail.head)


def test_an_empty_workbook_is_no_error(book, monkeypatch):
    """The first minute of a new workbook."""
    from widgets.risks import risks_page

    monkeypatch.setenv("QUERY_STRING", "")
    view = risks_page(book).main.children[-1]

    assert re.search(r"Open risks\s+0", words(view.overview.tiles))
    assert "No level of the sheet 'risk_levels' covers" in words(view.overview.map.note)
