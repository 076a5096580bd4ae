"""Spreadsheets on SQLite."""

from local_sheets.store.book import Book, Sheet
from local_sheets.store.lines import Lines
from local_sheets.store.row import Row
from local_sheets.store.store import Store

__all__ = ["Book", "Lines", "Row", "Sheet", "Store"]
