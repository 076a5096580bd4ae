"""Files that never change while a version is installed: sent compressed, and kept by the browser."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from tornado import web

YEAR: Final = "public, max-age=31536000, immutable"
ASK: Final = "no-cache"
TEXT: Final = {".js", ".mjs", ".css", ".svg", ".json", ".map", ".html", ".txt"}
SMALL: Final = 1000
HASHED: Final = re.compile(r"-[0-9A-Z]{8}\.js$")
"""The end of a name that changes with the file's content, as widgets/frontend/build.mjs gives it."""


class AssetHandler(web.RequestHandler):
    """Serve the files below some folders, the first folder that has a file winning.

    An address that names a version (`?v=`, a name with a hash, or a route whose path does) is kept for a
    year; another one is asked for again each time, and answered 304 while the file is the same.
    """

    def initialize(self, folders: Sequence[Path], versioned: bool = False) -> None:
        """Keep the folders, and whether the route's own path names a version."""
        self.folders = [folder.resolve() for folder in folders]
        self.versioned = versioned

    async def get(self, path: str) -> None:
        """Send the file, gzipped where the browser takes that and it saves the line something."""
        file = self._find(path)
        stat = file.stat()
        self.set_header("Cache-Control", YEAR if self._names_a_version(path) else ASK)
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Type", content_type(file))
        self.set_header("Etag", f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"')
        if self.check_etag_header():
            self.set_status(304)
            return
        body = self._gzipped(file, stat.st_mtime_ns)
        if body is not None:
            self.set_header("Content-Encoding", "gzip")
        self.finish(file.read_bytes() if body is None else body)

    head = get

    def compute_etag(self) -> None:
        """Leave the tag alone: `get` has set it from the file's time and size."""

    def _find(self, path: str) -> Path:
        for folder in self.folders:
            file = (folder / path).resolve()
            if file.is_relative_to(folder) and file.is_file():
                return file
        raise web.HTTPError(404)

    def _names_a_version(self, path: str) -> bool:
        return self.versioned or bool(self.get_query_argument("v", "") or HASHED.search(path))

    def _gzipped(self, file: Path, changed: int) -> bytes | None:
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            return None
        packed = file.with_name(f"{file.name}.gz")
        if packed.is_file():
            return packed.read_bytes()
        nearby = self.request.remote_ip in {"127.0.0.1", "::1"}
        if nearby or file.suffix not in TEXT:  # packing costs more than this machine's own line
            return None
        return packed_text(file, changed)


def content_type(file: Path) -> str:
    """Return a file's media type, as a browser needs it to run a module."""
    if file.suffix in {".js", ".mjs"}:
        return "text/javascript; charset=utf-8"
    if file.suffix == ".css":
        return "text/css; charset=utf-8"
    return guess_type(file.name)[0] or "application/octet-stream"


@lru_cache(maxsize=512)
def packed_text(file: Path, changed: int) -> bytes | None:  # noqa: ARG001  (part of the cache's key)
    """Return a text gzipped, packed once for each time it *changed*; None where that saves nothing."""
    text = file.read_bytes()
    return gzip.compress(text, compresslevel=6) if len(text) > SMALL else None
