"""Changing what goes wrong while the server runs: for a drill that has parts."""

from local_sheets.errors import Forbidden
from local_sheets.web.base import ApiHandler


class Drills(ApiHandler):
    """GET and POST /faults, for the owner of a server of its own."""

    def prepare(self) -> None:
        """Let the owner in, and nobody else."""
        super().prepare()
        if not self._finished and self.who.everywhere != "owner":
            self.refuse(Forbidden())

    def get(self) -> None:
        """Answer what goes wrong now."""
        self.finish(self.desk.faults.about())

    def post(self) -> None:
        """Change what the body names: `{"latency_ms": 200, "fail_after": 0.1}`."""
        self.desk.faults.change(self.json_body())
        self.finish(self.desk.faults.about())
