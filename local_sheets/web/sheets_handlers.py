"""Sheets API v4 over HTTP: addresses to functions."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from local_sheets import answers, api_books, api_filters, api_values, fields, places
from local_sheets.api_values import Raw, option
from local_sheets.batch import batch_update
from local_sheets.errors import BadRequest, Json, NotFound
from local_sheets.fields import Mask
from local_sheets.making import furnish
from local_sheets.schema import query as queries
from local_sheets.schema import reader as bodies
from local_sheets.schema.masks import answer_mask
from local_sheets.store import Book, Store
from local_sheets.web.base import ApiHandler


def input_option(asked: Json) -> str:
    """Return a ValueInputOption, which must be stated."""
    given = option(asked, "valueInputOption", "")
    if not given:
        raise BadRequest("'valueInputOption' is required but not specified")
    return given


def picked(answer: Any, mask: Mask) -> Any:
    """Keep of an answer what the mask names; one that is JSON text already is read only for that."""
    if not mask:
        return answer
    return fields.pick(json.loads(answer) if isinstance(answer, Raw) else answer, mask)


class SheetsHandler(ApiHandler):
    """A handler of the Sheets API: bodies and queries hold to Google's description."""

    def told(self, name: str, at: str = "") -> Json:
        """Return the body as a message of a schema; errors call it *at*."""
        return bodies.read(self.json_body(), name, at)

    def asked(self, method: str) -> Json:
        """Return the query of a method such as `values.get`."""
        return queries.read(method, self.request.query_arguments)

    def mask(self, schema: str) -> Mask:
        """Return the `fields` that are wanted of an answer of a schema; {} for all."""
        return answer_mask(self.query().get("fields"), schema)


class Spreadsheets(SheetsHandler):
    """POST /v4/spreadsheets."""

    async def post(self) -> None:
        """spreadsheets.create."""
        self.asked("create")
        body, mask, base = self.told("Spreadsheet", "spreadsheet"), self.mask("Spreadsheet"), self.base()

        def work(store: Store) -> Json:
            with store.writing():
                book = api_books.create(store, body)
                furnish(book, body)
            return answers.spreadsheet(book, base, mask)

        await self.answer(work, writes=True)


class Spreadsheet(SheetsHandler):
    """/v4/spreadsheets/ID and ID:method."""

    async def get(self, key: str, method: str | None) -> None:
        """spreadsheets.get."""
        if method:
            raise NotFound
        query, base = self.asked("get"), self.base()
        ranges, with_cells = query.get("ranges") or (), bool(query.get("includeGridData"))
        mask = self.mask("Spreadsheet")
        await self.reading(
            key, lambda book: answers.spreadsheet(book, base, mask, ranges, with_cells=with_cells)
        )

    async def post(self, key: str, method: str | None) -> None:
        """spreadsheets.batchUpdate and getByDataFilter."""
        base = self.base()
        if method == "batchUpdate":
            self.asked(method)
            mask, body = (
                self.mask("BatchUpdateSpreadsheetResponse"),
                self.told("BatchUpdateSpreadsheetRequest"),
            )
            await self.guarded(
                key, lambda book, guard: picked(batch_update(book, body, base, guard, mask), mask)
            )
        elif method == "getByDataFilter":
            self.asked(method)
            mask, body = self.mask("Spreadsheet"), self.told("GetSpreadsheetByDataFilterRequest")
            await self.reading(key, lambda book: api_filters.spreadsheet(book, base, mask, body))
        else:
            raise NotFound


class Values(SheetsHandler):
    """/v4/spreadsheets/ID/values/RANGE and RANGE:method."""

    async def get(self, key: str, address: str) -> None:
        """values.get."""
        query, mask, address = self.asked("values.get"), self.mask("ValueRange"), unquote(address)

        def work(book: Book) -> Any:
            sheet, box = places.box(book, address)
            return picked(Raw(api_values.get(book, sheet, box, query)), mask)

        await self.reading(key, work)

    async def put(self, key: str, address: str) -> None:
        """values.update."""
        query, body = self.asked("values.update"), self.told("ValueRange", "data")
        mask, address = self.mask("UpdateValuesResponse"), unquote(address)
        how = input_option(query)
        await self.changing(
            key, lambda book: picked(api_values.update(book, address, body, how, query), mask)
        )

    async def post(self, key: str, address: str) -> None:
        """values.append and values.clear."""
        place, _, method = address.rpartition(":")
        place = unquote(place)
        if method == "append":
            query, body = self.asked("values.append"), self.told("ValueRange", "data")
            how, mask = input_option(query), self.mask("AppendValuesResponse")
            await self.changing(
                key, lambda book: picked(api_values.append(book, place, body, how, query), mask)
            )
        elif method == "clear":
            self.asked("values.clear")
            self.told("ClearValuesRequest")
            mask = self.mask("ClearValuesResponse")
            await self.changing(
                key, lambda book: picked(api_values.clear(book, *places.box(book, place)), mask)
            )
        else:
            raise NotFound


class ValuesBatch(SheetsHandler):
    """/v4/spreadsheets/ID/values:method."""

    async def get(self, key: str, method: str) -> None:
        """values.batchGet."""
        if method != "batchGet":
            raise NotFound
        query = self.asked("values.batchGet")
        ranges, mask = query.get("ranges") or (), self.mask("BatchGetValuesResponse")
        await self.reading(key, lambda book: picked(Raw(api_values.batch_get(book, ranges, query)), mask))

    async def post(self, key: str, method: str) -> None:
        """values.batchUpdate, batchClear and the DataFilter forms."""
        if method not in _BATCHES:
            raise NotFound
        name, work, writes = _BATCHES[method]
        self.asked(f"values.{method}")
        mask, body = self.mask(f"{name}Response"), self.told(f"{name}Request")
        if method.startswith("batchUpdate"):
            body["valueInputOption"] = input_option(body)
        await (self.changing if writes else self.reading)(key, lambda book: picked(work(book, body), mask))


Batch = Callable[[Book, Json], Any]
_BATCHES: dict[str, tuple[str, Batch, bool]] = {
    "batchUpdate": ("BatchUpdateValues", api_filters.batch_update, True),
    "batchClear": ("BatchClearValues", api_filters.batch_clear, True),
    "batchGetByDataFilter": ("BatchGetValuesByDataFilter", api_filters.batch_get, False),
    "batchUpdateByDataFilter": ("BatchUpdateValuesByDataFilter", api_filters.batch_update_by_filter, True),
    "batchClearByDataFilter": ("BatchClearValuesByDataFilter", api_filters.batch_clear_by_filter, True),
}
"""A batch's method: how its messages are called, its function, whether it writes."""


class Metadata(SheetsHandler):
    """/v4/spreadsheets/ID/developerMetadata/N and :search."""

    async def get(self, key: str, number: str) -> None:
        """developerMetadata.get."""
        self.asked("developerMetadata.get")
        mask = self.mask("DeveloperMetadata")
        await self.reading(key, lambda book: picked(api_filters.metadata(book, int(number)), mask))

    async def post(self, key: str, _search: str) -> None:
        """developerMetadata.search."""
        self.asked("developerMetadata.search")
        mask, body = self.mask("SearchDeveloperMetadataResponse"), self.told("SearchDeveloperMetadataRequest")
        await self.reading(key, lambda book: picked(api_filters.metadata_search(book, body), mask))


class CopyTo(SheetsHandler):
    """/v4/spreadsheets/ID/sheets/N:copyTo."""

    async def post(self, key: str, number: str) -> None:
        """sheets.copyTo."""
        self.asked("sheets.copyTo")
        mask, body = self.mask("SheetProperties"), self.told("CopySheetToAnotherSpreadsheetRequest")
        target = body.get("destinationSpreadsheetId", "")

        def work(store: Store) -> Any:
            source = self.opened(store, key, "reader").only_sheet(int(number))
            book = self.opened(store, target, "writer")
            with store.writing(book):
                return picked(api_books.copy_to(book, source), mask)

        await self.answer(work, writes=True)


_ID = r"([A-Za-z0-9_-]+)"
ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (r"/v4/spreadsheets", Spreadsheets),
    (rf"/v4/spreadsheets/{_ID}(?::(\w+))?", Spreadsheet),
    (rf"/v4/spreadsheets/{_ID}/values:(\w+)", ValuesBatch),
    (rf"/v4/spreadsheets/{_ID}/values/(.+)", Values),
    (rf"/v4/spreadsheets/{_ID}/developerMetadata/(\d+)", Metadata),
    (rf"/v4/spreadsheets/{_ID}/developerMetadata:(search)", Metadata),
    (rf"/v4/spreadsheets/{_ID}/sheets/(\d+):copyTo", CopyTo),
]

__all__ = ["ROUTES"]
