"""The same page of 50,000 tickets in ours, Dash, Panel, Streamlit and Solara, side by side in one run.

    make bench                                    # all of it; about 45 minutes on a quiet machine
    python -m bench.pages --visits 1 --viewers 1,5 --changes 10 --only Opsline,Dash    # a smoke run

The visits are taken in turn. A visit begins with the navigation and is measured inside the page
(bench/visits/probe.js): painted, when six tiles and three charts are drawn; answered, when a choice made
as soon as its control is there has been answered by all three charts; filter, from a choice on a page at
rest to the last of its three charts drawn. Before anything is timed, all pages are checked to show the same
numbers.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bench.visits import report, viewers
from bench.visits.browser import Line, chromium, opened
from bench.visits.expected import Shown, differences, expected
from bench.visits.frameworks import BIN, FRAMEWORKS, Framework
from bench.visits.servers import Server, end_in_order

ROWS = 50_000
REST_SECONDS = 2.0
"""After each visit: in it a server makes ready for the next one, and its work is counted to the visit."""
SETTLE_TRIES = 50
FILTERS = 4
"""Choices on a page at rest, in each round; the first of a visit is told apart."""
LOCAL = {"viewport": {"width": 1280, "height": 900}}


@dataclass
class Measured:
    """What was measured of one framework; times in ms, sizes in bytes, memory in MB."""

    start: float = 0
    painted_first: list[float] = field(default_factory=list)
    painted_repeat: list[float] = field(default_factory=list)
    interactive_first: list[float] = field(default_factory=list)
    interactive_repeat: list[float] = field(default_factory=list)
    tries: int = 0
    lost: int = 0
    first_filter: list[float] = field(default_factory=list)
    filter: list[float] = field(default_factory=list)
    unanswered: int = 0
    cpu: list[float] = field(default_factory=list)
    bytes_first: int = 0
    socket_first: int = 0
    bytes_repeat: int = 0
    requests_first: int = 0
    hosts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    changes: int = 0
    stale: int = 0
    looking: list[dict[str, Any]] = field(default_factory=list)
    touching: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Round:
    """One framework's server and the browser that visits it."""

    framework: Framework
    server: Server
    browser: Any
    shown: dict[str, Shown]
    measured: Measured

    @contextmanager
    def profile(self) -> Iterator[Any]:
        """Give a new browser profile."""
        context = self.browser.new_context(**LOCAL)
        yield context
        context.close()
        time.sleep(REST_SECONDS)

    def check(self) -> None:
        """Visit twice, count what goes over the line, and compare all that is shown with what must be."""
        kept, first, again = self.measured, Line(), Line()
        with self.profile() as context:
            for line in (first, again):
                tab = opened(context, self.framework, self.server.address, line=line)
                tab.wait()
                time.sleep(REST_SECONDS)
                kept.faults += self._differences(tab, next(iter(self.shown)))
                if line is again:
                    self._check_choices(tab)
                tab.close()
        kept.bytes_first, kept.socket_first, kept.requests_first = first.size, first.socket, first.requests
        kept.bytes_repeat = self._repeat_size
        kept.hosts = sorted((first.hosts | again.hosts) - {self.server.address.partition("//")[2]})
        kept.errors = first.errors + again.errors

    def _check_choices(self, tab: Any) -> None:
        """Go through all the choices; what a repeat visit fetched is counted before."""
        self._repeat_size = tab.line.size
        for choice in [*list(self.shown)[1:], next(iter(self.shown))]:
            answer = tab.change(choice, self.shown[choice].charts)
            if answer["ms"] is None:
                self.measured.faults.append(f"{choice}: charts {answer['stale']} kept other numbers")
            else:
                self.measured.faults += self._differences(tab, choice)

    def _differences(self, tab: Any, choice: str) -> list[str]:
        """Return what is shown otherwise than it must, and stays so for some seconds."""
        for _ in range(SETTLE_TRIES):
            found = differences(tab.numbers(), self.shown[choice])
            if not found:
                return []
            tab.page.wait_for_timeout(100)
        return [f"{choice}: {each}" for each in found]

    def visit(self, number: int) -> None:
        """Take a first and a repeat visit that look and filter, then two that choose at once."""
        kept = self.measured
        with self.profile() as context:
            for times in (kept.painted_first, kept.painted_repeat):
                before = self.server.cpu_seconds()
                tab = opened(context, self.framework, self.server.address)
                self._keep(times, tab.wait())
                time.sleep(REST_SECONDS)
                kept.cpu.append(self.server.cpu_seconds() - before)
                if times is kept.painted_repeat:
                    self._filter(tab, number)
                tab.close()
                time.sleep(REST_SECONDS)
        choices = list(self.shown)[1:]
        with self.profile() as context:
            for at, times in enumerate((kept.interactive_first, kept.interactive_repeat)):
                choice = choices[(2 * number + at) % len(choices)]
                wanted = {"choice": choice, "charts": self.shown[choice].charts}
                tab = opened(context, self.framework, self.server.address, wanted=wanted)
                self._keep(times, tab.wait("answered"))
                kept.tries += int(tab.page.evaluate("() => bench.tries")) - 1
                time.sleep(REST_SECONDS)
                tab.close()
                time.sleep(REST_SECONDS)

    def _keep(self, times: list[float], milliseconds: float | None) -> None:
        """Keep a time, or count a page that was never painted or never answered."""
        if milliseconds is None:
            self.measured.lost += 1
        else:
            times.append(milliseconds)

    def _filter(self, tab: Any, number: int) -> None:
        choices = list(self.shown)[1:]
        for at in range(FILTERS):
            choice = choices[(number * FILTERS + at) % len(choices)]
            answer = tab.change(choice, self.shown[choice].charts)
            if answer["ms"] is None:
                self.measured.unanswered += 1
            else:
                times = self.measured.first_filter if at == 0 else self.measured.filter
                times.append(answer["ms"])
            time.sleep(0.3)

    def look_for_stale(self, changes: int) -> None:
        """Change the filter so many times on one page, and count the charts that keep other numbers."""
        kept, choices = self.measured, list(self.shown)
        kept.changes = changes
        with self.profile() as context:
            tab = opened(context, self.framework, self.server.address)
            tab.wait()
            for number in range(1, changes + 1):
                choice = choices[number % len(choices)]
                kept.stale += sum(tab.change(choice, self.shown[choice].charts)["stale"])


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything; return the facts."""
    facts: dict[str, Any] = {"about": report.about(), "versions": versions(), "rows": options.rows}
    shown = expected(options.rows)
    logs = Path(mkdtemp(prefix="opsline-bench-logs-"))
    wanted = [each for each in FRAMEWORKS if not options.only or each.name in options.only.split(",")]
    measured = {framework.name: Measured() for framework in wanted}
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        rounds = []
        for framework in wanted:
            server = stack.enter_context(framework.serving(options.rows, logs))
            measured[framework.name].start = server.seconds_to_start
            rounds.append(Round(framework, server, browser, shown, measured[framework.name]))
        for each in rounds:
            say(f"checking {each.framework.name}")
            each.check()
        for number in range(options.visits):
            for place in range(len(rounds)):
                each = rounds[(place + number) % len(rounds)]
                say(f"round {number + 1} of {options.visits}: {each.framework.name}")
                each.visit(number)
        for each in rounds:
            if each.framework.is_ours and options.changes:
                say(f"{options.changes} changes of the filter")
                each.look_for_stale(options.changes)
    for framework in wanted if options.viewers else ():
        kept = measured[framework.name]
        say(f"viewers of {framework.name}")
        kept.looking = viewers.memory(framework, options.rows, options.viewers, shown, logs)
        if framework.is_ours:
            say("viewers of ours who choose")
            kept.touching = viewers.memory(framework, options.rows, options.viewers, shown, logs, touch=True)
    facts["measured"] = {name: asdict(each) for name, each in measured.items()}
    facts["load_after"] = [round(each, 2) for each in os.getloadavg()]
    return facts


def versions() -> dict[str, str]:
    """Return the versions of the peers."""
    names = ["streamlit", "dash", "gunicorn", "panel", "solara", "plotly", "pandas"]
    code = f"import json, importlib.metadata as m; print(json.dumps({{n: m.version(n) for n in {names}}}))"
    answer = subprocess.run([BIN / "python", "-c", code], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(answer.stdout)
    return found


def shown_of(facts: dict[str, Any]) -> str:
    """Return the facts as Markdown."""
    measured: dict[str, dict[str, Any]] = facts["measured"]
    steps = sorted({line["viewers"] for each in measured.values() for line in each["looking"]} - {0})
    rows: list[tuple[str, Any]] = [
        ("first visit: painted, s", lambda m: report.cell([t / 1000 for t in m["painted_first"]], 2)),
        ("repeat visit: painted, s", lambda m: report.cell([t / 1000 for t in m["painted_repeat"]], 2)),
        (
            "first visit: filter answered, s",
            lambda m: report.cell([t / 1000 for t in m["interactive_first"]], 2),
        ),
        (
            "repeat visit: filter answered, s",
            lambda m: report.cell([t / 1000 for t in m["interactive_repeat"]], 2),
        ),
        ("... choices made again after 4 s", lambda m: str(m["tries"])),
        ("... visits that came to nothing in 60 s", lambda m: str(m["lost"])),
        ("first filter of a visit, ms", lambda m: report.cell(m["first_filter"], 0)),
        ("filter to repaint, ms", lambda m: report.cell(m["filter"], 0)),
        ("... not answered in 10 s", lambda m: str(m["unanswered"])),
        ("stale charts", lambda m: f"{m['stale']} in {m['changes']} changes" if m["changes"] else "-"),
        ("server CPU a visit, s", lambda m: report.cell(m["cpu"], 2)),
        ("first visit, kB", lambda m: f"{m['bytes_first'] / 1000:,.0f} in {m['requests_first']} requests"),
        ("... over the socket, kB", lambda m: f"{m['socket_first'] / 1000:,.0f}"),
        ("repeat visit, kB", lambda m: f"{m['bytes_repeat'] / 1000:,.0f}"),
        ("other hosts", lambda m: ", ".join(m["hosts"]) or "none"),
        ("console errors", lambda m: str(len(m["errors"]))),
        ("other numbers than the rest", lambda m: str(len(m["faults"]))),
        ("server answers after, s", lambda m: f"{m['start']:.1f}"),
        *((f"one more viewer, at {step}, MB", _viewer("looking", step)) for step in steps),
        *((f"... who chooses, at {step}, MB", _viewer("touching", step)) for step in steps),
    ]
    body = report.table(
        ["", *measured], [[name, *(text(m) for m in measured.values())] for name, text in rows]
    )
    title = f"One page of {facts['rows']:,} tickets, six tiles, three charts, one filter"
    said = "Medians (least-greatest). One more viewer: a real Chromium page; the server's PSS."
    return "\n".join([report.heading(title, facts, said), body, "", _aims(measured)])


def _viewer(kind: str, step: int) -> Any:
    def text(measured: dict[str, Any]) -> str:
        found = [line["each"] for line in measured[kind] if line["viewers"] == step]
        lost = sum(line.get("lost", 0) for line in measured[kind] if line["viewers"] <= step)
        return (f"{found[0]:.1f}" + (f" ({lost} not painted)" if lost else "")) if found else "-"

    return text


def _aims(measured: dict[str, dict[str, Any]]) -> str:
    """Return how ours stands to the best of the others."""
    if "Opsline" not in measured or len(measured) == 1:
        return ""
    aims = [
        ("painted, first visit", "painted_first", 0.7),
        ("painted, repeat visit", "painted_repeat", 0.7),
        ("filter answered, first visit", "interactive_first", 1.5),
        ("filter answered, repeat visit", "interactive_repeat", 1.5),
        ("filter to repaint", "filter", 0.8),
        ("... the first of a visit", "first_filter", 0.8),
    ]
    lines = []
    for name, key, aim in aims:
        others = {other: each[key] for other, each in measured.items() if other != "Opsline"}
        found = report.ratio(measured["Opsline"][key], others)
        if found:
            lines.append(
                [name, f"{found[0]:.2f} of {found[1]}", f"{aim}", "yes" if found[0] <= aim else "no"]
            )
    return report.table(["ours over the best of the others", "is", "aim", "reached"], lines)


def say(words: str) -> None:
    """Tell what is being done; the table alone goes to the standard output."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print, keep; status 1 where a page shows wrong numbers or ours has stale charts."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("--visits", type=int, default=5, help="rounds of four visits to each (5)")
    given.add_argument(
        "--changes", type=int, default=200, help="of our filter, looking for stale charts (200)"
    )
    given.add_argument("--rows", type=int, default=ROWS, help=f"tickets ({ROWS})")
    given.add_argument("--only", default="", help="names, such as Opsline,Dash")
    given.add_argument("--name", default="pages", help="of the result's files (pages)")
    given.add_argument(
        "--viewers",
        type=lambda text: [int(each) for each in text.split(",") if each],
        default=[1, 10, 50, 100],
        help="numbers of viewers at which memory is measured (1,10,50,100); blank for none",
    )
    options = given.parse_args()
    end_in_order()
    facts = run(options)
    shown = shown_of(facts)
    print(shown)
    print(f"\n{report.write(options.name, facts, shown)}")
    wrong = [fault for each in facts["measured"].values() for fault in each["faults"]]
    stale = sum(each["stale"] for each in facts["measured"].values())
    for fault in wrong:
        say(fault)
    sys.exit(1 if wrong or stale else 0)


if __name__ == "__main__":
    main()
