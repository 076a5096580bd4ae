"""Drive permissions: who was let in, as what."""

import hashlib
from datetime import UTC, datetime, timedelta

from local_sheets.drive_errors import DriveError, insufficient, missing_part, wrong
from local_sheets.errors import Json
from local_sheets.rights import OWNER, Person, Role, may, owner_of
from local_sheets.store import Book

ROLES = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")
INHERITED = "inherited"
"""What marks a permission that a file has by the folder it lies in."""

TYPES = ("user", "group", "domain", "anyone")


def key_of(who: str) -> str:
    """Return a permission's id: the same for the same person, whatever the case of their address."""
    return str(int(hashlib.sha256(who.casefold().encode()).hexdigest()[:16], 16)).zfill(20)[:20]


def user(email: str, who: Person) -> Json:
    """Return the User resource of an address, as *who* sees it."""
    known = {OWNER.key: OWNER.name, who.key: who.name}
    return {
        "kind": "drive#user",
        "displayName": known.get(email.casefold(), email.partition("@")[0]),
        "me": email.casefold() == who.key,
        "permissionId": key_of(email),
        "emailAddress": email,
    }


def permissions(book: Book) -> list[Json]:
    """Return all permissions of a file; its owner's is the first."""
    return [_owners(book), *map(_answered, book.about.get("permissions", []))]


def _answered(item: Json) -> Json:
    """Return a permission without what only we know of it."""
    return {name: value for name, value in item.items() if name != INHERITED}


def _owners(book: Book) -> Json:
    """Return the permission of a file's owner."""
    return _person({"type": "user", "role": "owner", "emailAddress": owner_of(book)})


def _person(given: Json) -> Json:
    """Return the permission of a person or a group."""
    email = given["emailAddress"]
    return {"kind": "drive#permission", "id": key_of(email)} | given | {
        "displayName": email.partition("@")[0],
        "deleted": False,
        "pendingOwner": False,
    }  # fmt: skip


def permission(book: Book, key: str) -> Json:
    """Return one permission."""
    for item in permissions(book):
        if item["id"] == key:
            return item
    raise missing_part("Permission", key)


def check_share(book: Book, who: Person) -> None:
    """Refuse whoever may not share: writers may, unless the owner says otherwise.

    Raises:
        DriveError: In Drive's words.
    """
    least: Role = "owner" if book.about.get("writersCanShare") is False else "writer"
    if not may(book, who, least):
        raise insufficient()


def add_permission(book: Book, given: Json, who: Person, *, transfer: bool = False) -> Json:
    """Let somebody in; the same person's permission is replaced.

    Args:
        book: The file.
        given: A Permission resource.
        who: Who shares.
        transfer: Whether the file may be given away, which a role of owner does.
    """
    check_share(book, who)
    item = _made(given)
    if item["id"] == key_of(owner_of(book)):
        return _owners(book)
    if item["role"] == "owner":
        return _give_away(book, item["emailAddress"], who, transfer=transfer)
    others = [other for other in book.items("permissions") if other["id"] != item["id"]]
    book.about["permissions"] = [*others, item]
    book.touch()
    return _answered(item)


def _made(given: Json) -> Json:
    """Return the permission of a resource that was sent, or refuse it."""
    for name, known in (("type", TYPES), ("role", ROLES)):
        if name not in given:
            raise wrong(f"permission.{name}", f"The permission {name} field is required.", "required")
        if given[name] not in known:
            raise wrong(f"permission.{name}", f"The specified {name} is invalid or not supported.")
    return _persons(given) if given["type"] in ("user", "group") else _everybodys(given)


def _persons(given: Json) -> Json:
    """Return the permission of a person or a group that was sent."""
    if "@" not in given.get("emailAddress", ""):
        raise wrong(
            "permission.emailAddress",
            "The specified emailAddress is invalid or not applicable for the given permission type.",
        )
    if given["role"] == "owner" and given["type"] == "group":
        raise wrong("permission.role", "A file can be owned by a user only.", "invalidSharingRequest")
    item = _person({name: given[name] for name in ("type", "role", "emailAddress")})
    if "expirationTime" in given:
        item["expirationTime"] = _expiration(given["expirationTime"])
    return item


def _everybodys(given: Json) -> Json:
    """Return the permission of a domain or of anyone that was sent."""
    kind, found = given["type"], bool(given.get("allowFileDiscovery", False))
    if given["role"] == "owner" or "expirationTime" in given:
        what = "A file can be owned by a user only; only the permission of a user or a group expires."
        raise wrong("permission.type", what, "invalidSharingRequest")
    item = {"kind": "drive#permission", "type": kind, "role": given["role"], "allowFileDiscovery": found}
    if kind == "anyone":
        return {"id": "anyone" if found else "anyoneWithLink"} | item
    domain = given.get("domain")
    if not domain:
        raise wrong(
            "permission.domain",
            "The specified domain is invalid or not applicable for the given permission type.",
        )
    return {"id": key_of(domain), "domain": domain, "displayName": domain} | item


def _expiration(text: str) -> str:
    """Return when a permission ends: in the future, within a year."""
    try:
        until = datetime.fromisoformat(text)
    except ValueError:
        until = datetime.fromtimestamp(0, UTC)
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    now = datetime.now(UTC)
    if not now < until <= now + timedelta(days=366):
        what = "The expiration date must be in the future, and within a year."
        raise wrong("permission.expirationTime", what)
    return until.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _give_away(book: Book, email: str, who: Person, *, transfer: bool) -> Json:
    """Make somebody the owner; the owner until now may write."""
    if not transfer:
        what = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise DriveError(403, "forbidden", what, "transferOwnership")
    if not may(book, who, "owner"):
        raise insufficient()
    others = [item for item in book.items("permissions") if item["id"] != key_of(email)]
    before = _person({"type": "user", "role": "writer", "emailAddress": owner_of(book)})
    book.about |= {"permissions": [*others, before], "owner": email}
    book.touch()
    return _owners(book)


def change_permission(
    book: Book, key: str, given: Json, who: Person, *, transfer: bool = False, endless: bool = False
) -> Json:
    """Change a permission's role, or when it ends.

    Args:
        book: The file.
        key: The permission's id.
        given: The fields of a Permission that change.
        who: Who changes it.
        transfer: Whether the file may be given away.
        endless: Whether the permission shall end no more.
    """
    check_share(book, who)
    role = given.get("role")
    if role is not None and role not in ROLES:
        raise wrong("permission.role", "The specified role is invalid or not supported.")
    if key == _owners(book)["id"]:
        if role not in (None, "owner"):
            raise _the_owners()
        return _owners(book)
    item = next((item for item in book.items("permissions") if item["id"] == key), None)
    if item is None:
        raise missing_part("Permission", key)
    if role == "owner":
        made = _made({"type": item["type"], "role": role, "emailAddress": item.get("emailAddress", "")})
        return _give_away(book, made["emailAddress"], who, transfer=transfer)
    item["role"] = role or item["role"]
    if "expirationTime" in given:
        item["expirationTime"] = _expiration(given["expirationTime"])
    elif endless:
        item.pop("expirationTime", None)
    book.touch()
    return _answered(item)


def _the_owners() -> DriveError:
    """Return the error for an owner who would lose the file to nobody."""
    return DriveError(403, "forbidden", "The owner of a file stays so until it is given to somebody else.")


def remove_permission(book: Book, key: str, who: Person) -> None:
    """Let somebody in no more; everybody may leave by themselves."""
    if key != key_of(who.email):
        check_share(book, who)
    if key == _owners(book)["id"]:
        raise _the_owners()
    kept = [item for item in book.items("permissions") if item["id"] != key]
    if len(kept) == len(book.items("permissions")):
        raise missing_part("Permission", key)
    book.about["permissions"] = kept
    book.touch()
