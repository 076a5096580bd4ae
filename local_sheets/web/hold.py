"""Holding a file: one server at a time, and a note beside the file that says where it answers."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_sheets.errors import InUse, StoreError


@contextmanager
def lock(path: Path | str) -> Iterator[None]:
    """Hold `FILE.lock` while the block runs.

    Raises:
        InUse: Another server holds the file.
    """
    place = Path(f"{path}.lock")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"The lock file {place} cannot be made: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise InUse(f"The workbook file {path} is in use by another server.") from error
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def announced(path: Path | str, address: str, token: str) -> Iterator[None]:
    """Keep `FILE.server` (readable by its owner only) while the block runs."""
    place = Path(f"{path}.server")
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    note = json.dumps({"address": address, "token": token, "pid": os.getpid()})
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(note)
    fresh.replace(place)
    try:
        yield
    finally:
        if _is_mine(place):
            place.unlink(missing_ok=True)


def _is_mine(place: Path) -> bool:
    """Say whether the note is still this process's."""
    try:
        return bool(json.loads(place.read_text(encoding="utf-8")).get("pid") == os.getpid())
    except (OSError, ValueError):
        return False


@contextmanager
def hold(path: Path | str, address: str, token: str) -> Iterator[None]:
    """Hold a file and say where it is served, while the block runs.

    Raises:
        InUse: Another server holds the file.
    """
    with lock(path), announced(path, address, token):
        yield
