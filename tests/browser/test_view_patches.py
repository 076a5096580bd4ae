"""What the server keeps of a view's changes for pages that were sent before them."""

import asyncio
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opsline.server.views.view import View, asked_of
from opsline.server.views.wire import packed, read
from tests.browser.conftest import until

STATE = {"m": {"model_name": "M", "model_module": "m", "state": {"text": "x" * 500}}}
PATCHES = 40


@dataclass(eq=False)
class Page:
    """A page that keeps what it is told."""

    heard: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Hear it."""
        self.heard.append(json.loads(text)["type"])


def test_patches_are_kept_until_they_come_to_more_than_a_state(tmp_path: Path) -> None:
    """Then a newer state takes their place: who has an older one fetches it, who is newer hears the rest."""
    notebook = tmp_path / "page.ipynb"
    notebook.touch()

    async def process(line: socket.socket, told: asyncio.Event) -> None:
        """Be the process of a page that changes often."""
        reader, writer = await asyncio.open_connection(sock=line)
        shown: dict[str, Any] = {"cells": [], "state": STATE}
        writer.write(packed({"say": "ready", "pid": 1, "threads": 1, "follows": True, "version": 0, **shown}))
        for version in range(1, PATCHES + 1):
            writer.write(packed({"say": "patch", "version": version, "messages": [{"text": "y" * 50}]}))
        told.set()
        while (asked := await read(reader)) is not None:
            assert asked["ask"] == "state"
            writer.write(packed({"say": "state", "version": PATCHES, **shown}))
        writer.close()

    async def run() -> None:
        ours, theirs = socket.socketpair()
        told = asyncio.Event()
        other = asyncio.create_task(process(theirs, told))
        view = View(
            asked_of(notebook, "", "en"), *await asyncio.open_connection(sock=ours), asyncio.Semaphore(1)
        )
        assert await view.begin()
        await told.wait()
        assert await asyncio.to_thread(until, lambda: view.shown.version == PATCHES)
        old, new = Page(), Page()
        view.follow(old, 0)
        view.follow(new, PATCHES - 1)

        assert old.heard == ["renew"]
        assert new.heard == ["patch"]
        view.end()
        await asyncio.gather(other, view._listening)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
