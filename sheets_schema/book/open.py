"""Opening a workbook by its address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.book import places, server
from sheets_schema.book.book import Book
from sheets_schema.book.places import Google, LocalFile, LocalServer, Place
from sheets_schema.errors import CredentialFault, NotAWorkbook

if TYPE_CHECKING:
    import requests
    from google.auth.transport.requests import AuthorizedSession

    from sheets_schema.book.client import BookClient
    from sheets_schema.book.doors import Door

__all__ = ["open_book", "reach"]

TITLE: Final = "Opsline"
SCOPES: Final = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)


def open_book(address: str | None = None, *, person: str | None = None) -> Book:
    """Open a workbook.

    Args:
        address: A path, an address of a local server, or a Google Sheets address; where left out,
            OPSLINE_BOOK says, and without that it is this machine's own workbook. A file that is not
            there yet is made and laid out.
        person: Who works with it, for whoever asks the book.

    Raises:
        BookError: One sentence says what is wrong and what to do: `Unreachable`, `CredentialFault`,
            `NotAWorkbook`, `DamagedFile`.
    """
    book = reach(address, person=person)
    book.check_ours()
    return book


def reach(address: str | None = None, *, person: str | None = None, make: bool = False) -> Book:
    """Open a spreadsheet that may not be laid out yet; see `open_book`.

    Args:
        address: As for `open_book`.
        person: As for `open_book`.
        make: Make a spreadsheet in a local server that has none.
    """
    place = places.here(address)
    client = _client(place)
    key, is_new = _spreadsheet(place, client, make=make)
    from sheets_schema.book.grids import Workbook

    book = Book(client, Workbook(client, {"id": key}), person=person)
    if is_new:
        book.lay_out()
    return book


def _client(place: Place) -> BookClient:
    """Return a client for a place."""
    from sheets_schema.book.client import BookClient
    from sheets_schema.book.doors import FileDoor, GoogleDoor, ServerDoor
    from sheets_schema.book.quota import quota_of

    if isinstance(place, Google):
        session = _google_session(place)
        buckets = quota_of(session.credentials, places.data_folder(os.environ) / "quota")
        return BookClient(session, GoogleDoor(str(place)), buckets=buckets)
    door: Door
    if isinstance(place, LocalFile):
        door = FileDoor(place.path)
    else:
        door = ServerDoor(place.address, place.token or _noted_token(place))
    return BookClient(_local_session(), door)


def _local_session() -> requests.Session:
    """Return a session for a server of this machine: no proxy, nothing compressed."""
    import requests

    session = requests.Session()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"
    return session


def _noted_token(place: LocalServer) -> str:
    """Return the token of a server that one of this machine's own files is served by."""
    folder = places.data_folder(os.environ)
    notes = (server.note_of(note) for note in sorted(folder.glob("*.server")))
    for noted in notes:
        if noted is not None and noted.address == place.address:
            return noted.token
    raise CredentialFault("book.credential.no_token", address=place.address)


def _google_session(place: Google) -> AuthorizedSession:
    """Return a session with a service account's key, or with the key that gspread's OAuth left."""
    from google.auth.transport.requests import AuthorizedSession

    path = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    credentials = _service_account(Path(path).expanduser()) if path else _authorized_user(place)
    return AuthorizedSession(credentials)


def _service_account(path: Path) -> Any:
    """Return a service account's credentials; raise CredentialFault."""
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.service_account import Credentials

    if not path.is_file():
        raise CredentialFault("book.credential.missing", path=str(path))
    try:
        return Credentials.from_service_account_file(str(path), scopes=SCOPES)
    except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError, OSError):
        raise CredentialFault("book.credential.not_a_key", path=str(path)) from None


def _authorized_user(place: Google) -> Any:
    """Return the credentials that `gspread.oauth()` left; raise CredentialFault."""
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.credentials import Credentials
    from gspread.auth import get_config_dir

    path = get_config_dir() / "authorized_user.json"
    if not path.is_file():
        raise CredentialFault("book.credential.none", address=str(place), path=str(path))
    try:
        return Credentials.from_authorized_user_file(str(path))
    except (GoogleAuthError, ValueError, KeyError, TypeError, AttributeError, OSError):
        raise CredentialFault("book.credential.not_a_key", path=str(path)) from None


def _spreadsheet(place: Place, client: BookClient, *, make: bool) -> tuple[str, bool]:
    """Return a spreadsheet's id, and whether it was made just now."""
    from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEETS_API_V4_BASE_URL
    from gspread.utils import MimeType

    if isinstance(place, Google) or (isinstance(place, LocalServer) and place.spreadsheet):
        return str(place.spreadsheet), False
    query = {"q": f"mimeType='{MimeType.google_sheets.value}'", "orderBy": "createdTime", "pageSize": 1}
    files = client.request("get", DRIVE_FILES_API_V3_URL, params={**query, "fields": "files(id)"}).json()
    if files.get("files"):
        return str(files["files"][0]["id"]), False
    if isinstance(place, LocalServer) and not make:
        raise NotAWorkbook("book.empty_server", address=place.address)
    about = {"properties": {"title": TITLE, "timeZone": places.zone_here(os.environ)}}
    made = client.request("post", SPREADSHEETS_API_V4_BASE_URL, json=about)
    return str(made.json()["spreadsheetId"]), True
