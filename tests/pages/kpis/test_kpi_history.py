"""A KPI's changes: a new plan is undone whole, and what came with many others says so."""


def test_a_new_plan_is_undone(open_kpis, year_book):
    """Its targets go, and the plan that was approved before counts again."""
    before = year_book.load("kpi_targets")["kpi_targets"]
    view = open_kpis("kpi=K10")
    replan = view.detail.replan
    replan.method.value = "even"
    replan.total.value = "50400"
    replan.save.click()
    assert len(year_book.load("kpi_targets")["kpi_targets"]) > len(before)
    changes = view.detail.changes
    changes.opener.click()
    save = year_book.load("journal")["journal"]["save"].iloc[-1]

    assert changes.undos[save].description == "Undo this change"
    changes.undos[save].click()
    assert "Undone." in changes.told_note.value
    kept = ["version", "updated_at", "updated_by"]
    after = year_book.load("kpi_targets")["kpi_targets"]
    assert after.drop(columns=kept).equals(before.drop(columns=kept))


def test_another_kpi_shows_its_own_changes(open_kpis, year_book, now):
    """The same part of the page is used for each."""
    from sheets_schema.book import Change

    for kpi, note in (("K10", "Ten"), ("K11", "Eleven")):
        changed = Change("kpis", {"formula": note}, id=kpi)
        year_book.save([changed], who="E01", source="kpis", now=now)
    view = open_kpis("kpi=K10")
    view.detail.changes.opener.click()
    assert "→ Ten" in view.detail.changes.value
    view.desk.set_query(kpi="K11")
    view.refresh()
    assert "→ Eleven" in view.detail.changes.value
    assert "→ Ten" not in view.detail.changes.value
