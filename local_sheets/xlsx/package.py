"""The package openpyxl: optional, untyped, slow to import."""

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local_sheets.errors import BadRequest


def openpyxl(part: str = "") -> Any:
    """Return the package or a part of it, such as `.styles`."""
    try:
        return importlib.import_module(f"openpyxl{part}")
    except ImportError as error:
        raise BadRequest(
            "Excel files need the package openpyxl on the server: pip install openpyxl."
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Keep openpyxl from warning of what it does not read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
