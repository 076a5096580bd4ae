"""Drive API v3 over HTTP: permissions, comments, replies."""

from collections.abc import Callable
from typing import Any

from local_sheets import comments, drive, drive_bodies, fields, sharing
from local_sheets.drive_resource import is_folder
from local_sheets.errors import Json
from local_sheets.rights import may
from local_sheets.store import Book, Store
from local_sheets.web.base import ApiHandler
from local_sheets.web.drive_base import ID, DriveHandler


class PermissionHandler(DriveHandler):
    """What permissions have in common."""

    async def shared(self, key: str, work: Callable[[Book], Any]) -> None:
        """Change permissions; what lies in a folder follows it."""

        def whole(store: Store, book: Book) -> Any:
            before = list(book.about.get("permissions", ()))
            answer = work(book)
            if is_folder(book):
                drive.follow(store, book, before)
            return answer

        await self.changed(key, "reader", whole)


class Permissions(PermissionHandler):
    """/drive/v3/files/ID/permissions."""

    async def get(self, key: str) -> None:
        """permissions.list."""
        mask = self.mask("PermissionList")

        def work(book: Book) -> Any:
            found = {"kind": "drive#permissionList", "permissions": sharing.permissions(book)}
            return fields.pick(found, mask)

        await self.reading(key, work, "writer")

    async def post(self, key: str) -> None:
        """permissions.create."""
        body, mask = self.told(drive_bodies.PERMISSION), self.mask("Permission")
        transfer = self.flag("transferOwnership")
        await self.shared(
            key,
            lambda book: fields.pick(sharing.add_permission(book, body, self.who, transfer=transfer), mask),
        )


class Permission(PermissionHandler):
    """/drive/v3/files/ID/permissions/ID."""

    async def get(self, key: str, number: str) -> None:
        """permissions.get."""
        mask = self.mask("Permission")
        await self.reading(key, lambda book: fields.pick(sharing.permission(book, number), mask), "writer")

    async def patch(self, key: str, number: str) -> None:
        """permissions.update."""
        body, mask = self.told(drive_bodies.PERMISSION), self.mask("Permission")
        transfer, endless = self.flag("transferOwnership"), self.flag("removeExpiration")

        def work(book: Book) -> Any:
            found = sharing.change_permission(
                book, number, body, self.who, transfer=transfer, endless=endless
            )
            return fields.pick(found, mask)

        await self.shared(key, work)

    async def delete(self, key: str, number: str) -> None:
        """permissions.delete."""
        self.set_status(204)
        self.clear_header("Content-Type")
        await self.shared(key, lambda book: sharing.remove_permission(book, number, self.who))


class Comments(DriveHandler):
    """/drive/v3/files/ID/comments."""

    async def get(self, key: str) -> None:
        """comments.list."""
        mask, deleted = self.must_mask("CommentList"), self.flag("includeDeleted")
        since = str(self.query().get("startModifiedTime", ""))

        def work(book: Book) -> Json:
            found = comments.comments(book, self.who, deleted=deleted, since=since)
            return {"kind": "drive#commentList", "comments": found}

        await self.reading(key, lambda book: fields.pick(work(book), mask))

    async def post(self, key: str) -> None:
        """comments.create."""
        body, mask = self.told(drive_bodies.COMMENT), self.must_mask("Comment")
        await self.changed(
            key, "commenter", lambda _, book: fields.pick(comments.add_comment(book, body, self.who), mask)
        )


class Comment(DriveHandler):
    """/drive/v3/files/ID/comments/ID."""

    async def get(self, key: str, number: str) -> None:
        """comments.get."""
        mask, deleted = self.must_mask("Comment"), self.flag("includeDeleted")
        await self.reading(
            key, lambda book: fields.pick(comments.comment(book, number, self.who, deleted=deleted), mask)
        )

    async def patch(self, key: str, number: str) -> None:
        """comments.update."""
        body, mask = self.told(drive_bodies.COMMENT), self.must_mask("Comment")
        await self.changed(
            key,
            "commenter",
            lambda _, book: fields.pick(comments.change_comment(book, number, body, self.who), mask),
        )

    async def delete(self, key: str, number: str) -> None:
        """comments.delete."""

        def work(_store: Store, book: Book) -> None:
            comments.remove_comment(book, number, self.who, owner=may(book, self.who, "owner"))

        self.set_status(204)
        self.clear_header("Content-Type")
        await self.changed(key, "commenter", work)


class Replies(DriveHandler):
    """/drive/v3/files/ID/comments/ID/replies."""

    async def get(self, key: str, number: str) -> None:
        """replies.list."""
        mask, deleted = self.must_mask("ReplyList"), self.flag("includeDeleted")

        def work(book: Book) -> Json:
            found = comments.replies(book, number, self.who, deleted=deleted)
            return {"kind": "drive#replyList", "replies": found}

        await self.reading(key, lambda book: fields.pick(work(book), mask))

    async def post(self, key: str, number: str) -> None:
        """replies.create."""
        body, mask = self.told(drive_bodies.REPLY), self.must_mask("Reply")
        await self.changed(
            key,
            "commenter",
            lambda _, book: fields.pick(comments.add_reply(book, number, body, self.who), mask),
        )


class Reply(DriveHandler):
    """/drive/v3/files/ID/comments/ID/replies/ID."""

    async def get(self, key: str, number: str, reply: str) -> None:
        """replies.get."""
        mask, deleted = self.must_mask("Reply"), self.flag("includeDeleted")
        await self.reading(
            key,
            lambda book: fields.pick(comments.reply(book, number, reply, self.who, deleted=deleted), mask),
        )

    async def patch(self, key: str, number: str, reply: str) -> None:
        """replies.update."""
        body, mask = self.told(drive_bodies.REPLY), self.must_mask("Reply")
        await self.changed(
            key,
            "commenter",
            lambda _, book: fields.pick(comments.change_reply(book, number, reply, body, self.who), mask),
        )

    async def delete(self, key: str, number: str, reply: str) -> None:
        """replies.delete."""

        def work(_store: Store, book: Book) -> None:
            comments.remove_reply(book, number, reply, self.who, owner=may(book, self.who, "owner"))

        self.set_status(204)
        self.clear_header("Content-Type")
        await self.changed(key, "commenter", work)


ROUTES: list[tuple[str, type[ApiHandler]]] = [
    (rf"/drive/v3/files/{ID}/permissions", Permissions),
    (rf"/drive/v3/files/{ID}/permissions/([^/]+)", Permission),
    (rf"/drive/v3/files/{ID}/comments", Comments),
    (rf"/drive/v3/files/{ID}/comments/([^/]+)", Comment),
    (rf"/drive/v3/files/{ID}/comments/([^/]+)/replies", Replies),
    (rf"/drive/v3/files/{ID}/comments/([^/]+)/replies/([^/]+)", Reply),
]

__all__ = ["ROUTES"]
