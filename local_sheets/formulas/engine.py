"""The formulas of one spreadsheet, computed by formualizer.

The engine's workbook is a mirror of what formulas read. After each change the mirror is brought up to date
with the rows that changed, the engine computes what depends on them, and results that differ are written into
the rows, as any other change. Nothing here is kept in the file: an engine is made from the rows at the first
write after a start, and made anew when a sheet goes, is renamed, or columns move.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from local_sheets.formulas import computing, showing
from local_sheets.formulas.formats import Formats
from local_sheets.formulas.formula import Formula
from local_sheets.formulas.mirror import Mirror, literal_error
from local_sheets.formulas.references import Reference
from local_sheets.formulas.results import CIRCULAR, Problem
from local_sheets.formulas.surroundings import surroundings
from local_sheets.formulas.translation import Surroundings, plan
from local_sheets.store.book import Book, Sheet
from local_sheets.store.row import FORMULA, SPILLED, Row
from local_sheets.store.steps import Step

_GROWTHS = 4
"""An array that makes its sheet larger may be read there, by one that does so too: computed so many times."""


class Engine:
    """The formulas of one spreadsheet. Used only from the store's thread."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.formulas: dict[int, dict[int, dict[int, Formula]]] = {}
        """By the sheet's key, the row's key, the column."""
        self.spilled: set[tuple[int, int, int]] = set()
        """The cells that hold a part of an array of another cell's formula."""
        self.arrays = -1
        """How many formulas had arrays when their room was last looked at; -1: never."""
        self.handed_on: set[tuple[int, int, int]] = set()
        """The cells, by sheet's key, row and column, that hold an array's values in the engine."""
        self.open = False
        """Whether a transaction that this engine took part in has not ended."""
        self._around: Surroundings | None = None
        self._steps: dict[int, tuple[list[Step], int]] = {}
        self._volatile = False

    # what changed ------------------------------------------------------------------------------

    def fits(self, book: Book) -> bool:
        """Say whether the engine can be brought up to date; if not, a new one is quicker."""
        titles = {sheet.key: sheet.title for sheet in book.sheets}
        if any(titles.get(key) != title for key, title in self.mirror.titles.items()):
            return False
        return not any(
            step.dimension == "COLUMNS" and step.first <= self._last_column(sheet.key)
            for sheet in book.sheets
            for step in self._fresh_steps(sheet)
        )

    def _last_column(self, sheet: int) -> int:
        """Return the last column of a sheet that the engine knows anything of."""
        known = self.mirror.columns.get(sheet, set())
        own = (column for cells in self.formulas.get(sheet, {}).values() for column in cells)
        filled = (column for key, _row, column in self.spilled if key == sheet)
        return max([*known, *own, *filled], default=-1)

    def _fresh_steps(self, sheet: Sheet) -> list[Step]:
        """Return the steps of a sheet that were not followed yet."""
        steps, count = self._steps.get(sheet.key, (None, 0))
        return sheet.steps[count:] if steps is sheet.steps else list(sheet.steps)

    def update(self, book: Book, now: datetime) -> None:
        """Follow what changed of a spreadsheet, compute, and write the results into its rows.

        Args:
            book: The spreadsheet, in the midst of a transaction.
            now: The time, in the spreadsheet's zone.
        """
        self.open = True
        stale: list[Formula] = []
        for sheet in book.sheets:
            new = sheet.key not in self.mirror.titles
            self.mirror.add(sheet)
            stale += self._follow(sheet, new=new)
        for growth in range(_GROWTHS):
            around = surroundings(book)
            stale += self._outdated(around)
            self._around = around
            if growth and not stale:
                break
            self._compute(book, stale, now)
            stale = []
        for sheet in book.sheets:
            if sheet.loaded is not None:
                sheet.loaded.uncomputed.clear()

    def _compute(self, book: Book, stale: list[Formula], now: datetime) -> None:
        """Compute, with formulas that are to be planned first, and write the results into the rows."""
        self._plan(book, dict.fromkeys(stale))
        self._volatile = any(one.plan.volatile for one in self.all())
        if self._volatile:
            self.mirror.set_time(now)
        computing.compute(self, book)
        showing.show(book, self)

    @property
    def names(self) -> Mapping[str, Reference]:
        """Return the named ranges, by name in lower case."""
        return self._around.names if self._around is not None else {}

    def all(self) -> Iterator[Formula]:
        """Yield every formula."""
        for rows in self.formulas.values():
            for cells in rows.values():
                yield from cells.values()

    @property
    def volatile(self) -> bool:
        """Say whether the time alone changes a result."""
        return self._volatile

    def _follow(self, sheet: Sheet, *, new: bool) -> list[Formula]:
        """Bring the mirror up to date with a sheet; return the formulas that are new or moved."""
        if new:
            return self._adopt(sheet) if sheet.has_formulas else []
        if sheet.loaded is None:
            return []
        lines, steps = sheet.lines, self._fresh_steps(sheet)
        self._steps[sheet.key] = (sheet.steps, len(sheet.steps))
        low = min((step.first for step in steps), default=len(lines))
        moved: list[Formula] = []
        if low < self.mirror.extent[sheet.key]:
            moved = self._moved(sheet, low)
        self.mirror.extent[sheet.key] = len(lines)
        for index in lines.places(lines.uncomputed) if lines.uncomputed else ():
            moved += self._changed(sheet, index, lines.row(index))
        mine = self.formulas.get(sheet.key, {})
        return [one for one in moved if mine.get(one.key, {}).get(one.column) is one]

    def _adopt(self, sheet: Sheet) -> list[Formula]:
        """Take over all formulas of a sheet."""
        lines, found = sheet.lines, []
        self._steps[sheet.key] = (sheet.steps, len(sheet.steps))
        self.mirror.extent[sheet.key] = len(lines)
        for index in lines.places(lines.formulas):
            row = lines.row(index)
            for column in row.extras.get(SPILLED, {}):
                self.spilled.add((sheet.key, row.key, int(column)))
            found += self._formulas_of(sheet, index, row)
        return found

    def _moved(self, sheet: Sheet, low: int) -> list[Formula]:
        """Load again what lies from row *low* on; return the formulas that stand there now."""
        lines, mine = sheet.lines, self.formulas.get(sheet.key, {})
        places = {key: index for index, key in enumerate(lines.keys[low:], low) if key in mine}
        found = []
        for one in [one for cells in mine.values() for one in cells.values() if one.row >= low]:
            if one.key not in places:
                self._drop(one)
                continue
            if one.own is None:
                self.mirror.put(sheet.key, one.row, one.column, None)
            found.append(one)
        self.mirror.load(sheet, self.mirror.columns[sheet.key], low)
        for one in found:
            one.row = places[one.key]
        return found

    def _changed(self, sheet: Sheet, index: int, row: Row) -> list[Formula]:
        """Follow one row that changed; return its formulas that are new."""
        found = self._formulas_of(sheet, index, row)
        cells = self.formulas.get(sheet.key, {}).get(row.key, {})
        for column in self.mirror.columns[sheet.key]:
            if column in cells and (cells[column].fresh or not cells[column].array):
                continue
            showing.put_seen(self.mirror, sheet.key, index, column, row)
        return found

    def _formulas_of(self, sheet: Sheet, index: int, row: Row) -> list[Formula]:
        """Take over the formulas of a row; return those that are new."""
        texts = row.extras.get(FORMULA, {})
        rows = self.formulas.setdefault(sheet.key, {})
        for column, one in list(rows.get(row.key, {}).items()):
            if texts.get(str(column)) != one.text:
                self._drop(one)
            else:
                one.shown = None
        if not texts:
            return []
        cells, found = rows.setdefault(row.key, {}), []
        for place, text in texts.items():
            column = int(place)
            if column not in cells:
                one = Formula(sheet.key, row.key, column, text, index)
                cells[column] = one
                found.append(one)
        return found

    def _drop(self, one: Formula) -> None:
        """Forget a formula."""
        cells = self.formulas[one.sheet][one.key]
        del cells[one.column]
        if not cells:
            del self.formulas[one.sheet][one.key]
        self.clear(one)

    def clear(self, one: Formula) -> None:
        """Take a formula from the engine."""
        if one.fresh:
            return
        workbook = self.mirror.workbook
        if one.own is None:
            self.mirror.put(one.sheet, one.row, one.column, None)
            if self.mirror.get(one.sheet, one.row, one.column) is None:
                workbook.set_value(self.mirror.titles[one.sheet], one.row + 1, one.column + 1, None)
        for name in (one.own, one.probe, one.blanks):
            if name is not None:
                workbook.set_value(name, 1, 1, None)
        for area in one.plan.scratch:
            rows, columns = area.size
            workbook.set_values_batch(area.sheet, 1, 1, [[None] * columns for _ in range(rows)])

    def _outdated(self, around: Surroundings) -> list[Formula]:
        """Return the formulas for which names, sizes of sheets, or columns that they read are new."""
        old = self._around
        if old is None or old == around:
            return []
        named = (
            old.names != around.names
            or old.comma != around.comma
            or old.sheets.keys() != around.sheets.keys()
        )
        widths = {title: grid.columns for title, grid in old.sheets.items()}
        wider = {
            title: widths[title]
            for title, grid in around.sheets.items()
            if grid.columns > widths.get(title, grid.columns)
        }
        return [
            one
            for one in self.all()
            if one.plan.sized or (named and one.plan.named) or (wider and one.plan.reaches(wider))
        ]

    # planning ----------------------------------------------------------------------------------

    def _plan(self, book: Book, stale: Iterable[Formula]) -> None:
        """Plan formulas, load the columns that they read, and put them into the engine."""
        placed = list(stale)
        around = self._around
        if around is None:
            return
        sheets, formats = {sheet.key: sheet for sheet in book.sheets}, Formats(book, self)
        for one in placed:
            if one.fresh or one.plan.placed or one.plan.sized or one.plan.named:
                self.clear(one)
                title = sheets[one.sheet].title
                look = partial(formats.moment, home=title)
                one.plan = plan(one.text, title, one.row, one.column, around, self.mirror.scratch, look)
                one.own = self.mirror.scratch() if one.plan.array and one.plan.area is None else None
                one.probe = one.blanks = None
                one.fresh = False
        loaded = self._load(book, placed)
        if loaded:
            known = set(placed)
            placed += [
                one for one in self.all() if one not in known and one.column in loaded.get(one.sheet, ())
            ]
        for one in placed:
            self.place(one)

    def _load(self, book: Book, formulas: Iterable[Formula]) -> dict[int, set[int]]:
        """Load the columns that formulas read; return those that were not there, by sheet."""
        wanted: dict[str, set[int]] = {}
        everything, sizes = False, self._around.sheets if self._around else {}
        for one in formulas:
            everything |= one.plan.everything
            for title, span in one.plan.reads:
                columns = wanted.setdefault(title.casefold(), set())
                if span.left is None:
                    columns.update(range(sizes[title.casefold()].columns))
                elif span.right is None or span.right - span.left != 1:
                    columns.update(range(span.left, span.right or span.left + 1))
                else:
                    columns.add(span.left)
        loaded = {}
        for sheet in book.sheets:
            columns = set(range(sheet.columns)) if everything else wanted.get(sheet.title.casefold(), set())
            fresh = self.mirror.need(sheet, columns) if columns else set()
            if fresh:
                loaded[sheet.key] = fresh
        return loaded

    def place(self, one: Formula) -> None:
        """Put a formula into the engine."""
        workbook, how = self.mirror.workbook, one.plan
        one.problem, one.shown, one.raw = how.problem, None, None
        for area in how.scratch:
            for number, row in enumerate(area.formulas, 1):
                for column, text in enumerate(row, 1):
                    self.put_formula(area.sheet, number, column, text)
        if how.problem is not None:
            if one.own is None:
                self.put_value(one, literal_error(how.problem.text))
            return
        if how.area is not None:
            return
        if one.own is not None:
            self.put_formula(one.own, 1, 1, how.text)
            return
        one.problem = self.put_formula(self.mirror.titles[one.sheet], one.row + 1, one.column + 1, how.text)
        if one.problem is not None:
            self.put_value(one, literal_error(one.problem.text))
        if one.probe is not None:
            workbook.set_formula(one.probe, 1, 1, f'=({how.text[1:]})&""')

    def put_value(self, one: Formula, value: object) -> None:
        """Put a value into the engine where a formula stands."""
        self.mirror.workbook.set_value(self.mirror.titles[one.sheet], one.row + 1, one.column + 1, value)

    def put_formula(self, title: str, row: int, column: int, text: str) -> Problem | None:
        """Set a formula of the engine's; return why it does not take it."""
        try:
            self.mirror.workbook.set_formula(title, row, column, text)
        except RuntimeError as error:
            self.mirror.workbook.set_value(title, row, column, literal_error("#REF!"))
            return CIRCULAR if "#CIRC!" in str(error) else Problem("#ERROR!", "Formula parse error.")
        return None
