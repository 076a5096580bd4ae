"""A jupyter_client provisioner whose kernels are forked from a view instead of started."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import default

from opsline.server.views.view import View
from opsline.server.views.views import Views

VIEW: Final = "OPSLINE_VIEW"
"""In the environment that a kernel is asked to start with: the id of the view to fork it from."""


class ForkedProcess:
    """A process that is not a child of this one, with the methods of Popen that a provisioner calls.

    Args:
        pid: Its id. It may have ended already.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        """Hold on to the process itself, so that its number is never mistaken for another one's."""
        self.pid = pid
        self.returncode: int | None = None
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle, self.returncode = -1, 0

    def poll(self) -> int | None:
        """Return None while the process lives, else 0: what it returned is its parent's to know."""
        if self.returncode is None and self._ends(0):
            os.close(self._handle)
            self.returncode = 0
        return self.returncode

    def wait(self) -> int:
        """Return once the process has ended."""
        if self.poll() is None:
            self._ends(None)
        return self.poll() or 0

    def _ends(self, milliseconds: int | None) -> bool:
        """Wait for the end; not by `select`, which knows no descriptors from 1024 on."""
        ends = select.poll()
        ends.register(self._handle, select.POLLIN)
        return bool(ends.poll(milliseconds))

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, if it lives."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Fork a kernel from a view; everything else is as for a kernel that was started."""

    view: View

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Fork; again at a restart."""
        manager: Any = self.parent
        pid = await self.view.fork(self.kernel_id, manager.connection_file)
        self.process = ForkedProcess(pid)  # type: ignore[assignment]  # it has what is called of a Popen
        self.pid = pid
        return self.connection_info


class DeskKernel(ServerKernelManager):
    """A kernel of the desk: forked where its environment names a view, else started."""

    @default("last_activity")
    def _just_made(self) -> datetime:
        """Count as active while it starts: who looks for idle ones then would find no time at all."""
        return datetime.now(UTC)

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        views: Views | None = getattr(self.parent, "views", None)
        view = views.by_id(kw.get("env", {}).get(VIEW, "")) if views is not None else None
        if view is not None and self.provisioner is None:
            forks = ForkProvisioner(
                kernel_id=kw.get("kernel_id", ""), kernel_spec=self.kernel_spec, parent=self
            )
            forks.view = view
            self.provisioner = forks
        return await super()._async_pre_start_kernel(**kw)

    pre_start_kernel = _async_pre_start_kernel  # type: ignore[assignment]  # as upstream does it
