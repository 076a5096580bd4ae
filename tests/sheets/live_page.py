"""A live page without a browser: the protocol of local_sheets/live, and what such a page would show."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import websocket

Json = dict[str, Any]


class LivePage:
    """One open page of a spreadsheet. Its rows follow the messages as the page's script does."""

    def __init__(
        self, server: Any, book: str, *, session: str = "", language: str = "en", **options: Any
    ) -> None:
        self.session = session or secrets.token_hex(8)
        headers = options.pop("headers", {"Authorization": "Bearer test-token"})
        address = server.address.replace("http://", "ws://")
        self.socket = websocket.create_connection(
            f"{address}/spreadsheets/d/{book}/live", timeout=20, header=headers, **options
        )
        self.rows: dict[int, list[list[Any]]] = {}
        self.about: dict[int, Json] = {}
        self.formats: Json = {}
        self.rules: Json = {}
        self.version = 0
        self.op = 0
        self.heard: list[Json] = []
        self.send({"type": "hello", "session": self.session, "since": None, "lang": language})
        self.book = self.until(lambda message: message["type"] == "book")

    def close(self) -> None:
        """Close the page as a closed tab does."""
        self.socket.close()

    def send(self, message: Json) -> None:
        """Send a message."""
        self.socket.send(json.dumps(message))

    def hear(self) -> Json:
        """Take in the next message."""
        message: Json = json.loads(self.socket.recv())
        self.heard.append(message)
        getattr(self, f"_{message['type']}", lambda _message: None)(message)
        return message

    def until(self, wanted: Callable[[Json], bool]) -> Json:
        """Take in messages up to one that is wanted."""
        while True:
            message = self.hear()
            if wanted(message):
                return message

    def open(self, gid: int) -> None:
        """Open a sheet, and wait until it is there whole."""
        self.send({"type": "open", "gid": gid})
        self.until(lambda message: message["type"] == "rows" and not message["more"])

    def do(self, *steps: Json, base: int | None = None, op: int | None = None) -> Json:
        """Do something; return the answer."""
        return self.ask({"type": "do", "base": self.version if base is None else base, "do": list(steps)}, op)

    def ask(self, message: Json, op: int | None = None) -> Json:
        """Send an operation; return the answer."""
        self.op = self.op + 1 if op is None else op
        self.send(message | {"op": self.op})
        return self.until(lambda heard: heard["type"] in ("done", "refused") and heard["op"] == self.op)

    def type(self, gid: int, row: int, column: int, text: str, **more: Any) -> Json:
        """Type into a cell."""
        rows = self.rows[gid]
        key = rows[row][0] if row < len(rows) else 0
        base = more.pop("base", None)
        cell = {"key": key, "row": row, "column": column, "text": text} | more
        return self.do({"kind": "cells", "gid": gid, "cells": [cell]}, base=base)

    def request(self, request: Json, **more: Any) -> Json:
        """Do one request of batchUpdate."""
        return self.do({"kind": "request", "request": request}, **more)

    def values(self, gid: int) -> list[list[Any]]:
        """Return the values that the page shows."""
        return [row[1] for row in self.rows[gid]]

    def until_shown(self, gid: int, values: list[list[Any]]) -> None:
        """Take in messages until the page shows these values."""
        while self.values(gid) != values:
            self.hear()

    # messages ----------------------------------------------------------------------------------

    def _book(self, message: Json) -> None:
        self.book = message
        self.version = max(self.version, message["version"])

    def _looks(self, message: Json) -> None:
        self.formats |= message["formats"]
        self.rules |= message["rules"]

    def _sheet(self, message: Json) -> None:
        self.about[message["gid"]] = message["about"]
        self.rows[message["gid"]] = []
        self.version = max(self.version, message["version"])

    def _rows(self, message: Json) -> None:
        rows = self.rows[message["gid"]]
        assert len(rows) == message["start"]
        rows.extend(message["rows"])

    def _change(self, message: Json) -> None:
        assert message["version"] >= self.version
        self.version = message["version"]
        for step in message["steps"]:
            getattr(self, f"_{step['kind']}_step")(message["gid"], step)

    def _insert_step(self, gid: int, step: Json) -> None:
        rows = self.rows[gid]
        if step["dimension"] == "ROWS" and step["start"] < len(rows):
            rows[step["start"] : step["start"]] = [[0, [], 0] for _ in range(step["count"])]

    def _delete_step(self, gid: int, step: Json) -> None:
        if step["dimension"] == "ROWS":
            del self.rows[gid][step["start"] : step["end"]]

    def _about_step(self, gid: int, step: Json) -> None:
        self.about[gid] = step["about"]

    def _rows_step(self, gid: int, step: Json) -> None:
        rows = self.rows[gid]
        for index, key, values, extras in step["rows"]:
            rows.extend([0, [], 0] for _ in range(index + 1 - len(rows)))
            rows[index] = [key, values, extras]

    def _reload_step(self, gid: int, step: Json) -> None:
        assert step
        self.rows[gid] = []
