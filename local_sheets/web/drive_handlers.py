"""Drive API v3 over HTTP: addresses to functions."""

from typing import Any

from local_sheets import drive, drive_exchange, fields, sharing
from local_sheets.errors import BadRequest, Json, NotFound
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
        await self.answer(lambda store: fields.pick(drive.listing(store, query, base), mask), writes=False)

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


class Export(ApiHandler):
    """/drive/v3/files/ID/export."""

    async def get(self, key: str) -> None:
        """files.export."""
        kind = self.query().get("mimeType", "")
        if not kind:
            raise BadRequest("Required parameter: mimeType")
        await self.desk.faults.before(writes=False)
        content = await self.desk.store.run(lambda store: drive_exchange.export(store.book(key), kind))
        self.set_header("Content-Type", kind)
        self.finish(content)


class Upload(ApiHandler):
    """/upload/drive/v2/files/ID, which gspread's import_csv uses."""

    async def put(self, key: str) -> None:
        """files.update with content, converted."""
        body, kind = self.request.body, self.request.headers.get("Content-Type", "")
        await self.changing(key, lambda book: drive_exchange.upload(book, body, kind))


class Permissions(ApiHandler):
    """/drive/v3/files/ID/permissions."""

    async def get(self, key: str) -> None:
        """permissions.list."""
        mask = _mask(self.query(), "kind,nextPageToken,permissions(kind,id,type,role)")

        def work(book: Book) -> Any:
            found = {"kind": "drive#permissionList", "permissions": sharing.permissions(book)}
            return fields.pick(found, mask)

        await self.reading(key, work)

    async def post(self, key: str) -> None:
        """permissions.create."""
        body, mask = self.json_body(), _mask(self.query(), "kind,id,type,role")
        await self.changing(key, lambda book: fields.pick(sharing.add_permission(book, body), mask))


class Permission(ApiHandler):
    """/drive/v3/files/ID/permissions/ID."""

    async def get(self, key: str, number: str) -> None:
        """permissions.get."""
        mask = _mask(self.query(), "kind,id,type,role")
        await self.reading(key, lambda book: fields.pick(sharing.permission(book, number), mask))

    async def patch(self, key: str, number: str) -> None:
        """permissions.update."""
        body, mask = self.json_body(), _mask(self.query(), "kind,id,type,role")
        await self.changing(
            key, lambda book: fields.pick(sharing.change_permission(book, number, body), mask)
        )

    async def delete(self, key: str, number: str) -> None:
        """permissions.delete."""
        self.set_status(204)
        self.clear_header("Content-Type")
        await self.changing(key, lambda book: sharing.remove_permission(book, number))


class Comments(ApiHandler):
    """/drive/v3/files/ID/comments."""

    async def get(self, key: str) -> None:
        """comments.list."""
        mask = _mask(self.query(), "*")
        await self.reading(
            key,
            lambda book: fields.pick({"kind": "drive#commentList", "comments": sharing.comments(book)}, mask),
        )

    async def post(self, key: str) -> None:
        """comments.create."""
        body, mask = self.json_body(), _mask(self.query(), "*")
        await self.changing(key, lambda book: fields.pick(sharing.add_comment(book, body), mask))


class Comment(ApiHandler):
    """/drive/v3/files/ID/comments/ID and its replies."""

    async def get(self, key: str, number: str, _replies: str | None) -> None:
        """comments.get."""
        await self.reading(key, lambda book: sharing.comment(book, number))

    async def post(self, key: str, number: str, replies: str | None) -> None:
        """replies.create."""
        if not replies:
            raise NotFound
        body = self.json_body()
        await self.changing(key, lambda book: sharing.add_reply(book, number, body))

    async def patch(self, key: str, number: str, _replies: str | None) -> None:
        """comments.update."""
        body = self.json_body()
        await self.changing(key, lambda book: sharing.change_comment(book, number, body))

    async def delete(self, key: str, number: str, _replies: str | None) -> None:
        """comments.delete."""
        self.set_status(204)
        self.clear_header("Content-Type")
        await self.changing(key, lambda book: sharing.remove_comment(book, number))


_ID = r"([A-Za-z0-9_-]+)"
ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (r"/drive/v3/files", Files),
    (rf"/drive/v3/files/{_ID}", File),
    (rf"/drive/v3/files/{_ID}/copy", Copy),
    (rf"/drive/v3/files/{_ID}/export", Export),
    (rf"/drive/v3/files/{_ID}/permissions", Permissions),
    (rf"/drive/v3/files/{_ID}/permissions/([^/]+)", Permission),
    (rf"/drive/v3/files/{_ID}/comments", Comments),
    (rf"/drive/v3/files/{_ID}/comments/([^/]+)(/replies)?", Comment),
    (rf"/upload/drive/v2/files/{_ID}", Upload),
]

__all__ = ["ROUTES"]
