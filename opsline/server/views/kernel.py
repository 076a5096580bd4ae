"""A page's process that has just been forked becomes a kernel: an ordinary one, with the page in it."""

from __future__ import annotations

import asyncio
import random
import sys
from typing import Any

import comm
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Type

from opsline.server.views.page import PageShell


class PageKernel(IPythonKernel):
    """IPython's kernel around the shell that the page was run in."""

    shell_class = Type(PageShell)


def serve(connection_file: str) -> None:
    """Answer on the sockets of *connection_file* until the kernel is shut down."""
    reseed()
    asyncio.set_event_loop(asyncio.new_event_loop())
    application = IPKernelApp(
        connection_file=connection_file,
        kernel_class=PageKernel,
        parent_handle=1,  # nobody: whoever forked it may go, `process.end_with` ends it with the server
        capture_fd_output=False,
    )
    application.initialize([])
    PageShell.instance().kernel = application.kernel
    comm.get_comm_manager().register_target("opsline.attached", wake)
    application.start()


def wake(*_: Any) -> None:
    """Let the page begin what needs a loop: its browser listens from now on."""
    if "widgets.awake" in sys.modules:
        sys.modules["widgets.awake"].wake()


def reseed() -> None:
    """Give this process random numbers of its own."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
