"""Stands before the workbook's server and counts what the desk asks of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit


class Gate(ThreadingHTTPServer):
    """Passes every request on; `seen` counts them by kind."""

    daemon_threads = True

    def __init__(self, address: str) -> None:
        super().__init__(("127.0.0.1", 0), _Pass)
        self.behind, self.lock = urlsplit(address).netloc, Lock()
        self.seen: Counter[str] = Counter()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"


def kind(method: str, path: str) -> str:
    """Return what a request is: cells read, the version asked, waiting for news, or something written.

    >>> kind("GET", "/v4/spreadsheets/K/values:batchGet?ranges=tickets")
    'cells'
    >>> kind("GET", "/drive/v3/files/K?fields=version"), kind("POST", "/v4/spreadsheets/K:batchUpdate")
    ('version', 'write')
    """
    if method != "GET":
        return "cells" if path.partition("?")[0].endswith(("ByDataFilter", ":getByDataFilter")) else "write"
    if path.startswith("/drive/"):
        return "version"
    if "/values" in path:
        return "cells"
    return "sheets" if path.startswith("/v4/") else "waiting"


class _Pass(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Gate

    def _pass(self) -> None:
        """Count a request, and answer as the server behind does."""
        with self.server.lock:
            self.server.seen[kind(self.command, self.path)] += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: text for name, text in self.headers.items() if name.lower() != "host"}
        behind = HTTPConnection(self.server.behind)
        behind.request(self.command, self.path, body or None, headers)
        answer = behind.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, text in answer.getheaders():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        behind.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass  # noqa: N815 (the names of http.server)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def gate_before(address: str) -> Iterator[Gate]:
    """Give a gate before a server."""
    gate = Gate(address)
    Thread(target=gate.serve_forever, daemon=True).start()
    try:
        yield gate
    finally:
        gate.shutdown()
        gate.server_close()
