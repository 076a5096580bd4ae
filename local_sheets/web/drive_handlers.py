"""Drive API v3 over HTTP: addresses to functions."""

from typing import Any

from local_sheets import drive, fields
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Book, Store
from local_sheets.web.base import ApiHandler


def _mask(query: Json, default: str) -> fields.Mask:
    """Return the fields of an answer; Drive answers few when none are named."""
    return fields.parse(query.get("fields") or default)


class Files(ApiHandler):
    """/drive/v3/files."""

    async def get(self) -> None:
        """files.list."""
        query, base = self.query(), self.base()
        mask = _mask(query, "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)")
        await self.answer(
            lambda store: fields.pick(drive.listing(store, query, base), mask), writes=False
        )

    async def post(self) -> None:
        """files.create."""
        body, query, base = self.json_body(), self.query(), self.base()
        mask = _mask(query, drive.SHORT)

        def work(store: Store) -> Any:
            with store.writing():
                book = drive.create(store, body)
            return fields.pick(drive.resource(book, base), mask)

        await self.answer(work, writes=True)


class File(ApiHandler):
    """/drive/v3/files/ID."""

    async def get(self, key: str) -> None:
        """files.get."""
        query, base = self.query(), self.base()
        if query.get("alt") == "media":
            raise BadRequest(
                "Only files with binary content can be downloaded. Use Export with Docs Editors files."
            )
        mask = _mask(query, drive.SHORT)
        await self.reading(key, lambda book: fields.pick(drive.resource(book, base), mask))

    async def patch(self, key: str) -> None:
        """files.update."""
        body, query, base = self.json_body(), self.query(), self.base()
        mask = _mask(query, drive.SHORT)

        def work(book: Book) -> Any:
            drive.update(book, body)
            return fields.pick(drive.resource(book, base), mask)

        await self.changing(key, work)

    async def delete(self, key: str) -> None:
        """files.delete."""

        def work(store: Store) -> None:
            book = store.book(key)
            with store.writing():
                store.delete(book)

        self.set_status(204)
        self.clear_header("Content-Type")
        await self.answer(work, writes=True)


class Copy(ApiHandler):
    """/drive/v3/files/ID/copy."""

    async def post(self, key: str) -> None:
        """files.copy."""
        body, query, base = self.json_body(), self.query(), self.base()
        mask = _mask(query, drive.SHORT)

        def work(store: Store) -> Any:
            source = store.book(key)
            with store.writing():
                book = drive.copy(store, source, body)
            return fields.pick(drive.resource(book, base), mask)

        await self.answer(work, writes=True)


_ID = r"([A-Za-z0-9_-]+)"
ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (r"/drive/v3/files", Files),
    (rf"/drive/v3/files/{_ID}", File),
    (rf"/drive/v3/files/{_ID}/copy", Copy),
]

__all__ = ["ROUTES"]
