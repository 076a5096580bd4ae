"""The score of the data, measured over the whole workbook and kept as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sheets_schema.book.changes import Change
from sheets_schema.desk_rules.kpis import BOARD_TABLES, known_figures
from sheets_schema.doctor.scores import Score, scores
from sheets_schema.doctor.trust import accuracy, timeliness
from sheets_schema.kpis.periods import month_at, month_before

if TYPE_CHECKING:
    from sheets_schema.book.book import Book
    from sheets_schema.book.examine import Examination

__all__ = ["measure", "record"]


def measure(book: Book, seen: Examination, now: pd.Timestamp) -> list[Score]:
    """Return the scores of the sheets that were examined, by sheet and dimension.

    A dimension that cannot be measured there is left out: timeliness and accuracy have a definition
    for `kpi_actuals` only.

    Args:
        book: The workbook.
        seen: What was examined.
        now: The moment, with a time zone.
    """
    found = scores(seen.sheets, seen.asked, seen.findings)
    frames = {name: sheet.reading.frame for name, sheet in seen.sheets.items()}
    if "kpi_actuals" not in seen.asked or not frames.keys() >= {"kpis", "kpi_actuals", "settings"}:
        return found
    zone = book.time_zone
    more = [timeliness(frames, now=now, time_zone=zone)]
    if frames.keys() >= set(BOARD_TABLES):
        figures = known_figures(frames, now=now, time_zone=zone)
        until = month_before(month_at(now, zone))
        more.append(accuracy(frames["kpis"], frames["kpi_actuals"], figures, until))
    return [*found, *(score for score in more if score is not None)]


def record(book: Book, seen: Examination, *, who: str, source: str, now: pd.Timestamp) -> list[Score]:
    """Keep today's scores in `data_quality`, one row for a sheet and a dimension; return them.

    Recorded again on the same day, the rows of the day are brought up to date.

    Args:
        book: The workbook.
        seen: What was examined.
        who: The person's id, or the service.
        source: The page or command that it comes from.
        now: The moment, with a time zone.

    Raises:
        BookError: As for `Book.save`.
    """
    found = measure(book, seen, now)
    day = now.tz_convert(book.time_zone).tz_localize(None).normalize()
    there = set(book.load("data_quality")["data_quality"]["id"].dropna())
    changes = []
    for score in found:
        id_ = f"DQ-{day:%y%m%d}-{score.sheet}-{score.dimension}"
        figures = {"passed": score.passed, "checked": score.checked}
        about = {"date": day, "sheet": score.sheet, "dimension": score.dimension}
        new = {"id": id_, **about, **figures}
        changes.append(
            Change("data_quality", figures if id_ in there else new, id_ if id_ in there else None)
        )
    if changes:
        book.save(changes, who=who, source=source, now=now)
    return found
