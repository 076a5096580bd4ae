"""Drills that change what is answered: left out, of another moment, in other words, in another order."""

import copy
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from local_sheets.batch import batch_update
from local_sheets.drills.drill import Call, Drill
from local_sheets.errors import ApiError, Json, NotFound
from local_sheets.schema import reader
from local_sheets.store import Store
from local_sheets.web.base import read_json

_TOO_MANY = 429
_WORDS = re.compile(r"Unable to parse range|No grid with id|beyond the last|already exists")
_OPTION = "valueRenderOption"
_DAYS = range(40_000, 60_000)


class AtomicBatch(Drill):
    """Of a batch that is refused, all is done that can be done."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Do the requests one by one after all."""
        if call.kind == "batch" and call.is_refused:
            for request in read_json(call.handler.request.body)["requests"]:
                call.store.wait(partial(_do, key=call.key, request=request))
        return answer


def _do(store: Store, key: str, request: Json) -> None:
    """Carry out one request if it can be."""
    book = store.book(key)
    try:
        body = reader.read({"requests": [request]}, "BatchUpdateSpreadsheetRequest", "")
        with store.writing(book):
            batch_update(book, body, "")
    except ApiError:
        return


class Response(Drill):
    """The answer of a batch does not show what was asked for."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Leave the spreadsheet out."""
        if call.kind == "batch":
            answer.pop("updatedSpreadsheet", None)
        return answer


class MetadataKept(Drill):
    """Metadata cannot be asked for by its id."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Say that there is none."""
        if call.kind != "metadata":
            return answer
        call.handler.set_status(NotFound.code)
        return NotFound().body()


class MetadataFollows(Drill):
    """Metadata on a row stays where it was made, whatever becomes of the row."""

    def __init__(self) -> None:
        self._seen: dict[int, Json] = {}

    def answered(self, call: Call, answer: Json) -> Json:
        """Say the place at which it was first seen."""
        for each in answer.get("matchedDeveloperMetadata", ()) if call.kind == "search" else ():
            item = each["developerMetadata"]
            item["location"] = self._seen.setdefault(item["metadataId"], item["location"])
        return answer


class RefusalWords(Drill):
    """Refusals do not say what was wrong."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Say something general."""
        if call.is_refused and _WORDS.search(answer["error"]["message"]):
            answer["error"]["message"] = "Request contains an invalid argument."
        return answer


class Quota(Drill):
    """One request too many is refused as if it were forbidden."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Say something else than 429."""
        if call.handler.get_status() != _TOO_MANY:
            return answer
        call.handler.set_status(403)
        return {"error": {"code": 403, "message": "Forbidden", "status": "PERMISSION_DENIED"}}


class Values(Drill):
    """A drill of `values.batchGet`; *change* is given the ranges and those of the same question before."""

    def __init__(self, change: Callable[[list[Json], list[Json]], list[Json]]) -> None:
        self._change = change
        self._before: dict[str, list[Json]] = {}

    def answered(self, call: Call, answer: Json) -> Json:
        """Answer other ranges."""
        if call.kind != "values" or call.is_refused:
            return answer
        ranges, question = answer["valueRanges"], call.handler.request.uri or ""
        before = self._before.get(question) or ranges
        self._before[question] = copy.deepcopy(ranges)
        return answer | {"valueRanges": self._change(ranges, before)}


def stale(_ranges: list[Json], before: list[Json]) -> list[Json]:
    """Return the ranges as they were when they were last read."""
    return before


def torn(ranges: list[Json], before: list[Json]) -> list[Json]:
    """Return the first range as it is, the others as they were when they were last read."""
    return [*ranges[:1], *before[1:]]


def turned(ranges: list[Json], _before: list[Json]) -> list[Json]:
    """Return the ranges in another order."""
    return ranges[::-1]


def each_cell(change: Callable[[Any], Any]) -> Values:
    """Return a drill that changes every cell that is read."""
    return Values(
        lambda ranges, _: [
            {**each, "values": [[change(cell) for cell in row] for row in each.get("values", ())]}
            for each in ranges
        ]
    )


def as_word(cell: Any) -> Any:
    """Return a truth as a word."""
    return str(cell).upper() if isinstance(cell, bool) else cell


def elsewhere(cell: Any) -> Any:
    """Return a moment by the clock of another place."""
    is_day = isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _DAYS
    return cell + 1 / 3 if is_day else cell


class Formulas(Drill):
    """What was entered is not answered; a formula comes without its sign."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Take the signs away where formulas are asked for."""
        if call.kind != "values" or call.is_refused or call.handler.get_argument(_OPTION, "") != "FORMULA":
            return answer
        for each in answer["valueRanges"]:
            for row in each.get("values", ()):
                row[:] = [cell.removeprefix("=") if isinstance(cell, str) else cell for cell in row]
        return answer


class LastEditor(Drill):
    """Nobody has changed a file."""

    def answered(self, call: Call, answer: Json) -> Json:
        """Leave the name out."""
        if call.kind == "file":
            answer.pop("lastModifyingUser", None)
        return answer


class Version(Drill):
    """A file's version as *change* has it; it is given the true one and how often it was asked for."""

    def __init__(self, change: Callable[[int, int], int]) -> None:
        self._change, self._asked = change, 0

    def answered(self, call: Call, answer: Json) -> Json:
        """Answer another version."""
        if call.kind == "file" and "version" in answer:
            self._asked += 1
            answer["version"] = str(self._change(int(answer["version"]), self._asked))
        return answer
