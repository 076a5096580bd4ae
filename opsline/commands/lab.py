"""Open the pages as notebooks in JupyterLab, with the same workbook behind them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("--port", type=int, default=8888, help="0 takes any free one (8888)")
    parser.add_argument("--pages", type=Path, help="the folder of notebooks (OPSLINE_PAGES)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def run(arguments: argparse.Namespace) -> int:
    """Become JupyterLab: a server of its own, on this machine alone, with a token of its own."""
    from opsline.server.settings import ServerSettings, default_pages

    pages = arguments.pages.resolve() if arguments.pages else default_pages()
    ServerSettings(pages=pages).checked()
    environment = lab_environment(os.environ, pages)
    command = [sys.executable, "-m", "jupyterlab", *lab_options(arguments, pages)]
    os.execve(sys.executable, command, environment)  # noqa: S606  (no shell is wanted)


def lab_options(arguments: argparse.Namespace, pages: Path) -> list[str]:
    """Return JupyterLab's command line: this machine only, our folder, our front end's files."""
    from opsline.server.run import built_frontend

    options = [
        f"--ServerApp.root_dir={pages}",
        f"--ServerApp.extra_static_paths={built_frontend().parent}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={arguments.port}",
        "--ServerApp.port_retries=0",
        # Voila as an extension of this server would let whoever opens a page run code (voila.md).
        "--ServerApp.jpserver_extensions={'voila.server_extension': False}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return [*options, "--no-browser"] if arguments.no_browser else options


def lab_environment(environment: Mapping[str, str], pages: Path) -> dict[str, str]:
    """Return the environment of the notebooks' kernels; OPSLINE_DESK where a desk serves the workbook."""
    from opsline.server.run import with_stubs
    from opsline.server.workbook import desk_of, local_file

    found = {**environment, "OPSLINE_PAGES": str(pages), "PYTHONPATH": with_stubs(environment)}
    file = local_file(environment)
    desk = desk_of(file) if file else None
    return {**found, "OPSLINE_DESK": desk} if desk else found
