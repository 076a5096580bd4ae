"""A form that follows from its table."""

from __future__ import annotations

import pandas as pd
import pytest

from sheets_schema.language import Field, Table
from widgets.desk import Desk
from widgets.form import Form

FIELDS = (
    Field("subject", required=True, title="Subject"),
    Field("need", title="Need", hint={"en": "What happened."}),
    Field(
        "impact",
        enum=("low", "high"),
        choices={"low": {"en": "Low", "zh-Hans": "低"}, "high": {"en": "High"}},
    ),
    Field("hours", "integer", minimum=1, title="Hours"),
    Field("cost", "number"),
    Field("due", "date"),
    Field("at", "datetime"),
    Field("vip", "boolean"),
    Field("company", show_if={"impact": ("high",)}),
)


@pytest.fixture
def form(desk: Desk) -> Form:
    """A form of every kind of field."""
    table = Table("things", FIELDS)
    return Form(table, [field.name for field in FIELDS], desk)


def test_what_is_typed_is_what_a_frame_holds(form: Form) -> None:
    """Numbers are numbers, days are naive, and nine in the morning in Shanghai is one o'clock in UTC."""
    typed = {
        "subject": " Lamp ",
        "impact": "high",
        "hours": "3",
        "cost": "2.5",
        "due": "2026-11-30",
        "at": "2026-11-23T09:00",
        "vip": True,
    }
    for name, value in typed.items():
        form.inputs[name].value = value

    assert form.values == {
        "subject": "Lamp",
        "need": None,
        "impact": "high",
        "hours": 3,
        "cost": 2.5,
        "due": pd.Timestamp("2026-11-30"),
        "at": pd.Timestamp("2026-11-23T01:00Z"),
        "vip": True,
        "company": None,
    }


def test_a_field_is_asked_only_where_its_condition_holds(form: Form) -> None:
    """A field that is not shown has no value, so that nothing invisible is saved."""
    assert "company" not in form.values
    assert form.inputs["company"].layout.display == "none"

    form.inputs["impact"].value = "high"
    assert "company" in form.values
    assert form.inputs["company"].layout.display is None


def test_what_cannot_be_read_is_said_beside_its_field(form: Form) -> None:
    """Half an hour is no whole number; the sentence goes as soon as it is mended."""
    form.inputs["hours"].value = "0.5"
    assert form.values["hours"] is None
    assert form.inputs["hours"].error.startswith("It must be")

    form.inputs["hours"].value = "2"
    assert form.inputs["hours"].error == ""


def test_problems_stand_beside_their_fields(form: Form) -> None:
    """What blocks is told where it is to be mended, before a button is pressed."""
    form.problems = {"subject": "Say in one line what you need."}
    assert form.inputs["subject"].error == "Say in one line what you need."

    form.problems = {}
    assert form.inputs["subject"].error == ""


def test_a_row_can_be_put_in_and_taken_out(form: Form) -> None:
    """What a frame holds comes back as it was."""
    at = pd.Timestamp("2026-11-23T01:00Z")
    for name, value in {"subject": "Lamp", "at": at, "due": pd.NaT, "hours": pd.NA, "vip": True}.items():
        form.set(name, value)

    assert form.inputs["at"].value == "2026-11-23T09:00"
    assert (form.values["subject"], form.values["at"], form.values["due"]) == ("Lamp", at, None)

    form.clear()
    assert form.values["subject"] is None
    assert form.values["vip"] is False


def test_a_choice_that_is_no_longer_offered_is_cleared(form: Form) -> None:
    """A person of another team must not stay chosen when the team changes."""
    form.inputs["impact"].value = "high"
    form.offer("impact", [("Low", "low")])

    assert form.values["impact"] is None


def test_labels_hints_and_choices_come_from_the_schema(desk: Desk) -> None:
    """One declaration: the form has no words of its own."""
    desk.language = "zh-Hans"
    form = Form(Table("things", FIELDS), ["impact", "need", "subject"], desk)

    assert form.inputs["impact"].options == [["低", "low"], ["High", "high"]]
    assert form.inputs["subject"].required
    assert form.inputs["need"].kind == "area"
