"""Google's quotas, kept by all processes of this machine together.

Google counts reads and writes of the last minute, for each user and for each project, and refuses
what is too much. So that it need not, each bucket is a small file: a ring of the moments of its last
60 (or 300) requests. A request may go as soon as the oldest of them is a minute ago; so many and no
more go in any minute, whoever sends them. A process that dies leaves the ring right or a moment too
strict. Where the file cannot be kept, nothing is held back: Google's refusal is handled anyway.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

__all__ = ["Bucket", "Kind", "Quota", "kind_of", "quota_of"]

Kind = Literal["read", "write"]

MINUTE: Final = 61.0
"""Seconds for which a request counts: one more, because some are longer on their way than others."""
USER: Final = 60
"""Requests of each kind a minute for a user."""
PROJECT: Final = 300
"""Requests of each kind a minute for a project."""
READING_POSTS: Final = (":batchGetByDataFilter", ":getByDataFilter", "developerMetadata:search")
SHEETS: Final = "https://sheets.googleapis.com/"


@dataclass(frozen=True, slots=True)
class Bucket:
    """The requests of one kind of one user or project.

    Args:
        path: Its file.
        limit: How many may go in the time.
        seconds: The time.
    """

    path: Path
    limit: int
    seconds: float = MINUTE

    def wait(self, file: int, now: float) -> float:
        """Return the seconds until another request may go; 0 if it may now. The file is locked."""
        oldest = self._ring(file)[1][0]
        return max(0.0, min(oldest, now) + self.seconds - now)

    def note(self, file: int, now: float) -> None:
        """Note a request; the moment is written before it counts."""
        count = self._ring(file)[0]
        os.pwrite(file, struct.pack("<d", now), 8 + 8 * (count % self.limit))
        os.pwrite(file, struct.pack("<q", count + 1), 0)

    def empty(self, file: int, now: float) -> None:
        """Leave no room: it comes back bit by bit, over the whole time."""
        count, ring = self._ring(file)
        step = self.seconds / self.limit
        spread = [now - self.seconds + step * (place + 1) for place in range(self.limit)]
        for place, moments in enumerate(zip(ring, spread, strict=True)):
            at = 8 + 8 * ((count + place) % self.limit)
            os.pwrite(file, struct.pack("<d", max(min(moments[0], now), moments[1])), at)

    def _ring(self, file: int) -> tuple[int, Sequence[float]]:
        """Return how many have gone in all, and the moments of the last ones, the oldest first."""
        size = 8 + 8 * self.limit
        count, *moments = struct.unpack(f"<q{self.limit}d", os.pread(file, size, 0).ljust(size, b"\0"))
        start = count % self.limit
        return count, [*moments[start:], *moments[:start]]


class Quota:
    """The buckets that one key draws from.

    Args:
        reads: The buckets of its reads.
        writes: The buckets of its writes.
        clock: The time in seconds, alike in all processes.
    """

    def __init__(
        self, reads: Sequence[Bucket], writes: Sequence[Bucket], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._buckets: dict[Kind, Sequence[Bucket]] = {"read": tuple(reads), "write": tuple(writes)}
        self._clock = clock

    def take(self, kind: Kind) -> float:
        """Take room for a request, and return 0; or take none, and return the seconds until there is some."""
        try:
            with self._locked(kind) as held:
                now = self._clock()
                wait = max((bucket.wait(file, now) for bucket, file in held), default=0.0)
                if wait == 0:
                    for bucket, file in held:
                        bucket.note(file, now)
                return wait
        except OSError:
            return 0.0

    def refused(self, kind: Kind) -> None:
        """Leave no room in the user's bucket, because Google has refused a request all the same."""
        try:
            with self._locked(kind) as held:
                for bucket, file in held[:1]:
                    bucket.empty(file, self._clock())
        except OSError:
            return

    @contextmanager
    def _locked(self, kind: Kind) -> Iterator[list[tuple[Bucket, int]]]:
        """Hold a kind's buckets, always in the same order."""
        with ExitStack() as stack:
            held: dict[Bucket, int] = {}
            for bucket in sorted(self._buckets[kind], key=lambda bucket: str(bucket.path)):
                held[bucket] = os.open(bucket.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                stack.callback(os.close, held[bucket])
                fcntl.flock(held[bucket], fcntl.LOCK_EX)
            yield [(bucket, held[bucket]) for bucket in self._buckets[kind]]


def quota_of(credentials: Any, folder: Path) -> Quota:
    """Return the buckets of a Google key.

    Args:
        credentials: A service account's, or a person's.
        folder: Where the buckets of this machine are kept; made if need be.
    """
    client = str(getattr(credentials, "client_id", None) or "")
    email = str(getattr(credentials, "service_account_email", None) or "")
    user = email or f"{client} {getattr(credentials, 'refresh_token', '')}"
    project = str(getattr(credentials, "project_id", None) or client.partition("-")[0] or email)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return Quota((), ())
    own, shared = (hashlib.sha256(part.encode()).hexdigest()[:24] for part in (user, project))
    reads, writes = (
        (Bucket(folder / f"user-{own}.{kind}", USER), Bucket(folder / f"project-{shared}.{kind}", PROJECT))
        for kind in ("reads", "writes")
    )
    return Quota(reads, writes)


def kind_of(method: str, address: str) -> Kind | None:
    """Return which quota of Sheets' a request counts for; None if for neither, as Drive's.

    >>> kind_of("get", "https://sheets.googleapis.com/v4/spreadsheets/1"), kind_of("get", "https://x")
    ('read', None)
    """
    if not address.startswith(SHEETS):
        return None
    return "read" if method.upper() == "GET" or address.endswith(READING_POSTS) else "write"
