"""The local server of a workbook's file: find the one that runs, or start one.

While a server holds FILE it keeps FILE.server: where it answers, and its token. A second server on
one file ends at once, so that of two processes that start one together, both find the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import requests

from sheets_schema.errors import BookError, DamagedFile, NotAWorkbook, Unreachable

__all__ = ["Running", "find", "find_or_start", "find_within", "note_of"]

IDLE_EXIT: Final = 600
"""Seconds without a request after which a server that we started ends."""
PATIENCE: Final = 30.0
"""Seconds in which a server must be up."""
IN_USE: Final = 3
"""Exit status of a server that found another one at its file."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: where it answers, and the token that it asks for."""

    address: str
    token: str


def find_or_start(file: Path) -> Running:
    """Return the server of a file, started here if none is running.

    Raises:
        DamagedFile: The file is not a workbook's, or broken.
        Unreachable: No server came up.
    """
    return find(file) or _start(file)


def find(file: Path) -> Running | None:
    """Return the server that answers for a file, None if none does."""
    noted = note_of(Path(f"{file}.server"))
    return noted if noted is not None and _answers(noted) else None


def find_within(file: Path, seconds: float) -> Running | None:
    """Return the server of a file as soon as one answers, None if none does in that time."""
    until = time.monotonic() + seconds
    while (running := find(file)) is None and time.monotonic() < until:
        time.sleep(0.05)
    return running


def note_of(note: Path) -> Running | None:
    """Return what a FILE.server says, None if there is none or it cannot be read."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        return Running(kept["address"], kept["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answers(server: Running) -> bool:
    """Say whether a server is up."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{server.address}/healthz", timeout=3).ok
    except requests.RequestException:
        return False


def _start(file: Path) -> Running:
    """Start a server that outlives this process, and wait until it answers."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BookError("book.folder", path=str(file.parent), reason=error.strerror) from None
    command = [sys.executable, "-m", "local_sheets", "--data", str(file), "--port", "0"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [*command, "--idle-exit", str(IDLE_EXIT)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        threading.Thread(target=process.wait, daemon=True, name="reaper").start()
        return _wait(file, process, said)


def _wait(file: Path, process: subprocess.Popen[bytes], said: IO[bytes]) -> Running:
    """Return the server once it answers; raise what it said where it ended instead."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        status = process.poll()
        if (running := find(file)) is not None:
            return running
        if status is not None and status != IN_USE:
            raise _failed(file, status, said)
        time.sleep(0.03)
    raise Unreachable("book.server.slow", path=str(file), seconds=int(PATIENCE))


def _failed(file: Path, status: int, said: IO[bytes]) -> BookError:
    """Return the error for a server that ended: its last sentence, for a damaged file ours."""
    said.seek(0)
    words = said.read().decode("utf-8", "replace").strip()
    reason = words.splitlines()[-1] if words else f"exit status {status}"
    if "is damaged" in words:
        return DamagedFile(path=str(file))
    if "not a workbook" in words or "another program" in words:
        return NotAWorkbook("book.file.other", path=str(file))
    return BookError("book.server.failed", path=str(file), reason=reason.rstrip("."))
