"""Figures with their spread, tables of them, and what machine they are of."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Spread:
    """The median of some measurements, the least and the greatest; how many there were."""

    median: float
    low: float
    high: float
    count: int

    def text(self, places: int) -> str:
        """Return "1.20 (1.10-1.40)"; one measurement is shown alone."""
        if self.count == 1:
            return f"{self.median:.{places}f}"
        return f"{self.median:.{places}f} ({self.low:.{places}f}-{self.high:.{places}f})"


def spread(values: Iterable[float]) -> Spread | None:
    """Return the spread of some measurements; None where there is none.

    >>> spread([3.0, 1.0, 2.0]).text(1)
    '2.0 (1.0-3.0)'
    >>> spread([]) is None
    True
    """
    known = list(values)
    if not known:
        return None
    return Spread(statistics.median(known), min(known), max(known), len(known))


def cell(values: Iterable[float], places: int) -> str:
    """Return measurements as a cell of a table; a dash where there is none."""
    found = spread(values)
    return "-" if found is None else found.text(places)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, its columns aligned for a terminal.

    >>> print(table(["a", "b"], [["1", "22"]]))
    | a | b  |
    |---|----|
    | 1 | 22 |
    """
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(header))]
    shown = [
        "| " + " | ".join(f"{text:{width}}" for text, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([shown[0], rule, *shown[1:]])


def ratio(ours: Iterable[float], others: Mapping[str, Sequence[float]]) -> tuple[float, str] | None:
    """Return our median over that of the best of the others, and who that is; None where one is lacking.

    >>> ratio([1.0], {"Dash": [2.0, 4.0], "Panel": [2.0]})
    (0.5, 'Panel')
    """
    medians = {name: statistics.median(values) for name, values in others.items() if values}
    mine = spread(ours)
    if mine is None or not medians:
        return None
    best = min(medians, key=lambda name: medians[name])
    return mine.median / medians[best], best


def about() -> dict[str, Any]:
    """Return when and where this is measured: machine, load, versions, commit."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{processor}, {os.cpu_count()} cores, {int(memory) / 2**20:.0f} GiB, {platform.system()}",
        "load": [round(each, 2) for each in os.getloadavg()],
        "python": platform.python_version(),
        "chromium": _said("/usr/bin/chromium", "--version"),
        "commit": _said("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
    }


def write(name: str, facts: Mapping[str, Any], shown: str) -> Path:
    """Write a result as Markdown and as JSON into bench/results/; return the Markdown's file."""
    RESULTS.mkdir(exist_ok=True)
    day = str(facts["about"]["date"]).replace(":", "").replace("+0000", "")
    file = RESULTS / f"{name}-{day}.md"
    file.write_text(shown + "\n", encoding="utf-8")
    file.with_suffix(".json").write_text(
        json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return file


def heading(title: str, facts: Mapping[str, Any], *more: str) -> str:
    """Return the lines above a table."""
    said = facts["about"]
    versions = ", ".join(f"{name} {version}" for name, version in facts.get("versions", {}).items())
    load = f"load {said['load']} before, {facts.get('load_after', '?')} after"
    used = f"Python {said['python']}, {said['chromium']}{', ' if versions else ''}{versions}"
    lines = [
        f"# {title}",
        "",
        f"{said['date']}, {said['machine']}; {load}.",
        f"Commit {said['commit']}; {used}.",
    ]
    return "\n".join([*lines, *more, ""])


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _said(*command: str) -> str:
    """Return what a command says, blank where there is no such command."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
