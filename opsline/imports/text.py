"""Text files as rows: how the bytes are written, and what stands between two cells."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import lzma
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from opsline.imports.errors import NothingToRead, UnreadableFile

__all__ = ["DELIMITERS", "delimiter_of", "encoding_of", "opened", "rows_of"]

DELIMITERS: Final = (",", ";", "\t", "|")
BLOCK: Final = 1 << 20
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PACKED: Final[Mapping[bytes, Any]] = {b"\xfd7zXZ": lzma.open, b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
CHINESE_PAIRS: Final = 0.8
"""From this share of high bytes that come in pairs on, a text is Chinese and not European."""
LONGEST_CELL: Final = 1 << 24
SAMPLE_LINES: Final = 60


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file's bytes, unpacked where it is an .xz, .gz, .bz2, or a .zip of one text file.

    Raises:
        UnreadableFile: It is damaged, or cannot be opened.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(6)
        if start.startswith(b"PK"):
            with zipfile.ZipFile(path) as packed, packed.open(_only_member(path, packed)) as stream:
                yield cast("BinaryIO", stream)
            return
        unpack = next((tool for mark, tool in PACKED.items() if start.startswith(mark)), None)
        with unpack(path, "rb") if unpack else path.open("rb") as stream:
            yield cast("BinaryIO", stream)
    except (lzma.LZMAError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise UnreadableFile(file=path.name, reason=str(error)) from None


def _only_member(path: Path, packed: zipfile.ZipFile) -> str:
    """Return the one file of a zip that is not a folder or a system's own."""
    names = [name for name in packed.namelist() if not name.endswith("/") and "__MACOSX" not in name]
    if len(names) != 1:
        raise NothingToRead("imports.zip_of_many", file=path.name, count=len(names))
    return names[0]


def encoding_of(path: Path) -> str:
    """Return how a text file is encoded: by its mark, as UTF-8 if it is valid, else GB18030 or cp1252."""
    with opened(path) as stream:
        start = stream.read(4)
        marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
        if marked:
            return marked
        decoder = codecs.getincrementaldecoder("utf-8")()
        counts: Counter[str] = Counter()
        is_utf8, block = True, start
        while block:
            if is_utf8:
                is_utf8 = _decodes(decoder, block)
            _count_pairs(block, counts)
            block = stream.read(BLOCK)
        if is_utf8 and _decodes(decoder, b"", final=True):
            return "utf-8"
    return "gb18030" if counts["paired"] >= CHINESE_PAIRS * counts["high"] else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    """Say whether a block goes on as valid UTF-8."""
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _count_pairs(block: bytes, counts: Counter[str]) -> None:
    """Count bytes above ASCII, and those of them that stand beside another one."""
    if block.isascii():
        return
    high = [byte > 0x7F for byte in block]  # noqa: PLR2004 - the last of ASCII
    counts["high"] += sum(high)
    before, after = [False, *high[:-1]], [*high[1:], False]
    counts["paired"] += sum(h and (b or a) for h, b, a in zip(high, before, after, strict=True))


def delimiter_of(path: Path, encoding: str) -> str:
    """Return what stands between cells: the delimiter that gives most lines one number of cells above 1."""
    with opened(path) as stream:
        lines = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        sample = [line for line, _ in zip(lines, range(SAMPLE_LINES), strict=False)]

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, lines_of_it = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(0, 0))
        return (lines_of_it if width > 1 else 0, width)

    return max(DELIMITERS, key=fit)


def rows_of(path: Path, encoding: str, delimiter: str) -> Iterator[list[object]]:
    """Yield the rows of a text file, one at a time; bytes that are no text become U+FFFD.

    Raises:
        UnreadableFile: The file ends in the middle, or a cell never ends.
    """
    csv.field_size_limit(LONGEST_CELL)
    with opened(path) as stream:
        lines = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        clean = (line.replace("\0", "") for line in lines)
        try:
            yield from cast("Iterator[list[object]]", csv.reader(clean, delimiter=delimiter))
        except csv.Error as error:
            raise UnreadableFile(file=path.name, reason=str(error)) from None
