"""What this machine's processes have read of a workbook, kept once for all of them.

A folder of the user's own has one folder for each workbook, in it one for each version, and in that
one Arrow file for each table. Who finds a version lacking reads it under the workbook's lock, and
the others wait and then map what was written. The version is asked before the values are read, so
that a file is never older than its version says. Whatever goes wrong here (no space, no rights, a
damaged file) only means that the sheet itself is read.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from uuid import uuid4

import pandas as pd
import pyarrow as pa

from sheets_schema.book import arrow
from sheets_schema.language import Fault, Reading

if TYPE_CHECKING:
    from sheets_schema.book.book import Book

__all__ = ["Shelf", "give_back", "identity", "number_of", "shelf"]

FORMAT: Final = 2
"""Counted up whenever the files come to mean something else."""
KEPT: Final = 2
"""Versions of a workbook that stay; a page may still be reading the last but one."""
NOTE: Final = "version.json"
"""In a version's folder: which version it is, and how it was read."""
PAST: Final = "past-"
"""How the names of folders begin that nobody may take a version from any more (`Shelf.set_aside`)."""

Identity = tuple[int, ...]
"""What tells a file from every other one, and from itself once it is written again."""
DAMAGED: Final = (OSError, ValueError, LookupError, TypeError, AttributeError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One workbook's files at one version.

    Args:
        folder: The workbook's folder.
        label: The name of the version's folder in it; blank if nothing is to be kept or found.
        version: The version.
        way: A text that changes with whatever decides how sheets are read.
        mapped: What this process has taken already: table -> file and reading. A table that has not
            changed stays the same frame.
    """

    folder: Path
    label: str
    version: str = ""
    way: str = ""
    mapped: dict[str, tuple[Identity, Reading]] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        """The version's folder."""
        return self.folder / self.label

    def take(self, names: Iterable[str]) -> dict[str, Reading]:
        """Return the readings that are there; a damaged one is not."""
        found: dict[str, Reading] = {}
        for name in names if self.label else ():
            with suppress(*DAMAGED):
                found[name] = self._take(name)
        return found

    def _take(self, name: str) -> Reading:
        """Return a reading: the one that this process has mapped before, if the file is still that one."""
        file = self.place / f"{name}.arrow"
        is_, (was, reading) = identity(file), self.mapped.get(name, ((), None))
        if reading is None or is_ != was:
            reading = arrow.read(file)
            if identity(file) == is_:
                self.mapped[name] = (is_, reading)
        return reading

    def put(self, readings: Mapping[str, Reading], same: Mapping[str, Path] | None = None) -> None:
        """Keep readings, and let older versions go.

        Nothing is kept if the version's folder is gone: somebody has saved since `begin`.

        Args:
            readings: What was read.
            same: Files that hold some of it already.
        """
        for name, reading in readings.items():
            file = (same or {}).get(name)
            if file is None or not self.link(file, name):
                self._write(f"{name}.arrow", partial(arrow.write, reading=reading))
        with suppress(OSError):
            versions = [each for each in self.folder.iterdir() if each.is_dir()]
            versions.sort(key=lambda each: each.stat().st_mtime_ns, reverse=True)
            for old in versions[KEPT:]:
                shutil.rmtree(old, ignore_errors=True)

    def between(self, names: Sequence[str], check: Callable[[], tuple[Fault, ...]]) -> tuple[Fault, ...]:
        """Return the faults between tables, found by *check* where nobody has found them yet."""
        file = f"{_digest(*names)}.json"
        if self.label:
            with suppress(*DAMAGED):
                return arrow.faults_of((self.place / file).read_text(encoding="utf-8"))
        faults = check()
        self._write(file, lambda path: path.write_text(arrow.text_of(faults), encoding="utf-8"))
        return faults

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the workbook's lock, so that one process reads for all; say whether it was waited for."""
        has_waited = False
        with ExitStack() as held:
            if self.label:
                with suppress(OSError):
                    self.folder.mkdir(mode=0o700, exist_ok=True)
                    lock = held.enter_context((self.folder / "lock").open("a"))
                    has_waited = _wait_for(lock)
            yield has_waited

    def begin(self) -> None:
        """Make the version's folder: from then on there is a place for its readings."""
        if self.label:
            with suppress(OSError):
                self.place.mkdir(mode=0o700, exist_ok=True)
                note = {"version": self.version, "way": self.way}
                self._write(NOTE, lambda path: path.write_text(json.dumps(note), encoding="utf-8"))

    def link(self, file: Path, name: str) -> bool:
        """Give a table's file a place in this version, too; say whether that was possible."""
        if not self.label:
            return False
        begun = self.place / f".{uuid4().hex}"
        try:
            begun.hardlink_to(file)
            begun.replace(self.place / f"{name}.arrow")
        except OSError:
            return False
        finally:
            with suppress(OSError):
                begun.unlink(missing_ok=True)
        return True

    def older(self) -> Iterator[tuple[int, Path]]:
        """Yield the other versions that were read in the same way, the newest first: number and folder."""
        found: list[tuple[int, Path]] = []
        with suppress(OSError):
            for folder in self.folder.iterdir():
                with suppress(*DAMAGED):
                    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
                    if note["way"] == self.way and folder != self.place:
                        found.append((number_of(note["version"]), folder))
        yield from sorted(found, reverse=True)

    def set_aside(self) -> None:
        """Let nobody take anything of the versions so far: who has saved must not be shown what was before.

        Google's version of a file may lag behind its cells. What is kept can still be taken over by
        later versions (`unchanged.take_over`).
        """
        with suppress(OSError):
            for version in self.folder.iterdir():
                if version.is_dir() and not version.name.startswith(PAST):
                    there = version.with_name(PAST + version.name)
                    shutil.rmtree(there, ignore_errors=True)
                    version.rename(there)

    def forget(self, *names: str) -> None:
        """Drop tables of all versions.

        Args:
            names: The tables; all of them where left out.
        """
        with suppress(OSError):
            for version in self.folder.iterdir():
                if not version.is_dir():
                    continue
                for name in names:
                    (version / f"{name}.arrow").unlink(missing_ok=True)
                if not names:
                    shutil.rmtree(version, ignore_errors=True)

    def _write(self, name: str, write: Callable[[Path], object]) -> None:
        """Write a file so that it is there whole or not at all."""
        if not self.label:
            return
        begun = self.place / f".{uuid4().hex}"
        try:
            write(begun)
            begun.replace(self.place / name)
        except DAMAGED:
            with suppress(OSError):
                begun.unlink(missing_ok=True)


def _wait_for(lock: IO[str]) -> bool:
    """Lock a file; say whether somebody else had it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return True
    return False


def shelf(book: Book, version: str = "") -> Shelf:
    """Return the shelf of a book's workbook at a version, one that keeps nothing for a blank version."""
    folder = _root() / _digest(book.client.door.name, str(book.workbook.id))
    is_kept = bool(version.strip("@")) and _is_own(folder.parent)
    way = _digest(str(book.workbook.timezone), _code())
    return Shelf(folder, _digest(version, way) if is_kept else "", version, way, book.mapped)


def give_back() -> None:
    """Give memory that was needed to read a sheet back to the machine; a page goes on with mapped files."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU C library has it
    if trim is not None:
        trim(0)


def number_of(version: str) -> int:
    """Return the number that a version begins with; raise ValueError if it begins with none.

    >>> number_of("17@2026-11-23T01:00:00.000Z")
    17
    """
    return int(version.partition("@")[0])


def identity(file: Path) -> Identity:
    """Return what tells a file from every other one; raise OSError."""
    about = file.stat()
    return about.st_dev, about.st_ino, about.st_mtime_ns, about.st_size


def _root() -> Path:
    """Return the folder of all workbooks: beside the local workbook, else in the user's cache."""
    if named := os.environ.get("OPSLINE_DATA"):
        return Path(named).expanduser().resolve() / "snapshots"
    from platformdirs import user_cache_path

    return user_cache_path("opsline") / "snapshots"


def _is_own(folder: Path) -> bool:
    """Make a folder that only this user may enter; say whether there is one."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
        if about.st_uid == os.getuid() and about.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError:
        return False
    return about.st_uid == os.getuid()


@cache
def _code() -> str:
    """Return a text that changes with whatever decides how a sheet is read."""
    package = Path(__file__).parent.parent
    files = [*package.glob("*/*.yaml"), *package.glob("language/**/*.py"), Path(arrow.__file__)]
    read = [path.read_bytes().hex() for path in sorted(files) if path.parent.name != "words"]
    return _digest(str(FORMAT), pd.__version__, pa.__version__, *read)


def _digest(*parts: str) -> str:
    """Return a short name for some texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
