"""Files out and in over HTTP: Drive's export, the export address of the page, Drive's uploads."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import quote

from local_sheets import drive, drive_bodies, drive_errors, drive_exchange, fields
from local_sheets.drive_resource import is_folder, resource
from local_sheets.errors import BadRequest, Json
from local_sheets.mime import CSV, FORMATS, SHEETS, TSV
from local_sheets.store import Book, Store
from local_sheets.web.base import MAXIMUM_BODY, ApiHandler
from local_sheets.web.drive_base import ID, DriveHandler
from local_sheets.web.uploads import Session

_INCOMPLETE = 308
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


class Exporting(DriveHandler):
    """A handler that answers a file."""

    async def send(self, key: str, kind: str, number: int | None = None) -> tuple[str, str]:
        """Answer a spreadsheet as a file of a MIME type; return the titles of the book and of the sheet."""
        how = drive_exchange.export(kind)

        def taken(store: Store) -> tuple[Any, str, str]:
            book = _document(self.opened(store, key, "reader"))
            sheet = book.sheets[0] if number is None else book.sheet(number)
            return how.take(book, number), book.title, sheet.title

        await self.trouble(writes=False)
        copy, title, tab = await self.desk.store.run(taken)
        content = await asyncio.get_running_loop().run_in_executor(None, how.write, copy)
        self.set_header("Content-Type", kind)
        self.write(content)
        return title, tab


class Export(Exporting):
    """/drive/v3/files/ID/export."""

    async def get(self, key: str) -> None:
        """files.export."""
        kind = self.query().get("mimeType", "")
        if not kind:
            raise drive_errors.required("mimeType")
        await self.send(key, kind)


class PageExport(Exporting):
    """/spreadsheets/d/ID/export?format=csv&gid=N, as people put it into scripts and formulas."""

    async def get(self, key: str) -> None:
        """Answer a file to be kept under the spreadsheet's title."""
        query = self.query()
        form = query.get("format") or query.get("exportFormat") or "xlsx"
        if form not in FORMATS:
            raise BadRequest(f"The format {form} is not one of {', '.join(FORMATS)}.")
        gid = query.get("gid")
        if gid is not None and not gid.isdigit():
            raise BadRequest(f"The gid {gid} is no sheet's number.")
        kind = FORMATS[form]
        title, tab = await self.send(key, kind, int(gid) if gid else None)
        name = f"{title} - {tab}" if kind in (CSV, TSV) else title
        plain = re.sub(r'[^ -~]|["\\/]', "_", name)
        self.set_header(
            "Content-Disposition",
            f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(name, safe='')}.{form}",
        )


class Uploading(DriveHandler):
    """A handler that takes a file."""

    async def take(self, key: str | None, given: Json, body: bytes, kind: str, mask: fields.Mask) -> None:
        """Make a spreadsheet of a file, or put its content into one; answer the File resource."""
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(None, drive_exchange.parse, body, kind)
        base = self.base()
        if given.get("mimeType", SHEETS) != SHEETS:
            raise BadRequest(
                f"A file of type {given['mimeType']} cannot be kept by this server; name the mimeType"
                f" {SHEETS} to have it converted."
            )

        def put(book: Book) -> Any:
            drive.update(_document(book), given, self.who)
            drive_exchange.replace(book, content)
            return fields.pick(resource(book, self.who, base), mask)

        def make(store: Store) -> Any:
            with store.writing():
                book = drive_exchange.create(store, given, self.who, content)
            return fields.pick(resource(book, self.who, base), mask)

        if key is None:
            await self.answer(make, writes=True)
        else:
            await self.changing(key, put)

    async def begin(self, key: str | None) -> None:
        """Take a file at once, or begin a session to which it is sent in pieces."""
        query, kind = self.query(), self.request.headers.get("Content-Type", "")
        mask = self.mask("File")
        how = query.get("uploadType", "media")
        if how == "media":
            await self.take(key, {}, self.request.body, kind, mask)
        elif how == "multipart":
            given, body, kind = _parts(self.request.body, kind)
            await self.take(key, drive_bodies.read(given, drive_bodies.FILE), body, kind, mask)
        elif how == "resumable":
            given = self.told(drive_bodies.FILE)
            kind = self.request.headers.get("X-Upload-Content-Type", "") or str(given.get("mimeType", ""))
            number = self.desk.uploads.begin(Session(self.who.key, key, given, kind, mask))
            self.set_header("Location", f"{self.base()}{self.request.path}?upload_id={number}")
            self.finish()
        else:
            raise BadRequest(f"The uploadType {how} is not one of media, multipart, resumable.")

    async def go_on(self) -> None:
        """Take a piece of a file; the last one completes it."""
        number, body = self.query().get("upload_id", ""), self.request.body
        session = self.desk.uploads.find(number, self.who.key)
        given = self.request.headers.get("Content-Range") or f"bytes 0-{len(body) - 1}/{len(body)}"
        match = _RANGE.fullmatch(given)
        if not match:
            raise BadRequest(f"The Content-Range {given!r} cannot be read.")
        if match[1] is not None and int(match[1]) <= len(session.content):
            session.content[int(match[1]) :] = body
        if len(session.content) > MAXIMUM_BODY:
            raise BadRequest(f"The file is larger than {MAXIMUM_BODY // 1024 // 1024} MB.")
        if match[3] == "*" or len(session.content) < int(match[3]):
            self.set_status(_INCOMPLETE, "Resume Incomplete")
            if session.content:
                self.set_header("Range", f"bytes=0-{len(session.content) - 1}")
            self.finish()
            return
        self.desk.uploads.end(number)
        await self.take(session.key, session.given, bytes(session.content), session.kind, session.mask)


class NewUpload(Uploading):
    """/upload/drive/v3/files."""

    async def post(self) -> None:
        """files.create with content."""
        await self.begin(None)

    async def put(self) -> None:
        """Go on with a resumable upload."""
        await self.go_on()


class Upload(Uploading):
    """/upload/drive/v3/files/ID."""

    async def patch(self, key: str) -> None:
        """files.update with content."""
        await self.begin(key)

    async def put(self, _key: str) -> None:
        """Go on with a resumable upload."""
        await self.go_on()


class OldUpload(Uploading):
    """/upload/drive/v2/files/ID, which gspread's import_csv uses."""

    async def put(self, key: str) -> None:
        """files.update with content, converted."""
        body, kind = self.request.body, self.request.headers.get("Content-Type", "")
        content = await asyncio.get_running_loop().run_in_executor(None, drive_exchange.parse, body, kind)

        def put(book: Book) -> Json:
            drive_exchange.replace(_document(book), content)
            return {"kind": "drive#file", "id": book.id, "title": book.title, "mimeType": SHEETS}

        await self.changing(key, put)


def _document(book: Book) -> Book:
    """Return a file that has content, or refuse a folder."""
    if is_folder(book):
        what = "Export only supports Docs Editors files."
        raise drive_errors.DriveError(403, "fileNotExportable", what)
    return book


def _parts(body: bytes, kind: str) -> tuple[Json, bytes, str]:
    """Return metadata, content and its type of a multipart/related body."""
    match = re.search(r'boundary="?([^";]+)"?', kind)
    if not match:
        raise BadRequest("The body is no multipart/related: its Content-Type names no boundary.")
    mark = b"--" + match[1].encode()
    line = b"\r\n" if mark + b"\r\n" in body else b"\n"
    pieces = (line + body).split(line + mark)[1:-1]
    parts = [piece.removeprefix(line).partition(line + line) for piece in pieces]
    if len(parts) != 2:  # noqa: PLR2004
        raise BadRequest("A multipart upload has two parts: metadata as JSON, and the file.")
    try:
        given = json.loads(parts[0][2])
    except ValueError as error:
        raise BadRequest(f"Invalid JSON payload received. {error}") from error
    found = re.search(rb"^content-type:\s*([^\r\n;]+)", parts[1][0], re.IGNORECASE | re.MULTILINE)
    return given, parts[1][2], found[1].decode().strip() if found else ""


ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (rf"/drive/v3/files/{ID}/export", Export),
    (rf"/spreadsheets/d/{ID}/export", PageExport),
    (r"/upload/drive/v3/files", NewUpload),
    (rf"/upload/drive/v3/files/{ID}", Upload),
    (rf"/upload/drive/v2/files/{ID}", OldUpload),
]
