"""Whether a spreadsheet keeps what the book relies on: tried on scratch sheets, which are then taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sheets_schema.book.guarantees import AFTERWARDS, GUARANTEES, Result
from sheets_schema.book.guarantees.guarantee import tried
from sheets_schema.book.guarantees.scratch import scratch

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["certify"]


def certify(
    book: Book,
    *,
    quota: bool = False,
    patience: float = 10.0,
    told: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Try every guarantee; the spreadsheet is afterwards as it was.

    Args:
        book: A spreadsheet that may be written, laid out or not.
        quota: Use up the account's quota at Google for a minute, to see how it is refused.
        patience: Seconds in which Drive must know of a change; pages promise ten.
        told: Called with each result as soon as it is there.

    Raises:
        BookError: The scratch sheets cannot be made, or not be taken away.
    """
    results: list[Result] = []

    def note(result: Result) -> None:
        results.append(result)
        told(result)

    with scratch(book, patience, quota=quota) as sheets:
        sheets.line()
        for guarantee in GUARANTEES:
            note(tried(guarantee, sheets))
    for guarantee in AFTERWARDS:
        note(tried(guarantee, sheets))
    return results
