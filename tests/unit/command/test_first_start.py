"""The first start fills a demo; one that is cut off leaves no half of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opsline import cli
from opsline.server import first_start
from sheets_schema.book.open import reach


def test_a_filled_demo_moves_into_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that was written, and nothing left beside it."""
    main = cli.main
    monkeypatch.setattr(cli, "main", lambda words: main([*words, "--rules"]))
    file = tmp_path / "workbook.sqlite"

    first_start.fill_demo(file)

    assert [path.name for path in tmp_path.iterdir()] == ["workbook.sqlite"]
    assert "new" in set(reach(str(file)).load("statuses")["statuses"]["id"])
    first_start.ask_to_end(file)


def test_a_filling_that_is_killed_leaves_no_workbook(tmp_path: Path) -> None:
    """The next start finds none, and begins anew."""
    environment = {**os.environ, "OPSLINE_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "opsline", "serve", "--port", "0", "--no-browser", "--demo"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    filling = tmp_path / "workbook.sqlite.filling"
    until = time.monotonic() + 60
    while not filling.exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait(20)

    assert filling.exists()
    assert not (tmp_path / "workbook.sqlite").exists()
    first_start.ask_to_end(filling)
