"""The live page's script and style, as they were built: under an address that names their version."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from tornado.web import HTTPError

from local_sheets.page.handlers import PageHandler

_KINDS = {"css": "text/css", "js": "text/javascript", "txt": "text/plain"}
_YEAR = 31_536_000

PATTERN = r"/spreadsheets/static/univer/([0-9a-f]{16})/((?:[a-z]+/)?[A-Za-z0-9._-]+\.(?:css|js|txt))"


def folder() -> Path:
    """Return where the build of frontend/ lies."""
    return Path(str(files("local_sheets.page"))) / "static" / "univer"


def version() -> str | None:
    """Return the version of what is built; None if nothing is."""
    mark = folder() / ".built"
    return mark.read_text(encoding="ascii").strip() if mark.is_file() else None


@cache
def _content(_version: str, name: str, *, zipped: bool) -> bytes | None:
    """Return a file of a version; None if there is no such file."""
    path = folder() / (f"{name}.gz" if zipped else name)
    return path.read_bytes() if path.is_file() else None


class Assets(PageHandler):
    """/spreadsheets/static/univer/VERSION/NAME: nobody's secret; one address never has another text."""

    def allow(self) -> None:
        """Let anybody read them."""

    def get(self, wanted: str, name: str) -> None:
        """Send a file, gzipped if the browser takes that."""
        zipped = "gzip" in self.request.headers.get("Accept-Encoding", "")
        if wanted != version():
            raise HTTPError(404)
        zipped = zipped and _content(wanted, name, zipped=True) is not None
        text = _content(wanted, name, zipped=zipped)
        if text is None:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{_KINDS[name.rpartition('.')[2]]}; charset=utf-8")
        self.set_header("Cache-Control", f"public, max-age={_YEAR}, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if zipped:
            self.set_header("Content-Encoding", "gzip")
        self.finish(text)
