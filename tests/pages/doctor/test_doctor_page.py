"""The sheet doctor's page over a real book: look, tick, apply, bring back."""

import html
import re

import pytest

from widgets.doctor import doctor_page

NOW = "2026-11-23T09:00:00+08:00"


def words(widget):
    """Return the text of an HTML widget."""
    return html.unescape(re.sub(r"<[^>]+>", " ", widget.value))


@pytest.fixture
def broken(small_book):
    """A book whose tickets somebody broke: two spaces, a code that there is not, a sum below."""
    sheet = small_book.workbook.worksheet("tickets")
    header = sheet.row_values(1)

    def write(row, name, value):
        sheet.update_cell(row, header.index(name) + 1, value)

    write(2, "need", " To be told <b>")
    write(3, "need", "To  be told")
    write(4, "priority", "P9")
    write(5, "subject", "Total")
    return small_book


@pytest.fixture
def open_doctor(broken, monkeypatch):
    """Return a function that opens the page as somebody and gives its view."""

    def opened(person="E01", query=""):
        monkeypatch.setenv("OPSLINE_NOW", NOW)
        monkeypatch.setenv("OPSLINE_PERSON", person)
        monkeypatch.setenv("QUERY_STRING", query)
        return doctor_page(broken).main.children[-1]

    return opened


def test_nothing_is_found_before_somebody_looks(open_doctor):
    """The page paints at once; looking is a button."""
    view = open_doctor()

    assert view.seen is None
    assert view.keep.disabled
    assert "not looked at yet" in words(view.hint)
    assert words(view.tiles).count("not measured") == 6


def test_findings_stand_in_groups_of_a_kind(open_doctor):
    """With how many there are, and how sure their fix is."""
    view = open_doctor()
    view.look.click()

    assert list(view.findings.groups) == ["unknown_code", "space", "stray_row"]
    assert "4 findings in 1 sheets: 2 sure, 1 likely, 1 need a person." in words(view.note)
    assert view.apply.disabled


def test_a_finding_shows_old_and_new_and_leads_to_its_cell(open_doctor):
    """White space can be seen; what a person typed is text, not markup."""
    view = open_doctor()
    view.look.click()
    shown = view.findings.groups["space"].children[0].children

    said = next(each.value for each in shown if "␣To be" in str(getattr(each, "value", "")))
    assert "␣To be told &lt;b&gt; → To be told &lt;b&gt;" in said
    assert re.search(r'href="http[^"]+#gid=\d+&amp;range=[A-Z]+2"', said)


def test_only_what_is_ticked_is_applied(open_doctor, broken):
    """One of two spaces; the other is found again."""
    view = open_doctor()
    view.look.click()
    boxes = view.findings.groups["space"].boxes
    next(iter(boxes.values())).value = True
    assert view.apply.description == "Put right what is ticked (1)"
    view.apply.click()

    needs = broken.load("tickets")["tickets"]["need"].tolist()
    assert needs[:2] == ["To be told <b>", "To  be told"]
    assert "Put right: 1." in words(view.note)
    assert len(view.findings.groups["space"].findings) == 1
    journal = broken.load("journal")["journal"]
    mine = journal.loc[journal["source"] == "doctor", ["who", "field", "new"]]
    assert mine.to_numpy().tolist() == [["E01", "need", "To be told <b>"]]


def test_a_renamed_column_is_proposed_and_named_again_when_ticked(open_doctor, broken):
    """With how many rows hold the same; what the person wrote above it is text, not markup."""
    broken.load("tickets")
    sheet = broken.workbook.worksheet("tickets")
    place = sheet.row_values(1).index("subject") + 1
    sheet.update_cell(1, place, "<b>What</b>")
    view = open_doctor()
    view.look.click()
    group = view.findings.groups["renamed_header"]
    said = " ".join(str(getattr(each, "value", "")) for each in group.children[0].children)
    assert "&lt;b&gt;What&lt;/b&gt;" in said
    assert "<b>What" not in said
    assert "and 3 of 3 rows hold the same" in html.unescape(said)
    (box,) = group.boxes.values()
    assert not box.value
    box.value = True
    view.apply.click()

    assert sheet.cell(1, place).value == "subject"
    assert "renamed_header" not in view.findings.groups
    journal = broken.load("journal")["journal"]
    about = journal.loc[journal["field"] == "#header", ["source", "old", "new"]]
    assert about.to_numpy().tolist() == [
        ["sheet", "subject", "<b>What</b>"],
        ["doctor", "<b>What</b>", "subject"],
    ]


def test_a_kind_is_ticked_as_a_whole(open_doctor):
    """And its ticks can be taken away again."""
    view = open_doctor()
    view.look.click()
    group = view.findings.groups["space"]
    group.all.value = True
    assert [box.value for box in group.boxes.values()] == [True, True]
    assert len(view.findings.ticked()) == 2
    group.all.value = False
    assert view.findings.ticked() == []


def test_filters_narrow_what_is_shown_and_keep_the_ticks(open_doctor):
    """By kind, by sheet, by how sure."""
    view = open_doctor()
    view.look.click()
    view.findings.groups["space"].all.value = True
    view.findings.filters["trust"].value = "person"

    assert list(view.findings.groups) == ["unknown_code"]
    assert len(view.findings.ticked()) == 2
    view.findings.filters["trust"].value = ""
    assert [box.value for box in view.findings.groups["space"].boxes.values()] == [True, True]


def test_a_row_goes_to_quarantine_and_back(open_doctor, broken):
    """The page shows why it is there."""
    view = open_doctor()
    view.look.click()
    view.findings.groups["stray_row"].boxes["tickets.A5.stray_row"].value = True
    view.apply.click()

    (box,) = view.kept.boxes.values()
    assert box.label == "tickets · Total"
    assert len(broken.load("tickets")["tickets"]) == 3
    box.value = True
    view.kept.back.click()
    assert "Brought back: T-261123-" in words(view.note)
    assert view.kept.boxes == {}
    assert len(broken.load("tickets")["tickets"]) == 4


def test_an_agent_may_mend_tickets_and_move_no_row(open_doctor, broken):
    """Who may not change a sheet by hand may not have it changed either."""
    view = open_doctor("E02")
    view.look.click()
    view.findings.groups["space"].all.value = True
    view.findings.groups["stray_row"].boxes["tickets.A5.stray_row"].value = True
    view.apply.click()

    assert "may not change 'Quarantine'" in words(view.note)
    assert broken.load("tickets")["tickets"]["need"].tolist()[1] == "To  be told"
    view.findings.groups["stray_row"].boxes["tickets.A5.stray_row"].value = False
    view.apply.click()
    assert "Put right: 2." in words(view.note)


def test_the_score_is_kept_and_shown(open_doctor, broken):
    """Measured on looking, kept on asking; the tile says both figures."""
    view = open_doctor()
    view.look.click()
    assert re.search(r"Uniqueness\s+100 %", words(view.tiles))
    view.keep.click()

    assert "kept in the sheet 'data_quality'" in words(view.note)
    kept = broken.load("data_quality")["data_quality"]
    validity = kept[(kept["sheet"] == "tickets") & (kept["dimension"] == "validity")].iloc[0]
    assert validity["checked"] - validity["passed"] == 3
    assert "not measured" not in words(open_doctor().tiles).partition("Uniqueness")[0]


@pytest.mark.parametrize(("query", "heading"), [("lang=zh-Hans", "多余空格"), ("lang=zh-Hant", "多餘空格")])
def test_it_speaks_chinese(open_doctor, query, heading):
    """All of it."""
    view = open_doctor(query=query)
    view.look.click()

    assert heading in words(view.findings.groups["space"].children[0].children[0])
