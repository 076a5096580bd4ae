"""When formulas are computed: in each transaction that changes a spreadsheet which has any."""

import importlib.util
from functools import lru_cache

from local_sheets.formulas.clock import now
from local_sheets.store.book import Book
from local_sheets.store.store import Store

_DAY = "computedOn"
"""Under this name a spreadsheet with TODAY or NOW keeps the day on which they were computed."""


@lru_cache(maxsize=1)
def available() -> bool:
    """Say whether formulas are computed here: whether formualizer is installed."""
    return importlib.util.find_spec("formualizer") is not None


def recalculate(book: Book) -> None:
    """Bring the results of a spreadsheet's formulas up to date; call it inside `store.writing(book)`.

    It may be called again in the same transaction, after further changes. Without the engine results stay
    as they are.
    """
    if not available():
        return
    from local_sheets.formulas.engine import Engine

    engine = book.engine
    if not isinstance(engine, Engine) or not engine.fits(book):
        engine = book.engine = Engine()
    time = now(book)
    engine.update(book, time)
    day = f"{time:%Y-%m-%d}" if engine.volatile else None
    if book.about.get(_DAY) != day:
        if day is None:
            del book.about[_DAY]
        else:
            book.about[_DAY] = day
        book.touch()


def refresh(store: Store, book: Book) -> None:
    """Compute a spreadsheet again that shows a day which has passed since; call it before it is read."""
    day = book.about.get(_DAY)
    if day is not None and available() and day != f"{now(book):%Y-%m-%d}":
        with store.writing(book):
            book.recalculate()
