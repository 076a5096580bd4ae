"""How far something long is: said over the page's lower edge while the kernel is busy with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.desk import Desk

PAUSE = 0.1
"""Seconds between two messages to the browser."""


@contextmanager
def progress(desk: Desk, text: str, total: int = 0) -> Iterator[Callable[[int, int], None]]:
    """Say on the page what it works at, and how far it is, until the block ends.

    The browser shows it where it takes longer than half a second. Messages go out while the kernel's
    main loop is busy.

    Args:
        desk: The page's desk; where no shell stands around the page, nothing is shown.
        text: What is being done, as a sentence in the page's language.
        total: How many steps there are; 0 where that is not known.

    Yields:
        `step(done, total)`, called after each step with the number of those that are done.

    ```python
    with progress(desk, desk.say("doctor.page.looking")) as step:
        seen = examine(desk.book, told=step)
    ```
    """
    show = desk.show_work
    told = time.monotonic()

    def step(done: int, total: int = total) -> None:
        nonlocal told
        if show is not None and time.monotonic() - told >= PAUSE:
            told = time.monotonic()
            show({"text": text, "done": done, "total": total})

    if show is not None:
        show({"text": text, "done": 0, "total": total})
    try:
        yield step
    finally:
        if show is not None:
            show({})
