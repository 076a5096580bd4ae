"""Messages between the server and a view's process: JSON texts, each after its length."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any, Final

LENGTH: Final = struct.Struct("!I")

Message = dict[str, Any]


def send(line: socket.socket, message: Message) -> None:
    """Send a message; waits until it is sent."""
    line.sendall(packed(message))


def receive(line: socket.socket) -> Message | None:
    """Return the next message; None when the other side is gone."""
    head = _exactly(line, LENGTH.size)
    body = _exactly(line, *LENGTH.unpack(head)) if head else None
    return None if body is None else dict(json.loads(body))


def packed(message: Message) -> bytes:
    """Return a message as it goes over the line."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return LENGTH.pack(len(body)) + body


async def read(reader: asyncio.StreamReader) -> Message | None:
    """Return the next message; None when the other side is gone."""
    try:
        head = await reader.readexactly(LENGTH.size)
        body = await reader.readexactly(*LENGTH.unpack(head))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return dict(json.loads(body))


def _exactly(line: socket.socket, size: int) -> bytes | None:
    parts, missing = [], size
    while missing:
        try:
            part = line.recv(min(missing, 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
