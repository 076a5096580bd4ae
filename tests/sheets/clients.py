"""Real clients, pointed at a local server; what is said is held against Google's description."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import gspread
import httplib2
import requests
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp

from tests.sheets.discovery import exchange_faults

_GOOGLE = re.compile(r"^https://(?:sheets|www|docs)\.google(?:apis)?\.com")


class CheckedAdapter(requests.adapters.HTTPAdapter):
    """Sends what goes to Google to a local server, and checks what was said."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        """Send one request; an AssertionError names what does not hold to the description."""
        assert request.url is not None
        request.url = _GOOGLE.sub(self.address, request.url)
        response = super().send(request, **options)
        check(request.method or "", request.url, request.body, response.status_code, response.content)
        return response


def session(address: str, token: str) -> requests.Session:
    """Return an authorized session whose host is a local server: nothing else of it is changed."""
    from google.auth.transport.requests import AuthorizedSession

    made = AuthorizedSession(Credentials(token))
    adapter = CheckedAdapter(address)
    for prefix in ("https://", "http://"):
        made.mount(prefix, adapter)
    return made


def gspread_client(address: str, token: str) -> gspread.Client:
    """Return a gspread client; its documented `session` argument is all that points it here."""
    return gspread.Client(Credentials(token), session=session(address, token))


class CheckedHttp(httplib2.Http):
    """The httplib2 transport of Google's own client and of pygsheets, with the same two duties."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def request(self, uri: str, method: str = "GET", body: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Send one request; an AssertionError names what does not hold to the description."""
        address = _GOOGLE.sub(self.address, uri)
        response, content = super().request(address, method, body, **options)
        check(method, address, body, response.status, content)
        return response, content


def authorized_http(address: str, token: str) -> AuthorizedHttp:
    """Return a transport for `googleapiclient.discovery.build(http=...)`."""
    return AuthorizedHttp(Credentials(token), http=CheckedHttp(address))


def check(method: str, address: str, sent: Any, status: int, answer: bytes) -> None:
    """Assert that a request and its answer are as Google describes them."""
    faults = exchange_faults(method, address, sent, status, answer)
    assert not faults, f"{method} {urlsplit(address).path}: {_some(faults)}"


def _some(faults: Iterable[str]) -> str:
    """Return the first few faults."""
    return "; ".join(list(faults)[:5])
