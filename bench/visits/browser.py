"""Visits by a real Chromium: when things are painted, what goes over the line, which hosts are asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import sync_playwright

from bench.visits.frameworks import Framework

SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    # A tab that is not in front is a viewer like any other.
    *("--disable-background-timer-throttling", "--disable-renderer-backgrounding"),
    "--disable-backgrounding-occluded-windows",
]
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
PATIENCE = 60_000
"""Ms after which a page counts as lost."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        browser.close()


@dataclass
class Line:
    """What went over the line for one page."""

    http: int = 0
    socket: int = 0
    requests: int = 0
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes over HTTP and WebSocket."""
        return self.http + self.socket

    def follow(self, page: Any) -> None:
        """Count what a page does from now on."""
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda told: self._add(http=told["encodedDataLength"]))
        session.on(
            "Network.webSocketFrameReceived", lambda told: self._add(socket=frame_size(told["response"]))
        )
        session.on("Network.webSocketFrameSent", lambda told: self._add(socket=frame_size(told["response"])))
        session.on("Network.requestWillBeSent", lambda told: self._ask(told["request"]["url"]))
        session.on("Network.webSocketCreated", lambda told: self._ask(told["url"]))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _add(self, http: int = 0, socket: int = 0) -> None:
        self.http += int(http)
        self.socket += socket

    def _ask(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.requests += 1
            self.hosts.add(parts.netloc)


def frame_size(frame: dict[str, Any]) -> int:
    """Return the bytes of a WebSocket frame as the DevTools tell it: text, or binary in base64.

    >>> frame_size({"opcode": 1, "payloadData": "é"}), frame_size({"opcode": 2, "payloadData": "AAA="})
    (2, 2)
    """
    payload: str = frame["payloadData"]
    binary = 2
    if frame["opcode"] != binary:
        return len(payload.encode())
    return len(payload) * 3 // 4 - payload.count("=", -2)


@dataclass
class Tab:
    """An open page of a framework, with the probe in it."""

    page: Any
    line: Line | None = None

    def wait(self, what: str = "painted", patience: int = PATIENCE) -> float | None:
        """Return the ms from the navigation's start until something was so; None where it never was."""
        try:
            self.page.wait_for_function(
                "(what) => window.bench?.[what]", arg=what, timeout=patience, polling=50
            )
        except Late:
            return None
        return float(self.page.evaluate("(what) => bench[what]", what))

    def numbers(self) -> tuple[list[str], list[Any]]:
        """Return what tiles and charts show."""
        tiles, charts = self.page.evaluate("() => [bench.tiles(), bench.charts()]")
        return tiles, charts

    def change(self, choice: str, charts: list[Any], patience: int = 10_000) -> dict[str, Any]:
        """Choose, and return `ms` until all charts were drawn anew (or None), and which were `stale`."""
        asked = [choice, charts, patience]
        answer: dict[str, Any] = self.page.evaluate("(asked) => bench.change(...asked)", asked)
        return answer

    def close(self) -> None:
        """Leave as a person does: pagehide comes, and the goodbye is sent."""
        self.page.close()


def opened(
    context: Any,
    framework: Framework,
    address: str,
    *,
    wanted: dict[str, Any] | None = None,
    line: Line | None = None,
) -> Tab:
    """Open a framework's page in a new tab.

    Args:
        context: The browser profile.
        framework: Whose page it is.
        address: Where its server answers.
        wanted: A `choice` to make as soon as it can be made, and the `charts` that answer it.
        line: Counts what goes over the line; that costs time, so it is not done where time is measured.
    """
    page = context.new_page()
    where = {name: getattr(framework, name) for name in ("tiles", "control", "option", "deep")}
    probe = PROBE.replace("WHERE;", f"{json.dumps(where)};").replace("WANTED;", f"{json.dumps(wanted)};")
    page.add_init_script(probe)
    if line is not None:
        line.follow(page)
    page.goto(f"{address}{framework.path}", wait_until="commit", timeout=PATIENCE)
    return Tab(page, line)
