"""Counting what a book asks of its server, and a server that fails on purpose."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sheets_schema.book import Book


@dataclass
class Calls:
    """The requests that a book has sent since it was last emptied."""

    sent: list[str] = field(default_factory=list)

    def note(self, response: Any, *_args: Any, **_rest: Any) -> None:
        """Keep what was asked: `GET values:batchGet`, `POST :batchUpdate`, `GET files`, `GET state`."""
        path = response.request.path_url.partition("?")[0]
        last = path.rsplit("/", 1)[-1]
        if last == "state":
            self.sent.append("GET state")
            return
        name = (
            "files" if "/drive/" in path else ":" + last.partition(":")[2] if ":" in last else "spreadsheet"
        )
        self.sent.append(f"{response.request.method} {'values' if '/values:' in path else ''}{name}")


@pytest.fixture
def calls() -> Callable[[Book], Calls]:
    """Return a function that begins to count a book's requests."""

    def count(book: Book) -> Calls:
        counted = Calls()
        book.client.session.hooks["response"].append(counted.note)
        return counted

    return count


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[Callable[..., tuple[str, Path]]]:
    """Return a function that starts a server with faults on demand; it says where, and on which file."""
    running: list[subprocess.Popen[bytes]] = []

    def start(file: Path, *options: str) -> tuple[str, Path]:
        note = Path(f"{file}.server")
        note.unlink(missing_ok=True)
        command = [sys.executable, "-m", "local_sheets", "--data", str(file), "--port", "0", *options]
        running.append(subprocess.Popen(command))
        until = time.monotonic() + 30
        while not note.exists():
            assert running[-1].poll() is None, "the server ended"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.02)
        return json.loads(note.read_text())["address"], file

    yield start
    for process in running:
        process.terminate()
        process.wait(20)
