"""A server for as long as a block runs: for tests of programs that use Google Sheets, and for scripts."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_sheets.errors import StoreError

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: where it answers, its owner's token, its process."""

    address: str
    token: str
    process: subprocess.Popen[bytes]


@contextmanager
def running(data: Path | str, *options: str) -> Iterator[Running]:
    """Start `python -m local_sheets` on a file and a free port; end it with the block.

    Args:
        data: The SQLite file; made if need be.
        options: More of the command's options, such as "--latency-ms", "200".

    Raises:
        StoreError: It did not start; its own words are on the standard error output.
    """
    command = [sys.executable, "-m", "local_sheets", "--data", str(data), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 (our own server)
    try:
        yield _answering(process, Path(f"{data}.server"))
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _answering(process: subprocess.Popen[bytes], note: Path) -> Running:
    """Wait for the note that a server leaves beside its file."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if note.exists():
            kept = json.loads(note.read_text(encoding="utf-8"))
            if kept["pid"] == process.pid:
                return Running(kept["address"], kept["token"], process)
        time.sleep(0.02)
    raise StoreError("The server did not start.")
