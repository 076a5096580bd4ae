"""One kernel in reserve, with the libraries of every page imported, so that a page does not wait for them.

It has imported and computed nothing: no data, no time, no visitor. It learns whose it is when it is handed
out, and the next one is made when that page has been sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, cast

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ApiPath

PAUSE_SECONDS: Final = 1.5
WARM: Final = "from opsline.server.warm import warm; warm(); del warm"


class Spare:
    """Keep one warm kernel of a kernel manager.

    Args:
        kernels: The manager that starts and ends kernels.
        environment: What a kernel inherits.
        wanted: Whether to keep one at all.
    """

    def __init__(
        self, kernels: AsyncMappingKernelManager, environment: Mapping[str, str], *, wanted: bool
    ) -> None:
        """Begin without one."""
        self.kernels, self.environment, self.wanted = kernels, dict(environment), wanted
        self.kernel_id: str | None = None
        self._making: asyncio.Task[None] | None = None

    def make_soon(self, seconds: float = PAUSE_SECONDS) -> None:
        """Make the next one after a pause, so that it does not take the processor from the page just sent."""
        if self.wanted and self.kernel_id is None and (self._making is None or self._making.done()):
            self._making = asyncio.create_task(self._make(seconds))

    async def take(self, name: str, environment: Mapping[str, str]) -> str | None:
        """Return the id of the warm kernel, which now has *environment*; None where there is none.

        Args:
            name: The kernel that the notebook asks for; the one in reserve is `python3`.
            environment: What the request adds to the environment.
        """
        kernel_id, is_right = self.kernel_id, name == "python3"
        if kernel_id is None or not is_right:
            return None
        self.kernel_id = None
        if kernel_id not in self.kernels or not await ensure_async(
            self.kernels.get_kernel(kernel_id).is_alive()
        ):
            return None
        await self._run(kernel_id, f"import os; os.environ.update({dict(environment)!r})")
        return kernel_id

    async def close(self) -> None:
        """Make no more; the kernel itself ends with the others."""
        if self._making is not None:
            self._making.cancel()

    async def _make(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        kernel_id: str = await ensure_async(
            self.kernels.start_kernel(kernel_name="python3", path=ApiPath(""), env=self.environment)
        )
        await self._run(kernel_id, WARM)
        self.kernel_id = kernel_id

    async def _run(self, kernel_id: str, code: str) -> None:
        client = cast(AsyncKernelClient, self.kernels.get_kernel(kernel_id).client())
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            await ensure_async(client.execute(code, silent=True, store_history=False, reply=True, timeout=60))
        finally:
            client.stop_channels()
