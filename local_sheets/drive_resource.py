"""The File resource: what a spreadsheet or a folder is to Drive, as one person sees it."""

from typing import Any

from local_sheets.errors import Json
from local_sheets.mime import FOLDER, SHEETS
from local_sheets.rights import Person, counts_for, may, owner_of, owns
from local_sheets.sharing import permissions, user
from local_sheets.store import Book

ROOT = "root"
"""The folder that a person's own files lie in when they lie in no other."""

KEPT_AS = {"properties": "fileProperties"}
"""A spreadsheet has properties of its own, beside those that programs give its file."""


def kind_of(book: Book) -> str:
    """Return the MIME type of a file."""
    return str(book.about.get("mimeType", SHEETS))


def is_folder(book: Book) -> bool:
    """Say whether a file is a folder."""
    return kind_of(book) == FOLDER


def root(who: Person) -> Json:
    """Return the folder that holds a person's files."""
    return {
        "kind": "drive#file",
        "id": ROOT,
        "name": "My Drive",
        "mimeType": FOLDER,
        "starred": False,
        "trashed": False,
        "spaces": ["drive"],
        "owners": [user(who.email, who)],
        "ownedByMe": True,
        "shared": False,
        "capabilities": {
            "canAddChildren": True,
            "canListChildren": True,
            "canEdit": True,
            "canDelete": False,
        },
    }


def resource(book: Book, who: Person, base: str) -> Json:
    """Return the File resource.

    Args:
        book: The spreadsheet, or folder.
        who: Who asks: what they own, starred, and may do.
        base: The address of this server.
    """
    owner, folder = user(owner_of(book), who), is_folder(book)
    page = f"drive/folders/{book.id}" if folder else f"spreadsheets/d/{book.id}/edit"
    answer: Json = {
        "kind": "drive#file",
        "id": book.id,
        "name": book.title,
        "mimeType": kind_of(book),
        "starred": who.key in book.about.get("starred", ()),
        "trashed": book.trashed,
        "explicitlyTrashed": book.trashed,
        "parents": parents(book, who),
        "spaces": ["drive"],
        "version": str(book.version),
        "webViewLink": f"{base}/{page}",
        "hasThumbnail": False,
        "createdTime": book.created,
        "modifiedTime": book.modified,
        "owners": [owner],
        "lastModifyingUser": user(book.changer, who) if book.changer else owner,
        "ownedByMe": owns(book, who),
        "shared": bool(book.about.get("permissions")),
        "writersCanShare": bool(book.about.get("writersCanShare", True)),
        "copyRequiresWriterPermission": bool(book.about.get("copyRequiresWriterPermission", False)),
        "viewersCanCopyContent": not book.about.get("copyRequiresWriterPermission", False),
        "isAppAuthorized": True,
        "capabilities": _capabilities(book, who),
    }
    answer |= {
        name: book.about[KEPT_AS.get(name, name)]
        for name in ("description", "properties", "appProperties", "folderColorRgb")
        if book.about.get(KEPT_AS.get(name, name))
    }
    if may(book, who, "writer"):
        answer["permissions"] = permissions(book)
        answer["permissionIds"] = [item["id"] for item in answer["permissions"]]
    return {name: value for name, value in answer.items() if value != []}


def parents(book: Book, who: Person) -> list[str]:
    """Return the folder that a file lies in; nobody sees the root of another."""
    kept = book.about.get("parent")
    if kept:
        return [str(kept)]
    return [ROOT] if owns(book, who) else []


def _capabilities(book: Book, who: Person) -> dict[str, Any]:
    """Return what a person may do with a file."""
    writer, owner = may(book, who, "writer"), may(book, who, "owner")
    copies = writer or not book.about.get("copyRequiresWriterPermission", False)
    found = {
        "canEdit": writer,
        "canModifyContent": writer,
        "canRename": writer,
        "canComment": may(book, who, "commenter"),
        "canCopy": copies and not is_folder(book),
        "canDownload": copies,
        "canShare": owner or (writer and bool(book.about.get("writersCanShare", True))),
        "canDelete": owner,
        "canTrash": owner,
        "canUntrash": owner,
        "canReadRevisions": writer,
    }
    if is_folder(book):
        found |= {"canAddChildren": writer, "canListChildren": True, "canRemoveChildren": writer}
    return found


def facts(book: Book, who: Person, base: str) -> Json:
    """Return the File resource with what a query may ask beside it, such as who has which role."""
    shared = book.about.get("permissions", ())
    mine = any(item["type"] == "user" and counts_for(item, who) for item in shared)
    return resource(book, who, base) | {
        "description": book.about.get("description", ""),
        "parents": parents(book, who),
        "sharedWithMe": mine and not owns(book, who),
        "visibility": _visibility(shared),
        "people": _people(book, who),
    }


def _people(book: Book, who: Person) -> dict[str, list[str]]:
    """Return the addresses of a file's owners, writers and readers; a writer reads, too; "me" is who asks."""
    names: dict[str, list[str]] = {"writers": [], "readers": []}
    for item in book.about.get("permissions", ()):
        role = "readers" if item["role"] in ("reader", "commenter") else "writers"
        names[role].append(str(item.get("emailAddress") or item.get("domain") or "").casefold())
    owners = [owner_of(book).casefold()]
    writers = owners + names["writers"]
    found = {"owners": owners, "writers": writers, "readers": writers + names["readers"]}
    return {role: [*people, "me"] if who.key in people else people for role, people in found.items()}


def _visibility(shared: Any) -> str:
    """Return Drive's word for whom a file is open to."""
    found = "limited"
    for item in shared:
        if item["type"] in ("anyone", "domain") and not found.startswith("anyone"):
            found = item["type"] + ("CanFind" if item.get("allowFileDiscovery") else "WithLink")
    return found
