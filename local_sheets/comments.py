"""Drive comments and the replies to them: who said what about a file, and what was settled."""

import copy
import html

from local_sheets.drive_errors import insufficient, missing_part, wrong
from local_sheets.errors import Json
from local_sheets.rights import Person
from local_sheets.sharing import user
from local_sheets.store import Book
from local_sheets.store.store import moment, new_number

_LONGEST = 4096


def comments(book: Book, who: Person, *, deleted: bool = False, since: str = "") -> list[Json]:
    """Return the comments that somebody sees, the newest first.

    Args:
        book: The file.
        who: Who reads them.
        deleted: Whether what was taken away is shown, without its words.
        since: Only what was changed at this moment or later.
    """
    found = [item for item in reversed(book.about.get("comments", [])) if item["modifiedTime"] >= since]
    return [_seen(item, who, deleted=deleted) for item in found if deleted or not item["deleted"]]


def _seen(item: Json, who: Person, *, deleted: bool = False) -> Json:
    """Return a comment or a reply as somebody sees it."""
    seen = copy.deepcopy(item)
    seen["author"] = user(seen["author"].get("emailAddress", "owner@localhost"), who)
    if "replies" in seen:
        seen["replies"] = [
            _seen(reply, who) for reply in seen["replies"] if deleted or not reply.get("deleted")
        ]
    return seen


def comment(book: Book, key: str, who: Person, *, deleted: bool = False) -> Json:
    """Return one comment."""
    return _seen(_kept(book, key, deleted=deleted), who, deleted=deleted)


def _kept(book: Book, key: str, *, deleted: bool = False) -> Json:
    """Return a comment as it is kept."""
    for item in book.about.get("comments", ()):
        if item["id"] == key and (deleted or not item["deleted"]):
            kept: Json = item
            return kept
    raise missing_part("Comment", key)


def add_comment(book: Book, given: Json, who: Person) -> Json:
    """Say something about a file."""
    _check(given)
    item = _said(given["content"], "drive#comment", who) | {"replies": [], "resolved": False}
    item |= {name: given[name] for name in ("anchor", "quotedFileContent") if given.get(name)}
    book.items("comments").append(item)
    book.touch()
    return _seen(item, who)


def change_comment(book: Book, key: str, given: Json, who: Person) -> Json:
    """Change what one has said."""
    item = _kept(book, key)
    return _reword(book, item, given, who)


def remove_comment(book: Book, key: str, who: Person, *, owner: bool) -> None:
    """Take back what one has said; the file's owner may take anything away."""
    item = _kept(book, key)
    _check_author(item, who, owner=owner)
    _erase(item)
    book.touch()


def replies(book: Book, key: str, who: Person, *, deleted: bool = False) -> list[Json]:
    """Return the replies to a comment, the oldest first."""
    found: list[Json] = comment(book, key, who, deleted=deleted)["replies"]
    return found


def reply(book: Book, key: str, number: str, who: Person, *, deleted: bool = False) -> Json:
    """Return one reply."""
    return _seen(_kept_reply(_kept(book, key, deleted=deleted), number, deleted=deleted), who)


def _kept_reply(item: Json, number: str, *, deleted: bool = False) -> Json:
    """Return a reply as it is kept."""
    for one in item["replies"]:
        if one["id"] == number and (deleted or not one["deleted"]):
            kept: Json = one
            return kept
    raise missing_part("Reply", number)


def add_reply(book: Book, key: str, given: Json, who: Person) -> Json:
    """Answer a comment, settle it, or take it up again."""
    item = _kept(book, key)
    action = given.get("action")
    if action not in (None, "resolve", "reopen"):
        raise wrong("reply.action", "The action of a reply must be resolve or reopen.")
    if not action:
        _check(given)
    made = _said(given.get("content", ""), "drive#reply", who)
    if action:
        made["action"] = action
        item["resolved"] = action == "resolve"
    item["replies"].append(made)
    item["modifiedTime"] = moment()
    book.touch()
    return _seen(made, who)


def change_reply(book: Book, key: str, number: str, given: Json, who: Person) -> Json:
    """Change what one has replied."""
    return _reword(book, _kept_reply(_kept(book, key), number), given, who)


def remove_reply(book: Book, key: str, number: str, who: Person, *, owner: bool) -> None:
    """Take back what one has replied."""
    item = _kept_reply(_kept(book, key), number)
    _check_author(item, who, owner=owner)
    _erase(item)
    book.touch()


def _check(given: Json) -> None:
    """Refuse what says nothing, or too much."""
    text = given.get("content") or ""
    if not text:
        raise wrong("comment.content", "The comment content field is required.", "required")
    if len(text) > _LONGEST:
        raise wrong("comment.content", f"The content is longer than {_LONGEST} characters.")


def _check_author(item: Json, who: Person, *, owner: bool) -> None:
    """Refuse to change what somebody else has said."""
    if not owner and item["author"].get("emailAddress", "owner@localhost").casefold() != who.key:
        raise insufficient()


def _reword(book: Book, item: Json, given: Json, who: Person) -> Json:
    """Give a comment or a reply other words; only its author may."""
    _check(given)
    _check_author(item, who, owner=False)
    item |= {
        "content": given["content"],
        "htmlContent": html.escape(given["content"]),
        "modifiedTime": moment(),
    }
    book.touch()
    return _seen(item, who)


def _erase(item: Json) -> None:
    """Take the words away; that something was said stays known."""
    item["deleted"], item["modifiedTime"] = True, moment()
    item.pop("content", None)
    item.pop("htmlContent", None)


def _said(text: str, kind: str, who: Person) -> Json:
    """Return what comments and replies have in common."""
    now = moment()
    return {
        "kind": kind,
        "id": f"AAAA{new_number(set()):07x}",
        "createdTime": now,
        "modifiedTime": now,
        "author": {"emailAddress": who.email},
        "deleted": False,
        "content": text,
        "htmlContent": html.escape(text),
    }
