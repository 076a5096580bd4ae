"""What can go wrong with a file that somebody wants in the workbook.

* ImportRefused        a file cannot be imported; the key says why
  + UnreadableFile     it is damaged, locked, or of a kind that we do not read
  + NothingToRead      it has no sheet or no row of that name
  + AmbiguousDates     every date of a column can be read day-first and month-first
  + BadMapping         a mapping file cannot be understood, or names what is not there
"""

from __future__ import annotations

from sheets_schema.errors import OpslineError

__all__ = ["AmbiguousDates", "BadMapping", "ImportRefused", "NothingToRead", "UnreadableFile"]


class ImportRefused(OpslineError):
    """A file cannot be imported (facts: file, reason)."""

    key = "imports.refused"


class UnreadableFile(ImportRefused):
    """A file is damaged, locked, or of a kind that we do not read (facts: file, reason)."""

    key = "imports.unreadable"


class NothingToRead(ImportRefused):
    """A file has no such sheet, or nothing in it (facts: file, sheet, sheets)."""

    key = "imports.nothing"


class AmbiguousDates(ImportRefused):
    """Every date of a column can be read two ways (facts: column, example, first, second)."""

    key = "imports.ambiguous_dates"


class BadMapping(ImportRefused):
    """A mapping cannot be understood (facts: file, reason)."""

    key = "imports.bad_mapping"
