"""addDimensionGroup, deleteDimensionGroup, updateDimensionGroup: foldable rows and columns."""

import copy

from local_sheets import fields
from local_sheets.batch_mask import update_mask
from local_sheets.errors import BadRequest, Json
from local_sheets.requests.dimensions import side
from local_sheets.store import Book, Sheet


def _list(sheet: Sheet, dimension: str) -> list[Json]:
    """Return the groups of a dimension."""
    name = "rowGroups" if dimension == "ROWS" else "columnGroups"
    groups: list[Json] = sheet.about.setdefault(name, [])
    return groups


def _depths(groups: list[Json], size: int) -> list[int]:
    """Return how deep each line lies."""
    depths = [0] * size
    for group in groups:
        for line in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[line] += 1
    return depths


def _regroup(sheet: Sheet, dimension: str, depths: list[int]) -> list[Json]:
    """Return the groups that depths stand for, the outer ones first."""
    groups: list[Json] = []
    for depth in range(1, max(depths, default=0) + 1):
        start = None
        for line, deep in enumerate([*depths, 0]):
            if deep >= depth and start is None:
                start = line
            elif deep < depth and start is not None:
                place: Json = {"dimension": dimension, "startIndex": start, "endIndex": line}
                if sheet.id:
                    place = {"sheetId": sheet.id} | place
                groups.append({"range": place, "depth": depth})
                start = None
    return groups


def _change(book: Book, request: Json, by: int) -> tuple[Sheet, str]:
    """Put lines one level deeper or higher."""
    sheet, dimension, start, end = side(book, request["range"])
    size = sheet.rows if dimension == "ROWS" else sheet.columns
    if end > size or end <= start:
        raise BadRequest("The group lies outside of the sheet.")
    groups = _list(sheet, dimension)
    collapsed = {(g["range"]["startIndex"], g["range"]["endIndex"]): g.get("collapsed") for g in groups}
    depths = _depths(groups, size)
    if by < 0 and not any(depths[start:end]):
        raise BadRequest("There is no group at the given range.")
    for line in range(start, end):
        depths[line] = max(depths[line] + by, 0)
    groups[:] = _regroup(sheet, dimension, depths)
    for group in groups:
        if collapsed.get((group["range"]["startIndex"], group["range"]["endIndex"])):
            group["collapsed"] = True
    name = "rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"
    sheet.grid[name] = True
    sheet.touch()
    return sheet, dimension


def _reply(name: str, groups: list[Json]) -> Json:
    """Return a reply with the groups that are left, if any."""
    return {name: {"dimensionGroups": copy.deepcopy(groups)} if groups else {}}


def add(book: Book, request: Json) -> Json:
    """Group lines."""
    return _reply("addDimensionGroup", _list(*_change(book, request, 1)))


def delete(book: Book, request: Json) -> Json:
    """Take one level of grouping away."""
    return _reply("deleteDimensionGroup", _list(*_change(book, request, -1)))


def update(book: Book, request: Json) -> None:
    """Fold or unfold a group."""
    new, mask = request["dimensionGroup"], update_mask(request, "DimensionGroup")
    sheet, dimension, start, end = side(book, new["range"])
    for group in _list(sheet, dimension):
        place = group["range"]
        if (place["startIndex"], place["endIndex"]) == (start, end) and group["depth"] == new.get("depth", 1):
            merged = fields.merge(group, new, mask)
            group.pop("collapsed", None)
            if merged.get("collapsed"):
                group["collapsed"] = True
            sheet.touch()
            return
    raise BadRequest("There is no group at the given range and depth.")
