"""All formulas of a spreadsheet after its cells moved or a sheet got another name.

Formulas stand in cells, in the conditions of conditional formats, and in those of validation rules.
"""

import copy
from collections.abc import Callable, Iterator

from local_sheets.a1 import Box
from local_sheets.errors import Json
from local_sheets.formulas import rewriting
from local_sheets.formulas.rewriting import Change, On, rewrite
from local_sheets.store.book import Book, Sheet
from local_sheets.store.row import FORMULA, RULE, Row

At = Callable[[Sheet], Change]
"""Returns the change of the formulas that stand on a sheet."""


def opened(book: Book, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    """Follow *count* rows or columns that were opened before *start*."""
    _follow(book, lambda home: rewriting.opening(On(sheet.title, home.title), dimension, start, count))


def closed(book: Book, sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Follow rows or columns start..end-1 that were taken away."""
    _follow(book, lambda home: rewriting.closing(On(sheet.title, home.title), dimension, start, end))


def moved(book: Book, sheet: Sheet, dimension: str, start: int, end: int, target: int) -> None:
    """Follow rows or columns start..end-1 that were put before *target* (counted before the move)."""
    _follow(book, lambda home: rewriting.moving(On(sheet.title, home.title), dimension, start, end, target))


def pushed(book: Book, sheet: Sheet, box: Box, dimension: str) -> None:
    """Follow the cells that made room for a box, down (ROWS) or to the right (COLUMNS)."""
    start, end = (box.top, box.bottom) if dimension == rewriting.ROWS else (box.left, box.right)
    _follow(
        book,
        lambda home: rewriting.within(
            rewriting.opening(On(sheet.title, home.title), dimension, start, end - start), box, dimension
        ),
    )


def pulled(book: Book, sheet: Sheet, box: Box, dimension: str) -> None:
    """Follow the cells that closed the gap of a box, up (ROWS) or to the left (COLUMNS)."""
    start, end = (box.top, box.bottom) if dimension == rewriting.ROWS else (box.left, box.right)
    _follow(
        book,
        lambda home: rewriting.within(
            rewriting.closing(On(sheet.title, home.title), dimension, start, end), box, dimension
        ),
    )


def cut(book: Book, source: Sheet, box: Box, target: Sheet, top: int, left: int) -> None:
    """Follow the cells of a box that were moved to a corner."""
    _follow(
        book,
        lambda home: rewriting.cutting(On(source.title, home.title), box, target.title, top, left),
    )


def renamed(book: Book, old: str, new: str) -> None:
    """Follow a sheet that got another title."""
    _follow(book, lambda _home: rewriting.renaming(old, new))


def removed(book: Book, title: str) -> None:
    """Follow a sheet that was taken away."""
    _follow(book, lambda _home: rewriting.losing(title))


def _follow(book: Book, at: At) -> None:
    """Make a change in every formula of a spreadsheet."""
    for home in book.sheets:
        change = at(home)
        for index, row in formula_rows(home):
            for column, old in list(row.extras.get(FORMULA, {}).items()):
                new = rewrite(old, change)
                if new != old:
                    home.lines.edit(index).put_extra(FORMULA, int(column), new)
                    home.followed[row.key, int(column)] = new
        for item in home.about.get("conditionalFormats", ()):
            if _condition(_of(item), change):
                home.touch()
    _rules(book, at)


def formula_rows(sheet: Sheet) -> Iterator[tuple[int, Row]]:
    """Yield the index of each row that has a formula, and the row for reading."""
    if not sheet.has_formulas:
        return
    keys, lines = sheet.lines.formulas, sheet.lines
    if len(keys) * 4 > len(lines):
        rows = enumerate(list(lines.rows(0, len(lines))))
        yield from ((index, row) for index, row in rows if row.key in keys)
    else:
        yield from ((index, lines.row(index)) for index in lines.places(keys))


def _of(rule: Json) -> Json:
    """Return the condition of a conditional format, {} when it has none."""
    found: Json = (rule.get("booleanRule") or {}).get("condition") or {}
    return found


def _condition(condition: Json, change: Change) -> bool:
    """Make a change in the formulas of a condition; say whether there was any."""
    touched = False
    for value in condition.get("values") or ():
        old = value.get("userEnteredValue")
        if isinstance(old, str) and old.startswith("="):
            value["userEnteredValue"] = rewrite(old, change)
            touched |= value["userEnteredValue"] != old
    return touched


def _rules(book: Book, at: At) -> None:
    """Make a change in the validation rules of all cells (a rule is kept once, under a number)."""
    rules = book.styles.with_formulas()
    if not rules:
        return
    for home in book.sheets:
        fresh: dict[int, int | None] = {}
        for key, kept in rules.items():
            rule = copy.deepcopy(kept)
            if _condition(rule.get("condition") or {}, at(home)):
                fresh[key] = book.styles.key(rule)
        if fresh:
            _replace(home, fresh)


def _replace(sheet: Sheet, fresh: dict[int, int | None]) -> None:
    """Give the cells of a sheet other rules in place of some."""
    lines = sheet.lines
    for index, row in enumerate(list(lines.rows(0, len(lines)))):
        stale = {column: key for column, key in row.extras.get(RULE, {}).items() if key in fresh}
        if stale:
            kept = lines.edit(index)
            for column, key in stale.items():
                kept.put_extra(RULE, int(column), fresh[key])
