"""Kernels that are forked from a view do what Jupyter asks of a kernel."""

import asyncio
import fcntl
import os
import random
import subprocess
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_server.utils import ApiPath

from opsline.server.kernels import OwnedKernels
from opsline.server.run import allow_many_files
from opsline.server.views.provisioner import VIEW, DeskKernel, ForkedProcess
from opsline.server.views.view import View, asked_of
from opsline.server.views.views import Views
from tests.browser.conftest import until

pytestmark = pytest.mark.browser

PAGE = """
import os, random
import ipywidgets as ipw
made_by = os.getpid()
ipw.HTML("<p>hello</p>")
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A page that keeps who made it."""
    file = tmp_path / "page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAGE)]), file)
    return file


@asynccontextmanager
async def forked(notebook: Path) -> AsyncIterator[tuple[OwnedKernels, View, str]]:
    """Give a manager, a view and the id of a kernel that was forked from it."""
    views = Views(os.environ, wanted=True)
    views.start()
    kernels = OwnedKernels(
        kernel_manager_class=f"{DeskKernel.__module__}.{DeskKernel.__name__}",
        connection_dir=str(notebook.parent),
        root_dir=str(notebook.parent),
    )
    kernels.views = views
    try:
        view = await views.of(asked_of(notebook, "", "en"))
        assert view is not None
        yield kernels, view, await kernel_of(kernels, view)
    finally:
        await kernels.shutdown_all(now=True)
        await views.close()


async def kernel_of(kernels: OwnedKernels, view: View) -> str:
    """Fork one more kernel."""
    kernel: str = await kernels.start_kernel(kernel_name="python3", path=ApiPath(""), env={VIEW: view.id})
    return kernel


@asynccontextmanager
async def client_of(kernels: OwnedKernels, kernel: str) -> AsyncIterator[AsyncKernelClient]:
    """Give a client that is connected to a kernel."""
    client = cast(AsyncKernelClient, kernels.get_kernel(kernel).client())
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=30)
        yield client
    finally:
        client.stop_channels()


async def said(kernels: OwnedKernels, kernel: str, code: str) -> str:
    """Return what an expression is in a kernel."""
    async with client_of(kernels, kernel) as client:
        answer: Any = await client.execute(
            "", user_expressions={"it": code}, silent=True, reply=True, timeout=30
        )
        return str(answer["content"]["user_expressions"]["it"]["data"]["text/plain"])


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread of its own: the browser of another test's page keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def test_a_kernel_holds_the_page_and_dies_alone(notebook: Path) -> None:
    """It has what the page's cells have made; what it does to it is its own; random numbers, too."""

    async def run() -> None:
        async with forked(notebook) as (kernels, view, kernel):
            assert await said(kernels, kernel, "made_by") == str(view.ready.pid)
            other = await kernel_of(kernels, view)
            numbers = {await said(kernels, each, "random.random()") for each in (kernel, other)}
            pid = int(await said(kernels, kernel, "os.getpid()"))
            await kernels.shutdown_kernel(kernel)

            assert len(numbers) == 2
            assert await asyncio.to_thread(until, lambda: is_gone(pid))
            assert await said(kernels, other, "made_by") == str(view.ready.pid)

    random.seed(1)
    apart(run())


def test_a_kernel_is_interrupted(notebook: Path) -> None:
    """What runs too long is broken off, and the kernel goes on."""

    async def run() -> None:
        async with forked(notebook) as (kernels, _, kernel), client_of(kernels, kernel) as client:
            client.execute("import time; print('begun'); time.sleep(60)")
            while (await client.get_iopub_msg(timeout=30))["msg_type"] != "stream":
                continue
            await kernels.interrupt_kernel(kernel)
            answer = await client.get_shell_msg(timeout=30)
            assert answer["content"]["ename"] == "KeyboardInterrupt"
            assert await said(kernels, kernel, "1 + 1") == "2"

    apart(run())


def test_a_kernel_is_restarted_as_the_page_is_now(notebook: Path) -> None:
    """The same id, another process, without what was done in the first one."""

    async def run() -> None:
        async with forked(notebook) as (kernels, view, kernel):
            before = await said(kernels, kernel, "(os.getpid(), globals().update(left=1))[0]")
            await kernels.restart_kernel(kernel)

            assert await said(kernels, kernel, "os.getpid()") != before
            assert await said(kernels, kernel, "'left' in globals()") == "False"
            assert await said(kernels, kernel, "made_by") == str(view.ready.pid)

    apart(run())


def test_a_process_is_waited_for_on_a_busy_server() -> None:
    """With a thousand files and sockets open its descriptor is beyond what `select` knows."""
    allow_many_files()
    started = subprocess.Popen(["sleep", "60"])
    process = ForkedProcess(started.pid)
    process._handle = fcntl.fcntl(process._handle, fcntl.F_DUPFD_CLOEXEC, 1024)
    assert process.poll() is None
    process.kill()
    assert process.wait() == 0
    started.wait()


def test_a_kernel_that_is_being_made_is_not_idle() -> None:
    """It is looked at for idleness like all others, before Jupyter has noted when it was active."""
    before = datetime.now(UTC)
    assert before <= DeskKernel().last_activity <= datetime.now(UTC)


def test_kernels_outlive_their_view_and_the_nursery(notebook: Path) -> None:
    """And a new view is made by a new nursery."""

    async def run() -> None:
        async with forked(notebook) as (kernels, view, kernel):
            assert kernels.views is not None
            os.kill(view.ready.pid, 9)
            kernels.views._nursery.kill()
            assert await asyncio.to_thread(until, lambda: view.ended)

            assert await said(kernels, kernel, "made_by") == str(view.ready.pid)
            again = await kernels.views.of(asked_of(notebook, "", "en"))
            assert again is not None
            assert again.ready.pid != view.ready.pid

    apart(run())


def is_gone(pid: int) -> bool:
    """Say whether a process has ended, its parent's knowledge of it aside."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
