"""Computing: the engine works out what is stale, arrays and blanks take another round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import formualizer

from local_sheets import a1
from local_sheets.formulas import arrays
from local_sheets.formulas.formula import Formula
from local_sheets.formulas.mirror import literal_error
from local_sheets.formulas.results import TOO_MUCH, Result
from local_sheets.formulas.results import result as of_engine
from local_sheets.store.book import Book

if TYPE_CHECKING:
    from local_sheets.formulas.engine import Engine

_ROUNDS = 12
"""Arrays feed arrays; so many times what they came to is handed on."""


def compute(engine: Engine, book: Book) -> None:
    """Compute until arrays have reached everything that reads them."""
    for _round in range(_ROUNDS):
        _evaluate(engine)
        again = _watch_blanks(engine)
        again |= _promote(engine)
        again |= arrays.spread(book, engine)
        if not again:
            return


def _evaluate(engine: Engine) -> None:
    """Let the engine compute what is stale."""
    try:
        engine.mirror.workbook.evaluate_all()
    except formualizer.ExcelEvaluationError as error:
        if "resource" in str(error):
            _blame(engine)
        else:  # an array that has no room in its cell: such a formula gets a sheet of its own
            _promote(engine, suspected=True)
        engine.mirror.workbook.evaluate_all()


def _blame(engine: Engine) -> None:
    """Take the formulas out that are too much for the engine, each tried by itself."""
    for one in engine.all():
        if one.problem is not None:
            continue
        try:
            engine.mirror.workbook.evaluate_cells(_targets(engine, one))
        except formualizer.ExcelEvaluationError:
            engine.clear(one)
            one.problem, one.shown = TOO_MUCH, None
            if not one.array:
                engine.put_value(one, literal_error(TOO_MUCH.text))


def _targets(engine: Engine, one: Formula) -> list[tuple[str, int, int]]:
    """Return the cells of the engine in which a formula stands."""
    if one.plan.area is not None:
        rows, columns = one.plan.area.size
        name = one.plan.area.sheet
        return [(name, row + 1, column + 1) for row in range(rows) for column in range(columns)]
    if one.own is not None:
        return [(one.own, 1, 1)]
    return [(engine.mirror.titles[one.sheet], one.row + 1, one.column + 1)]


def _promote(engine: Engine, *, suspected: bool = False) -> bool:
    """Give formulas that turned out to be arrays a scratch sheet; say whether there were any."""
    found = []
    for one in engine.all():
        if one.own is not None or one.plan.array or one.problem is not None or not one.plan.everything:
            continue
        address = f"'{engine.mirror.titles[one.sheet]}'!{a1.letters(one.column)}{one.row + 1}"
        if suspected or engine.mirror.workbook.inspect_cell(address).cell.spill is not None:
            found.append(one)
    for one in found:
        engine.put_value(one, None)
        one.own = engine.mirror.scratch()
        engine.place(one)
    return bool(found)


def _watch_blanks(engine: Engine) -> bool:
    """Set up probes for results of 0 that may be blank cells; say whether there were any."""
    found = False
    for one in engine.all():
        if not one.plan.maybe_blank or one.array or one.probe is not None or one.problem is not None:
            continue
        if engine.mirror.get(one.sheet, one.row, one.column) == 0:
            one.probe = engine.mirror.scratch()
            engine.put_formula(one.probe, 1, 1, f'=({one.plan.text[1:]})&""')
            found = True
    return found


def result(engine: Engine, one: Formula) -> Result:
    """Return what a formula in its cell came to."""
    if one.problem is not None:
        return one.problem
    found = engine.mirror.get(one.sheet, one.row, one.column)
    if found == 0 and one.probe is not None and engine.mirror.workbook.get_value(one.probe, 1, 1) == "":
        return ""
    return of_engine(found)
