"""Where a table is: the block of filled cells that a range meets."""

from local_sheets.a1 import Box
from local_sheets.store import Sheet


def table_at(sheet: Sheet, box: Box) -> Box | None:
    """Return the last table that the box meets; None when it meets none.

    A table is a block of filled cells that touch, corners included, closed to a rectangle. A range
    that only lies beside a table does not meet it (Google's guide: `E4` beside a table in `B4:D6`).
    """
    sheet.lines.flush()
    masks = sheet.lines.masks
    columns = ((1 << box.right) - 1) & ~((1 << box.left) - 1)
    known = _known(sheet, box, masks)
    if known:
        return known
    seed = min(box.bottom, len(masks)) - 1
    while seed >= box.top and not masks[seed] & columns:
        seed -= 1
    if seed < box.top:
        return None
    hit = masks[seed] & columns
    left = hit.bit_length() - 1
    return _remember(sheet, _grown(masks, Box(seed, seed + 1, left, left + 1)))


def _known(sheet: Sheet, box: Box, masks: list[int]) -> Box | None:
    """Return the table found last time, if it is still the last that the box meets."""
    if sheet.lines.table is None:
        return None
    known = Box(*sheet.lines.table)
    columns = ((1 << box.right) - 1) & ~((1 << box.left) - 1)
    below = masks[known.bottom : box.bottom]
    if known.meets(box) and not any(mask & columns for mask in below):
        return known
    return None


def _remember(sheet: Sheet, table: Box) -> Box:
    """Keep a table for the next append."""
    sheet.lines.table = (table.top, table.bottom, table.left, table.right)
    return table


def _grown(masks: list[int], box: Box) -> Box:
    """Grow a box until nothing filled touches it."""
    top, bottom, left, right = box.top, box.bottom, box.left, box.right
    changed = True
    while changed:
        changed = False
        window = ((1 << (right + 1)) - 1) & ~((1 << max(left - 1, 0)) - 1)
        while top > 0 and masks[top - 1] & window:
            top, changed = top - 1, True
        while bottom < len(masks) and masks[bottom] & window:
            bottom, changed = bottom + 1, True
        seen = 0
        for mask in masks[max(top - 1, 0) : bottom + 1]:
            seen |= mask
        while left > 0 and seen >> (left - 1) & 1:
            left, changed = left - 1, True
        while seen >> right & 1:
            right, changed = right + 1, True
    return Box(top, bottom, left, right)
