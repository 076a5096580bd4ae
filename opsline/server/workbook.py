"""The local workbook: where its file is, taking it over from another server, serving it beside the pages."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import local_sheets
from opsline.server.row_pages import ROW_PAGES
from sheets_schema.errors import OpslineError

TAKEOVER_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class LocalBook:
    """A workbook's file that this process holds, open."""

    file: Path
    store: local_sheets.Store
    token: str

    def routes(self, login: local_sheets.Authenticate) -> list[tuple[Any, ...]]:
        """Return the routes of the API, which asks for the token, and of the page, which asks *login* too."""
        # Which hosts may be named is decided for every route at once (ServerSettings.host_pattern).
        tokens = local_sheets.by_token(self.token)
        return list(local_sheets.handlers(self.store, tokens, visitor=login, hosts=["*"], links=ROW_PAGES))


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for this user's data: OPSLINE_DATA, or the system's usual place."""
    from platformdirs import user_data_path

    named = environment.get("OPSLINE_DATA")
    return Path(named).expanduser().resolve() if named else user_data_path("opsline")


def local_file(environment: Mapping[str, str]) -> Path | None:
    """Return the file of the local workbook, or None where OPSLINE_BOOK is an address."""
    book = environment.get("OPSLINE_BOOK", "")
    if book.startswith(("http://", "https://")):
        return None
    return Path(book).expanduser().resolve() if book else data_folder(environment) / "workbook.sqlite"


@contextlib.contextmanager
def held(file: Path, address: str, token: str) -> Iterator[LocalBook]:
    """Hold a workbook's file and say beside it where it is served, while the block runs.

    A server that another command started on its own account is asked to end; its clients find us.

    Raises:
        OpslineError: Another desk serves the file, or it is damaged.
    """
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(taken_over(file, address, token))
            store = local_sheets.Store(file)
            stack.callback(store.close)
            yield LocalBook(file, store, token)
    except local_sheets.StoreError as error:
        raise OpslineError("serve.workbook", reason=error) from error


@contextlib.contextmanager
def taken_over(file: Path, address: str, token: str) -> Iterator[None]:
    """Hold the file, waiting for a server that was asked to end."""
    with contextlib.ExitStack() as stack:
        deadline = time.monotonic() + TAKEOVER_SECONDS
        asked = False
        while True:
            try:
                stack.enter_context(local_sheets.hold(file, address, token))
                break
            except local_sheets.InUse as error:
                asked = asked or ask_to_end(file)
                if not asked or time.monotonic() > deadline:
                    other = note_of(file).get("address", file)
                    raise OpslineError("serve.in_use", file=file, other=other) from error
                time.sleep(0.05)
        yield


def note_of(file: Path) -> dict[str, str]:
    """Return what FILE.server says of who serves the file; nothing where it cannot be read."""
    try:
        note: dict[str, str] = json.loads(Path(f"{file}.server").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note


def desk_of(file: Path) -> str | None:
    """Return the address of the desk that serves the file, None where none does."""
    address = note_of(file).get("address")
    if address is None:
        return None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/static/desk/icon.svg", timeout=3):
            return address
    except OSError:
        return None


def ask_to_end(file: Path) -> bool:
    """Ask the server that holds the file to end; say whether it will. A desk answers no."""
    note = note_of(file)
    if not note:
        return False
    request = urllib.request.Request(  # noqa: S310  (an address of ours, on this machine)
        f"{note['address']}/shutdown",
        method="POST",
        headers={"Authorization": f"Bearer {note['token']}"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5):
            return True
    except urllib.error.HTTPError:
        return False
    except OSError:  # it is already gone: its lock is free at the next try
        return True
