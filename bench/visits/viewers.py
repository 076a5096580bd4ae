"""What one more viewer costs the server: real pages, opened in steps, the server weighed at each.

The first page of all stays open and is not counted: it is what the first visit alone costs, and a page that
is left would be taken off again some time later.
"""

import time
from pathlib import Path
from typing import Any

from bench.visits.browser import Tab, chromium, opened
from bench.visits.expected import Shown
from bench.visits.frameworks import Framework

PROFILES = 10
"""Browser profiles over which the pages are spread: who opens a page has mostly been here before."""


def memory(
    framework: Framework,
    rows: int,
    steps: list[int],
    shown: dict[str, Shown],
    logs: Path,
    *,
    touch: bool = False,
    **environment: str,
) -> list[dict[str, Any]]:
    """Return, for each number of viewers, the server's memory and what each further viewer added.

    Args:
        framework: Whose page it is.
        rows: Tickets.
        steps: Numbers of viewers, rising.
        shown: What the page shows for each choice.
        logs: The folder for the server's log.
        touch: Each viewer chooses once and has the answer; otherwise they only look.
        environment: Settings of the server.
    """
    found: list[dict[str, Any]] = []
    with framework.serving(rows, logs, **environment) as server, chromium() as browser:
        first = opened(browser.new_context(), framework, server.address)
        first.wait()
        if touch:
            _answered(first, shown, 0)
        before, viewers = server.settled_megabytes(), 0
        found.append({"viewers": 0, "megabytes": before, "each": 0.0})
        profiles = [browser.new_context(viewport={"width": 1280, "height": 900}) for _ in range(PROFILES)]
        for step in steps:
            begun, lost = time.monotonic(), 0
            for number in range(viewers, step):
                tab = opened(profiles[number % PROFILES], framework, server.address)
                lost += tab.wait() is None or (touch and not _answered(tab, shown, number))
            seconds = time.monotonic() - begun
            now = server.settled_megabytes()
            found.append({"viewers": step, "megabytes": now, "each": (now - before) / (step - viewers)})
            found[-1] |= {"seconds_to_open": seconds, "processes": len(server.pids()), "lost": lost}
            before, viewers = now, step
    return found


def _answered(tab: Tab, shown: dict[str, Shown], number: int) -> bool:
    """Let a viewer choose; say whether all charts have answered."""
    choices = list(shown)[1:]
    choice = choices[number % len(choices)]
    return tab.change(choice, shown[choice].charts, 30_000)["ms"] is not None
