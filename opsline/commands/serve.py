"""Serve the desk's pages, the workbook and its spreadsheet page on one port."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from sheets_schema.errors import OpslineError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("--port", type=int, default=8866, help="0 takes any free one (8866)")
    parser.add_argument("--ip", default="127.0.0.1", help="another one needs a password (127.0.0.1)")
    parser.add_argument("--pages", type=Path, help="the folder of notebooks (OPSLINE_PAGES)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--password", action="store_true", help="ask visitors for a password (OPSLINE_PASSWORD)"
    )
    parser.add_argument("--demo", action="store_true", help="fill a demo workbook first where there is none")


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl+C or SIGTERM."""
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # opsline/stubs says why
    from opsline.server.settings import ServerSettings, default_pages

    settings = ServerSettings(
        port=arguments.port,
        ip=arguments.ip,
        pages=arguments.pages.resolve() if arguments.pages else default_pages(),
        password=password(asked=arguments.password),
        idle_seconds=int(os.environ.get("OPSLINE_IDLE_SECONDS", "300")),
        keeps_spare=os.environ.get("OPSLINE_SPARE_KERNEL", "1") != "0",
        has_views=os.environ.get("OPSLINE_VIEWS", "1") != "0",
    ).checked()
    from opsline.server.run import serve

    return serve(settings, demo=arguments.demo, browser=not arguments.no_browser)


def password(*, asked: bool) -> str:
    """Return what visitors have to type: OPSLINE_PASSWORD, else what is typed here; blank for nothing.

    It is taken out of the environment, so that no kernel inherits it.
    """
    given = os.environ.pop("OPSLINE_PASSWORD", "")
    if asked and not given and sys.stdin.isatty():
        given = getpass.getpass("Password for visitors: ")
    if asked and not given:
        raise OpslineError("serve.password_blank")
    return given
