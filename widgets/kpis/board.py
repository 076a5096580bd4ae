"""The board of KPIs that the page shows, by what its address asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets_schema.desk_rules.kpis import BOARD_TABLES, KpiBoard, kpi_board

if TYPE_CHECKING:
    from widgets.desk import Desk

TABLES = BOARD_TABLES


def read_board(desk: Desk) -> KpiBoard:
    """Read the board from the desk's snapshot, as of the desk's now, for the year of its address."""
    return kpi_board(desk.snapshot, now=desk.now(), time_zone=desk.book.time_zone, year=year_asked(desk))


def year_asked(desk: Desk) -> int | None:
    """Return the plan year of the address bar; None where it names none."""
    asked = desk.query.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == len("2026") else None


def years_known(desk: Desk, board: KpiBoard) -> list[int]:
    """Return the years that have targets, and the one shown."""
    years = desk.frame("kpi_targets")["year"].dropna().astype(int)
    return sorted({*years, board.year})
