"""Drills that change what is asked: numbers ignored, rows misplaced or lost, text taken for a formula."""

import asyncio
from typing import Any

from local_sheets.drills.drill import Call, Drill, end_of
from local_sheets.errors import Json
from local_sheets.store import Book

LONG_ENOUGH = 0.5
"""Seconds in which others come in between."""


class SheetNumber(Drill):
    """A new sheet gets another number than was chosen."""

    async def asked(self, _call: Call, requests: list[Json]) -> list[Json]:
        """Forget the numbers."""
        for request in requests:
            request.get("addSheet", {}).get("properties", {}).pop("sheetId", None)
        return requests


class UniqueMetadata(Drill):
    """A metadata id that is taken is replaced by another instead of refused."""

    async def asked(self, call: Call, requests: list[Json]) -> list[Json]:
        """Forget the ids that are taken."""
        taken: set[int] = await call.look(_metadata_ids)
        for request in requests:
            made = request.get("createDeveloperMetadata", {}).get("developerMetadata", {})
            if made.get("metadataId") in taken:
                del made["metadataId"]
        return requests


def _metadata_ids(book: Book) -> set[int]:
    """Return the ids of all metadata."""
    return {item["metadataId"] for item in book.about.get("developerMetadata", ())}


class MetadataSwept(Drill):
    """Metadata is not deleted by its key."""

    async def asked(self, _call: Call, requests: list[Json]) -> list[Json]:
        """Look for keys that nothing has."""
        for request in requests:
            deleted = request.get("deleteDeveloperMetadata", {}).get("dataFilter", {})
            if key := deleted.get("developerMetadataLookup", {}).get("metadataKey"):
                deleted["developerMetadataLookup"]["metadataKey"] = f"not {key}"
        return requests


class AppendOrder(Drill):
    """Rows are appended with a gap before them."""

    async def asked(self, _call: Call, requests: list[Json]) -> list[Json]:
        """Put a blank row before each lot."""
        for request in requests:
            if "appendCells" in request:
                request["appendCells"]["rows"] = [{}, *request["appendCells"]["rows"]]
        return requests


class AppendGrows(Drill):
    """What does not fit on a sheet any more is dropped."""

    async def asked(self, call: Call, requests: list[Json]) -> list[Json]:
        """Cut the rows that have no place."""
        for request in requests:
            if append := request.get("appendCells"):
                number = append.get("sheetId", 0)
                room = await call.look(lambda book, at=number: book.sheet(at).rows - end_of(book, at))
                append["rows"] = append["rows"][: max(0, room)]
        return requests


class AppendAtOnce(Drill):
    """Of appends in the same moment the last one writes over the others: each has looked first."""

    async def asked(self, call: Call, requests: list[Json]) -> list[Json]:
        """Look for the end, wait, and write to where it was."""
        numbers = {each["appendCells"].get("sheetId", 0) for each in requests if "appendCells" in each}
        if not numbers:
            return requests
        ends = await call.look(lambda book: {at: end_of(book, at) for at in numbers})
        sizes = await call.look(lambda book: {at: book.sheet(at).rows for at in numbers})
        await asyncio.sleep(LONG_ENOUGH)
        written: list[Json] = []
        for request in requests:
            append = request.get("appendCells")
            if append is None:
                written.append(request)
                continue
            at = append.get("sheetId", 0)
            start = {"sheetId": at, "rowIndex": ends[at], "columnIndex": 0}
            ends[at] += len(append["rows"])
            if ends[at] > sizes[at]:
                longer = {"sheetId": at, "dimension": "ROWS", "length": ends[at] - sizes[at]}
                written.append({"appendDimension": longer})
                sizes[at] = ends[at]
            update = {"start": start, "rows": append["rows"], "fields": append["fields"]}
            written.append({"updateCells": update})
        return written


class TextStays(Drill):
    """A text that begins with = becomes a formula."""

    async def asked(self, _call: Call, requests: list[Json]) -> list[Json]:
        """Write formulas for texts."""
        for request in requests:
            _formulas(request)
        return requests


def _formulas(part: Any) -> None:
    """Turn texts that look like formulas into formulas, however deep they are."""
    if isinstance(part, list):
        for each in part:
            _formulas(each)
    elif isinstance(part, dict):
        if str(part.get("stringValue", "")).startswith("="):
            part["formulaValue"] = part.pop("stringValue")
        for each in part.values():
            _formulas(each)


class Copies(Drill):
    """A paste of formulas empties the cells that have none, and the others."""

    async def asked(self, _call: Call, requests: list[Json]) -> list[Json]:
        """Clear instead of pasting."""
        return [
            {"updateCells": {"range": request["copyPaste"]["destination"], "fields": "userEnteredValue"}}
            if request.get("copyPaste", {}).get("pasteType") == "PASTE_FORMULA"
            else request
            for request in requests
        ]


class Clears(Drill):
    """A cell that is emptied loses its format and its dropdown."""

    async def asked(self, _call: Call, requests: list[Json]) -> list[Json]:
        """Clear more than was asked for."""
        for request in requests:
            update = request.get("updateCells", {})
            cells = [cell for row in update.get("rows", ()) for cell in row.get("values", ())]
            if update.get("fields") == "userEnteredValue" and not all(cells or [None]):
                update["fields"] = "userEnteredValue,userEnteredFormat,dataValidation"
        return requests
