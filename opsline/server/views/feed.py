"""What a page hears while it has no kernel, and how it gets one: the WebSocket of a view."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final
from uuid import uuid4

from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import ApiPath
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from opsline.server.kernels import OwnedKernels
from opsline.server.language import language_of, sentences
from opsline.server.sockets import PatientSocket
from opsline.server.views.provisioner import VIEW
from opsline.server.views.view import RENEW, View
from opsline.server.views.views import Views

TAKEN: Final = 4001
"""How a page closes its feed that goes on with the kernel it was given (frontend/src/view/feed.js)."""


class FeedHandler(PatientSocket, WebSocketHandler, JupyterHandler):
    """Serve `/opsline/views/ID/feed?version=N`; a view that is gone answers `renew`."""

    def initialize(self, views: Views) -> None:
        """Take the desk's views."""
        self.views = views
        self.view: View | None = None
        self._attaching: asyncio.Task[None] | None = None
        self._given: str | None = None

    def set_default_headers(self) -> None:
        """Undo JupyterHandler's, as Jupyter's own sockets do."""

    def get_compression_options(self) -> dict[str, Any] | None:
        """Return how messages are compressed."""
        options: dict[str, Any] | None = self.settings.get("websocket_compression_options")
        return options

    @ws_authenticated
    async def get(self, view: str) -> None:
        """Become a WebSocket, for who may see pages at all."""
        await super().get(view)

    def open(self, view: str) -> None:
        """Follow the view from the version that the page has."""
        super().open()
        found = self.views.by_id(view)
        version = self.get_argument("version", "")
        if found is None or not version.isdigit():
            self.say(RENEW)
            return
        self.view = found
        found.follow(self, int(version))

    def on_message(self, message: str | bytes) -> None:
        """Give the page a kernel when it asks."""
        try:
            asked = json.loads(message)["type"]
        except (ValueError, LookupError, TypeError):
            self.close(1003)
            return
        if asked == "attach" and self.view is not None and self._attaching is None:
            self._attaching = asyncio.create_task(self._attach(self.view))

    def on_close(self) -> None:
        """Follow no more; a kernel that the page did not live to take ends."""
        if self.view is not None:
            self.view.leave(self)
        kernels: OwnedKernels = self.settings["kernel_manager"]
        given, self._given = self._given, None
        if given is not None and given in kernels and self.close_code != TAKEN:
            self._ending = asyncio.create_task(kernels.shutdown_kernel(given, now=True))

    def say(self, text: str) -> None:
        """Send the page a message, if it is still there."""
        try:
            self.write_message(text)
        except WebSocketClosedError:
            self.on_close()

    async def _attach(self, view: View) -> None:
        """Fork a kernel for the visitor, who hears nothing of the view from then on."""
        kernels: OwnedKernels = self.settings["kernel_manager"]
        kernel = str(uuid4())
        kernels.give(kernel, self.current_user)
        view.on_fork(kernel, lambda: view.leave(self))
        try:
            await kernels.start_kernel(
                kernel_id=kernel, kernel_name="python3", path=ApiPath(""), env={VIEW: view.id}
            )
        except ProcessLookupError:
            self._attaching = None
            self.say(RENEW)
            return
        except Exception:  # whatever it was, the page has to hear that it gets none
            self.log.exception("No kernel could be forked")
            self._attaching = None
            sentence = sentences(language_of(self.request), "refused")["refused"]
            self.say(json.dumps({"type": "refused", "text": sentence}))
            return
        self._given = kernel
        self.say(json.dumps({"type": "attached", "kernel": kernel}))
