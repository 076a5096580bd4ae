"""Reading: it shows what was written, whole, and in the order that was asked for."""

from __future__ import annotations

from threading import Thread
from uuid import uuid4

from sheets_schema.book.guarantees.guarantee import NotTried, Seen
from sheets_schema.book.guarantees.scratch import Scratch
from sheets_schema.book.titles import quoted
from sheets_schema.errors import BookError

__all__ = ["range_order", "read_your_writes", "whole_reads"]

TIMES = 3
WRITES = 6


def read_your_writes(scratch: Scratch) -> Seen:
    """Read a cell just after each of several writes to it."""
    grid, row = scratch.line()
    scratch.read(grid, f"A{row}")
    right = 0
    for _ in range(TIMES):
        token = uuid4().hex[:8]
        scratch.book.write(scratch.put(grid, row, token))
        right += scratch.read(grid, f"A{row}") == [[token]]
    return Seen(f"{right}/{TIMES}", f"{TIMES}/{TIMES}")


def whole_reads(scratch: Scratch) -> Seen:
    """Read two sheets in one request while another connection writes the same number into both."""
    one, two = scratch.sheet(), scratch.sheet()
    failed: list[BookError] = []

    def write() -> None:
        try:
            for number in range(1, WRITES + 1):
                scratch.book.write([*scratch.put(one, 1, number), *scratch.put(two, 1, number)])
        except BookError as error:
            failed.append(error)

    writer = Thread(target=write, daemon=True)
    pairs = [_pair(scratch, one.title, two.title)]
    writer.start()
    while writer.is_alive():
        pairs.append(_pair(scratch, one.title, two.title))
    writer.join()
    pairs.append(_pair(scratch, one.title, two.title))
    if failed:
        raise failed[0]
    if len({one for one, _ in pairs}) == 1:
        raise NotTried("certify.too_slow")
    torn = sum(one != two for one, two in pairs)
    return Seen(f"torn: {torn}/{len(pairs)}", f"torn: 0/{len(pairs)}")


def range_order(scratch: Scratch) -> Seen:
    """Ask for three ranges that do not stand in the order of the sheet."""
    grid, row = scratch.line()
    scratch.book.write(scratch.put(grid, row, "a", "b", "c"))
    ranges = [f"{quoted(grid.title)}!{letter}{row}" for letter in "CAB"]
    found = scratch.until(lambda: scratch.book.read(ranges), all)
    return Seen(str([cell for rows in found for values in rows for cell in values]), str(["c", "a", "b"]))


def _pair(scratch: Scratch, *titles: str) -> tuple[str, str]:
    """Return what the first cells of two sheets hold, in one request."""
    one, two = scratch.book.read([f"{quoted(title)}!A1" for title in titles])
    return str(one), str(two)
