"""`opsline export` from a real workbook: text stays text, personal data stays in."""

import zipfile

import pandas as pd
import pytest
import python_calamine
from openpyxl import load_workbook

from opsline.cli import main
from sheets_schema.book import Change

ODD = ("=1+1", "+49 30", "-8 %", "@home", "'=quoted", 'a "quote", and\nlines', "<b>&amp;</b>  two", "套餐 🛋")


@pytest.fixture
def desk(small_book, now):
    """Return a small workbook with odd texts, personal data, and a field of the team's own."""
    small_book.save(
        [
            Change(
                "fields",
                {"id": "f", "table": "tickets", "name": "shelf", "type": "string", "label_en": "Shelf"},
            ),
        ],
        who="E01",
        source="test",
        now=now,
    )
    small_book.lay_out()
    changes = [
        Change(
            "tickets",
            {
                "id": f"T-odd{number}",
                "opened_at": now,
                "channel": "phone",
                "requester": "Ann",
                "contact": "ann@example.com",
                "category": "PRE",
                "subject": text,
                "status": "new",
                "priority": "P3",
                "shelf": "B 7",
            },
        )
        for number, text in enumerate(ODD)
    ]
    small_book.save(changes, who="E01", source="test", now=now)
    return small_book


def export(desk, path, *words) -> None:
    """Run the command."""
    assert main(["export", str(path), "--from", desk.address, *words]) == 0


def test_in_xlsx_no_text_is_a_formula(desk, tmp_path):
    """A subject =1+1 is a subject; moments are local times."""
    export(desk, tmp_path / "t.xlsx", "--table", "tickets")
    page = load_workbook(tmp_path / "t.xlsx")["tickets"]
    header = [cell.value for cell in page[1]]
    odd = [row for row in page.iter_rows(min_row=2) if str(row[0].value).startswith("T-odd")]
    subjects = [row[header.index("subject")] for row in odd]

    assert [cell.value for cell in subjects] == list(ODD)
    assert {cell.data_type for cell in subjects} == {"s"}
    opened = odd[0][header.index("opened_at")]
    assert opened.value == pd.Timestamp("2026-11-23 09:00")


def test_in_csv_an_apostrophe_keeps_text_from_being_computed(desk, tmp_path):
    """A text file has no types; only texts that would be computed are marked."""
    export(desk, tmp_path / "t.csv", "--table", "tickets")
    raw = (tmp_path / "t.csv").read_bytes()
    subjects = pd.read_csv(tmp_path / "t.csv")["subject"].tolist()

    assert raw.startswith(b"\xef\xbb\xbf")
    assert subjects[-len(ODD) :] == ["'=1+1", "'+49 30", "'-8 %", "'@home", "''=quoted", *ODD[5:]]


def test_in_ods_texts_and_types_are_kept(desk, tmp_path):
    """Read back by somebody else's reader."""
    export(desk, tmp_path / "t.ods", "--table", "tickets")
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "t.ods"))
    header, *rows = book.get_sheet_by_name("tickets").to_python()
    odd = [row for row in rows if str(row[0]).startswith("T-odd")]

    assert [row[header.index("subject")] for row in odd] == list(ODD)
    assert pd.Timestamp(odd[0][header.index("opened_at")]) == pd.Timestamp("2026-11-23 09:00")


def test_a_zip_holds_a_file_for_each_table(desk, tmp_path):
    """All tables, each as CSV."""
    export(desk, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        names = set(packed.namelist())
        assert "'=1+1" in packed.read("tickets.csv").decode("utf-8-sig")

    assert names == {f"{name}.csv" for name in desk.tables}


def test_personal_columns_leave_only_when_asked_for(desk, tmp_path, capsys):
    """The contact of a ticket and the e-mail of a person; what was left out is said."""
    export(desk, tmp_path / "a.csv", "--table", "tickets")
    assert "tickets.contact" in capsys.readouterr().out
    export(desk, tmp_path / "b.csv", "--table", "tickets", "--personal")

    assert b"ann@example.com" not in (tmp_path / "a.csv").read_bytes()
    assert b"ann@example.com" in (tmp_path / "b.csv").read_bytes()


def test_a_teams_own_field_is_exported(desk, tmp_path):
    """Without a line of code."""
    export(desk, tmp_path / "t.csv", "--table", "tickets")

    assert pd.read_csv(tmp_path / "t.csv")["shelf"].dropna().unique().tolist() == ["B 7"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_what_is_exported_can_be_imported_again(desk, local_server, tmp_path, monkeypatch, ending):
    """Row for row the same, odd texts and moments included."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"t.{ending}"
    export(desk, path, "--table", "tickets", "--personal")
    other = local_server.copy()
    for name in ("people", "teams", "categories", "statuses"):
        rows = desk.load(name)[name].dropna(axis=1, how="all").to_dict("records")
        other.append_many(name, rows, who="E01", source="test", now=pd.Timestamp.now("UTC"))

    assert main(["import", str(path), "--table", "tickets", "--apply", "--to", other.address]) == 0
    ours, theirs = (book.load("tickets")["tickets"].sort_values("id") for book in (desk, other))
    for name in ("id", "opened_at", "subject", "contact", "status", "priority", "assignee"):
        assert theirs[name].tolist() == ours[name].tolist(), name


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["t.pdf"], "ends in .xlsx"),
        (["t.csv"], "A .csv holds one table"),
        (["no/such/folder/t.csv", "--table", "tickets"], "cannot be written"),
        (["t.csv", "--table", "tikets"], "no table 'tikets'"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_status_1(desk, tmp_path, monkeypatch, capsys, words, sentence):
    """And no half of a file is left."""
    monkeypatch.chdir(tmp_path)

    assert main(["export", *words, "--from", desk.address]) == 1
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
