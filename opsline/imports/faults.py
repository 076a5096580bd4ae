"""The list of what is wrong in a file: a CSV that opens in any spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from opsline.exports.cells import kept_as_text
from sheets_schema.language import Fault
from sheets_schema.language.cells import as_text

__all__ = ["FaultFile"]

SHOWN: Final = 5
HEADER: Final = ("sheet", "cell", "field", "found", "fault")


class FaultFile:
    """Writes faults to a file as they are found; no file is made where there are none.

    Args:
        path: Where the file will be; one from an earlier import is replaced.
        language: The language of the sentences.
    """

    def __init__(self, path: Path, language: str) -> None:
        self.path, self.language = path, language
        self.first: list[str] = []
        self.count = 0
        self._stream: IO[str] | None = None
        self._writer: Any = None

    def add(self, fault: Fault) -> None:
        """Write one fault."""
        sentence = fault.text(self.language)
        if self._stream is None:
            self._stream = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._stream)
            self._writer.writerow(HEADER)
        found = kept_as_text(as_text(fault.found))
        cells = (fault.sheet, fault.cell, fault.field, found, sentence)
        self._writer.writerow([kept_as_text(cell) for cell in cells])
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(sentence)

    def __enter__(self) -> Self:
        """Forget an earlier import's faults."""
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, if there is one."""
        if self._stream is not None:
            self._stream.close()
