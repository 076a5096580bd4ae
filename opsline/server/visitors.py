"""Who a visitor is: the signed cookie that pages and the sheet's page both know."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from tornado.httputil import HTTPServerRequest
from tornado.web import decode_signed_value

from local_sheets import OWNER, Person
from opsline.server.settings import ServerSettings
from opsline.server.workbook import data_folder


def visitors_secret(settings: ServerSettings) -> bytes:
    """Return the bytes that sign cookies: the kept ones, mixed with the password.

    Kept, so that a visitor is the same one after the server was restarted; mixed, so that a new password
    lets nobody in with an old cookie.
    """
    kept = kept_bytes(data_folder(os.environ) / "cookie_secret")
    return hashlib.blake2b(settings.password.encode(), key=kept).digest()


def kept_bytes(file: Path) -> bytes:
    """Return a file's bytes, made once and readable by this user alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as stream:
            stream.write(os.urandom(32))
        fresh.replace(file)
    return file.read_bytes()


def login_of(secret: bytes) -> Callable[[HTTPServerRequest], Person | None]:
    """Return the function that says who sent a request, by a page's cookie; None for a stranger.

    Whoever brings the password may write in every spreadsheet of the desk; what is protected stays so.
    """

    def login(request: HTTPServerRequest) -> Person | None:
        name = re.sub(r"[^A-Za-z0-9]", "-", f"username-{request.host}")
        morsel = request.cookies.get(name)
        signed = decode_signed_value(secret, name, morsel.value) if morsel else None
        if not signed:
            return None
        user = json.loads(signed)  # as jupyter_server writes it: IdentityProvider.user_to_cookie
        return Person(f"{user['username']}@localhost", user["display_name"], "writer")

    return login


def anyone(_: HTTPServerRequest) -> Person:
    """Let in whoever reaches a desk without a password as its owner: it is this machine's, as its pages."""
    return OWNER
