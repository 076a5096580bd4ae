"""Where a workbook is kept, read from an address."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from sheets_schema.errors import NotAWorkbook

__all__ = ["FILE", "Google", "LocalFile", "LocalServer", "Place", "data_folder", "place_of", "zone_here"]

FILE: Final = "workbook.sqlite"
SPREADSHEET: Final = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([\w-]+)")


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A workbook in a file of this machine; a server is started for it where none is running."""

    path: Path

    def __str__(self) -> str:
        """Return the path."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A running local server; without a spreadsheet's id its oldest one is meant."""

    address: str
    token: str | None = None
    spreadsheet: str | None = None

    def __str__(self) -> str:
        """Return the server's address."""
        return self.address


@dataclass(frozen=True, slots=True)
class Google:
    """A spreadsheet at Google."""

    spreadsheet: str

    def __str__(self) -> str:
        """Return the address that a browser opens."""
        return f"https://docs.google.com/spreadsheets/d/{self.spreadsheet}"


Place = LocalFile | LocalServer | Google


def place_of(address: str | None, environment: Mapping[str, str]) -> Place:
    """Return where a workbook is kept.

    Args:
        address: A path, an http address of a local server, or a Google address; where left out,
            OPSLINE_BOOK, and without that the workbook of OPSLINE_DATA.
        environment: Usually `os.environ`.

    Raises:
        NotAWorkbook: The address is none of these.

    >>> place_of("https://docs.google.com/spreadsheets/d/1aB-c_D/edit#gid=0", {})
    Google(spreadsheet='1aB-c_D')
    >>> place_of("http://127.0.0.1:8866/", {"OPSLINE_TOKEN": "t"})
    LocalServer(address='http://127.0.0.1:8866', token='t', spreadsheet=None)
    """
    given = (address or environment.get("OPSLINE_BOOK") or "").strip()
    if not given:
        return LocalFile(data_folder(environment) / FILE)
    if "://" not in given:
        path = Path(given).expanduser()
        return LocalFile((path / FILE if path.is_dir() else path).resolve())
    return _of_address(given, environment)


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of this machine's own workbook: OPSLINE_DATA, else the user's data folder."""
    if environment.get("OPSLINE_DATA"):
        return Path(environment["OPSLINE_DATA"]).expanduser().resolve()
    from platformdirs import user_data_path

    return user_data_path("opsline")


def zone_here(environment: Mapping[str, str]) -> str:
    """Return this machine's time zone, UTC where it does not say.

    >>> zone_here({"TZ": "Asia/Shanghai"})
    'Asia/Shanghai'
    """
    link = Path("/etc/localtime")
    linked = str(link.resolve()).partition("/zoneinfo/")[2] if link.is_symlink() else ""
    for name in (environment.get("TZ", "").lstrip(":"), linked):
        if name in available_timezones():
            return name
    return "UTC"


def _of_address(given: str, environment: Mapping[str, str]) -> Place:
    """Return the place of an http address."""
    parts = urlsplit(given)
    found = SPREADSHEET.search(parts.path)
    if parts.hostname == "docs.google.com" and found:
        return Google(found[1])
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.hostname == "docs.google.com":
        raise NotAWorkbook("book.address", address=given)
    token = environment.get("OPSLINE_TOKEN") or None
    return LocalServer(f"{parts.scheme}://{parts.netloc}", token, found[1] if found else None)


def here(address: str | None) -> Place:
    """Return where a workbook is kept, by this process's environment."""
    return place_of(address, os.environ)
