"""Who may do what with a spreadsheet: the one place that decides, for APIs, pages and the live socket.

A role comes from owning the file, from its Drive permissions (a person's, a domain's, anyone's), and from
what a person may do on every spreadsheet of this server. The highest counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from local_sheets.errors import Forbidden, Json, NotASpreadsheet
from local_sheets.store import Book, Store

Role = Literal["owner", "writer", "commenter", "reader"]

_RANK: dict[Role | None, int] = {None: 0, "reader": 1, "commenter": 2, "writer": 3, "owner": 4}
_MEANS: dict[str, Role] = {
    "owner": "owner", "organizer": "writer", "fileOrganizer": "writer", "writer": "writer",
    "commenter": "commenter", "reader": "reader",
}  # fmt: skip
"""What Drive's roles come to; the two of shared drives may write."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks.

    Args:
        email: The address that permissions and editors of protected ranges name.
        name: As others see it; the part of the address before the @ by default.
        everywhere: The role on every spreadsheet of this server, whatever its permissions say: "owner" for
            whoever runs the server, "writer" for a visitor of a desk that has let them in.
    """

    email: str
    name: str = ""
    everywhere: Role | None = None

    def __post_init__(self) -> None:
        """Name a person without a name."""
        if not self.name:
            object.__setattr__(self, "name", self.email.partition("@")[0])

    @property
    def key(self) -> str:
        """The address as it is compared."""
        return self.email.casefold()

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.key.rpartition("@")[2]


OWNER = Person("owner@localhost", "owner", "owner")
"""Whoever holds the token that the server was started with."""

_CALLER: ContextVar[Person] = ContextVar("caller", default=OWNER)


def caller() -> Person:
    """Return on whose behalf the running work is done; the server's owner outside of any request."""
    return _CALLER.get()


@contextmanager
def acting(who: Person) -> Iterator[None]:
    """Do what happens inside on behalf of *who*; enter it in the thread that does the work."""
    token = _CALLER.set(who)
    try:
        yield
    finally:
        _CALLER.reset(token)


def owner_of(book: Book) -> str:
    """Return the address of a spreadsheet's owner; one that nobody is written for is the server's owner's."""
    return str(book.about.get("owner") or OWNER.email)


def owns(book: Book, who: Person) -> bool:
    """Say whether a spreadsheet is this person's own."""
    return owner_of(book).casefold() == who.key


def role_of(book: Book, who: Person) -> Role | None:
    """Return the highest role that a person has on a spreadsheet, None for a stranger."""
    found: Role | None = "owner" if owns(book, who) else who.everywhere
    for item in book.about.get("permissions", ()):
        role = _MEANS.get(item["role"])
        if _RANK[role] > _RANK[found] and counts_for(item, who):
            found = role
    return found


def counts_for(permission: Json, who: Person) -> bool:
    """Say whether a permission lets this person in: theirs, their domain's or anyone's, not expired."""
    until = permission.get("expirationTime")
    if until and datetime.fromisoformat(until) <= datetime.now(UTC):
        return False
    if permission["type"] == "anyone":
        return True
    if permission["type"] == "domain":
        return str(permission.get("domain", "")).casefold() == who.domain
    return permission["type"] == "user" and str(permission.get("emailAddress", "")).casefold() == who.key


def listed(book: Book, who: Person) -> bool:
    """Say whether a file is listed for somebody: what they may open, but not by its link alone."""
    if owns(book, who) or who.everywhere is not None:
        return True
    return any(
        counts_for(item, who) and (item["type"] == "user" or item.get("allowFileDiscovery"))
        for item in book.about.get("permissions", ())
    )


def opened(store: Store, key: str, who: Person, least: Role = "reader") -> Book:
    """Return a spreadsheet on which a person has at least a role.

    Raises:
        NotFound: There is none.
        Forbidden: The person may not.
        NotASpreadsheet: It is a folder.
    """
    book = store.book(key)
    check(book, who, least)
    if "mimeType" in book.about:
        raise NotASpreadsheet
    return book


def may(book: Book, who: Person, least: Role) -> bool:
    """Say whether a person has a role or a higher one."""
    return _RANK[role_of(book, who)] >= _RANK[least]


def check_read(book: Book, who: Person) -> None:
    """Refuse a stranger.

    Raises:
        Forbidden: In Google's words.
    """
    check(book, who, "reader")


def check_comment(book: Book, who: Person) -> None:
    """Refuse whoever may not comment."""
    check(book, who, "commenter")


def check_write(book: Book, who: Person) -> None:
    """Refuse whoever may not change cells."""
    check(book, who, "writer")


def check(book: Book, who: Person, least: Role) -> None:
    """Refuse whoever has a lesser role, or none."""
    if not may(book, who, least):
        raise Forbidden


def may_edit_protected(book: Book, who: Person, protected: Json) -> bool:
    """Say whether a person may change the cells of a ProtectedRange, and the ProtectedRange itself.

    The owner may, the editors it names, and the owner's domain where it says so. A range that only warns
    keeps no writer out.
    """
    if not may(book, who, "writer"):
        return False
    if protected.get("warningOnly") or may(book, who, "owner"):
        return True
    editors = protected.get("editors") or {}
    named = {str(email).casefold() for email in editors.get("users") or ()}
    same_domain = owner_of(book).casefold().rpartition("@")[2] == who.domain
    return who.key in named or bool(editors.get("domainUsersCanEdit") and same_domain)
