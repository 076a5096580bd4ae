"""The local workbook's file: where it is, and who serves it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


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


class LocalBook:
    """Hold a workbook's file, and serve it beside the pages."""

    def __init__(self, file: Path, address: str, token: str) -> None:
        self.file, self.address, self.token = file, address, token

    def __enter__(self) -> LocalBook:
        raise NotImplementedError

    def __exit__(self, *_: object) -> None:
        return None

    def routes(self) -> list[tuple[Any, ...]]:
        return []
