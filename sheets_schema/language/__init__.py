"""The language in which a sheet is described: kinds of cell, Field, Table, Fault.

A table is one declaration (a table.yaml). Its reader, its writer, its checks, the sheet's header
notes and dropdowns, its form and its documentation follow from it.
"""

from sheets_schema.language.fault import Fault, Reading
from sheets_schema.language.field import TYPES, Field
from sheets_schema.language.table import Table

__all__ = ["TYPES", "Fault", "Field", "Reading", "Table"]
