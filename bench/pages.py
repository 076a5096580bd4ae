"""Measure how long pages take: `python bench/pages.py http://127.0.0.1:8866 home tickets`.

For each page, medians of five first visits (a new browser profile) and five repeat visits, in seconds from
the request until its widgets are painted. Ratios travel, seconds do not: say on which machine.
"""

import statistics
import sys
import time
from typing import Any, Final

from playwright.sync_api import sync_playwright

VISITS: Final = 5
PAUSE_SECONDS: Final = 4.0  # in which the server makes the next kernel in reserve
SWITCHES: Final = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PAINTED: Final = "body.desk-ready .op-main > *"


def seconds(page: Any, address: str) -> float:
    """Return how long a visit takes."""
    time.sleep(PAUSE_SECONDS)
    begun = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(PAINTED, timeout=120_000)
    return time.monotonic() - begun


def measure(browser: Any, address: str) -> tuple[list[float], list[float]]:
    """Return the times of first and of repeat visits."""
    first, again = [], []
    for _ in range(VISITS):
        context = browser.new_context()
        page = context.new_page()
        first.append(seconds(page, address))
        again.append(seconds(page, address))
        context.close()
    return first, again


def main(desk: str, names: list[str]) -> None:
    """Print a line for each page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        print("page          first  repeat   (medians, seconds)")
        for name in names:
            first, again = map(statistics.median, measure(browser, f"{desk}/desk/{name}"))
            print(f"{name:12} {first:6.2f}  {again:6.2f}")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
