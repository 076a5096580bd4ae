"""White space that nobody sees, and digits that are twice as wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sheets_schema.doctor.finding import Confidence, Finding, Fix
from sheets_schema.doctor.sheet import Sheet
from sheets_schema.language import Field
from sheets_schema.words import Message

__all__ = ["spaces", "tidy"]

ODD: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
HIDDEN: Final = "\u200b\u2060\ufeff"
SUSPECT: Final = rf"^[\s\p{{Z}}{HIDDEN}]|[\s\p{{Z}}{HIDDEN}]$|\S {{2,}}\S|[{ODD}{HIDDEN}０-９]"
"""RE2: white space at an end, two spaces inside, spaces that do not break or show, wide digits."""
SUSPECT_CODE: Final = rf"{SUSPECT}|[\x{{3000}}\x{{ff01}}-\x{{ff5e}}]"
SPACE: Final = re.compile(f"[{ODD}]")
NOTHING: Final = re.compile(f"[{HIDDEN}]")
SEVERAL: Final = re.compile(r"(?<=\S) {2,}(?=\S)")
WIDE: Final = str.maketrans("０１２３４５６７８９", "0123456789")


def spaces(sheet: Sheet) -> Iterator[Finding]:
    """Yield a finding for each text with white space or wide digits that do not belong there."""
    for field in sheet.table.fields:
        place = sheet.header.places.get(field.name)
        if field.type != "string" or place is None:
            continue
        cells = sheet.column(place)
        is_code = _is_code(field, sheet.table.key)
        for position in suspects(cells, SUSPECT_CODE if is_code else SUSPECT):
            yield from _finding(sheet, field, place, position, cells[position])


def suspects(cells: Sequence[object], pattern: str) -> list[int]:
    """Return the positions of the texts that a pattern of RE2 is found in; all at one stroke."""
    texts = [cell if type(cell) is str else None for cell in cells]
    try:
        held = pa.array(texts, type=pa.large_string())
    except UnicodeEncodeError:  # JSON can carry half of a surrogate pair
        clean = [text and text.encode("utf-8", "replace").decode() for text in texts]
        held = pa.array(clean, type=pa.large_string())
    hit = pc.match_substring_regex(held, pattern).to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]
    places: list[int] = np.flatnonzero(hit == True).tolist()  # noqa: E712 - None among them
    return places


def tidy(text: str, *, code: bool) -> str:
    """Return a text without the white space that does not belong there, its digits of usual width.

    Args:
        text: A cell's text.
        code: Whether it names something (an id, a code): then all its letters are of usual width.

    >>> tidy(" Lamp\u00a0is  broken ", code=False), tidy("Ｔ－１２", code=True)
    ('Lamp is broken', 'T-12')
    """
    text = SPACE.sub(" ", NOTHING.sub("", text))
    text = unicodedata.normalize("NFKC", text) if code else text.translate(WIDE)
    return SEVERAL.sub(" ", text.strip())


def _is_code(field: Field, key: str) -> bool:
    """Say whether a field's text names something instead of telling it."""
    return bool(field.name == key or field.enum or field.foreign or field.holds or field.pattern)


def _finding(sheet: Sheet, field: Field, place: int, position: int, text: str) -> Iterator[Finding]:
    """Yield the finding of one text; none where it is as it should be, or nothing else stands there."""
    is_code = _is_code(field, sheet.table.key)
    clean = tidy(text, code=is_code)
    if clean in {text, ""}:
        return
    wide = clean != SEVERAL.sub(" ", SPACE.sub(" ", NOTHING.sub("", text)).strip())
    told = not is_code and (wide or ("\n" in text and SEVERAL.search(text.strip()) is not None))
    confidence: Confidence = "likely" if told else "sure"
    kind = "width" if wide else "space"
    fix = Fix("write", Message("doctor.fix.tidy", {"value": clean[:60]}), clean)
    must = Message(f"doctor.must.{kind}")
    row = sheet.numbers[position]
    yield sheet.found(kind, row, place, must, fix=fix, confidence=confidence, name=field.name)
