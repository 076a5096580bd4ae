"""Drive permissions and comments: kept and answered, so that callers' code runs."""

import copy
import hashlib
from typing import Any

from local_sheets.errors import BadRequest, Json, NotFound
from local_sheets.store import Book
from local_sheets.store.store import moment, new_number

ROLES = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")
TYPES = ("user", "group", "domain", "anyone")
_OWNER: Json = {
    "kind": "drive#permission",
    "id": "owner",
    "type": "user",
    "role": "owner",
    "emailAddress": "owner@localhost",
    "displayName": "owner",
    "deleted": False,
    "pendingOwner": False,
}


def permissions(book: Book) -> list[Json]:
    """Return all permissions of a file; its owner's is always there."""
    return [copy.deepcopy(item) for item in [_OWNER, *book.about.get("permissions", [])]]


def permission(book: Book, key: str) -> Json:
    """Return one permission."""
    for item in permissions(book):
        if item["id"] == key:
            return item
    raise NotFound(f"Permission not found: {key}.")


def add_permission(book: Book, given: Json) -> Json:
    """Let somebody in; the same person's permission is replaced."""
    if given.get("role") not in ROLES or given.get("type") not in TYPES:
        raise BadRequest("The permission type and role fields are required.")
    who = given.get("emailAddress") or given.get("domain") or ""
    if given["type"] != "anyone" and not who:
        raise BadRequest("The permission needs an emailAddress or a domain.")
    key = "anyoneWithLink" if given["type"] == "anyone" else _key(who)
    item: Json = {"kind": "drive#permission", "id": key, "type": given["type"], "role": given["role"]}
    item |= {name: given[name] for name in ("emailAddress", "domain", "allowFileDiscovery") if name in given}
    if given["type"] in ("user", "group"):
        item |= {"displayName": str(who).partition("@")[0], "deleted": False, "pendingOwner": False}
    others = [other for other in book.items("permissions") if other["id"] != key]
    book.about["permissions"] = [*others, item]
    book.touch()
    return copy.deepcopy(item)


def _key(who: str) -> str:
    """Return a permission's id: the same for the same person."""
    return str(int(hashlib.sha256(who.casefold().encode()).hexdigest()[:16], 16)).zfill(20)[:20]


def change_permission(book: Book, key: str, given: Json) -> Json:
    """Change a permission's role."""
    if given.get("role") not in ROLES:
        raise BadRequest("The permission role field is required.")
    for item in book.items("permissions"):
        if item["id"] == key:
            item["role"] = given["role"]
            book.touch()
            return copy.deepcopy(item)
    raise NotFound(f"Permission not found: {key}.")


def remove_permission(book: Book, key: str) -> None:
    """Let somebody in no more."""
    kept = [item for item in book.items("permissions") if item["id"] != key]
    if len(kept) == len(book.items("permissions")):
        raise NotFound(f"Permission not found: {key}.")
    book.about["permissions"] = kept
    book.touch()


def comments(book: Book) -> list[Json]:
    """Return all comments, the newest first."""
    return copy.deepcopy(list(reversed(book.about.get("comments", []))))


def comment(book: Book, key: str) -> Json:
    """Return one comment as it is kept."""
    for item in book.about.get("comments", ()):
        if item["id"] == key:
            kept: Json = item
            return kept
    raise NotFound(f"Comment not found: {key}.")


def add_comment(book: Book, given: Json) -> Json:
    """Add a comment."""
    if not given.get("content"):
        raise BadRequest("The comment content field is required.")
    item = _said(given["content"], "drive#comment") | {"replies": [], "resolved": False}
    if given.get("anchor"):
        item["anchor"] = given["anchor"]
    book.items("comments").append(item)
    book.touch()
    return copy.deepcopy(item)


def add_reply(book: Book, key: str, given: Json) -> Json:
    """Answer a comment, or resolve it."""
    item = comment(book, key)
    reply = _said(given.get("content", ""), "drive#reply")
    if given.get("action") in ("resolve", "reopen"):
        reply["action"] = given["action"]
        item["resolved"] = given["action"] == "resolve"
    item["replies"].append(reply)
    item["modifiedTime"] = moment()
    book.touch()
    return copy.deepcopy(reply)


def change_comment(book: Book, key: str, given: Json) -> Json:
    """Change what a comment says."""
    item = comment(book, key)
    item |= {"content": given.get("content", item["content"]), "modifiedTime": moment()}
    item["htmlContent"] = _escaped(item["content"])
    book.touch()
    return copy.deepcopy(item)


def remove_comment(book: Book, key: str) -> None:
    """Take a comment away."""
    book.about["comments"].remove(comment(book, key))
    book.touch()


def _said(text: str, kind: str) -> dict[str, Any]:
    """Return what comments and replies have in common."""
    now = moment()
    return {
        "kind": kind,
        "id": f"AAAA{new_number(set()):07x}",
        "createdTime": now,
        "modifiedTime": now,
        "author": {"kind": "drive#user", "displayName": "owner", "me": True},
        "deleted": False,
        "content": text,
        "htmlContent": _escaped(text),
    }


def _escaped(text: str) -> str:
    """Return text as HTML."""
    import html

    return html.escape(text)
