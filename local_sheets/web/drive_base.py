"""What the handlers of Drive share: its errors, its field masks, its files."""

import re
from collections.abc import Callable
from typing import Any

from local_sheets import drive, drive_bodies, drive_errors, drive_fields, fields
from local_sheets.drive_errors import DriveError
from local_sheets.errors import ApiError, BadRequest, Json
from local_sheets.rights import Role
from local_sheets.store import Book, Store
from local_sheets.web.base import ApiHandler

ID = r"([A-Za-z0-9_-]+)"


class DriveHandler(ApiHandler):
    """A handler of Drive."""

    def shape(self, error: ApiError) -> Json:
        """Return the JSON of an error, as Drive shapes it."""
        return drive_errors.body(error)

    def opened(self, store: Store, key: str, least: Role) -> Book:
        """Return a file on which the caller has at least a role."""
        return drive.opened(store, key, self.who, least)

    def told(self, kinds: dict[str, str]) -> Json:
        """Return the known fields of the body."""
        try:
            return drive_bodies.read(self.json_body(), kinds)
        except BadRequest as error:
            raise DriveError(400, "parseError", error.message) from error

    def mask(self, schema: str) -> fields.Mask:
        """Return the fields of the answer that are wanted."""
        return drive_fields.mask(self.query().get("fields"), schema)

    def must_mask(self, schema: str) -> fields.Mask:
        """Return the fields of the answer, which have to be named."""
        return drive_fields.must(self.query().get("fields"), schema)

    def flag(self, name: str) -> bool:
        """Say whether a parameter is true."""
        return str(self.query().get(name, "")).lower() == "true"

    async def emptied(self, work: Callable[[Store], object]) -> None:
        """Do what is answered with nothing at all."""

        def whole(store: Store) -> None:
            work(store)

        self.set_status(204)
        self.clear_header("Content-Type")
        await self.answer(whole, writes=True)

    async def changed(self, key: str, least: Role, work: Callable[[Store, Book], Any]) -> None:
        """Answer what *work* does to a file, in one transaction."""

        def whole(store: Store) -> Any:
            book = self.opened(store, key, least)
            with store.writing(book):
                return work(store, book)

        await self.answer(whole, writes=True)


class NotSupported(DriveHandler):
    """Any other address of Drive: named where Google has it."""

    def _refuse(self, path: str) -> None:
        method = _method(self.request.method or "GET", path)
        if method is None:
            raise DriveError(404, "notFound", f"There is no such address: {self.request.path}")
        raise DriveError(400, "notSupported", f"The method drive.{method} is not supported by this server.")

    get = post = put = delete = patch = _refuse


def _method(verb: str, path: str) -> str | None:
    """Return the name of Google's method at an address, None where there is none."""
    for name, method in drive_fields.known()["methods"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(method["path"]))
        if method["verb"] == verb and re.fullmatch(pattern, path):
            return name
    return None
