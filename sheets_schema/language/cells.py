"""What stands in a cell, before anybody knows what it should be."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["ERRORS", "NATIVE", "address", "as_text", "blank", "column_letters", "column_position", "plain"]

ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#ERROR!", "#SPILL!"}
)
"""What Google Sheets answers for a formula that failed."""

NATIVE: Final = frozenset({str, int, float, bool, type(None)})
"""The types that a cell can have in an answer of the Sheets API."""


def blank(cell: object) -> bool:
    """Say whether nothing stands in the cell; white space is nothing.

    >>> blank("  "), blank(None), blank(0)
    (True, True, False)
    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def plain(text: str) -> str:
    """Return text in one width: full-width digits and marks become ASCII, ends are trimmed.

    >>> plain(" １２：３０ ")
    '12:30'
    """
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def as_text(cell: object) -> str:
    """Return a cell as the sheet shows it: 42.0 is 42, true is TRUE, ends are trimmed.

    >>> as_text(13800138000.0), as_text(True), as_text(None)
    ('13800138000', 'TRUE', '')
    """
    if isinstance(cell, str):
        return cell.strip().encode("utf-8", "replace").decode()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return str(cell)


def column_letters(position: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_position(letters: str) -> int:
    """Return the position of a column, counted from 0, by its letters.

    >>> column_position("A"), column_position("AA")
    (0, 26)
    """
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position - 1


def address(position: int, row: int) -> str:
    """Return a cell's address, as the name box of the sheet takes it.

    >>> address(3, 12)
    'D12'
    """
    return f"{column_letters(position)}{row}"
