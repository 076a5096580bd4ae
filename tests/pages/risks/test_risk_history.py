"""A risk's changes: read when somebody asks, undone and brought back over a real book."""

from sheets_schema.book import Change, open_book


def save(book, changes, now):
    """Save as the manager, from the page."""
    return book.save(changes, who="E01", source="risks", now=now)


def test_nothing_is_read_before_somebody_asks_and_a_treatment_is_undone(open_risks, risk_book, now):
    """The page does not load the journal; a press reads it and tells of the risk and what belongs to it."""
    treatment = {"risk": "R07", "strategy": "reduce", "measure": "Split <b>the sheet</b>", "status": "open"}
    (added,) = save(risk_book, [Change("treatments", treatment)], now).ids
    changed = save(risk_book, [Change("risks", {"cause": "Shared too widely"}, id="R07")], now)
    view = open_risks("risk=R07")
    changes = view.detail.changes
    assert "journal" not in view.desk.tables
    assert changes.value == ""
    changes.opener.click()

    assert "Cause: x &lt; y → Shared too widely" in changes.value
    assert f"Treatments {added}" in changes.value
    assert "Split &lt;b&gt;the sheet&lt;/b&gt;" in changes.value
    changes.undos[changed.save].click()
    assert "Undone." in changes.told_note.value
    assert risk_book.load("risks")["risks"].set_index("id").loc["R07", "cause"] == "x < y"
    assert changes.value.count("Undone by Chen Wei") == 1


def test_a_treatment_that_was_deleted_in_the_sheet_is_brought_back(open_risks, risk_book):
    """It is not among the risk's treatments any more, but its line of the journal names the risk."""
    frame = risk_book.load("treatments")["treatments"]
    (gone,) = frame.loc[frame["risk"] == "R12", "id"]
    sheet = open_book(risk_book.address.removesuffix("/edit")).workbook.worksheet("treatments")
    sheet.delete_rows(sheet.find(gone).row)
    risk_book.load("treatments")
    view = open_risks("risk=R12")
    assert "Until protected ranges are live" not in view.detail.treatments.value
    view.detail.changes.opener.click()
    assert "Row deleted" in view.detail.changes.value

    view.detail.changes.backs["treatments", gone].click()
    assert "Brought back." in view.detail.changes.told_note.value
    assert "Until protected ranges are live" in view.detail.treatments.value
    assert view.detail.changes.backs == {}


def test_who_may_not_change_risks_has_no_button(open_risks, risk_book, now):
    """An agent reads the history and undoes nothing."""
    changed = save(risk_book, [Change("risks", {"cause": "Shared too widely"}, id="R07")], now)
    view = open_risks("risk=R07", person="E03")
    view.detail.changes.opener.click()
    assert "Shared too widely" in view.detail.changes.value
    assert view.detail.changes.undos == {}
    view.detail.changes._on_undo(changed.save)
    assert "Not saved." in view.detail.changes.told_note.value


def test_a_risk_that_was_deleted_in_the_sheet_is_brought_back(open_risks, risk_book):
    """The link to it leads to the register, and to what the journal has of it."""
    risk_book.load("risks")
    sheet = open_book(risk_book.address.removesuffix("/edit")).workbook.worksheet("risks")
    sheet.delete_rows(sheet.find("R07").row)
    risk_book.load("risks")
    view = open_risks("risk=R07")
    view.lost.opener.click()
    view.lost.backs["risks", "R07"].click()
    assert view.detail.code == "R07"
    assert view.children[-1] is view.detail
