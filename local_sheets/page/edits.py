"""Changes that people make on the page; rules are checked here, because paste goes around a dropdown."""

from dataclasses import dataclass
from typing import Any

from local_sheets import a1, rights
from local_sheets.api_values import grow
from local_sheets.formulas.recalculation import available
from local_sheets.page import view
from local_sheets.page.words import WORDS, say
from local_sheets.protection import may_edit_cell
from local_sheets.store import Book, Row, Sheet
from local_sheets.store.row import ERROR, FORMAT, FORMULA, RULE, Value
from local_sheets.values import cells, rules
from local_sheets.values.arithmetic import NOT_COMPUTED
from local_sheets.values.locales import locale
from local_sheets.values.typed import typed


class Refused(Exception):
    """A change was not made; the sentences say why, by column."""

    def __init__(self, problems: dict[int, str], *, late: bool = False) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems
        self.late = late


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell that a person changed: which row (by its key), which column, from what to what."""

    sheet: int
    key: int
    column: int
    text: str
    before: str | None
    force: bool = False


def edit_cell(book: Book, edit: Edit, language: str) -> dict[str, Any]:
    """Write a person's typing into a cell.

    Returns:
        The row's number, the cell as it is shown now, and a warning if a rule only warns.

    Raises:
        Refused: The row is gone, the rule forbids it, or somebody changed the cell meanwhile.
    """
    sheet = book.only_sheet(edit.sheet)
    try:
        index = sheet.lines.keys.index(edit.key)
    except ValueError:
        raise Refused({edit.column: say("gone", language)}) from None
    row, words = sheet.lines.edit(index), locale(book.locale)
    if not 0 <= edit.column < sheet.columns:
        raise Refused({edit.column: say("gone", language)})
    cell = f"{a1.letters(edit.column)}{index + 1}"
    now = view.shown(book, row, edit.column, words, set())
    if edit.before is not None and not edit.force and now.text != edit.before:
        theirs = say("late", language, cell=cell, theirs=now.text)
        raise Refused({edit.column: theirs}, late=True)
    check_protection(book, sheet, index, edit.column, language)
    warning = check(book, row, edit.column, edit.text, cell, language)
    cells.put(book, row, edit.column, edit.text, "USER_ENTERED")
    book.recalculate()
    if not computed(sheet.lines.row(index), edit.column):
        warning = say("formula", language)
    return {"row": index + 1, "cell": cell, "warning": warning}


def computed(row: Row, column: int) -> bool:
    """Say whether what a cell shows is up to date; a formula is not where nothing computes it."""
    if row.extra(FORMULA, column) is None:
        return True
    return available() and NOT_COMPUTED not in str(row.extra(ERROR, column))


def check_protection(book: Book, sheet: Sheet, row: int, column: int, language: str) -> None:
    """Refuse a cell that the caller may not edit (ranges that only warn are let through)."""
    if not may_edit_cell(book, sheet, rights.caller(), row, column):
        raise Refused({column: say("protected", language)})


def meant(book: Book, row: Row, column: int, text: str) -> Value:
    """Return the value that typing stands for in a cell."""
    look = book.styles.get(row.extra(FORMAT, column))
    if (look.get("numberFormat") or {}).get("type") == "TEXT":
        return text
    return typed(text, locale(book.locale)).value


def check(book: Book, row: Row, column: int, text: str, cell: str, language: str) -> str | None:
    """Refuse typing that a strict rule forbids; return a sentence if the rule only warns."""
    rule = book.styles.get(row.extra(RULE, column))
    if not rule or typed(text, locale(book.locale)).formula:
        return None
    value = meant(book, row, column, text)
    listing = [text] if text in view.allowed(book, rule) else None
    if listing:
        return None
    found = rules.refusal(rule, value, locale(book.locale), lambda place: view.listed(book, place))
    if found is None:
        return None
    sentence = sentence_of(found, cell, language)
    if rule.get("inputMessage"):
        sentence = f"{sentence} {rule['inputMessage']}"
    if rule.get("strict"):
        raise Refused({column: sentence})
    return sentence


def sentence_of(found: rules.Refusal, cell: str, language: str) -> str:
    """Return why a value is refused, as a sentence."""
    key = f"refused.{found.reason}"
    if found.reason == "list":
        return say(key, language, ", ".join(found.facts), cell=cell)
    if key not in WORDS:
        return say("refused.other", language, found.reason, cell=cell)
    return say(key, language, *found.facts, cell=cell)


def append_row(book: Book, sheet: Sheet, texts: dict[int, str], language: str) -> int:
    """Add a row under the last that has a value; return its number.

    Raises:
        Refused: Some columns' rules forbid what was typed; all of them are named.
    """
    last = view.filled_rows(sheet)
    grow(book, sheet, last + 1, max(texts, default=0) + 1)
    model = sheet.lines.row(last - 1) if last > sheet.grid.get("frozenRowCount", 0) else Row(0)
    row = sheet.lines.edit(last)
    for kind in (FORMAT, RULE):
        for place, look in model.extras.get(kind, {}).items():
            if row.extra(kind, int(place)) is None:
                row.put_extra(kind, int(place), look)
    problems: dict[int, str] = {}
    for column, text in texts.items():
        try:
            check(book, row, column, text, f"{a1.letters(column)}{last + 1}", language)
        except Refused as refused:
            problems |= refused.problems
    if problems:
        raise Refused(problems)
    for column, text in texts.items():
        cells.put(book, row, column, text, "USER_ENTERED")
    return last + 1
