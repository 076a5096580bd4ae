"""Drive v3 files: making, changing, moving, copying and deleting spreadsheets and folders."""

import copy as copying
from collections.abc import Iterator

from local_sheets import api_books
from local_sheets.drive_errors import DriveError, fixed, insufficient, missing
from local_sheets.drive_resource import KEPT_AS, ROOT, is_folder, kind_of, parents
from local_sheets.errors import ApiError, BadRequest, Json
from local_sheets.mime import FOLDER, SHEETS
from local_sheets.rights import Person, Role, check, may, owner_of, owns, role_of
from local_sheets.sharing import INHERITED, key_of
from local_sheets.store import Book, Store

_KEPT = (
    "description", "properties", "appProperties", "writersCanShare", "copyRequiresWriterPermission",
    "folderColorRgb",
)  # fmt: skip
_OWNERS = {"trashed", "writersCanShare", "copyRequiresWriterPermission"}
_NOT_COPIED = ("permissions", "comments", "starred", "parent", "writersCanShare")


def opened(store: Store, key: str, who: Person, least: Role = "reader") -> Book:
    """Return a file on which a person has at least a role.

    Raises:
        DriveError: There is none that this person sees, or they may not.
    """
    try:
        book = store.book(key)
    except ApiError as error:
        raise missing(key) from error
    if role_of(book, who) is None:
        raise missing(key)
    if not may(book, who, least):
        raise insufficient()
    return book


def create(store: Store, given: Json, who: Person) -> Book:
    """Make a spreadsheet or a folder from a File resource; call it inside `store.writing()`."""
    kind = given.get("mimeType", SHEETS)
    if kind not in (SHEETS, FOLDER):
        raise BadRequest(f"Files of type {kind} are not supported by this server.")
    parent = _parent(store, given.get("parents") or [ROOT], who)
    if kind == FOLDER:
        about = {"owner": who.email, "mimeType": FOLDER, "properties": {"title": "Untitled"}}
        book = store.create(about, [])
    else:
        book = api_books.create(store, {"properties": {"title": "Untitled"}})
    update(book, {name: value for name, value in given.items() if name not in ("parents", "mimeType")}, who)
    _put(book, parent)
    return book


def update(book: Book, given: Json, who: Person) -> None:
    """Rename a file, put it into the bin or back, mark it, describe it.

    Raises:
        DriveError: A field cannot be written, or not by this person.
    """
    if "parents" in given:
        raise fixed(
            "The parents field is not directly writable in update requests. Use the addParents and"
            " removeParents parameters instead."
        )
    if given.get("id", book.id) != book.id or given.get("mimeType", kind_of(book)) != kind_of(book):
        raise fixed("The resource body includes fields which are not directly writable.")
    if given.keys() & _OWNERS and not may(book, who, "owner"):
        raise insufficient()
    if "name" in given:
        book.properties["title"] = given["name"]
    if "trashed" in given:
        book.trashed = given["trashed"]
    if "starred" in given:
        others = [key for key in book.about.get("starred", ()) if key != who.key]
        book.about["starred"] = [*others, who.key] if given["starred"] else others
    for name in _KEPT:
        if name in given:
            value, kept = given[name], KEPT_AS.get(name, name)
            book.about[kept] = _merged(book.about.get(kept), value) if isinstance(value, dict) else value
    book.touch()


def _merged(old: Json | None, new: Json) -> Json:
    """Return properties with others written over them; null takes one away."""
    return {name: value for name, value in ((old or {}) | new).items() if value is not None}


def move(store: Store, book: Book, add: str, remove: str, who: Person) -> None:
    """Put a file into another folder.

    Args:
        store: All files.
        book: The file.
        add: The folder to put it into (Drive's `addParents`); a file lies in one folder.
        remove: The folders to take it out of; out of all, it lies in its owner's root.
        who: Who moves it.
    """
    added = [key.strip() for key in add.split(",") if key.strip()]
    removed = {key.strip() for key in remove.split(",") if key.strip()}
    if len(set(added)) > 1:
        what = "A shared drive item must have exactly one parent."
        raise DriveError(403, "cannotAddParent", "Increasing the number of parents is not allowed: " + what)
    if added:
        parent = _parent(store, added, who)
        if parent is not None and any(one is book for one in _line(store, parent)):
            raise DriveError(403, "cannotMoveIntoItself", "A folder cannot be put into itself.")
        _put(book, parent)
    elif removed & set(parents(book, who)):
        _put(book, None)


def _line(store: Store, folder: Book) -> Iterator[Book]:
    """Yield a folder, the folder it lies in, and so on."""
    here: Book | None = folder
    while here is not None:
        yield here
        above = here.about.get("parent")
        here = store.book(above) if above else None


def _parent(store: Store, named: list[str], who: Person) -> Book | None:
    """Return the folder that was named, None for the root."""
    if len(named) > 1:
        raise DriveError(400, "multipleParentsNotAllowed", "A file lies in one folder only.", "parents")
    if named == [ROOT]:
        return None
    folder = opened(store, named[0], who, "writer")
    if not is_folder(folder):
        raise DriveError(403, "parentNotAFolder", "The specified parent is not a folder.", "parents")
    return folder


def _put(book: Book, folder: Book | None) -> None:
    """Put a file into a folder: whoever was let into the folder is let into the file."""
    disinherit(book)
    if folder is None:
        book.about.pop("parent", None)
    else:
        book.about["parent"] = folder.id
        for item in folder.about.get("permissions", ()):
            inherit(book, item)
        if owner_of(folder).casefold() != owner_of(book).casefold():
            inherit(book, _writing(owner_of(folder)))
    book.touch()


def _writing(email: str) -> Json:
    """Return the permission of somebody who may write."""
    return {
        "kind": "drive#permission", "id": key_of(email), "type": "user", "role": "writer",
        "emailAddress": email, "displayName": email.partition("@")[0], "deleted": False,
        "pendingOwner": False,
    }  # fmt: skip


def inherit(book: Book, item: Json) -> None:
    """Let into a file whoever was let into its folder, unless they have a permission of their own."""
    known = {other["id"] for other in book.items("permissions")} | {key_of(owner_of(book))}
    if item["id"] not in known:
        book.items("permissions").append(copying.deepcopy(item) | {INHERITED: True})
        book.touch()


def disinherit(book: Book, keys: set[str] | None = None) -> None:
    """Take away what a file's permissions were inherited: all, or those of these ids."""
    kept = book.items("permissions")
    book.about["permissions"] = [
        item for item in kept if not item.get(INHERITED) or (keys is not None and item["id"] not in keys)
    ]
    book.touch()


def follow(store: Store, folder: Book, before: list[Json]) -> None:
    """Let the files below a folder follow a change of its permissions, which were *before*."""
    gone = {item["id"] for item in before}
    for book in inside(store, folder):
        disinherit(book, gone)
        for item in folder.about.get("permissions", ()):
            inherit(book, item)


def inside(store: Store, folder: Book) -> list[Book]:
    """Return all files below a folder."""
    children: dict[str, list[Book]] = {}
    for book in store.all_books():
        children.setdefault(str(book.about.get("parent", "")), []).append(book)
    found, waiting = [], [folder.id]
    while waiting:
        below = children.pop(waiting.pop(), [])
        found += below
        waiting += [book.id for book in below if is_folder(book)]
    return found


def delete(store: Store, book: Book, who: Person) -> None:
    """Delete a file for good; a folder with all that the caller may delete in it."""
    for one in [*(inside(store, book) if is_folder(book) else ()), book]:
        if may(one, who, "owner"):
            store.delete(one)
        else:
            _put(one, None)


def empty_trash(store: Store, who: Person) -> None:
    """Delete for good what a person has put into the bin."""
    for book in store.all_books():
        if book.trashed and owns(book, who):
            delete(store, book, who)


def copy(store: Store, source: Book, given: Json, who: Person, *, comments: bool = False) -> Book:
    """Copy a spreadsheet with all its sheets; the copy is the caller's, and nobody else's.

    Args:
        store: All files; call it inside `store.writing()`.
        source: The spreadsheet.
        given: The fields of the copy's File resource that differ.
        who: Whose copy it is.
        comments: Whether comments come along.
    """
    if is_folder(source):
        raise DriveError(403, "cannotCopyFile", "This file cannot be copied by the user.")
    if source.about.get("copyRequiresWriterPermission"):
        check(source, who, "writer")
    beside = [key for key in parents(source, who) if key != ROOT and may(store.book(key), who, "writer")]
    parent = _parent(store, given.get("parents") or beside or [ROOT], who)
    kept = {name: value for name, value in source.about.items() if name not in _NOT_COPIED}
    about = copying.deepcopy(kept) | {"owner": who.email}
    if comments:
        about["comments"] = copying.deepcopy(source.about.get("comments", []))
    book = store.create(about, [])
    for sheet in source.sheets:
        api_books.copy_sheet(sheet, book, {"sheetId": sheet.id, "title": sheet.title})
    named = {"name": f"Copy of {source.title}"} | given
    update(book, {name: value for name, value in named.items() if name not in ("parents", "mimeType")}, who)
    _put(book, parent)
    return book
