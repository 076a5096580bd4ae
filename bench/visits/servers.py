"""A server that is measured: started, found with all its processes, weighed, ended."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

MARK = "BENCH_SERVER"
"""In the environment of a server and of whatever it starts or forks, also where the parent is gone."""
START_SECONDS, END_SECONDS = 120, 30
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server.

    Args:
        address: Where it answers.
        process: The process that was started.
        mark: What stands in the environment of all its processes.
        log: What it has said.
    """

    address: str
    process: subprocess.Popen[bytes]
    mark: str
    log: Path
    seconds_to_start: float = 0
    _seen: dict[int, float] = field(default_factory=dict)

    def pids(self) -> list[int]:
        """Return its processes, orphans too."""
        wanted = f"{MARK}={self.mark}".encode()
        found = []
        for each in Path("/proc").iterdir():
            with suppress(OSError):
                if each.name.isdigit() and wanted in (each / "environ").read_bytes():
                    found.append(int(each.name))
        return found

    def kinds(self) -> Counter[str]:
        """Return how many processes there are of each kind: kernels, views (ours), others."""
        found: Counter[str] = Counter()
        for pid in self.pids():
            with suppress(OSError):
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                found[kind_of(name, Path(f"/proc/{pid}/cmdline").read_text())] += 1
        return found

    def megabytes(self) -> float:
        """Return the memory of all its processes: each page that several share is counted once (PSS)."""
        total = 0
        for pid in self.pids():
            with suppress(OSError):
                found = re.search(
                    r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE
                )
                total += int(found[1]) if found else 0
        return total / 1000

    def settled_megabytes(self, seconds: float = 12) -> float:
        """Return the memory as soon as it has been the same (within half a percent) for two seconds."""
        until, before, still = time.monotonic() + seconds, self.megabytes(), 0
        while time.monotonic() < until:
            time.sleep(1)
            now = self.megabytes()
            still = still + 1 if abs(now - before) <= max(0.5, 0.005 * before) else 0
            before = now
            if still == 2:  # noqa: PLR2004 (seconds)
                break
        return before

    def cpu_seconds(self) -> float:
        """Return what its processes, and those of them that have ended, have used."""
        total = 0
        for pid in self.pids():
            with suppress(OSError):
                total += cpu_ticks(Path(f"/proc/{pid}/stat").read_text())
        return total / TICK


def kind_of(name: str, command: str) -> str:
    """Return what a process of ours is, by the name that `ps` shows and its command line.

    >>> kind_of("opsline-view", "nursery"), kind_of("python", "ipykernel_launcher")
    ('view', 'kernel')
    """
    if "kernel" in name or "ipykernel" in command:
        return "kernel"
    return "view" if "view" in name else "other"


def cpu_ticks(stat: str) -> int:
    """Return a process's own and its ended children's ticks.

    >>> cpu_ticks("7 (a (b) c) S 1 7 7 0 -1 0 0 0 0 0 10 5 3 2 20 0 1 0 99")
    20
    """
    own_user, own_system, user, system = stat.rpartition(")")[2].split()[11:15]
    return int(own_user) + int(own_system) + int(user) + int(system)


@contextmanager
def served(
    command: Sequence[str], port: int, folder: Path, log: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Start a server and wait until it answers; end it, and whatever it has left, with the block."""
    mark = uuid4().hex
    begun = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, MARK: mark},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", process, mark, log)
    try:
        _wait(server, begun)
        server.seconds_to_start = time.monotonic() - begun
        yield server
    finally:
        end(server)


def end(server: Server) -> list[int]:
    """Ask a server to end, then kill what is left of it; return what was left."""
    with suppress(ProcessLookupError):
        server.process.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.process.wait(END_SECONDS)
    left = server.pids()
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.process.wait(END_SECONDS)
    return left


def end_in_order() -> None:
    """Let SIGTERM end this program as Ctrl+C does: the servers that it has started end with it."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait(server: Server, begun: float) -> None:
    """Wait until a server answers.

    Raises:
        RuntimeError: It ended, or it says nothing.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < begun + START_SECONDS:
        if server.process.poll() is not None:
            break
        try:
            opener.open(server.address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"{server.process.args!r} does not answer: {server.log.read_text()[-2000:]}")
