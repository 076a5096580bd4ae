"""The sheet doctor: what is wrong in a workbook, cell by cell, and what would put it right.

Rules over sheets that were read already (`Sheet`): they find (`diagnose`) and they score (`scores`).
The book reads the sheets (`book.examine`) and carries out what a person ticked (`book.treat`).
"""

from sheets_schema.doctor.diagnose import diagnose
from sheets_schema.doctor.finding import Finding, Fix
from sheets_schema.doctor.sheet import Sheet

__all__ = ["Finding", "Fix", "Sheet", "diagnose"]
