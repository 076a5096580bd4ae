"""Where requests for a workbook go, and with which key; a local server may move while we work."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from sheets_schema.book import server

__all__ = ["Door", "FileDoor", "GoogleDoor", "ServerDoor"]

GOOGLE: Final = ("https://sheets.googleapis.com", "https://www.googleapis.com", "https://docs.google.com")


TAKEOVER: Final = 1.5
"""Seconds in which one server takes a file over from another."""


class Door(Protocol):
    """Where requests go."""

    @property
    def token(self) -> str | None:
        """The bearer token; None where the session knows its own."""

    @property
    def name(self) -> str:
        """What a person knows the workbook's place by."""

    def swap(self, address: str) -> str:
        """Return the address to ask, for one of Google's."""

    def again(self) -> bool:
        """Look the place up again after a failure; say whether it has moved."""

    def state(self, spreadsheet: str) -> str | None:
        """Return where to wait for a spreadsheet's news; None where nobody tells."""


class GoogleDoor:
    """Google's own servers."""

    token = None

    def __init__(self, name: str) -> None:
        """Keep what the workbook is called."""
        self.name = name

    def swap(self, address: str) -> str:
        """Return the address as it is."""
        return address

    def again(self) -> bool:
        """Say no: Google does not move."""
        return False

    def state(self, spreadsheet: str) -> None:
        """Return nothing: Google tells nobody who has no address of its own."""


class ServerDoor:
    """A local server at a fixed address."""

    def __init__(self, address: str, token: str | None) -> None:
        """Keep the address and the token."""
        self.base, self.token = address, token

    @property
    def name(self) -> str:
        """The server's address."""
        return self.base

    def swap(self, address: str) -> str:
        """Return the address with the server in the place of Google's host."""
        for host in GOOGLE:
            if address.startswith(host):
                return self.base + address.removeprefix(host)
        return address

    def again(self) -> bool:
        """Say no: a fixed address is what was asked for."""
        return False

    def state(self, spreadsheet: str) -> str | None:
        """Return where the server tells a spreadsheet's version as soon as it changes."""
        return f"{self.base}/spreadsheets/d/{spreadsheet}/state"


class FileDoor(ServerDoor):
    """The server of a workbook's file, found again or started again whenever it is gone."""

    def __init__(self, file: Path) -> None:
        """Find the file's server, or start it."""
        self.file = file
        running = server.find_or_start(file)
        super().__init__(running.address, running.token)

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self.file)

    def again(self) -> bool:
        """Find the file's server again, starting it if it is gone; say whether it has moved.

        A desk that starts takes the file over from the server that was started for it: it is given
        the time to do so.
        """
        running = server.find_within(self.file, TAKEOVER) or server.find_or_start(self.file)
        moved = (running.address, running.token) != (self.base, self.token)
        self.base, self.token = running.address, running.token
        return moved
