"""What a server is asked to be, checked before anything starts."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self

from sheets_schema.errors import OpslineError

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")


def default_pages() -> Path:
    """Return the folder of pages: OPSLINE_PAGES, or the notebooks that came with the package."""
    named = os.environ.get("OPSLINE_PAGES")
    if named:
        return Path(named).expanduser().resolve()
    beside = Path(__file__).parents[2] / "notebooks"
    if beside.is_dir():
        return beside
    import sysconfig

    return Path(sysconfig.get_path("data")) / "share" / "opsline" / "notebooks"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the desk listens, what it shows, and who may come in.

    Attributes:
        port: The port; 0 takes any free one.
        ip: The address to listen on.
        pages: The folder of notebooks; each is a page.
        password: What a visitor has to type; blank asks for nothing and allows only this machine.
        idle_seconds: How long a kernel lives on after its page was lost without a goodbye.
        keeps_spare: Keep a kernel in reserve that has imported what pages need.
        has_views: Show pages by views, where the system can fork; else each with a kernel of its own.
    """

    port: int = 8866
    ip: str = "127.0.0.1"
    pages: Path = field(default_factory=default_pages)
    password: str = ""
    idle_seconds: int = 300
    keeps_spare: bool = True
    has_views: bool = True

    def checked(self) -> Self:
        """Return the settings, or say in a sentence why nobody may be served like that.

        Raises:
            OpslineError: The address is not this machine's own and there is no password, or the
                folder of pages is not there.
        """
        if not self.is_loopback and not self.password:
            raise OpslineError("serve.password_needed", ip=self.ip)
        if not self.pages.is_dir():
            raise OpslineError("serve.no_pages", folder=self.pages)
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ip_address(self.ip).is_loopback
        except ValueError:
            return self.ip in LOOPBACK_NAMES

    @property
    def host_pattern(self) -> str:
        """The hosts that a request may name.

        On this machine alone only its own names will do, so that a website whose name was pointed at
        127.0.0.1 (DNS rebinding) gets nothing: neither a page nor a row of the sheet.
        """
        return r"(localhost|127(\.\d+){3}|\[?::1\]?)" if self.is_loopback else ".*"

    def address(self, port: int) -> str:
        """Return the address that this machine reaches the server at, without a slash at its end."""
        host = self.ip if self.is_loopback else "127.0.0.1"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
