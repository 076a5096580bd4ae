"""One formula of a spreadsheet while the engine computes it."""

from dataclasses import dataclass, field
from typing import Any

from local_sheets.formulas.results import Problem, Result
from local_sheets.formulas.translation import Plan

Place = tuple[int, int, int]
"""A cell by what stays: the sheet's key, the row's key, the column."""


@dataclass(slots=True, eq=False)
class Formula:
    """A formula: where it stands, how it is computed, what it came to.

    `fresh`: it was not planned yet. `own`: the scratch sheet on which an array formula stands in the
    engine; None for one in its cell. `probe` and `blanks`: scratch sheets that tell a blank result from 0.

    Of an array: `raw` as the engine has it, `matrix` as it shows, `keys` of the rows that it takes or would
    take, whether it has no room there (`blocked`), the other cells that it has `filled`, and whether all that
    is as it was (`steady`). `shown` is what the rows hold already.
    """

    sheet: int
    key: int
    column: int
    text: str
    row: int
    fresh: bool = True
    plan: Plan = field(default_factory=Plan)
    own: str | None = None
    probe: str | None = None
    blanks: str | None = None
    problem: Problem | None = None
    raw: Any = None
    matrix: list[list[Result]] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    filled: set[Place] = field(default_factory=set)
    blocked: bool = False
    steady: bool = False
    shown: Any = None

    @property
    def place(self) -> Place:
        """Return the cell."""
        return self.sheet, self.key, self.column

    @property
    def array(self) -> bool:
        """Say whether the result may be larger than a cell."""
        return self.plan.array or self.own is not None
