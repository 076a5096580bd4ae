"""autoFill: cells continued from those beside them."""

from itertools import pairwise

from local_sheets import places
from local_sheets.a1 import Box
from local_sheets.api_values import grow
from local_sheets.errors import BadRequest, Json
from local_sheets.requests import blocks
from local_sheets.requests.blocks import Cell
from local_sheets.store import Book, Sheet
from local_sheets.store.row import FORMULA
from local_sheets.values.typed import tidy


def auto_fill(book: Book, request: Json) -> None:
    """Fill a range from its filled part, or beyond a source: numbers go on evenly, all else repeats."""
    if "sourceAndDestination" in request:
        given = request["sourceAndDestination"]
        sheet, source = places.grid(book, given.get("source") or {})
        down = given.get("dimension") == "ROWS"
        if given.get("dimension") not in ("ROWS", "COLUMNS"):
            raise BadRequest("No dimension specified.")
        _fill(book, sheet, source, given.get("fillLength", 0), down=down)
        return
    sheet, box = places.grid(book, request.get("range") or {})
    found = _filled(sheet, box)
    if found and found.bottom < box.bottom:
        _fill(book, sheet, found, box.bottom - found.bottom, down=True)
    elif found and found.right < box.right:
        _fill(book, sheet, found, box.right - found.right, down=False)


def _filled(sheet: Sheet, box: Box) -> Box | None:
    """Return the filled part at the top left of a box: full width if rows are filled, else full height."""
    columns = ((1 << box.right) - 1) & ~((1 << box.left) - 1)
    masks = sheet.lines.masks[box.top : box.bottom]
    rows = 0
    while rows < len(masks) and masks[rows] & columns:
        rows += 1
    if not rows:
        return None
    if rows < box.bottom - box.top:
        return Box(box.top, box.top + rows, box.left, box.right)
    seen = 0
    for mask in masks:
        seen |= mask & columns
    return Box(box.top, box.bottom, box.left, seen.bit_length())


def _fill(book: Book, sheet: Sheet, source: Box, length: int, *, down: bool) -> None:
    """Continue a source by *length* lines, backwards if negative."""
    block = blocks.read(sheet, source)
    lines = block if down else [list(line) for line in zip(*block, strict=True)]
    if not lines or not length:
        return
    backwards = length < 0
    start = (source.top if down else source.left) + (length if backwards else len(lines))
    if start < 0:
        raise BadRequest("The range to fill starts before the sheet.")
    end = start + abs(length)
    grow(book, sheet, end if down else source.bottom, source.right if down else end)
    tracks = [list(track) for track in zip(*(reversed(lines) if backwards else lines), strict=True)]
    sign = -1 if backwards else 1
    filled = [_continued(track, abs(length), sign, down=down) for track in tracks]
    new = [list(line) for line in zip(*filled, strict=True)]
    if backwards:
        new.reverse()
    top, left = (start, source.left) if down else (source.top, start)
    block = new if down else [list(line) for line in zip(*new, strict=True)]
    blocks.write(sheet, top, left, block)


def _continued(track: list[Cell], length: int, sign: int, *, down: bool) -> list[Cell]:
    """Return the next *length* cells of a line of cells; a formula's references move along."""
    values = [cell.get(blocks.VALUE, "") for cell in track]
    even = all(type(value) in (int, float) for value in values) and not any(c.get(FORMULA) for c in track)
    steps = {round(float(b) - float(a), 9) for a, b in pairwise(values)} if even else set()
    result = []
    for number in range(length):
        away = sign * (number // len(track) + 1) * len(track)
        cell = blocks.copied(track[number % len(track)], away if down else 0, 0 if down else away)
        if len(steps) == 1:
            cell = cell | {blocks.VALUE: tidy(float(values[-1]) + next(iter(steps)) * (number + 1))}
        result.append(cell)
    return result
