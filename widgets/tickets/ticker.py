"""A tick now and then, so that what is left of a ticket's time is seen to pass."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable

__all__ = ["tick"]


def tick(method: Callable[[], None], seconds: float = 30.0) -> bool:
    """Call a widget's method every *seconds* for as long as the widget lives.

    Args:
        method: A bound method; the widget is not kept alive by it.
        seconds: Between two calls.

    Returns:
        Whether there is a running loop to call it on; in a plain test there is none.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    reference = weakref.WeakMethod(method)

    def call() -> None:
        living = reference()
        if living is None:
            return
        living()
        loop.call_later(seconds, call)

    loop.call_later(seconds, call)
    return True
