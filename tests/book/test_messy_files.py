"""Files as they come: each goes into a workbook, or is refused by cell; none raises anything else."""

import csv
import re
from pathlib import Path

import pytest

from opsline.cli import main
from opsline.imports.source import open_source

SHARED = Path(__file__).parents[3] / "shared/data"
FILES = [*sorted(SHARED.glob("messy/*")), SHARED / "tikasathi_risk_register.xlsx"] if SHARED.is_dir() else []
CELL = re.compile(r"(?:.+!)?[A-Z]{1,3}[0-9]+")

pytestmark = pytest.mark.skipif(not FILES, reason="the real data of ../shared/data is not here")


def said_of(path, table, sheet, book, capsys, *more):
    """Import; return the exit code, what was said, and the cells of the faults."""
    faults = Path("faults.csv")
    faults.unlink(missing_ok=True)
    words = ["import", str(path), "--table", table, "--sheet", sheet, "--month-first", "--to", book.address]
    code = main([*words, "--faults", str(faults), *more])
    rows = list(csv.DictReader(faults.open(encoding="utf-8-sig"))) if faults.exists() else []
    said = capsys.readouterr()
    return code, said.out + said.err, rows


@pytest.mark.parametrize("table", ["tickets", "people", "risks"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_imports_or_gives_a_fault_by_cell(book, path, table, tmp_path, monkeypatch, capsys):
    """Every sheet of it: tried dry, which changes nothing, and applied; what went in is what was said."""
    monkeypatch.chdir(tmp_path)
    there = len(book.load(table)[table])
    for sheet in open_source(path).sheets:
        before = book.version()
        dry = said_of(path, table, sheet, book, capsys)
        assert book.version() == before
        code, said, faults = said_of(path, table, sheet, book, capsys, "--apply")
        assert (code, faults) == (dry[0], dry[2])
        assert all(CELL.fullmatch(fault["cell"]) for fault in faults)
        went_in = re.search(r"(\d+) rows? went in", said)
        refused = re.search(r"(\d+) cannot go in", said)
        assert (went_in and refused) or (code, said.startswith("opsline: ")) == (1, True)
        assert bool(refused and int(refused[1])) <= bool(faults), (
            "a row that is refused has a cell that says why"
        )
        there += int(went_in[1]) if went_in else 0
        assert len(book.load(table)[table]) == there
