"""Faults on demand: latency, quotas, errors before the commit, errors and cuts after it."""

import asyncio
import dataclasses
import random
from dataclasses import dataclass, field
from typing import Any

from local_sheets.errors import BadRequest, Json, Unavailable
from local_sheets.web.quotas import Windows


@dataclass(slots=True)
class Faults:
    """What shall go wrong.

    Args:
        latency_ms: Wait before every answer.
        jitter_ms: Wait up to so much longer, by chance.
        quota_reads: Reads of the Sheets API a minute for each person; 0 is no limit.
        quota_writes: Writes of the Sheets API a minute for each person; 0 is no limit.
        quota_project: Reads, and writes, a minute of all together; 0 is no limit.
        fail_before: Share (0..1) of requests answered 503 before anything happens.
        fail_after: Share of writes answered 503 although they were committed.
        cut_after: Share of writes whose connection is cut although they were committed.
        seed: Makes the shares repeatable.
    """

    latency_ms: float = 0
    jitter_ms: float = 0
    quota_reads: int = 0
    quota_writes: int = 0
    quota_project: int = 0
    fail_before: float = 0
    fail_after: float = 0
    cut_after: float = 0
    seed: int | None = None
    _random: random.Random = field(init=False, repr=False)
    _windows: Windows = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the dice and the empty quota windows."""
        self._random = random.Random(self.seed)
        self._windows = Windows()

    async def before(self, *, writes: bool, user: str | None) -> None:
        """Wait, count the quota, maybe fail: before anything happens; no *user* is not counted."""
        if self.latency_ms or self.jitter_ms:
            wait = self.latency_ms + self._random.random() * self.jitter_ms
            await asyncio.sleep(wait / 1000)
        if user is not None:
            limit = self.quota_writes if writes else self.quota_reads
            self._windows.count(user, limit, self.quota_project, writes=writes)
        if self.fail_before and self._random.random() < self.fail_before:
            raise Unavailable("The service is currently unavailable.")

    def after(self, *, writes: bool) -> bool:
        """Maybe fail after the commit; return whether the connection shall be cut."""
        if writes and self.fail_after and self._random.random() < self.fail_after:
            raise Unavailable("The service is currently unavailable.")
        return bool(writes and self.cut_after and self._random.random() < self.cut_after)

    def about(self) -> Json:
        """Return what goes wrong now."""
        return {name: getattr(self, name) for name in _NAMES}

    def change(self, given: Json) -> None:
        """Let other things go wrong from now on; the dice and the quota's minute begin anew.

        Raises:
            BadRequest: There is no such fault, or it has no such measure.
        """
        for name, value in given.items():
            if name not in _NAMES:
                raise BadRequest(f"There is no fault {name!r}; there are {', '.join(_NAMES)}.")
            _check(name, value)
        for name, value in given.items():
            setattr(self, name, value)
        self.__post_init__()


_NAMES = tuple(item.name for item in dataclasses.fields(Faults) if item.init)
_SHARES = ("fail_before", "fail_after", "cut_after")


def _check(name: str, value: Any) -> None:
    """Refuse what is no measure of a fault."""
    if name == "seed" and value is None:
        return
    most = 1 if name in _SHARES else 10**9
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise BadRequest(f"{name} must be a number from 0 to {most}, not {value!r}.")


__all__ = ["Faults"]
