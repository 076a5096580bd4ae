"""Files to import, and an import without a workbook: the rows and the faults that it would bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from opsline.demo import generate_frames
from opsline.imports.convert import Converter
from opsline.imports.dates import Order
from opsline.imports.plan import Plan, prepare
from opsline.imports.recipe import Recipe
from opsline.imports.references import References
from opsline.imports.source import open_source
from sheets_schema.workbook import tables

SHARED = Path(__file__).parents[4] / "shared/data"
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Checked:
    """What an import would bring."""

    plan: Plan
    records: list[dict[str, object]]
    faults: list[str]
    refused: int
    added: dict[str, list[str]]

    @property
    def frame(self) -> pd.DataFrame:
        """The records, with moments where they hold moments."""
        return pd.DataFrame(self.records)


@pytest.fixture(scope="session")
def references() -> References:
    """Return what the small demo's other tables hold."""
    frames = generate_frames("small")
    empty = {name: pd.DataFrame({"id": []}) for name in tables()}
    return References(empty | {name: frame for name, frame in frames.items() if name != "tickets"})


@pytest.fixture
def check(references) -> Callable[..., Checked]:
    """Return a function: check a file against a table, as `opsline import` does before it writes."""

    def checked(
        path: Path, table: str = "tickets", recipe: Recipe | None = None, told: Order | None = None
    ) -> Checked:
        known = References(references.frames)
        plan = prepare(open_source(path), tables()[table], recipe, told=told)
        converter = Converter(plan.table, plan.recipe, plan.sheet, plan.place, plan.orders, known, ZONE)
        batch = converter.convert(list(plan.rows()))
        faults = [*converter.header_faults(), *batch.faults]
        return Checked(plan, batch.records, list(map(str, faults)), batch.refused, batch.added)

    return checked


@pytest.fixture
def write(tmp_path) -> Callable[..., Path]:
    """Return a function: write a text file in some encoding."""

    def written(text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data, which is not everywhere."""
    if not SHARED.is_dir():
        pytest.skip("the real data of ../shared/data is not here")
    return SHARED
