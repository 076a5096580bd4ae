"""The kinds of cell: small pairs of parse and format, and the same for a whole column at once.

`parse` turns what the Sheets API answers (UNFORMATTED_VALUE, SERIAL_NUMBER) into a typed value, or
raises `Unfit` with what the cell must be. `format` turns a value into what is written to the sheet.
`column` types a column: what came in its natural type at one stroke, the rest value by value, each
distinct text once.
"""

from sheets_schema.language.kinds.base import Kind, Unfit
from sheets_schema.language.kinds.boolean import Boolean
from sheets_schema.language.kinds.moment import Date, Moment
from sheets_schema.language.kinds.number import Integer, Number
from sheets_schema.language.kinds.period import Period
from sheets_schema.language.kinds.text import Choice, Text
from sheets_schema.language.kinds.zone import Zone

__all__ = [
    "Boolean",
    "Choice",
    "Date",
    "Integer",
    "Kind",
    "Moment",
    "Number",
    "Period",
    "Text",
    "Unfit",
    "Zone",
]
