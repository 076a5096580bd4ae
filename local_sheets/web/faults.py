"""Faults on demand: latency, quotas, errors before the commit, errors and cuts after it."""

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field

from local_sheets.errors import TooMany, Unavailable

_MINUTE = 60.0


@dataclass(slots=True)
class Faults:
    """What shall go wrong.

    Args:
        latency_ms: Wait before every answer.
        quota_reads: Reads a minute; 0 is no limit.
        quota_writes: Writes a minute; 0 is no limit.
        fail_before: Share (0..1) of requests answered 503 before anything happens.
        fail_after: Share of writes answered 503 although they were committed.
        cut_after: Share of writes whose connection is cut although they were committed.
        seed: Makes the shares repeatable.
    """

    latency_ms: float = 0
    quota_reads: int = 0
    quota_writes: int = 0
    fail_before: float = 0
    fail_after: float = 0
    cut_after: float = 0
    seed: int | None = None
    _random: random.Random = field(init=False, repr=False)
    _used: dict[bool, deque[float]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the dice and the empty quota windows."""
        self._random = random.Random(self.seed)
        self._used = {False: deque(), True: deque()}

    async def before(self, *, writes: bool) -> None:
        """Wait, count the quota, maybe fail: before anything happens."""
        if self.latency_ms:
            await asyncio.sleep(self.latency_ms / 1000)
        self._count(writes=writes)
        if self.fail_before and self._random.random() < self.fail_before:
            raise Unavailable("The service is currently unavailable.")

    def after(self, *, writes: bool) -> bool:
        """Maybe fail after the commit; return whether the connection shall be cut."""
        if writes and self.fail_after and self._random.random() < self.fail_after:
            raise Unavailable("The service is currently unavailable.")
        return bool(writes and self.cut_after and self._random.random() < self.cut_after)

    def _count(self, *, writes: bool) -> None:
        """Count one request of the last minute; refuse one too many as Google does."""
        limit = self.quota_writes if writes else self.quota_reads
        if not limit:
            return
        used, now = self._used[writes], time.monotonic()
        while used and used[0] < now - _MINUTE:
            used.popleft()
        if len(used) >= limit:
            raise quota_error("Write" if writes else "Read", limit)
        used.append(now)


def quota_error(kind: str, limit: int) -> TooMany:
    """Return Google's 429, as recorded (there is no Retry-After)."""
    return TooMany(
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per"
        " user' of service 'sheets.googleapis.com' for consumer 'project_number:0'.",
        [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "quota_location": "global",
                    "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
                    "quota_limit": f"{kind}RequestsPerMinutePerUser",
                    "quota_limit_value": str(limit),
                    "consumer": "projects/0",
                    "service": "sheets.googleapis.com",
                },
            }
        ],
    )
