"""What a drill may do: change what is asked, and change what is answered."""

import re
from typing import Any

from local_sheets.errors import Json
from local_sheets.store import Book, Store
from local_sheets.web.base import ApiHandler

_CALLS = {
    "batch": re.compile(r"POST /v4/spreadsheets/([\w-]+):batchUpdate"),
    "values": re.compile(r"GET /v4/spreadsheets/([\w-]+)/values:batchGet"),
    "metadata": re.compile(r"GET /v4/spreadsheets/([\w-]+)/developerMetadata/\d+"),
    "search": re.compile(r"POST /v4/spreadsheets/([\w-]+)/developerMetadata:search"),
    "file": re.compile(r"GET /drive/v3/files/([\w-]+)"),
}


class Call:
    """A call of the API: its handler, and which kind of call it is (blank for one that no drill changes)."""

    def __init__(self, handler: ApiHandler) -> None:
        self.handler, self.kind, self.key = handler, "", ""
        said = f"{handler.request.method} {handler.request.path}"
        for kind, pattern in _CALLS.items():
            if (found := pattern.fullmatch(said)) is not None:
                self.kind, self.key = kind, found[1]

    @property
    def is_refused(self) -> bool:
        """Whether it is answered with an error."""
        return self.handler.get_status() >= 400  # noqa: PLR2004 - HTTP

    @property
    def store(self) -> Store:
        """The store."""
        return self.handler.desk.store

    async def look(self, work: Any) -> Any:
        """Return what *work* finds out about the call's spreadsheet."""
        return await self.store.run(lambda store: work(store.book(self.key)))


class Drill:
    """One guarantee taken away; each server has a drill of its own, which may remember things."""

    async def asked(self, call: Call, requests: list[Json]) -> list[Json]:
        """Return the requests that a batch is to be made of instead of these."""
        del call
        return requests

    def answered(self, call: Call, answer: Json) -> Json:
        """Return what is to be answered instead of this."""
        del call
        return answer


def end_of(book: Book, number: int) -> int:
    """Return how many rows of a sheet there are down to the last with data."""
    sheet = book.sheet(number)
    sheet.lines.flush()
    last = len(sheet.lines)
    while last and not sheet.lines.masks[last - 1]:
        last -= 1
    return last
