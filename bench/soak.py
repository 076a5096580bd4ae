"""Half an hour with fifty viewers: coming, filtering, filing tickets, leaving, some of them killed.

    make soak                                            # 30 minutes, 50 viewers
    python -m bench.soak --minutes 2 --viewers 10        # a short one

At the end everybody leaves. Then no kernel may be left that was not there before, the memory must have been
flat, no console may have shown an error, and each ticket that was filed must stand in the sheet once. Prints
a table; the exit status is 0 if all of that holds.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from uuid import uuid4

from playwright.sync_api import Error

from bench.visits import report
from bench.visits.browser import chromium
from bench.visits.frameworks import ROOT
from bench.visits.servers import Server, end, end_in_order, free_port, served
from opsline.server.views.views import MOST

IDLE_SECONDS = 20
"""How long a kernel outlives a page that was lost without a goodbye, in this run."""
REST_SECONDS = 90
SAMPLE_SECONDS = 10
PATIENCE = 30_000
ENOUGH_SECONDS = 600
MORE_MEMORY = 1.1
"""How much more the last third of the time may take than the one before."""
SHOWN = "body.desk-ready .op-main *:visible"
PAGES = ("home", "tickets", "tickets", "tickets", "intake", "intake", "kpis", "risks")
PRIORITIES = ("P1", "P2", "P3", "P4")


@dataclass
class Viewer:
    """One open page of a visitor of its own."""

    page: Any
    name: str


@dataclass
class Soak:
    """What happens, and what came of it."""

    server: Server
    browser: Any
    wanted: int
    chance: random.Random
    viewers: list[Viewer] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    filed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    samples: list[tuple[float, float, int, Counter[str]]] = field(default_factory=list)

    def run(self, minutes: float) -> None:
        """Let one thing after the other happen."""
        begun = time.monotonic()
        sampled = -SAMPLE_SECONDS
        while (passed := time.monotonic() - begun) < 60 * minutes:
            if passed - sampled >= SAMPLE_SECONDS:
                sampled = passed
                self.samples.append((passed, self.server.megabytes(), len(self.viewers), self.server.kinds()))
            self.step()
        for viewer in tuple(self.viewers):
            self.try_to("leave", self.leave, viewer)

    def step(self) -> None:
        """Let somebody come while there is room, else let somebody do something."""
        if len(self.viewers) < self.wanted:
            self.try_to("come", self.come, self.chance.choice(PAGES))
            return
        viewer = self.chance.choice(self.viewers)
        what: list[tuple[str, Callable[[Any], None]]] = [("leave", self.leave), ("be killed", self.be_killed)]
        acts = {"tickets": ("filter", self.choose), "intake": ("file", self.file)}
        what += [acts.get(viewer.name, ("look", self.look))] * 8
        self.try_to(*self.chance.choice(what), viewer)

    def try_to(self, name: str, act: Callable[[Any], None], viewer: Viewer | str) -> None:
        """Count what went well, and what did not."""
        try:
            act(viewer)
        except Error as error:
            self.failed[name] += 1
            place = viewer.name if isinstance(viewer, Viewer) else viewer
            self.said.append(f"{name}, {place}: {str(error).splitlines()[0]} {notes(viewer)}")
        else:
            self.done[name] += 1

    def come(self, name: str) -> None:
        """Open a page as a new visitor, and wait until it is painted."""
        context = self.browser.new_context(locale="en-GB")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and self.errors.update([said.text[:200]]))
        page.on("pageerror", lambda error: self.errors.update([str(error)[:200]]))
        self.viewers.append(Viewer(page, name))
        page.goto(f"{self.server.address}/desk/{name}", wait_until="commit")
        page.wait_for_selector(SHOWN)

    def look(self, viewer: Viewer) -> None:
        """Look at a page that is open: it must still be whole."""
        viewer.page.wait_for_selector(SHOWN)

    def choose(self, viewer: Viewer) -> None:
        """Filter the queue; the address bar follows when the kernel has answered."""
        now = viewer.page.evaluate("() => new URL(location.href).searchParams.get('priority') ?? ''")
        other = self.chance.choice([each for each in PRIORITIES if each != now])
        viewer.page.get_by_label("Priority", exact=True).select_option(other)
        viewer.page.wait_for_function(
            "(wanted) => new URL(location.href).searchParams.get('priority') === wanted", arg=other
        )

    def file(self, viewer: Viewer) -> None:
        """Fill in the form and file a ticket; it counts as filed when the page has said its number."""
        page, subject = viewer.page, f"Soak {uuid4().hex}"
        before = page.locator(".op-note a").all_text_contents()
        for label, text in (("Requester", "Ms Soak"), ("Subject", subject), ("Need", "To be counted")):
            page.get_by_label(label).fill(text)
        for label, code in (("Category", "QUA"), ("Impact", "medium"), ("Urgency", "high")):
            page.get_by_label(label).select_option(code)
        page.get_by_label("Category").press("Tab")
        page.wait_for_function("() => !document.querySelector('.op-main button:disabled')")
        self.unsure.append(subject)
        page.get_by_role("button", name="File the ticket").click()
        page.wait_for_function(
            """(before) => {
              const links = document.querySelectorAll(".op-note.op-green a");
              const now = [...links].map((each) => each.textContent);
              return now.length && String(now) !== String(before);
            }""",
            arg=before,
        )
        self.filed.append(self.unsure.pop())

    def leave(self, viewer: Viewer) -> None:
        """Close a page as a person does."""
        self.viewers.remove(viewer)
        viewer.page.goto("about:blank")
        viewer.page.context.close()

    def be_killed(self, viewer: Viewer) -> None:
        """End a page's process: it cannot say goodbye."""
        self.viewers.remove(viewer)
        with viewer.page.expect_event("crash"), suppress(Error):
            viewer.page.goto("chrome://crash")
        viewer.page.context.close()


def notes(viewer: Viewer | str) -> list[str]:
    """Return what a page says above its content."""
    if isinstance(viewer, Viewer):
        with suppress(Error):
            found: list[str] = viewer.page.locator(".op-note").all_text_contents()
            return found
    return []


def warm_up(soak: Soak) -> None:
    """Let everything be read, computed and filed for the first time, and wait until it is quiet again."""
    for name in dict.fromkeys(PAGES):
        soak.come(name)
        viewer = soak.viewers[0]
        {"tickets": soak.choose, "intake": soak.file}.get(name, soak.look)(viewer)
        soak.leave(viewer)
    time.sleep(IDLE_SECONDS)
    settled(soak.server, Counter(kernel=0))


def settled(server: Server, before: Counter[str], seconds: float = REST_SECONDS) -> Counter[str]:
    """Return a server's processes as soon as there are no more kernels than before, or when time is over."""
    until = time.monotonic() + seconds
    while (found := server.kinds())["kernel"] > before["kernel"] and time.monotonic() < until:
        time.sleep(1)
    return found


def filed_in_sheet(server: Server, data: Path) -> Counter[str]:
    """Return how often each subject stands in the sheet, read in a process of its own."""
    code = (
        "import json, sys; from sheets_schema.book import open_book;"
        "found = open_book(sys.argv[1]).load('tickets')['tickets'];"
        "print(json.dumps(found['subject'].dropna().tolist()))"
    )
    token = json.loads((data / "workbook.sqlite.server").read_text(encoding="utf-8"))["token"]
    environment = {**os.environ, "OPSLINE_TOKEN": token, "OPSLINE_DATA": str(data)}
    command = [sys.executable, "-c", code, server.address]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return Counter(json.loads(answer.stdout))


def verdicts(
    soak: Soak,
    sheet: Counter[str],
    rests: tuple[tuple[float, Counter[str]], tuple[float, Counter[str]]],
    orphans: list[int],
) -> list[tuple[str, str, bool]]:
    """Return what was asked, what was found, and whether that is right."""
    (light, base), (heavy, left) = rests
    lost = [each for each in soak.filed if sheet[each] != 1]
    doubled = [each for each in soak.unsure if sheet[each] > 1]
    growth, slope = flatness([(at, size) for at, size, _, _ in soak.samples])
    acts = ", ".join(f"{name} {count}" for name, count in sorted(soak.done.items()))
    failed = ", ".join(f"{name} {count}" for name, count in sorted(soak.failed.items()))
    filed = f"{len(soak.filed)} filed, {len(lost)} of them not there once"
    filed += f"; {len(soak.unsure)} without an answer, {len(doubled)} of them there twice"
    short = " (too short a time to tell)" if soak.samples[-1][0] < ENOUGH_SECONDS else ""
    return [
        ("what happened", acts, bool(soak.done)),
        ("what did not work", failed or "nothing", not soak.failed),
        ("errors in consoles", str(sum(soak.errors.values())), not soak.errors),
        ("tickets", filed, bool(soak.filed) and not lost and not doubled),
        (
            "kernels, before and after",
            f"{base['kernel']} and {left['kernel']}",
            left["kernel"] <= base["kernel"],
        ),
        ("views kept, before and after", f"{base['view']} and {left['view']}", left["view"] <= MOST),
        ("other processes", f"{base['other']} and {left['other']}", left["other"] <= base["other"]),
        ("processes after the server's end", str(len(orphans)), not orphans),
        (
            "memory, last third to the one before",
            f"{growth:.2f}{short}",
            bool(short) or growth <= MORE_MEMORY,
        ),
        ("memory, MB an hour", f"{slope:+.0f}", True),
        ("memory at rest, MB, before and after", f"{light:.0f} and {heavy:.0f}", True),
    ]


def flatness(samples: list[tuple[float, float]]) -> tuple[float, float]:
    """Return how the last third's median stands to that of the third before it, and the slope in MB an hour.

    The first third, in which the viewers come and everything is read for the first time, is left out.

    >>> flatness([(at, 100) for at in range(9)])
    (1.0, 0.0)
    """
    third = max(1, len(samples) // 3)
    middle, last = samples[third : 2 * third], samples[2 * third :]
    if len(middle) < 2 or not last:  # noqa: PLR2004 (a line has two ends)
        return 1.0, 0.0
    line = linear_regression(*zip(*(middle + last), strict=True))
    growth = median(size for _, size in last) / median(size for _, size in middle)
    return growth, line.slope * 3600


def run(options: argparse.Namespace, data: Path) -> dict[str, Any]:
    """Soak; return the facts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPSLINE_")}
    environment = {**kept, "OPSLINE_DATA": str(data), "OPSLINE_IDLE_SECONDS": str(IDLE_SECONDS)}
    environment |= {"PYTHONPATH": str(ROOT)}
    opsline = [sys.executable, "-m", "opsline"]
    subprocess.run([*opsline, "demo", "--small"], env=environment, check=True, capture_output=True)
    port, log = free_port(), Path(mkdtemp(prefix="opsline-bench-logs-")) / "soak.log"
    command = [*opsline, "serve", "--port", str(port), "--no-browser"]
    facts: dict[str, Any] = {"about": report.about(), "minutes": options.minutes, "viewers": options.viewers}
    with served(command, port, ROOT, log, environment) as server, chromium() as browser:
        soak = Soak(server, browser, options.viewers, random.Random(options.seed))
        warm_up(soak)
        base, light = server.kinds(), server.settled_megabytes()
        say(f"{dict(base)} at rest, {light:.0f} MB")
        soak.run(options.minutes)
        left = settled(server, base)
        heavy = server.settled_megabytes()
        say(f"{dict(left)} after it, {heavy:.0f} MB")
        sheet = filed_in_sheet(server, data)
        orphans = end(server)
    found = verdicts(soak, sheet, ((light, base), (heavy, left)), orphans)
    facts |= {"verdicts": found, "samples": soak.samples, "errors": soak.errors, "failed": soak.said}
    facts |= {"log": str(log), "at_rest": {"before": [light, base], "after": [heavy, left]}}
    facts["load_after"] = [round(each, 2) for each in os.getloadavg()]
    return facts


def say(words: str) -> None:
    """Tell what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def main() -> None:
    """Soak, print, keep; status 1 where something does not hold."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("--minutes", type=float, default=30)
    given.add_argument("--viewers", type=int, default=50)
    given.add_argument("--seed", type=int, default=5)
    options = given.parse_args()
    end_in_order()
    with TemporaryDirectory(prefix="opsline-soak-") as data:
        facts = run(options, Path(data))
    rows = [[name, text, "yes" if holds else "NO"] for name, text, holds in facts["verdicts"]]
    title = f"{options.viewers} viewers for {options.minutes:g} minutes"
    shown = report.heading(title, facts) + "\n" + report.table(["", "found", "holds"], rows)
    print(shown)
    print(f"\n{report.write('soak', facts, shown)}")
    for line in [
        *facts["failed"][:20],
        *(f"{text} ({count})" for text, count in facts["errors"].most_common(20)),
    ]:
        say(line)
    sys.exit(0 if all(holds for _, _, holds in facts["verdicts"]) else 1)


if __name__ == "__main__":
    main()
