"""Drive API v3 over HTTP: files, folders, who one is."""

from typing import Any

from local_sheets import drive, drive_bodies, drive_errors, drive_list, fields
from local_sheets.drive_resource import ROOT, resource, root
from local_sheets.errors import Json
from local_sheets.mime import SHEETS
from local_sheets.sharing import user
from local_sheets.store import Book, Store
from local_sheets.web.base import ApiHandler
from local_sheets.web.drive_base import ID, DriveHandler


class Files(DriveHandler):
    """/drive/v3/files."""

    async def get(self) -> None:
        """files.list."""
        query, base, mask = self.query(), self.base(), self.mask("FileList")
        await self.answer(
            lambda store: fields.pick(drive_list.listing(store, query, self.who, base), mask), writes=False
        )

    async def post(self) -> None:
        """files.create."""
        body, base, mask = self.told(drive_bodies.FILE), self.base(), self.mask("File")

        def work(store: Store) -> Any:
            with store.writing():
                book = drive.create(store, body, self.who)
            return fields.pick(resource(book, self.who, base), mask)

        await self.answer(work, writes=True)


class File(DriveHandler):
    """/drive/v3/files/ID."""

    async def get(self, key: str) -> None:
        """files.get."""
        base, mask = self.base(), self.mask("File")
        if key == ROOT:
            self.finish(fields.pick(root(self.who), mask))
            return
        if self.query().get("alt") == "media":
            raise drive_errors.DriveError(
                403,
                "fileNotDownloadable",
                "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
                "alt",
            )
        await self.reading(key, lambda book: fields.pick(resource(book, self.who, base), mask))

    async def patch(self, key: str) -> None:
        """files.update; what moves it stands in the address."""
        body, query, base, mask = self.told(drive_bodies.FILE), self.query(), self.base(), self.mask("File")
        own = body.keys() <= {"starred"} and not query.keys() & {"addParents", "removeParents"}

        def work(store: Store, book: Book) -> Any:
            drive.update(book, body, self.who)
            add, remove = str(query.get("addParents", "")), str(query.get("removeParents", ""))
            drive.move(store, book, add, remove, self.who)
            return fields.pick(resource(book, self.who, base), mask)

        await self.changed(key, "reader" if own else "writer", work)

    async def delete(self, key: str) -> None:
        """files.delete, and files.emptyTrash at the name `trash`."""

        def work(store: Store) -> None:
            if key == "trash":
                with store.writing():
                    drive.empty_trash(store, self.who)
                return
            book = self.opened(store, key, "owner")
            with store.writing():
                drive.delete(store, book, self.who)

        await self.emptied(work)


class Copy(DriveHandler):
    """/drive/v3/files/ID/copy."""

    async def post(self, key: str) -> None:
        """files.copy."""
        body, base, mask = self.told(drive_bodies.FILE), self.base(), self.mask("File")
        comments = self.flag("copyComments")

        def work(store: Store) -> Any:
            source = self.opened(store, key, "reader")
            with store.writing():
                book = drive.copy(store, source, body, self.who, comments=comments)
            return fields.pick(resource(book, self.who, base), mask)

        await self.answer(work, writes=True)


class Revisions(DriveHandler):
    """/drive/v3/files/ID/revisions: the one there is, which is now."""

    async def get(self, key: str, number: str | None) -> None:
        """revisions.list and revisions.get."""
        mask = self.mask("Revision" if number else "RevisionList")

        def work(book: Book) -> Any:
            now: Json = {
                "kind": "drive#revision",
                "id": str(book.version),
                "mimeType": SHEETS,
                "modifiedTime": book.modified,
            }
            if number and number not in ("head", now["id"]):
                raise drive_errors.missing_part("Revision", number)
            return fields.pick(now if number else {"kind": "drive#revisionList", "revisions": [now]}, mask)

        await self.reading(key, work, "writer")


class About(DriveHandler):
    """/drive/v3/about."""

    def get(self) -> None:
        """about.get."""
        found: Json = {
            "kind": "drive#about",
            "user": user(self.who.email, self.who),
            "storageQuota": {"usage": "0", "usageInDrive": "0", "usageInDriveTrash": "0"},
            "canCreateDrives": False,
            "canCreateTeamDrives": False,
            "appInstalled": False,
        }
        self.finish(fields.pick(found, self.must_mask("About")))


class Drives(DriveHandler):
    """/drive/v3/drives: shared drives, of which there are none."""

    def get(self) -> None:
        """drives.list."""
        self.finish(fields.pick({"kind": "drive#driveList", "drives": []}, self.mask("DriveList")))


ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (r"/drive/v3/about", About),
    (r"/drive/v3/drives", Drives),
    (r"/drive/v3/files", Files),
    (rf"/drive/v3/files/{ID}", File),
    (rf"/drive/v3/files/{ID}/copy", Copy),
    (rf"/drive/v3/files/{ID}/revisions(?:/([^/]+))?", Revisions),
]

__all__ = ["ROUTES"]
