"""A real desk on a demo workbook, and a real Chromium that looks at it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / "widgets/frontend/node_modules/axe-core/axe.min.js"
PATIENCE = 30_000
SHOWN = "body.desk-ready"


@dataclass
class Served:
    """A desk that runs: where, on which data, and what it has said."""

    address: str
    data: Path
    process: subprocess.Popen[str]

    @property
    def token(self) -> str:
        """The token of the workbook's API."""
        note = json.loads((self.data / "workbook.sqlite.server").read_text(encoding="utf-8"))
        token: str = note["token"]
        return token

    def kernels(self) -> list[int]:
        """Return the process ids of the kernels that the desk has running, started and forked ones."""
        started = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        ipython = [int(line.split()[0]) for line in started.stdout.splitlines() if "ipykernel" in line]
        return [*ipython, *self.processes("opsline-kernel")]

    def processes(self, name: str) -> list[int]:
        """Return the ids of the desk's processes of a name: `opsline-nursery`, `-view`, `-kernel`."""
        mine = f"OPSLINE_DATA={self.data}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                is_named = (folder / "comm").read_text().strip() == name
                if is_named and mine in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:  # it has ended meanwhile
                continue
        return sorted(found)


@dataclass
class Watched:
    """What a page did besides painting: errors on its console, and hosts that it asked."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def environment_for(data: Path, **more: str) -> dict[str, str]:
    """Return the environment of a command that keeps its data in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPSLINE_")}
    return {**kept, "OPSLINE_DATA": str(data), **more}


def run_opsline(*words: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    command = [sys.executable, "-m", "opsline", *words]
    return subprocess.run(
        command, env=environment_for(data, **more), capture_output=True, text=True, timeout=300, check=False
    )


def start_desk(data: Path, *words: str, **more: str) -> Served:
    """Start `opsline serve` on any free port, and wait until it says where it is."""
    command = [sys.executable, "-m", "opsline", "serve", "--port", "0", "--no-browser", *words]
    log = (data / "serve.log").open("a")
    process = subprocess.Popen(
        command, env=environment_for(data, **more), stdout=subprocess.PIPE, stderr=log, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"(http://\S+)/desk/home", line)
    assert found, f"{line}{(data / 'serve.log').read_text()}"
    return Served(found.group(1), data, process)


def end_desk(desk: Served) -> None:
    """End a desk as Ctrl+C does."""
    desk.process.send_signal(signal.SIGINT)
    desk.process.wait(timeout=30)
    if desk.process.stdout is not None:
        desk.process.stdout.close()


@contextmanager
def demo_desk(data: Path) -> Iterator[Served]:
    """Give a desk on a small demo workbook that is made in an empty folder."""
    filled = run_opsline("demo", "--small", data=data)
    assert filled.returncode == 0, filled.stderr
    served = start_desk(data)
    try:
        yield served
    finally:
        end_desk(served)


def until(truth: Callable[[], object], seconds: float = 20) -> bool:
    """Wait for something to become true; say whether it did."""
    deadline = time.monotonic() + seconds
    while not (is_true := bool(truth())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_true


@pytest.fixture(scope="session")
def opsline() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command of ours to its end: `opsline("demo", data=folder)`."""
    return run_opsline


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Start desks that end with the module: `serve("--pages", folder, OPSLINE_PERSON="p01")`."""
    with ExitStack() as stack:

        def start(*words: str, data: Path | None = None, **more: str) -> Served:
            desk = start_desk(data or tmp_path_factory.mktemp("data"), *words, **more)
            stack.callback(end_desk, desk)
            return desk

        yield start


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The desk on the small demo workbook, shared by the tests that change nothing in each other's way."""
    with demo_desk(tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture
def watched() -> Watched:
    """What the test's pages did besides painting."""
    return Watched()


@pytest.fixture
def new_page(chromium: Any, watched: Watched) -> Iterator[Callable[..., Any]]:
    """Open a page as a visitor of its own: `new_page(width=390, dark=True)`."""
    with ExitStack() as stack:

        def open_one(
            *, width: int = 1280, height: int = 900, dark: bool = False, locale: str = "en-GB"
        ) -> Any:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                locale=locale,
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE)
            stack.callback(context.close)
            page = context.new_page()
            page.on("console", lambda said: said.type == "error" and watched.errors.append(said.text))
            page.on("pageerror", lambda error: watched.errors.append(str(error)))
            page.on("request", lambda request: watched.requests.append(request.url))
            return page

        yield open_one


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page of a new visitor."""
    return new_page()


@pytest.fixture(scope="session")
def visit() -> Callable[..., Any]:
    """Open an address and wait until its widgets are painted: `visit(page, desk, "tickets?lang=en")`."""

    def go(page: Any, desk: Served, name: str, waiting_for: str = f"{SHOWN} .op-main *:visible") -> Any:
        page.goto(f"{desk.address}/desk/{name}")
        page.wait_for_selector(waiting_for)
        return page

    return go


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """Return what axe-core finds wrong on a page, one line for each violation."""

    def violations(page: Any) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")["violations"]
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}" for one in found
        ]

    return violations
