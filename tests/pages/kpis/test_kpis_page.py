"""The KPI page over a real book in a real server."""

import html
import re

import pytest

from sheets_schema.book import Change
from sheets_schema.kpis.periods import months_of

NOVEMBER = "2026-11"


def words(widget):
    """Return the text of an HTML widget."""
    return html.unescape(re.sub(r"<[^>]+>", " ", widget.value))


def test_the_overview_shows_where_each_kpi_stands(open_kpis):
    """8 of 10 in time in November is red; sales are 97.0 % of plan to October; K11 has no value."""
    overview = open_kpis().overview
    shown = words(overview.tiles)

    assert "80.0 %" in shown
    assert "Off target · target 95.0 % · n = 10 · Nov 2026" in shown
    assert "No data" in shown
    assert overview.table.frame.set_index("id").loc["K10", ["actual", "target", "attainment"]].tolist() == [
        "35,851",
        "36,960",
        "97.0 %",
    ]


def test_a_draft_waits_and_a_gap_is_named(open_kpis):
    """November's sales are typed and not approved; K11 has nothing at all."""
    missing = words(open_kpis().overview.missing)

    assert "1 typed values wait for approval" in missing
    assert "K11 Active users" in missing


def test_filters_stand_in_the_address_bar(open_kpis):
    """A filtered page can be sent to a colleague."""
    view = open_kpis()
    view.overview.family.value = "growth"

    assert view.desk.query["family"] == "growth"
    assert view.overview.table.frame["id"].tolist() == ["K10", "K11"]
    assert open_kpis("family=growth").overview.table.frame["id"].tolist() == ["K10", "K11"]


def test_only_another_year_is_another_board(open_kpis):
    """A filter chooses among figures that are there; it does not reckon 100,000 tickets anew."""
    view = open_kpis()
    board = view.board
    view.overview.family.value = "growth"

    assert view.board is board
    view.desk.set_query(year="2025")
    view.follow()
    assert view.board.year == 2025
    assert view.overview.year.value == "2025"


def test_a_filter_that_lets_nothing_through_says_so(open_kpis):
    """No empty page without a word."""
    assert "No KPI matches" in words(open_kpis("family=accuracy").overview.tiles)


def test_opening_a_row_shows_its_page_and_back_again(open_kpis):
    """The same kernel, another address."""
    view = open_kpis()
    view.overview.table.selected = "K05"
    view.overview.table.picked += 1

    assert view.desk.query["kpi"] == "K05"
    assert "month" not in view.desk.query
    assert view.children[1] is view.detail
    view.detail.back.click()
    assert view.children[1] is view.overview
    assert "kpi" not in view.desk.query


def test_an_unknown_kpi_is_said(open_kpis):
    """A link from an old mail, to a KPI that was deleted."""
    assert "There is no KPI 'K99'" in words(open_kpis("kpi=K99").note)


def test_the_parts_of_a_target_are_proven(open_kpis, year_book):
    """Months, quarters and year agree; after a hand broke one in the sheet, the page says where."""
    view = open_kpis("kpi=K10")
    assert "the months come to 48,000, the quarters to 48,000, the year is 48,000" in words(view.detail.grid)

    targets = view.desk.frame("kpi_targets")
    row = targets[(targets["kpi"] == "K10") & (targets["period"] == "2026-05")].iloc[0]
    year_book.save(
        [Change("kpi_targets", {"target": 9999}, id=row["id"])], who="E01", source="test", now=view.desk.now()
    )
    view.desk.reload()

    assert "do not make the whole in Q2 2026" in words(view.detail.grid)


def test_the_breakdown_puts_parts_under_their_whole(open_kpis):
    """Three rows: year, quarters, months; each part begins where the one before it ends."""
    year, quarters, months = open_kpis("kpi=K10").detail.breakdown.figure["data"]

    assert year["x"] == [48000]
    assert quarters["x"] == [9360, 12000, 11280, 15360]
    assert quarters["base"] == [0, 9360, 21360, 32640]
    assert sum(months["x"]) == 48000


def test_the_forecast_is_seasonal_and_says_what_is_needed(open_kpis):
    """35 851 + 11 040 x 35 851 / 36 960 = 46 560; (48 000 - 35 851) / 2 = 6 074.5 a month."""
    shown = words(open_kpis("kpi=K10").detail.tiles)

    assert "46,560" in shown
    assert "6,074" in shown
    assert "110.0 % of the plan that is left" in shown


def test_a_ratio_has_no_forecast(open_kpis):
    """And says why."""
    assert "A ratio has no forecast" in words(open_kpis("kpi=K05").detail.tiles)


def test_a_ratio_is_rebuilt_from_its_parts(open_kpis):
    """October 0 of 1, November 8 of 10: 8 / 11 = 72.7 %; the average of the months would be 40."""
    grid = words(open_kpis("kpi=K05").detail.grid)

    assert "Rebuilt from 8 ÷ 11; the average of the months would say 40.0 %" in grid
    assert "72.7 %" in grid


def test_a_month_leads_to_its_tickets(open_kpis):
    """The late ones first, each with a link to itself and to its row; a cell's text stays text."""
    drill = open_kpis("kpi=K05").detail.drill
    frame = drill.grid.frame

    assert drill.month.value == NOVEMBER
    assert frame["id"].tolist()[:2] == ["T-08", "T-09"]
    assert len(frame) == 10
    assert frame["ticket"].iloc[0] == "tickets?id=T-08|T-08"
    assert re.fullmatch(r"http.*range=A\d+.*\|Row \d+", frame["place"].iloc[0])
    assert frame["subject"].iloc[0] == "=HYPERLINK(1) <b>"
    assert "10 tickets: 8 ÷ 10 = 80.0 %" in words(drill.note)


def test_clicking_a_bar_drills_into_its_month(open_kpis):
    """The click is what the chart sends: the month as customdata."""
    view = open_kpis("kpi=K05")
    view.detail.trend.clicked = {"customdata": "2026-10", "n": 1}

    assert view.detail.drill.grid.frame["id"].tolist() == ["T-10"]
    assert view.desk.query["month"] == "2026-10"


def test_a_typed_kpi_has_no_tickets_and_says_so(open_kpis):
    """Instead of an empty table."""
    drill = open_kpis("kpi=K10").detail.drill

    assert drill.typed.layout.display is None
    assert drill.grid.layout.display == "none"


def test_teams_stand_beside_the_company(open_kpis):
    """All tickets are of one team, so its figure is the company's."""
    assert re.search(r"Customer service\s+72\.7 %", words(open_kpis("kpi=K05").detail.scopes))


def test_a_preview_writes_nothing_and_holds_what_is_held(open_kpis, year_book):
    """May held at 5 000: it stays, the rest moves, the sum is proven."""
    view = open_kpis("kpi=K10")
    before = len(view.desk.frame("kpi_targets"))
    replan = view.detail.replan
    replan.method.value = "even"
    replan.held["2026-05"].value = "5000"
    replan.preview.click()
    shown = words(replan.result)

    assert "the months come to 48,000" in shown
    assert re.search(r"May 2026\s+3,840 CNY 10k\s+5,000 CNY 10k\s+held", shown)
    assert len(year_book.load("kpi_targets")["kpi_targets"]) == before


def test_saving_writes_a_new_version_and_keeps_the_old_one(open_kpis, year_book):
    """Seventeen rows of version 2, approved by the manager; the page measures against them at once."""
    view = open_kpis("kpi=K10")
    replan = view.detail.replan
    replan.method.value = "even"
    replan.total.value = "50400"
    replan.save.click()

    targets = year_book.load("kpi_targets")["kpi_targets"]
    mine = targets[targets["kpi"] == "K10"]
    new = mine[mine["plan_version"] == 2]
    assert "Saved: plan version 2 of K10" in words(replan.note)
    assert len(new) == 17
    assert set(new["approved_by"]) == {"E01"}
    months = new[new["period_type"] == "month"].set_index("period")["target"]
    assert [months[month] for month in months_of("2026")] == [4200.0] * 12
    assert (mine["plan_version"] == 1).sum() == 17
    assert "the year is 50,400" in words(view.detail.grid)
    journal = year_book.load("journal")["journal"]
    assert set(journal[journal["sheet"] == "kpi_targets"]["who"]) == {"E01"}


@pytest.mark.parametrize("person", ["E02", "E03"])
def test_only_a_manager_saves_a_plan(open_kpis, year_book, person):
    """The button can be fired by anybody; Python asks who it is."""
    view = open_kpis("kpi=K10", person)
    view.detail.replan.save.click()

    assert "Not saved. Only a manager can set a new plan" in words(view.detail.replan.note)
    assert year_book.load("kpi_targets")["kpi_targets"]["plan_version"].max() == 1


@pytest.mark.parametrize(
    ("method", "total", "held", "reason"),
    [
        ("even", "many", "", "as a number"),
        ("even", "48005", "", "not a whole multiple of the unit 10"),
        ("even", "48000", "90000", "come to more than the whole"),
        ("even", "48000", "some", "May 2026: 'some' is not a number"),
        ("growth", "48000", "", ""),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(open_kpis, year_book, method, total, held, reason):
    """Nothing is written, and what was typed is still there."""
    replan = open_kpis("kpi=K10").detail.replan
    replan.method.value, replan.total.value = method, total
    replan.held["2026-05"].value = held
    replan.preview.click()

    assert reason in words(replan.note)
    assert replan.total.value == total
    assert bool(words(replan.note).strip()) == bool(reason)


def test_a_forged_method_is_refused(open_kpis, year_book):
    """A ratio cannot be split, whatever the browser sends."""
    replan = open_kpis("kpi=K05").detail.replan
    replan.method.value = "even"
    replan.save.click()

    assert "Only a KPI that is a sum can be split" in words(replan.note)
    assert year_book.load("kpi_targets")["kpi_targets"]["plan_version"].max() == 1


def test_a_refresh_shows_the_news_and_keeps_the_typing(open_kpis, year_book):
    """Somebody approves November in the sheet while a plan is being typed."""
    view = open_kpis("kpi=K10")
    view.detail.replan.total.value = "51000"
    actuals = view.desk.frame("kpi_actuals")
    draft = actuals[actuals["period"] == NOVEMBER].iloc[0]
    year_book.save(
        [Change("kpi_actuals", {"status": "approved"}, id=draft["id"])],
        who="E01",
        source="test",
        now=view.desk.now(),
    )
    view.desk.reload()

    assert "5,000 CNY 10k" in words(view.detail.grid)
    assert view.detail.replan.total.value == "51000"


@pytest.mark.parametrize(("language", "said"), [("en", "Where"), ("zh-Hans", "达标"), ("zh-Hant", "銷售額")])
def test_the_page_speaks_three_languages(open_kpis, language, said):
    """Names come from the sheet, words from the catalogue; no key shows through."""
    view = open_kpis(f"lang={language}")
    shown = words(view.overview.tiles) + words(view.overview.families) + words(view.overview.teams)

    assert said in shown or language == "en"
    assert "kpis." not in shown


def test_a_kpi_whose_cells_are_broken_is_shown_all_the_same(open_kpis, year_book):
    """Somebody cleared family, team and direction in the sheet: a fault never hides a row."""
    sheet = year_book.workbook.worksheet("kpis")
    header = sheet.row_values(1)
    row = sheet.col_values(header.index("id") + 1).index("K05") + 1
    for name in ("family", "team", "direction"):
        sheet.update_cell(row, header.index(name) + 1, "")
    view = open_kpis()

    assert "K05 Resolution SLA met" in words(view.overview.tiles)
    assert "K05" in view.overview.table.frame["id"].tolist()
    assert any(fault.field == "family" for fault in view.desk.snapshot.faults)


def test_an_empty_workbook_is_no_error(book, monkeypatch):
    """The first minute of a new workbook."""
    from widgets.kpis import kpis_page

    monkeypatch.setenv("QUERY_STRING", "")
    view = kpis_page(book).main.children[-1]

    assert "No KPI matches" in words(view.overview.tiles)
