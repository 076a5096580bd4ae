"""Drive v3 files: what a spreadsheet is as a file."""

import copy as copying

from local_sheets import api_books
from local_sheets.drive_query import condition
from local_sheets.errors import BadRequest, Json
from local_sheets.rights import caller
from local_sheets.store import Book, Store

SHEETS = "application/vnd.google-apps.spreadsheet"
SHORT = "kind,id,name,mimeType"
ROOT: Json = {
    "kind": "drive#file",
    "id": "root",
    "name": "My Drive",
    "mimeType": "application/vnd.google-apps.folder",
}
"""The folder that all files lie in."""

_OWNER = {
    "kind": "drive#user",
    "displayName": "owner",
    "me": True,
    "permissionId": "owner",
    "emailAddress": "owner@localhost",
}


def resource(book: Book, base: str) -> Json:
    """Return the File resource."""
    return {
        "kind": "drive#file",
        "id": book.id,
        "name": book.title,
        "mimeType": SHEETS,
        "description": book.about.get("description", ""),
        "starred": False,
        "trashed": book.trashed,
        "parents": ["root"],
        "spaces": ["drive"],
        "version": str(book.version),
        "webViewLink": f"{base}/spreadsheets/d/{book.id}/edit",
        "createdTime": book.created,
        "modifiedTime": book.modified,
        "owners": [_OWNER],
        "lastModifyingUser": _OWNER,
        "ownedByMe": True,
        "shared": bool(book.about.get("permissions")),
        "capabilities": {"canEdit": True, "canCopy": True, "canShare": True, "canDelete": True},
    }


def create(store: Store, given: Json) -> Book:
    """Make a spreadsheet from a File resource."""
    if given.get("mimeType", SHEETS) != SHEETS:
        raise BadRequest(f"Files of type {given['mimeType']} are not supported by this server.")
    return api_books.create(store, {"properties": {"title": given.get("name") or "Untitled"}})


def update(book: Book, given: Json) -> None:
    """Rename a file, or put it into the bin or back."""
    if "name" in given:
        book.properties["title"] = given["name"]
    if "trashed" in given:
        book.trashed = bool(given["trashed"])
    if "description" in given:
        book.about["description"] = str(given["description"])
    book.touch()


def copy(store: Store, source: Book, given: Json) -> Book:
    """Copy a spreadsheet with all its sheets."""
    about = copying.deepcopy(source.about)
    about["properties"]["title"] = given.get("name") or f"Copy of {source.title}"
    about.pop("permissions", None)
    about["owner"] = caller().email
    book = store.create(about, [])
    for sheet in source.sheets:
        properties = {"sheetId": sheet.id, "title": sheet.title}
        api_books.copy_sheet(sheet, book, properties)
    return book


def listing(store: Store, query: Json, base: str) -> Json:
    """Return the files that `q` finds, in the order of `orderBy`, a page of them."""
    keep = condition(str(query.get("q", "")))
    files = [file for file in (resource(book, base) for book in store.all_books()) if keep(file)]
    for part in reversed([p for p in str(query.get("orderBy", "")).split(",") if p.strip()]):
        name, _, direction = part.strip().partition(" ")
        files.sort(key=lambda file: str(file.get(name, "")), reverse=direction == "desc")
    size = int(query.get("pageSize") or 100)
    start = int(query.get("pageToken") or 0)
    page = files[start : start + size]
    answer: Json = {"kind": "drive#fileList"}
    if start + size < len(files):
        answer["nextPageToken"] = str(start + size)
    return answer | {"incompleteSearch": False, "files": page}
