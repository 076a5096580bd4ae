"""SQLite's log beside the file (FILE-wal): which saves in it can no longer be read.

After a crash SQLite takes over what it finds in the log up to the first frame whose checksum is wrong. The
rest is a save that was cut off; but if whole saves stand behind the wrong frame, then the log was damaged,
and they, which had been acknowledged, would be dropped without a word.
"""

import struct
from pathlib import Path

_HEADER, _FRAME = 32, 24
_MAGIC = (0x377F0682, 0x377F0683)
_WORD = 0xFFFFFFFF


def lost_saves(file: Path) -> int:
    """Return how many saves of a file's log stand behind damage; the last one may be a cut-off save.

    The format is that of https://www.sqlite.org/fileformat2.html#walformat.
    """
    log = Path(f"{file}-wal")
    if not log.exists():
        return 0
    content = memoryview(log.read_bytes())
    if len(content) < _HEADER + _FRAME:
        return 0
    magic, _version, page, _number, _salt, _salt2, *stored = struct.unpack(">8I", content[:_HEADER])
    order = ">" if magic & 1 else "<"
    if magic not in _MAGIC or _checksum(content[: _HEADER - 8], (0, 0), order) != tuple(stored):
        return len(content) // (_FRAME + 4096)
    return _behind_damage(content, page, order, (stored[0], stored[1]))


def _behind_damage(content: memoryview, page: int, order: str, seed: tuple[int, int]) -> int:
    """Count the saves after the first wrong frame; frames of an earlier log have other salts."""
    damaged, saves, salts = False, 0, content[16:24]
    for start in range(_HEADER, len(content) - _FRAME - page + 1, _FRAME + page):
        frame = content[start : start + _FRAME + page]
        stored = struct.unpack(">2I", frame[16:_FRAME])
        whole = frame[8:16] == salts and stored == _checksum(
            frame[_FRAME:], _checksum(frame[:8], seed, order), order
        )
        seed = (stored[0], stored[1])
        if not whole:
            damaged = True
        elif damaged and struct.unpack(">I", frame[4:8])[0]:  # the last frame of a save
            saves += 1
    return max(saves - 1, 0)


def _checksum(content: memoryview, seed: tuple[int, int], order: str) -> tuple[int, int]:
    """Return SQLite's checksum of a piece of the log."""
    one, two = seed
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _WORD
        two = (two + second + one) & _WORD
    return one, two
