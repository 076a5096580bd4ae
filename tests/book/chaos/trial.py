"""The chaos itself: writers on several machines, a person in the sheet, a server in trouble, and kills."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.conftest import LocalServer

MACHINES, WRITERS = 4, 8
"""Two writers share a machine: its outbox and its snapshots."""
CALM: Mapping[str, float] = {
    "latency_ms": 2, "jitter_ms": 6, "quota_writes": 0, "fail_before": 0, "fail_after": 0, "cut_after": 0,
}  # fmt: skip
PHASES: Sequence[Mapping[str, float]] = (
    {"fail_before": 0.2},
    {"latency_ms": 40, "jitter_ms": 60},
    {"fail_after": 0.3},
    {"quota_writes": 5},
    {"cut_after": 0.3},
    {"fail_before": 0.1, "fail_after": 0.1, "cut_after": 0.1},
    {},
)
PERSON, KEY = "chen@example.com", "chens-token"
PHASE = 0.6
"""Seconds of a phase."""
MODULE = "tests.book.chaos"

Note = dict[str, Any]


@dataclass
class Trial:
    """One run.

    Args:
        server: A server with the laid-out workbook; a copy of its file is served here.
        folder: Where everything is kept.
        saves: How many saves each writer makes.
        seed: Makes the dice of writers, person and server repeatable; not the order of what they do.
    """

    server: LocalServer
    folder: Path
    saves: int
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    port: str = "0"
    _process: subprocess.Popen[bytes] | None = None
    _running: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Copy the workbook's file."""
        self.file = self.folder / "chaos.sqlite"
        with (
            closing(sqlite3.connect(self.server.file)) as source,
            closing(sqlite3.connect(self.file)) as copy,
        ):
            source.backup(copy)

    # The server

    @property
    def root(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Where the workbook is."""
        return f"{self.root}/spreadsheets/d/{self.server.laid_out}"

    def start(self) -> None:
        """Start the server, at the port that it had before, and wait until it answers."""
        note = Path(f"{self.file}.server")
        note.unlink(missing_ok=True)
        command = [sys.executable, "-m", "local_sheets", "--data", str(self.file), "--port", self.port]
        people = ["--token", self.server.token, "--person", f"{PERSON}={KEY}"]
        self._process = subprocess.Popen([*command, *people, "--seed", str(self.seed)])
        _until(note.exists, self._process)
        self.port = json.loads(note.read_text())["address"].rpartition(":")[2]

    def kill_server(self) -> None:
        """End the server as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def let(self, faults: Mapping[str, float]) -> None:
        """Let other things go wrong from now on."""
        self._ask("faults", {**CALM, **faults})

    def share(self) -> None:
        """Let the person write in the sheet."""
        share = {"role": "writer", "type": "user", "emailAddress": PERSON}
        self._ask(f"drive/v3/files/{self.server.laid_out}/permissions", share)

    def _ask(self, path: str, body: Mapping[str, object]) -> None:
        """Ask the server for something, as its owner."""
        key = {"Authorization": f"Bearer {self.server.token}"}
        requests.post(f"{self.root}/{path}", json=body, headers=key, timeout=30).raise_for_status()

    # The others

    def run(self, module: str, machine: int, *arguments: object) -> subprocess.Popen[str]:
        """Start a process on one of the machines."""
        data = self.folder / f"machine{machine}"
        data.mkdir(exist_ok=True)
        given = {"OPSLINE_DATA": str(data), "OPSLINE_TOKEN": self.server.token}
        command = [sys.executable, "-m", f"{MODULE}.{module}", *map(str, arguments)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env={**os.environ, **given})
        self._running.append(process)
        return process

    def log(self, number: int) -> Path:
        """Return where a writer notes what it does."""
        return self.folder / f"writer{number}.jsonl"

    def writer(self, number: int, first: int = 0) -> subprocess.Popen[str]:
        """Start a writer, from one of its saves on."""
        machine, name = number % MACHINES, f"W{number}"
        return self.run("writer", machine, self.address, name, first, self.saves - first, self.log(number))

    def notes(self) -> Iterator[Note]:
        """Yield all that the writers have noted; a line that a kill has cut is none."""
        for number in range(WRITERS):
            for line in self.log(number).read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):
                    yield json.loads(line)

    def begun(self) -> Counter[str]:
        """Return how many saves each writer has begun."""
        return Counter(note["writer"] for note in self.notes() if note["state"] == "begun")

    # The run

    def chaos(self) -> None:
        """Let all of them work at once until every writer has made its saves."""
        self.start()
        self.share()
        writers = [self.writer(number) for number in range(WRITERS)]
        person = self.run("person", 0, self.root, KEY, self.server.laid_out, self.seed)
        for process in (*writers, person):
            _ready(process)
        for process in (*writers, person):
            _go(process)
        dice, phase, ended = random.Random(self.seed), 0, time.monotonic()
        kills = [self.saves * WRITERS * each / 10 for each in (3, 4, 6, 7)]
        while any(process.poll() is None for process in writers):
            if kills and self.begun().total() >= kills[0]:
                kills.pop(0)
                if len(kills) % 2:
                    alive = [number for number, process in enumerate(writers) if process.poll() is None]
                    self._kill_writer(writers, dice.choice(alive))
                else:
                    self._kill_server()
            if time.monotonic() > ended:
                self.let(PHASES[phase % len(PHASES)])
                phase, ended = phase + 1, time.monotonic() + PHASE
            time.sleep(0.05)
        assert [process.returncode for process in writers] == [0] * WRITERS
        self.let({})
        said, _ = person.communicate("\n", timeout=60)
        self.counts.update({f"person: {what}": times for what, times in json.loads(said).items()})

    def _kill_writer(self, writers: list[subprocess.Popen[str]], number: int) -> None:
        """Kill a writer and start it again where it was."""
        writers[number].kill()
        writers[number].wait(20)
        self.counts["writers killed"] += 1
        writers[number] = self.writer(number, self.begun()[f"W{number}"])
        _go(writers[number])

    def _kill_server(self) -> None:
        """Kill the server and start it again at its port."""
        self.kill_server()
        self.counts["servers killed"] += 1
        time.sleep(0.5)
        self.start()

    def settle(self) -> list[Note]:
        """Let machine after machine send what waits and look at the sheet; return what they say."""
        said = []
        for machine in range(MACHINES):
            out, _ = self.run("settle", machine, self.address).communicate(timeout=300)
            said.append(json.loads(out))
        return said

    def look_again(self) -> list[Note]:
        """Let all machines do it once more, at once."""
        asked = [self.run("settle", machine, self.address) for machine in range(MACHINES)]
        return [json.loads(each.communicate(timeout=300)[0]) for each in asked]

    def end(self) -> None:
        """End all that runs."""
        for process in self._running:
            process.kill()
            process.communicate()
        self.kill_server()


def _ready(process: subprocess.Popen[str]) -> None:
    """Wait until a process is ready."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def _go(process: subprocess.Popen[str]) -> None:
    """Let a process begin, as soon as it is ready."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _until(is_so: Any, process: subprocess.Popen[bytes]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 30
    while not is_so():
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.02)
