"""What a page's socket to its kernel waits for before it counts as open."""

from __future__ import annotations

import asyncio
from typing import Any

import zmq
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from opsline.server.kernels import PROTOCOL
from opsline.server.views.provisioner import ForkProvisioner


class DeskConnection(ZMQChannelsWebsocketConnection):
    """Open as soon as a forked kernel greets its new listener.

    Jupyter asks every kernel who it is, again each half second, until it overhears the answer: the first
    one mostly goes by before the line is up. ipykernel greets who has begun to listen, so there is nothing
    to ask; other kernels are asked as ever.
    """

    is_new = False

    @property
    def subprotocol(self) -> str:
        """The only protocol that is let in.

        Jupyter forgets it with the socket, and would read what still comes from one that it has closed in
        an older protocol's way: four bytes of an address as a length, for which it takes gigabytes.
        """
        return PROTOCOL

    def create_stream(self) -> None:
        """Open lines of our own; where a lost socket comes back, it takes those that it had."""
        super().create_stream()
        self.is_new = True

    def nudge(self) -> asyncio.Future[None]:
        """Return what is done once the kernel is heard."""
        manager: Any = self.kernel_manager
        if not isinstance(manager.provisioner, ForkProvisioner) or not self.is_new:
            return super().nudge()
        greeted = asyncio.get_running_loop().create_future()
        iopub = self.channels["iopub"]

        def hear(_: Any) -> None:
            iopub.stop_on_recv()
            greeted.set_result(None)

        iopub.on_recv(hear)
        # A topic is greeted once only, and the server listens to all of them already.
        iopub.socket.setsockopt(zmq.SUBSCRIBE, self.session.bsession)
        return asyncio.ensure_future(self._until(greeted))

    async def _until(self, greeted: asyncio.Future[None]) -> None:
        """Wait, as long as Jupyter would, for a kernel that may have died."""
        await asyncio.wait([greeted], timeout=self.kernel_info_timeout)
