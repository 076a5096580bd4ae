"""The table files are true Table Schemas, and complete in three languages."""

import copy
import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import sheets_schema
from sheets_schema.errors import SchemaFault
from sheets_schema.handbook import README, handbook
from sheets_schema.language import Table
from sheets_schema.language.header import same
from sheets_schema.language.schema import RECORD, load, schema_of
from sheets_schema.words import LANGUAGES
from sheets_schema.workbook import ORDER, tables

FOLDER = Path(sheets_schema.__file__).parent
EVERY_TABLE = pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.name)


@pytest.fixture(scope="module")
def profile() -> Any:
    """Return a validator of the profile that the standard publishes, from the package dplib-py."""
    jsonschema = pytest.importorskip("jsonschema", reason="comes with jupyterlab")
    found = importlib.util.find_spec("dplib")
    if found is None or not found.submodule_search_locations:
        pytest.skip("dplib-py, a dev dependency, ships the published profile")
    path = Path(found.submodule_search_locations[0]) / "profiles/2.0/tableschema.json"
    rules = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(rules)(rules)


@cache
def _schema(place: str) -> dict[str, Any]:
    return yaml.load((FOLDER / f"{place}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("place", [*ORDER, "language/record"])
def test_every_file_fits_the_published_profile(place: str, profile: Any) -> None:
    """Other tools read our tables."""
    assert [error.message for error in profile.iter_errors(_schema(place))] == []


def test_the_profile_finds_a_wrong_file(profile: Any) -> None:
    """A validator that passes everything would prove nothing."""
    schema = copy.deepcopy(_schema("tickets/tickets"))
    schema["fields"][0]["constraints"]["required"] = "perhaps"

    assert not profile.is_valid(schema)


@EVERY_TABLE
def test_a_table_comes_back_from_its_schema(table: Table, profile: Any, tmp_path: Path) -> None:
    """What we export for other tools says all that the file said."""
    schema = schema_of(table)
    path = tmp_path / "table.yaml"
    path.write_text(yaml.safe_dump(schema, allow_unicode=True), encoding="utf-8")
    again = load(path)

    assert [error.message for error in profile.iter_errors(schema)] == []
    assert again.fields == table.fields
    assert (again.name, again.labels, again.unique_keys) == (
        table.name,
        table.labels,
        table.unique_keys,
    )


def test_every_table_file_is_in_the_workbook() -> None:
    """A table that is declared and not listed would never get a sheet."""
    found = {
        f"{path.parent.name}/{path.stem}"
        for path in FOLDER.glob("*/*.yaml")
        if path.parent.name not in ("words", "language")
    }

    assert found == set(ORDER)


@EVERY_TABLE
def test_every_table_says_what_it_is_in_three_languages(table: Table) -> None:
    """The sheet, the page and the README name it."""
    assert {language: bool(table.label(language)) for language in table.labels} == dict.fromkeys(
        LANGUAGES, True
    )
    assert all(table.explain(language).endswith((".", "。")) for language in LANGUAGES)


@EVERY_TABLE
def test_every_column_says_why_it_exists_in_three_languages(table: Table) -> None:
    """Header note, form hint and README come from here."""
    for field in table.fields:
        assert all(field.labels.get(language) for language in LANGUAGES), field.name
        assert field.description.endswith("."), field.name
        assert all(field.why[language].endswith("。") for language in LANGUAGES[1:]), field.name
        assert not field.hint or set(field.hint) == set(LANGUAGES), field.name


@EVERY_TABLE
def test_every_choice_has_a_label_in_three_languages(table: Table) -> None:
    """Codes are stored, labels are shown; no two codes of a field share one."""
    for field in (field for field in table.fields if field.choices):
        assert set(field.choices) == set(field.enum), field.name
        for language in LANGUAGES:
            labels = [field.choices[code][language] for code in field.enum]
            assert len(set(labels)) == len(labels), field.name


@EVERY_TABLE
def test_a_default_may_stand_in_its_field(table: Table) -> None:
    """A form must not open with a fault."""
    for field in (field for field in table.fields if field.default is not None):
        assert field.check(field.default) is None, field.name


@EVERY_TABLE
def test_an_example_is_one(table: Table) -> None:
    """The fault shows it as what would be right."""
    for field in table.fields:
        assert bool(field.example) == bool(field.pattern), field.name
        assert not field.example or field.check(field.example) is None, field.name


@EVERY_TABLE
def test_a_field_is_shown_by_choices_of_its_own_form(table: Table) -> None:
    """A condition on a misspelt code would hide the field for ever."""
    for field in (field for field in table.fields if field.show_if):
        assert field.on_form, field.name
        assert not field.required, field.name
        for name, codes in field.show_if.items():
            assert table.field(name).on_form, field.name
            assert set(codes) <= set(table.field(name).enum), field.name


@EVERY_TABLE
def test_a_foreign_key_leads_to_a_table(table: Table) -> None:
    """And to its id."""
    assert {field.foreign for field in table.fields if field.foreign} <= set(tables())


@EVERY_TABLE
def test_every_foreign_key_is_of_a_field(table: Table) -> None:
    """A misspelt one would never be looked at."""
    place = next(place for place in ORDER if _schema(place)["opsline"]["name"] == table.name)
    keys = _schema(place).get("foreignKeys", [])

    assert {key["fields"] for key in keys} == {each.name for each in table.fields if each.foreign}
    assert all(set(names) <= set(table.names) for names in table.unique_keys)


@EVERY_TABLE
def test_no_two_columns_can_be_named_alike(table: Table) -> None:
    """Headers are matched by label too, so a label must lead to one column."""
    ways: dict[str, set[str]] = {}
    for field in table.fields:
        for way in {field.name, *field.labels.values()}:
            ways.setdefault(same(way), set()).add(field.name)

    assert {way: names for way, names in ways.items() if len(names) > 1} == {}


@EVERY_TABLE
def test_every_table_has_an_id_and_what_every_record_carries(table: Table) -> None:
    """The journal alone is not a record: it is appended and never changed."""
    carried = [field["name"] for field in yaml.safe_load(RECORD.read_text())["fields"]]

    assert table.names[0] == table.key == "id"
    assert table.field("id").required
    assert table.field("id").unique
    assert (list(table.names[-5:]) == carried) == (table.name != "journal")


def test_id_prefixes_differ() -> None:
    """An id tells what it is the id of."""
    prefixes = [table.id_prefix for table in tables().values()]

    assert all(prefixes)
    assert len(set(prefixes)) == len(prefixes)


def test_a_file_that_is_no_schema_says_so(tmp_path: Path) -> None:
    """A team may edit its copy."""
    for text in ("fields: [", "title: x", "opsline: {name: x}\nfields: [{name: a, type: colour}]"):
        path = tmp_path / "table.yaml"
        path.write_text(text)
        with pytest.raises(SchemaFault):
            load(path)


def test_the_readme_shows_every_column() -> None:
    """Nobody reads the code to learn what a column is for."""
    assert README.read_text(encoding="utf-8") == handbook(tables())
