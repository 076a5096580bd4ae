"""Sheets API v4 over HTTP: addresses to functions."""

from typing import Any
from urllib.parse import unquote

from local_sheets import answers, api_books, api_filters, api_values, fields, places
from local_sheets.batch import batch_update
from local_sheets.errors import BadRequest, Json, NotFound
from local_sheets.store import Book, Store
from local_sheets.values.cells import INPUTS
from local_sheets.web.base import ApiHandler


def input_option(given: str | None) -> str:
    """Return a ValueInputOption, which must be stated."""
    if not given or given == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise BadRequest("'valueInputOption' is required but not specified")
    return api_values.option(given, INPUTS, "RAW", "value_input_option")


def masked(work: Any, query: Json) -> Any:
    """Apply the `fields` parameter to an answer."""
    mask = fields.parse(query["fields"]) if query.get("fields") else {}
    return fields.pick(work, mask)


class Spreadsheets(ApiHandler):
    """POST /v4/spreadsheets."""

    async def post(self) -> None:
        """spreadsheets.create."""
        body, query, base = self.json_body(), self.query(), self.base()

        def work(store: Store) -> Json:
            with store.writing():
                book = api_books.create(store, body)
            return answers.spreadsheet(book, base, answers.check_mask(query.get("fields")))

        await self.answer(work, writes=True)


class Spreadsheet(ApiHandler):
    """/v4/spreadsheets/ID and ID:method."""

    async def get(self, key: str, method: str | None) -> None:
        """spreadsheets.get."""
        if method:
            raise NotFound
        query, base = self.query(), self.base()
        ranges = [text.decode() for text in self.request.query_arguments.get("ranges", ())]
        mask = answers.check_mask(query.get("fields"))
        with_cells = query.get("includeGridData", "").lower() == "true"
        await self.reading(
            key, lambda book: answers.spreadsheet(book, base, mask, ranges, with_cells=with_cells)
        )

    async def post(self, key: str, method: str | None) -> None:
        """spreadsheets.batchUpdate and getByDataFilter."""
        body, query, base = self.json_body(), self.query(), self.base()
        if method == "batchUpdate":
            await self.changing(key, lambda book: masked(batch_update(book, body, base), query))
        elif method == "getByDataFilter":
            mask = answers.check_mask(query.get("fields"))
            await self.reading(key, lambda book: api_filters.spreadsheet(book, base, mask, body))
        else:
            raise NotFound


class Values(ApiHandler):
    """/v4/spreadsheets/ID/values/RANGE and RANGE:method."""

    async def get(self, key: str, address: str) -> None:
        """values.get."""
        query, address = self.query(), unquote(address)

        def work(book: Book) -> Any:
            sheet, box = places.box(book, address)
            return _masked_text(api_values.get(book, sheet, box, query), query)

        await self.reading(key, work)

    async def put(self, key: str, address: str) -> None:
        """values.update."""
        body, query, address = self.json_body(), self.query(), unquote(address)
        how = input_option(query.get("valueInputOption"))
        await self.changing(
            key, lambda book: masked(api_values.update(book, address, body, how, query), query)
        )

    async def post(self, key: str, address: str) -> None:
        """values.append and values.clear."""
        place, _, method = address.rpartition(":")
        place, query = unquote(place), self.query()
        if method == "append":
            body, how = self.json_body(), input_option(query.get("valueInputOption"))
            await self.changing(
                key, lambda book: masked(api_values.append(book, place, body, how, query), query)
            )
        elif method == "clear":
            await self.changing(
                key, lambda book: masked(api_values.clear(book, *places.box(book, place)), query)
            )
        else:
            raise NotFound


def _masked_text(text: str, query: Json) -> Any:
    """Apply a field mask to an answer that is JSON text already."""
    import json

    return masked(json.loads(text), query) if query.get("fields") else api_values.Raw(text)


class ValuesBatch(ApiHandler):
    """/v4/spreadsheets/ID/values:method."""

    async def get(self, key: str, method: str) -> None:
        """values.batchGet."""
        if method != "batchGet":
            raise NotFound
        query = self.query()
        ranges = [text.decode() for text in self.request.query_arguments.get("ranges", ())]
        await self.reading(key, lambda book: _masked_text(api_values.batch_get(book, ranges, query), query))

    async def post(self, key: str, method: str) -> None:
        """values.batchUpdate, batchClear and the DataFilter forms."""
        body, query = self.json_body(), self.query()
        if method == "batchGetByDataFilter":
            await self.reading(key, lambda book: api_filters.batch_get(book, body))
            return
        work = {
            "batchUpdate": api_filters.batch_update,
            "batchClear": api_filters.batch_clear,
            "batchUpdateByDataFilter": api_filters.batch_update_by_filter,
            "batchClearByDataFilter": api_filters.batch_clear_by_filter,
        }.get(method)
        if work is None:
            raise NotFound
        if method.startswith("batchUpdate"):
            body["valueInputOption"] = input_option(body.get("valueInputOption"))
        await self.changing(key, lambda book: masked(work(book, body), query))


class Metadata(ApiHandler):
    """/v4/spreadsheets/ID/developerMetadata/N and :search."""

    async def get(self, key: str, number: str) -> None:
        """developerMetadata.get."""
        await self.reading(key, lambda book: api_filters.metadata(book, int(number)))

    async def post(self, key: str, _search: str) -> None:
        """developerMetadata.search."""
        body = self.json_body()
        await self.reading(key, lambda book: api_filters.metadata_search(book, body))


class CopyTo(ApiHandler):
    """/v4/spreadsheets/ID/sheets/N:copyTo."""

    async def post(self, key: str, number: str) -> None:
        """sheets.copyTo."""
        target = str(self.json_body().get("destinationSpreadsheetId", ""))

        def work(store: Store) -> Json:
            source = store.book(key).only_sheet(int(number))
            book = store.book(target)
            with store.writing(book):
                return api_books.copy_to(book, source)

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
