"""What of a page goes on by itself, and where: on a kernel's loop, or whenever a view's process looks.

A page runs in a kernel, or first in a process that only shows it and has no loop (opsline/server/views).
There nothing may begin that a fork would lose, such as a thread. So what repeats is kept here: it begins at
once where a loop runs, begins with `wake` where a kernel was made of the page, and is called by `beat`
meanwhile.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable
from typing import Final

__all__ = ["beat", "tick", "wake", "when_awake"]

_ASLEEP: Final[list[Callable[[], object]]] = []
_TICKS: Final[list[Tick]] = []


class Tick:
    """A widget's method that is called every now and then for as long as the widget lives.

    Args:
        method: A bound method; the widget is not kept alive by it.
        seconds: Between two calls.
    """

    def __init__(self, method: Callable[[], None], seconds: float) -> None:
        self._method = weakref.WeakMethod(method)
        self._seconds = seconds
        self._due = time.monotonic() + seconds

    def call_if_due(self) -> bool:
        """Call the method if its time has come; say whether the widget still lives."""
        if time.monotonic() < self._due:
            return self._method() is not None
        return self._call()

    def begin(self) -> None:
        """Call the method from now on, on the loop that runs."""
        asyncio.get_running_loop().call_later(self._seconds, self._go_on)

    def _go_on(self) -> None:
        if self._call():
            self.begin()

    def _call(self) -> bool:
        method = self._method()
        if method is None:
            return False
        self._due = time.monotonic() + self._seconds
        method()
        return True


def tick(method: Callable[[], None], seconds: float = 30.0) -> None:
    """Call a widget's method every *seconds* for as long as the widget lives."""
    made = Tick(method, seconds)
    if not when_awake(made.begin):
        _TICKS.append(made)


def when_awake(begin: Callable[[], object]) -> bool:
    """Call *begin* now if a loop runs, else when the page wakes; say whether it was called."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        _ASLEEP.append(begin)
        return False
    begin()
    return True


def wake() -> None:
    """Begin what has waited for a loop; called once on the loop of a kernel that was made of a page."""
    waiting = tuple(_ASLEEP)
    _ASLEEP.clear()
    _TICKS.clear()
    for begin in waiting:
        begin()


def beat() -> None:
    """Call what is due, in a process without a loop."""
    _TICKS[:] = [each for each in _TICKS if each.call_if_due()]
