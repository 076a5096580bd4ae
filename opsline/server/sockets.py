"""How long a silent WebSocket is waited for."""

from __future__ import annotations

from typing import Final

from jupyter_server.base.websocket import WebSocketMixin

UNANSWERED: Final = 3
"""Pings that a browser may leave unanswered; then its line is given up."""


class PatientSocket(WebSocketMixin):
    """A WebSocket that outlives a ping whose answer is late, as Jupyter's default would have it.

    tornado takes Jupyter's milliseconds for seconds, and warns where the timeout is more than the interval.
    A timeout of one interval, though, gives up lines that are alive: the answer to the last ping is just that
    old when the next one is due.
    """

    @property
    def ping_timeout(self) -> int:
        """Milliseconds; tornado asks before the line is open, Jupyter later."""
        interval: int = self.ping_interval
        return interval if self.ws_connection is None else UNANSWERED * interval  # type: ignore[attr-defined]
