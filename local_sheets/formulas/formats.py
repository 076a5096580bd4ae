"""The number format that a result inherits: a date stays a date, money stays money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_sheets.errors import Json
from local_sheets.formulas.formula import Formula
from local_sheets.formulas.kinds import names
from local_sheets.formulas.references import Reference
from local_sheets.formulas.syntax import Call, Cells, Node, Pair, ParseError, Plain, Signed, Word, parse
from local_sheets.store.book import Book, Sheet
from local_sheets.store.row import AUTOMATIC, FORMAT, Row
from local_sheets.values.locales import locale
from local_sheets.values.patterns import MOMENTS, pattern_of

if TYPE_CHECKING:
    from local_sheets.formulas.engine import Engine

_DATES = frozenset({"TODAY", "DATE", "EDATE", "EOMONTH", "WORKDAY", "WORKDAY.INTL", "TO_DATE"})
_MOMENTS = frozenset({"NOW", "EPOCHTODATE"})
_FIRST = names(
    """ABS ARRAYFORMULA ARRAY_CONSTRAIN AVERAGE AVERAGEIFS CEILING FILTER FLATTEN FLOOR IFERROR IFNA
    INDEX LARGE MAX MAXIFS MEDIAN MIN MINIFS MODE ROUND ROUNDDOWN ROUNDUP SMALL SORT SUM SUMIFS
    TRANSPOSE TRUNC UNIQUE"""
)
"""Functions whose result looks like their first argument."""

_OTHERS = {
    "IF": (1, 2), "IFS": (1, 3), "CHOOSE": (1, 2), "SWITCH": (2, 4), "XLOOKUP": (2,), "LOOKUP": (2, 1),
    "HLOOKUP": (1,), "SUMIF": (2, 0), "AVERAGEIF": (2, 0), "SUBTOTAL": (1,),
}  # fmt: skip
_SEEN = 20
"""So many rows of a range are looked at for a number."""

_DEEPEST = 10


class Formats:
    """Works out the formats of results."""

    def __init__(self, book: Book, engine: Engine) -> None:
        self._book = book
        self._engine = engine
        self._sheets = {sheet.title.casefold(): sheet for sheet in book.sheets}
        self._titles = {sheet.key: sheet.title for sheet in book.sheets}
        self._words = locale(book.locale)

    def of(self, one: Formula, found: object, right: int = 0) -> Json | None:
        """Return the number format that a result brings along, None for none.

        Args:
            one: The formula.
            found: What it came to; only numbers have formats.
            right: Which column of its array this is about, from 0.
        """
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            return None
        return self._formula(one, right, 0)

    def moment(self, node: Node, home: str) -> str | None:
        """Return the pattern in which a tree's date or time is shown; None for what is neither."""
        look = self._node(node, home, 0, 0)
        return pattern_of(look, self._words) if look is not None and _is_moment(look) else None

    def _formula(self, one: Formula, right: int, depth: int) -> Json | None:
        """Return the number format that a formula leads to."""
        try:
            node = parse(one.text, comma=self._words.decimal == ",")
        except ParseError:
            return None
        return self._node(node, self._titles.get(one.sheet, ""), right, depth + 1)

    def _node(self, node: Node, home: str, right: int, depth: int) -> Json | None:
        """Return the number format that a tree leads to."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, Cells):
            return self._cells(node.reference, home, right, depth)
        if isinstance(node, Word):
            known = self._engine.names.get(node.text.casefold())
            return self._cells(known, home, right, depth) if known is not None else None
        if isinstance(node, Pair):
            left = self._node(node.left, home, right, depth)
            return _of_pair(node.sign, left, self._node(node.right, home, right, depth))
        if isinstance(node, Signed):
            look = self._node(node.operand, home, right, depth)
            return None if node.sign == "%" or _is_moment(look) else look
        return self._call(node, home, right, depth) if isinstance(node, Call) else None

    def _call(self, node: Call, home: str, right: int, depth: int) -> Json | None:
        """Return the number format of what a function gives."""
        words, name = self._words, node.name
        if name in _DATES:
            return {"type": "DATE", "pattern": words.date}
        if name in _MOMENTS:
            return {"type": "DATE_TIME", "pattern": f"{words.date} h:mm:ss"}
        if name == "TIME":
            return {"type": "TIME", "pattern": words.time}
        if name == "VLOOKUP":
            return self._looked_up(node, home, depth)
        for place in (0,) if name in _FIRST else _OTHERS.get(name, ()):
            if place < len(node.arguments):
                look = self._node(node.arguments[place], home, right, depth + 1)
                if look:
                    return look
        return None

    def _looked_up(self, node: Call, home: str, depth: int) -> Json | None:
        """Return the number format of the column that VLOOKUP reads."""
        if len(node.arguments) < 3 or not isinstance(node.arguments[2], Plain):  # noqa: PLR2004
            return None
        number = node.arguments[2].text
        return self._node(node.arguments[1], home, int(number) - 1, depth) if number.isdigit() else None

    def _cells(self, reference: Reference, home: str, right: int, depth: int) -> Json | None:
        """Return the number format of the first number of a reference."""
        sheet = self._sheets.get((home if reference.title is None else reference.title).casefold())
        span = reference.span
        if sheet is None:
            return None
        top, column = span.top or 0, (span.left or 0) + (right if reference.last is not None else 0)
        bottom = min(top + _SEEN if span.bottom is None else span.bottom, top + _SEEN)
        for row in sheet.lines.rows(top, bottom):
            value = row.get(column)
            if type(value) in (int, float):
                return self._cell(sheet, row, column, depth)
        return None

    def _cell(self, sheet: Sheet, row: Row, column: int, depth: int) -> Json | None:
        """Return the number format of a cell: its own, or the one that its formula leads to."""
        own: Json | None = self._book.styles.get(row.extra(FORMAT, column)).get("numberFormat")
        if own:
            return own
        formula = self._engine.formulas.get(sheet.key, {}).get(row.key, {}).get(column)
        if formula is not None:
            return self._formula(formula, 0, depth)
        automatic: Json | None = self._book.styles.get(row.extra(AUTOMATIC, column)).get("numberFormat")
        return automatic


def _is_moment(look: Json | None) -> bool:
    """Say whether a number format is one of dates or times."""
    return bool(look) and (look or {}).get("type") in MOMENTS


def _of_pair(sign: str, left: Json | None, right: Json | None) -> Json | None:
    """Return the number format of two operands.

    >>> day, money = {"type": "DATE"}, {"type": "CURRENCY"}
    >>> _of_pair("-", day, None), _of_pair("-", day, day), _of_pair("*", None, money)
    ({'type': 'DATE'}, None, {'type': 'CURRENCY'})
    """
    if sign == "+":
        return left or right
    if sign == "-":
        return None if _is_moment(left) and _is_moment(right) else left or right
    for look in (left, right) if sign == "*" else (left,) if sign == "/" and right is None else ():
        if look and look.get("type") == "CURRENCY":
            return look
    return None
