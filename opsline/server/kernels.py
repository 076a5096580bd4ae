"""Whose kernel it is, and when it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import zmq
from jupyter_client.jsonutil import json_default
from jupyter_core.utils import ensure_async
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from opsline.server.sockets import PatientSocket

if TYPE_CHECKING:
    from opsline.server.views.views import Views

PROTOCOL: Final = "v1.kernel.websocket.jupyter.org"
RECONNECT_MILLISECONDS: Final = 4
"""A kernel is connected to before it listens: how soon that is tried again; then twice as late each time."""
LONGEST_RECONNECT_MILLISECONDS: Final = 1000


class OwnedKernels(AsyncMappingKernelManager):
    """Remember for whom a kernel was started, and end it when nobody is there any more."""

    def __init__(self, **traits: Any) -> None:
        """Begin with no kernels."""
        super().__init__(**traits)
        self.context.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MILLISECONDS)
        self.context.setsockopt(zmq.RECONNECT_IVL_MAX, LONGEST_RECONNECT_MILLISECONDS)
        self.owners: dict[str, str] = {}
        self.views: Views | None = None

    def give(self, kernel_id: str, user: User) -> None:
        """Say for whom a kernel is, before its page hears of it."""
        self.owners[kernel_id] = user.username

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended, and whose it was."""
        self.owners.pop(kernel_id, None)
        return super().remove_kernel(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that nobody is connected to; the one in reserve is nobody's yet and stays."""
        if kernel_id in self.owners:
            await super().cull_kernel_if_idle(kernel_id)

    def belongs_to(self, kernel_id: str, user: User) -> bool:
        """Say whether a kernel was started for this visitor."""
        return self.owners.get(kernel_id) == user.username


class OwnersOnly(Authorizer):
    """Let a visitor reach the kernels of that visitor's own pages, and no other kernel."""

    def is_authorized(
        self,
        handler: JupyterHandler,
        user: User,
        action: str,  # noqa: ARG002  (the signature is jupyter_server's)
        resource: str,
    ) -> bool:
        """Say yes to everything but another visitor's kernel."""
        if resource != "kernels":
            return True
        kernel_id = handler.path_kwargs.get("kernel_id") or next(iter(handler.path_args), "")
        kernels: OwnedKernels = handler.settings["kernel_manager"]
        return kernels.belongs_to(kernel_id, user)


class ModelHandler(JupyterHandler):
    """What Voila's front end asks before it connects; Jupyter's own handler would also take a DELETE."""

    @web.authenticated
    @authorized("read", "kernels")
    async def get(self, kernel_id: str) -> None:
        """Send the kernel's model."""
        kernels: OwnedKernels = self.settings["kernel_manager"]
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(kernels.kernel_model(kernel_id), default=json_default))


class KernelSocket(PatientSocket, VoilaKernelWebsocketHandler):
    """A page's socket to its kernel, in Jupyter's newer words only.

    Voila takes every binary message for one of the protocol v1. An older one with buffers sends it into a
    loop that takes the whole server with it, memory first: anybody could do that from a page's address.
    """

    @ws_authenticated
    async def get(self, kernel_id: str) -> None:
        """Become a socket; refuse who does not speak the protocol."""
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if PROTOCOL not in [each.strip() for each in offered.split(",")]:
            raise web.HTTPError(400)
        await super().get(kernel_id)

    async def pre_get(self) -> None:
        """Prepare the line to the kernel; whoever left meanwhile, or found the server ending, gets none."""
        await super().pre_get()
        if self.connection is None:
            raise web.Finish

    def on_close(self) -> None:
        """Take the line down, if it was up yet."""
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def write_error(self, status_code: int, **_: object) -> None:
        """Refuse without a page: a script asks, and Jupyter's own page is none of the desk's."""
        self.finish(str(status_code))


class KernelHandler(JupyterHandler):
    """What a page asks about its own kernel: is it there; and at the end: it may go."""

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer 204 while the kernel lives, 410 once it is gone."""
        kernels = self._own(kernel_id)
        known = kernel_id in kernels
        alive = known and await ensure_async(kernels.get_kernel(kernel_id).is_alive())
        if known and not alive:
            await ensure_async(kernels.shutdown_kernel(kernel_id, now=True))
        self.set_status(204 if alive else 410)

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End the kernel of a page that is being left."""
        kernels = self._own(kernel_id)
        if kernel_id in kernels:
            await ensure_async(kernels.shutdown_kernel(kernel_id, now=True))
        self.set_status(204)

    def _own(self, kernel_id: str) -> OwnedKernels:
        kernels: OwnedKernels = self.settings["kernel_manager"]
        if kernel_id in kernels and not kernels.belongs_to(kernel_id, self.current_user):
            raise web.HTTPError(403)
        return kernels
