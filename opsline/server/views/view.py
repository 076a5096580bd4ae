"""One view, seen from the server: what its process says, and who looks on."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import uuid4

from opsline.server.views.wire import Message, packed, read

RENEW: Final = json.dumps({"type": "renew"})
STATE_SECONDS: Final = 0.25
"""How long a visit waits for the newest state; then it gets the one before, and patches."""
RUN_SECONDS: Final = 90.0


class Follower(Protocol):
    """A page that looks at a view."""

    def say(self, text: str) -> None:
        """Send the page a message, as JSON."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view is of: it holds nothing else of who asked for it.

    Attributes:
        notebook: The page's notebook.
        changed: When that was changed last, ns.
        query: What stands after the question mark.
        language: The one that the browser asks for, if we speak it.
    """

    notebook: Path
    changed: int
    query: str
    language: str

    @property
    def environment(self) -> dict[str, str]:
        """What the page learns of the request, in CGI's words."""
        return {
            "SCRIPT_NAME": f"/desk/{self.notebook.stem}",
            "PATH_INFO": "",
            "QUERY_STRING": self.query,
            "SERVER_SOFTWARE": "voila/opsline",
            "HTTP_ACCEPT_LANGUAGE": self.language,
        }


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows at one version: `state` is JSON; `cells` as `page.Page` has them."""

    version: int
    cells: list[Message]
    state: str


@dataclass(slots=True)
class Ready:
    """What a view's process said when the page had run."""

    pid: int
    follows: bool
    threads: int
    modules: frozenset[str]


@dataclass(slots=True)
class Waiting:
    """Who waits for what the process will say."""

    state: list[asyncio.Future[None]] = field(default_factory=list)
    looked: list[asyncio.Future[None]] = field(default_factory=list)
    forked: dict[str, asyncio.Future[int]] = field(default_factory=dict)


class View:
    """A page's process and its followers.

    Attributes:
        followers: Pages that are told of every change.
        ended: Whether the process is gone.
        used: When somebody last visited or left, by `time.monotonic`.
        is_behind: Whether there may be news that it has not looked at.
    """

    def __init__(
        self,
        asked: Asked,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        gate: asyncio.Semaphore,
    ) -> None:
        """Take the line to a process that was just forked; it looks for news when the gate lets it."""
        self._gate, self.is_behind = gate, False
        self.id, self.asked = uuid4().hex, asked
        self._reader, self._writer = reader, writer
        self.followers: set[Follower] = set()
        self.ended = False
        self.used = time.monotonic()
        self.version = 0
        self._patches: deque[tuple[int, str]] = deque()
        self._kept, self._is_asked = 0, False
        self._waiting = Waiting()
        self._leaving: dict[str, Callable[[], None]] = {}
        self._looking: asyncio.Task[None] | None = None
        self.shown: Shown
        self.ready: Ready

    async def begin(self) -> bool:
        """Wait until the page has run; say whether it has."""
        try:
            said = await asyncio.wait_for(read(self._reader), RUN_SECONDS)
        except TimeoutError:
            said = None
        if said is None:
            self.end()
            return False
        modules = frozenset(str(model["model_module"]) for model in said["state"].values())
        self.ready = Ready(said["pid"], said["follows"], said["threads"], modules)
        self._show(said)
        self._listening = asyncio.create_task(self._listen())
        return True

    async def newest(self) -> Shown:
        """Return what the view shows now; a little older where its process is busy."""
        self.used = time.monotonic()
        if self.is_behind:
            self.stir()
        if self.shown.version != self.version and not self.ended:
            told = asyncio.get_running_loop().create_future()
            self._waiting.state.append(told)
            self._ask({"ask": "state"})
            await asyncio.wait([told], timeout=STATE_SECONDS)
        return self.shown

    def follow(self, follower: Follower, version: int) -> None:
        """Tell a page of every change after *version*; to be fetched anew where that is too long ago."""
        self.used = time.monotonic()
        oldest = self._patches[0][0] if self._patches else self.version + 1
        if self.ended or version > self.version or version < oldest - 1:
            follower.say(RENEW)
            return
        for number, patch in self._patches:
            if number > version:
                follower.say(patch)
        self.followers.add(follower)

    def leave(self, follower: Follower) -> None:
        """Tell a page no more."""
        self.followers.discard(follower)
        self.used = time.monotonic()

    def on_fork(self, kernel: str, leave: Callable[[], None]) -> None:
        """Call *leave* at the moment at which a kernel is forked: what is said later is not the kernel's."""
        self._leaving[kernel] = leave

    async def fork(self, kernel: str, connection_file: str) -> int:
        """Return the process id of a kernel that was forked from the page.

        Raises:
            ProcessLookupError: The view has ended.
        """
        if self.ended:
            raise ProcessLookupError(self.id)
        forked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.forked[kernel] = forked
        self._ask({"ask": "fork", "kernel": kernel, "connection_file": connection_file})
        return await forked

    def stir(self) -> None:
        """Let the page look for news; once more, where it is looking just now."""
        self.is_behind = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    def end(self) -> None:
        """End the process; kernels forked from it go on."""
        if self._looking is not None:
            self._looking.cancel()
        self._writer.close()

    async def _look(self) -> None:
        while self.is_behind and not self.ended:
            async with self._gate:
                self.is_behind = False
                looked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.looked.append(looked)
                self._ask({"ask": "look"})
                await looked

    def _ask(self, question: Message) -> None:
        self._writer.write(packed(question))

    async def _listen(self) -> None:
        while (said := await read(self._reader)) is not None:
            self._hear(said)
        self.ended = True
        self.end()
        for pending in (*self._waiting.state, *self._waiting.looked):
            if not pending.done():
                pending.set_result(None)
        for forked in self._waiting.forked.values():
            if not forked.done():
                forked.set_exception(ProcessLookupError(self.id))
        for follower in tuple(self.followers):
            follower.say(RENEW)
        self.followers.clear()

    def _hear(self, said: Message) -> None:
        waiting = self._waiting
        match said["say"]:
            case "patch":
                self.version = said["version"]
                patch = {"type": "patch", "version": said["version"], "messages": said["messages"]}
                text = json.dumps(patch, separators=(",", ":"))
                self._keep(text)
                for follower in tuple(self.followers):
                    follower.say(text)
            case "state":
                self._show(said)
                settle(waiting.state)
            case "looked":
                settle(waiting.looked)
            case "forked":
                leave = self._leaving.pop(said["kernel"], None)
                if leave is not None:
                    leave()
                waiting.forked.pop(said["kernel"]).set_result(said["pid"])

    def _keep(self, patch: str) -> None:
        """Keep a patch for pages that are older; ask for a state when patches come to more than one."""
        self._patches.append((self.version, patch))
        self._kept += len(patch)
        if self._kept > len(self.shown.state) and not self._is_asked:
            self._is_asked = True
            self._ask({"ask": "state"})

    def _show(self, said: Message) -> None:
        self._is_asked = False
        state: Any = {"version_major": 2, "version_minor": 0, "state": said["state"]}
        self.version = max(self.version, said["version"])
        self.shown = Shown(said["version"], said["cells"], json.dumps(state, separators=(",", ":")))
        while self._kept > len(self.shown.state) and self._patches[0][0] <= self.shown.version:
            self._kept -= len(self._patches.popleft()[1])


def settle(pending: list[asyncio.Future[None]]) -> None:
    """Let everybody go on who waited for one thing."""
    for each in pending:
        if not each.done():
            each.set_result(None)
    pending.clear()


def asked_of(notebook: Path, query: str, language: str) -> Asked:
    """Return what a visit asks for."""
    return Asked(notebook, notebook.stat().st_mtime_ns, query, language)
