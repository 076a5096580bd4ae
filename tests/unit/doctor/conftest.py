"""Small grids, looked at by the doctor."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from sheets_schema import workbook
from sheets_schema.doctor import Finding, Sheet, diagnose
from sheets_schema.language import Field, Table
from sheets_schema.language.agreement import disagreements

ZONE = "Asia/Shanghai"
Grid = Sequence[Sequence[Any]]

PARTS = Table(
    "parts",
    (
        Field("id", required=True, unique=True, computed=True, labels={"en": "Number", "zh-Hans": "编号"}),
        Field("name", required=True, labels={"en": "Name", "zh-Hans": "名称"}),
        Field("made", "date", labels={"en": "Made on"}),
        Field("price", "number", labels={"en": "Price"}),
        Field(
            "state",
            enum=("new", "used"),
            choices={
                "new": {"en": "Brand new", "zh-Hans": "全新"},
                "used": {"en": "Second hand", "zh-Hans": "二手"},
            },
        ),
        Field("maker", foreign="makers", labels={"en": "Maker"}),
        Field("stocked", "boolean"),
    ),
    id_prefix="P",
)
MAKERS = Table("makers", (Field("id", required=True, unique=True), Field("name", required=True)))
HEADER = list(PARTS.names)
ROW = ["P-1", "Lamp", 46349, 12.5, "new", "M1", True]
MAKER_ROWS = [["id", "name"], ["M1", "Acme"], ["M2", "Chen Wei"], ["M3", "Chen Wen"]]


@pytest.fixture(scope="session")
def sheets() -> Callable[..., Mapping[str, Sheet]]:
    """Read grids: parts, beside three makers."""

    def read(rows: Grid, formulas: Mapping[tuple[int, int], str] | None = None) -> Mapping[str, Sheet]:
        return {
            "parts": Sheet(PARTS, rows, PARTS.read(rows, time_zone=ZONE), formulas or {}),
            "makers": Sheet(MAKERS, MAKER_ROWS, MAKERS.read(MAKER_ROWS, time_zone=ZONE)),
        }

    return read


@pytest.fixture(scope="session")
def look(sheets: Callable[..., Mapping[str, Sheet]]) -> Callable[..., list[Finding]]:
    """Return what the doctor finds in a sheet of parts, below its header where none is given."""

    def found(
        *rows: Sequence[Any],
        header: Sequence[Any] = HEADER,
        formulas: Mapping[tuple[int, int], str] | None = None,
    ) -> list[Finding]:
        read = sheets([header, *rows], formulas)
        tables = {**workbook.tables(), "parts": PARTS, "makers": MAKERS}
        between = disagreements(tables, {name: sheet.reading for name, sheet in read.items()})
        return diagnose(read, tables, between, ZONE)

    return found
