"""What more tickets and viewers cost ours: `make growth`, `python -m bench.growth --tickets 1000,10000`.

Tickets: for each number of rows, a page that nobody has seen since the server started (cold), first visits
(a new browser profile), a filter answered, the server's memory. Viewers: for each number of open pages, how
long after a cell was typed all of them show it, and how often the desk asked the workbook meanwhile, counted
before the workbook's server.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import requests

from bench.visits import data, report
from bench.visits.browser import Line, Tab, chromium, opened
from bench.visits.expected import Shown, differences, expected
from bench.visits.frameworks import FRAMEWORKS
from bench.visits.gate import gate_before
from bench.visits.servers import Server, end_in_order
from local_sheets.running import running

OURS = FRAMEWORKS[0]
CHANGES = 3
NEWS_SECONDS = 60
COLD_MS = 600_000
QUIET_SECONDS = 20
TICKETS_HEADER = [
    *(
        "tickets",
        "start, s",
        "cold, s",
        "first visit, s",
        "filter answered, s",
        "filter, ms",
        "kB",
        "MB",
        "faults",
    ),
]
VIEWERS_HEADER = [
    *("workbook", "open pages", "change to last page, s", "cells read a change", "asked a minute", "at rest"),
    *("CPU at rest", "MB", "not painted"),
]
SEEN = """([at, text]) => {
  window.seenAt = null;
  const look = () => { if (bench.tiles()[at] === text) seenAt = Date.now(); else setTimeout(look, 50); };
  look();
}"""


def by_tickets(rows: int, visits: int, logs: Path) -> dict[str, Any]:
    """Return what the page costs with so many tickets."""
    shown = expected(rows)
    found: dict[str, Any] = {"tickets": rows, "first": [], "interactive": [], "filter": [], "faults": []}
    with OURS.serving(rows, logs) as server, chromium() as browser:
        found["start"] = server.seconds_to_start
        for number in range(visits + 1):
            context, line = browser.new_context(), Line() if number == 0 else None
            tab = opened(context, OURS, server.address, line=line)
            painted = tab.wait(patience=COLD_MS) or float("inf")
            time.sleep(2)
            if line is not None:
                found |= {"cold": painted, "bytes": line.size}
                found["faults"] = differences(tab.numbers(), next(iter(shown.values())))
            else:
                found["first"].append(painted)
                found["filter"] += _filtered(tab, shown, found["faults"])
            tab.close()
            if line is None:
                found["interactive"].append(_interactive(context, server, shown, number))
            context.close()
            time.sleep(2)
        found["megabytes"] = server.settled_megabytes()
        found["cpu"] = server.cpu_seconds()
    return found


def _filtered(tab: Tab, shown: dict[str, Shown], faults: list[str]) -> list[float]:
    """Return the ms of some filters, the last one back to all tickets."""
    times = []
    for choice in [*list(shown)[2:5], next(iter(shown))]:
        answer = tab.change(choice, shown[choice].charts, 30_000)
        if answer["ms"] is None:
            faults.append(f"{choice}: charts {answer['stale']} kept other numbers")
        else:
            times.append(answer["ms"])
    return times


def _interactive(context: Any, server: Server, shown: dict[str, Shown], number: int) -> float:
    """Return the ms until a choice made at once is answered."""
    choice = list(shown)[1 + number % (len(shown) - 1)]
    tab = opened(context, OURS, server.address, wanted={"choice": choice, "charts": shown[choice].charts})
    answered = tab.wait("answered")
    tab.close()
    return float("inf") if answered is None else answered


@contextmanager
def desk(rows: int, logs: Path, *, own: bool) -> Iterator[tuple[Server, Counter[str], "Cell"]]:
    """Give a desk, what it asks of its workbook's server, and a cell to type in.

    Where the workbook is its *own*, nothing is counted: desk and workbook are one process.
    """
    with ExitStack() as stack:
        if own:
            server = stack.enter_context(OURS.serving(rows, logs, OPSLINE_TOKEN=data.TOKEN))
            yield server, Counter(), Cell(server.address)
            return
        folder = stack.enter_context(data.copied(rows))
        sheets = stack.enter_context(running(folder / "workbook.sqlite", "--token", data.TOKEN))
        gate = stack.enter_context(gate_before(sheets.address))
        given = {"OPSLINE_BOOK": gate.address, "OPSLINE_TOKEN": data.TOKEN}
        server = stack.enter_context(OURS.serving(rows, logs, **given))
        yield server, gate.seen, Cell(sheets.address)


class Cell:
    """The status of the first ticket that is closed: typing `new` there and `closed` again moves a tile.

    Args:
        address: The workbook's server.
    """

    def __init__(self, address: str) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {data.TOKEN}"
        files = self.session.get(f"{address}/drive/v3/files", timeout=30).json()["files"]
        self.values = f"{address}/v4/spreadsheets/{files[0]['id']}/values/"
        header = self._read("tickets!1:1")[0]
        column = _letters(header.index("status"))
        status = [row[0] for row in self._read(f"tickets!{column}2:{column}1000")]
        self.place = f"tickets!{column}{status.index('closed') + 2}"
        self.is_open = False

    @property
    def next_step(self) -> int:
        """By how much the number of open tickets changes with the next turn."""
        return -1 if self.is_open else 1

    def turn(self) -> None:
        """Type the other status."""
        self.is_open = not self.is_open
        body = {"values": [["new" if self.is_open else "closed"]]}
        asked = self.session.put(
            self.values + self.place, params={"valueInputOption": "RAW"}, json=body, timeout=60
        )
        asked.raise_for_status()

    def _read(self, place: str) -> list[list[str]]:
        answer = self.session.get(self.values + place, timeout=60)
        answer.raise_for_status()
        found: list[list[str]] = answer.json()["values"]
        return found


def _letters(place: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)  # noqa: PLR2004


def by_viewers(rows: int, steps: list[int], logs: Path, *, own: bool) -> list[dict[str, Any]]:
    """Return, for each number of open pages, how soon all show a change, and what was asked meanwhile."""
    found: list[dict[str, Any]] = []
    with desk(rows, logs, own=own) as (server, seen, cell), chromium() as browser:
        count = int(expected(rows)["All categories"].tiles[1].replace(",", ""))
        profiles = [browser.new_context() for _ in range(10)]
        tabs: list[Tab] = []
        lost = 0
        for step in steps:
            say(f"{step} pages, {'a workbook of its own' if own else 'a workbook elsewhere'}")
            for number in range(len(tabs), step):
                tabs.append(opened(profiles[number % 10], OURS, server.address))
                lost += tabs[-1].wait() is None
            server.settled_megabytes()
            seen.clear()
            cpu, begun = server.cpu_seconds(), time.monotonic()
            time.sleep(QUIET_SECONDS)
            quiet = dict(seen)
            rest = (server.cpu_seconds() - cpu) / (time.monotonic() - begun)
            seen.clear()
            delays, begun = [], time.monotonic()
            for _ in range(CHANGES):
                count += cell.next_step
                delays.append(_delays(tabs, f"{count:,}", cell))
                time.sleep(QUIET_SECONDS / 2)
            line = {
                "own": own,
                "viewers": step,
                "quiet": quiet,
                "quiet_seconds": QUIET_SECONDS,
                "asked": dict(seen),
            }
            line |= {"seconds": time.monotonic() - begun, "delays": delays, "cpu_at_rest": rest}
            found.append(line | {"megabytes": server.megabytes(), "lost": lost})
    return found


def _delays(tabs: list[Tab], text: str, cell: Cell) -> list[float]:
    """Type; return after how many seconds each page showed a tile's new text, infinite where it did not."""
    for tab in tabs:
        tab.page.evaluate(SEEN, [1, text])
    cell.turn()
    typed = time.time()
    until = time.monotonic() + NEWS_SECONDS
    found: list[float] = []
    for tab in tabs:
        at = tab.page.evaluate("() => seenAt")
        while at is None and time.monotonic() < until:
            tab.page.wait_for_timeout(50)
            at = tab.page.evaluate("() => seenAt")
        found.append(float("inf") if at is None else at / 1000 - typed)
    return found


def shown_of(facts: dict[str, Any]) -> str:
    """Return the facts as Markdown."""
    lines = [report.heading("What more tickets and viewers cost ours", facts)]
    if facts["tickets"]:
        lines += [report.table(TICKETS_HEADER, map(_tickets, facts["tickets"])), ""]
    if facts["viewers"]:
        said = f"Open pages of {facts['rows']:,} tickets; a cell is typed {CHANGES} times, all show it. The"
        said += (
            " workbook is the desk's own (news at once), or served elsewhere, where it is asked as Google is."
        )
        lines += [said, "", report.table(VIEWERS_HEADER, map(_viewers, facts["viewers"]))]
    return "\n".join(lines)


def _tickets(each: dict[str, Any]) -> list[str]:
    return [
        f"{each['tickets']:,}",
        f"{each['start']:.1f}",
        f"{each['cold'] / 1000:.2f}",
        report.cell([t / 1000 for t in each["first"]], 2),
        report.cell([t / 1000 for t in each["interactive"]], 2),
        report.cell(each["filter"], 0),
        f"{each['bytes'] / 1000:,.0f}",
        f"{each['megabytes']:.0f}",
        str(len(each["faults"])),
    ]


def _viewers(each: dict[str, Any]) -> list[str]:
    minutes = each["seconds"] / 60
    asked, quiet = each["asked"], each["quiet"]
    return [
        "its own" if each["own"] else "elsewhere",
        str(each["viewers"]),
        report.cell([max(delays) for delays in each["delays"]], 2),
        "-" if each["own"] else f"{asked.get('cells', 0) / CHANGES:.1f}",
        ", ".join(f"{name} {count / minutes:.0f}" for name, count in sorted(asked.items())) or "-",
        ", ".join(f"{name} {count * 60 / each['quiet_seconds']:.0f}" for name, count in sorted(quiet.items()))
        or "nothing",
        f"{each['cpu_at_rest']:.1%}",
        f"{each['megabytes']:.0f}",
        str(each["lost"]),
    ]


def say(words: str) -> None:
    """Tell what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def numbers(text: str) -> list[int]:
    """Return the numbers of a list such as "1000,10000"."""
    return [int(each) for each in text.split(",") if each]


def main() -> None:
    """Measure, print, keep."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument(
        "--tickets", type=numbers, default=[1000, 10_000, 100_000, 1_000_000], help="numbers of rows"
    )
    given.add_argument("--viewers", type=numbers, default=[1, 10, 50, 100], help="open pages (1,10,50,100)")
    given.add_argument("--visits", type=int, default=3, help="of each number of tickets (3)")
    given.add_argument("--rows", type=int, default=50_000, help="tickets that viewers look at (50000)")
    given.add_argument("--name", default="growth", help="of the result's files (growth)")
    options = given.parse_args()
    end_in_order()
    logs = Path(mkdtemp(prefix="opsline-bench-logs-"))
    facts: dict[str, Any] = {"about": report.about(), "rows": options.rows, "tickets": [], "viewers": []}
    for rows in options.tickets:
        say(f"{rows:,} tickets")
        facts["tickets"].append(by_tickets(rows, options.visits, logs))
    if options.viewers:
        for own in (True, False):
            facts["viewers"] += by_viewers(options.rows, options.viewers, logs, own=own)
    facts["load_after"] = [round(each, 2) for each in os.getloadavg()]
    shown = shown_of(facts)
    print(shown)
    print(f"\n{report.write(options.name, facts, shown)}")
    sys.exit(1 if any(each["faults"] for each in facts["tickets"]) else 0)


if __name__ == "__main__":
    main()
