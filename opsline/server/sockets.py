"""How long a silent WebSocket is waited for."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.websocket import WebSocketMixin


class PatientSocket(WebSocketMixin):
    """A WebSocket that outlives a ping whose answer is late: with Jupyter's own timeout, three intervals.

    tornado takes Jupyter's milliseconds for seconds, and warns where the timeout is more than the interval.
    A timeout of one interval, though, gives up lines that are alive: the answer to the last ping is just that
    old when the next one is due.
    """

    @property
    def ping_timeout(self) -> int:
        """Milliseconds; tornado asks before the line is open, Jupyter later."""
        asked: Any = self
        found: int = super().ping_timeout if asked.ws_connection is not None else self.ping_interval
        return found
