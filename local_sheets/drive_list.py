"""files.list: the files that somebody sees and asks for, in their order, a page of them."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from local_sheets.drive_errors import DriveError, invalid
from local_sheets.drive_query import condition
from local_sheets.drive_resource import facts, is_folder
from local_sheets.errors import Json
from local_sheets.rights import Person, listed
from local_sheets.store import Book, Store

_MOST = 1000
_TOKEN = "~!!~"  # noqa: S105 (a mark in a page token, no secret)
_CORPORA = {"user", "domain", "drive", "allDrives", ""}
_ORDERS: dict[str, Callable[[Json], Any]] = {
    name: lambda file, name=name: file.get(name, "") for name in ("createdTime", "modifiedTime", "starred")
} | {
    "folder": lambda file: not file["folder"],
    "name": lambda file: file["name"].casefold(),
    "name_natural": lambda file: [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.split(r"(\d+)", file["name"].casefold())
        if part
    ],
    "recency": lambda file: file["modifiedTime"],
    "modifiedByMeTime": lambda file: file["modifiedTime"],
    "viewedByMeTime": lambda file: file["modifiedTime"],
    "sharedWithMeTime": lambda file: file["createdTime"],
    "quotaBytesUsed": lambda _file: 0,
}  # fmt: skip
_EXTRA = ("people", "visibility", "sharedWithMe", "search", "folder")


def listing(store: Store, query: Json, who: Person, base: str) -> Json:
    """Return a FileList.

    Args:
        store: All files.
        query: The parameters: q, orderBy, pageSize, pageToken; those about shared drives find nothing more.
        who: Who asks.
        base: The address of this server.
    """
    if query.get("corpora", "") not in _CORPORA or query.get("corpus", "user") not in ("user", "domain"):
        raise invalid("corpora")
    keep, key = condition(str(query.get("q", ""))), _order(str(query.get("orderBy", "")))
    size, start = _size(query), _start(str(query.get("pageToken", "")))
    files = [
        facts(book, who, base) | {"search": _search(store, book), "folder": is_folder(book)}
        for book in store.all_books()
        if listed(book, who)
    ]
    files = [file for file in files if keep(file)]
    for order, reverse in reversed(key):
        files.sort(key=order, reverse=reverse)
    page = [{k: v for k, v in file.items() if k not in _EXTRA} for file in files[start : start + size]]
    answer: Json = {"kind": "drive#fileList"}
    if start + size < len(files):
        answer["nextPageToken"] = _TOKEN + urlsafe_b64encode(str(start + size).encode()).decode()
    return answer | {"incompleteSearch": False, "files": page}


def _search(store: Store, book: Book) -> Callable[[str], bool]:
    """Return a function that looks for a text in the cells of a spreadsheet."""

    def found(word: str) -> bool:
        like = "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"
        keys = ",".join(str(sheet.key) for sheet in book.sheets)
        return any(word.casefold() in sheet.title.casefold() for sheet in book.sheets) or bool(
            store.database.execute(
                f"SELECT 1 FROM line WHERE sheet IN ({keys}) AND vals LIKE ? ESCAPE '\\' LIMIT 1",  # noqa: S608
                (like,),
            ).fetchone()
        )

    return found


def _order(text: str) -> list[tuple[Callable[[Json], Any], bool]]:
    """Return the keys to sort by, and whether each is turned round."""
    found = []
    for part in text.split(","):
        name, _, direction = part.strip().partition(" ")
        if not name and not text.strip():
            continue
        if name not in _ORDERS or direction.strip() not in ("", "asc", "desc"):
            raise invalid("orderBy")
        found.append((_ORDERS[name], direction.strip() == "desc"))
    return found


def _size(query: Json) -> int:
    """Return how many files a page has."""
    given = str(query.get("pageSize", "100"))
    if not re.fullmatch(r"\d{1,9}", given) or not 1 <= int(given) <= _MOST:
        what = f"Invalid value '{given}'. Values must be within the range: [1, {_MOST}]"
        raise DriveError(400, "invalidParameter", what, "pageSize")
    return int(given)


def _start(token: str) -> int:
    """Return where the page of a token starts."""
    if not token:
        return 0
    try:
        if token.startswith(_TOKEN):
            return int(urlsafe_b64decode(token.removeprefix(_TOKEN)))
    except ValueError:
        pass
    raise invalid("pageToken")
