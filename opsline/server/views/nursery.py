"""The process that views are forked from: what every page imports is imported here, once.

    python -m opsline.server.views.nursery CONTROL LIFELINE

Two inherited file descriptors: a socket on which the server sends what page is wanted, each message with the
socket of the new view; and the reading end of a pipe that closes when the server is gone.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Final

from opsline.server.warm import PAGES, warm

LARGEST: Final = 1 << 16
KERNELS: Final = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "matplotlib_inline.backend_inline",
)
"""What a kernel imports when it is forked from a view; one that is started has done so by itself."""
FRUGAL: Final = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_IO_THREADS"), "1"),
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""The environment of the nursery: no library starts threads, which a fork loses; none hoards memory."""


def main(control: int, lifeline: int) -> None:
    """Fork a process for each view that is asked for, until the server closes the line."""
    call_this("opsline-nursery")
    prepare()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end leave nothing behind
    line = socket.socket(fileno=control)
    while True:
        text, descriptors, _, _ = socket.recv_fds(line, LARGEST, 1)
        if not text:
            return
        if os.fork() == 0:
            line.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            show(json.loads(text), socket.socket(fileno=descriptors[0]), lifeline)
        for descriptor in descriptors:
            os.close(descriptor)


def prepare() -> None:
    """Import what pages need, and keep the collector away from it, so that forks go on sharing it."""
    warm((*PAGES, *KERNELS))
    gc.collect()
    gc.freeze()


def show(asked: dict[str, Any], line: socket.socket, lifeline: int) -> None:
    """Be a view's process; never returns."""
    from opsline.server.views.process import ViewProcess

    call_this("opsline-view")
    status = 1
    try:
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        ViewProcess(line, lifeline, Path(asked["notebook"])).run()
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it was stands in the log, and this process ends
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def call_this(name: str) -> None:
    """Give this process the name that `ps` and `top` show."""
    Path("/proc/self/comm").write_text(name, encoding="ascii")


def threads() -> int:
    """Return how many threads this process has, those of libraries included."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
