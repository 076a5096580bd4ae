"""Quotas as Google has them: so many reads and writes a minute, for each person and for all together."""

import time
from collections import deque
from dataclasses import dataclass, field

from local_sheets.errors import TooMany

GOOGLES = {"quota_reads": 60, "quota_writes": 60, "quota_project": 300}
"""What Google allows: https://developers.google.com/workspace/sheets/api/limits."""

_MINUTE = 60.0
_ALL = ""


@dataclass(slots=True)
class Windows:
    """What was asked in the last minute: by whom, and whether to write."""

    _used: dict[tuple[bool, str], deque[float]] = field(default_factory=dict)

    def count(self, user: str, limit: int, project: int, *, writes: bool) -> None:
        """Count one request.

        Args:
            user: Who asks.
            limit: How many a minute one person may send of this kind; 0 is no limit.
            project: How many all may send together; 0 is no limit.
            writes: Which kind.

        Raises:
            TooMany: It is one too many; it is not counted, as Google does not.
        """
        windows = [(self._window(user, writes=writes), limit, "PerUser")]
        windows.append((self._window(_ALL, writes=writes), project, "PerProject"))
        for used, most, whose in windows:
            if most and len(used) >= most:
                raise quota_error("Write" if writes else "Read", most, whose)
        for used, _, _ in windows:
            used.append(time.monotonic())

    def _window(self, user: str, *, writes: bool) -> deque[float]:
        """Return when a person's requests of the last minute came."""
        used = self._used.setdefault((writes, user), deque())
        while used and used[0] < time.monotonic() - _MINUTE:
            used.popleft()
        return used


def quota_error(kind: str, limit: int, whose: str = "PerUser") -> TooMany:
    """Return Google's 429, as recorded (there is no Retry-After).

    >>> quota_error("Read", 300, "PerProject").message[:76]
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per"
    """
    said = f"{kind} requests per minute" + (" per user" if whose == "PerUser" else "")
    return TooMany(
        f"Quota exceeded for quota metric '{kind} requests' and limit '{said}' of service"
        " 'sheets.googleapis.com' for consumer 'project_number:0'.",
        [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "quota_location": "global",
                    "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
                    "quota_limit": f"{kind}RequestsPerMinute{whose}",
                    "quota_limit_value": str(limit),
                    "consumer": "projects/0",
                    "service": "sheets.googleapis.com",
                },
            }
        ],
    )
