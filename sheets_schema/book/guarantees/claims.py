"""Claims: metadata with a chosen number, by which a save is done once and one of two writers is first."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from sheets_schema.book.claims import claim
from sheets_schema.book.failures import Taken
from sheets_schema.book.guarantees.guarantee import Seen
from sheets_schema.book.guarantees.scratch import KEY, Scratch
from sheets_schema.errors import BookError

__all__ = ["metadata_kept", "metadata_swept", "unique_metadata"]

Json = dict[str, Any]


def unique_metadata(scratch: Scratch) -> Seen:
    """Claim a number twice: the second is refused, in words that tell it from any other refusal."""
    what = uuid4().hex
    _claim(scratch, "first", what)
    try:
        _claim(scratch, "second", what)
    except Taken:
        return Seen("1: ok, 2: taken", "1: ok, 2: taken")
    except BookError as error:
        return Seen(f"1: ok, 2: {error.facts.get('reason', error)}", "1: ok, 2: taken")
    return Seen("1: ok, 2: ok", "1: ok, 2: taken")


def metadata_kept(scratch: Scratch) -> Seen:
    """Ask at once who has claimed a number, and who has claimed one that is free."""
    number = _claim(scratch, "mine", uuid4().hex)
    free = _number(claim(0, "", uuid4().hex))
    found = [scratch.book.claimed(number), scratch.book.claimed(free)]
    return Seen(f"{found}", f"{['mine', None]}")


def metadata_swept(scratch: Scratch) -> Seen:
    """Sweep claims by their key, twice, and claim the same number again."""
    what, key = uuid4().hex, f"{KEY}.{uuid4().hex[:8]}"
    _claim(scratch, "first", what, key)
    sweep = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": key}}}}
    wanted = "1: ok, swept: ok, swept again: ok, 2: ok"
    found = "1: ok"
    try:
        for said in ("swept", "swept again"):
            scratch.book.write([sweep])
            found += f", {said}: ok"
        _claim(scratch, "second", what, key)
    except Taken:
        return Seen(f"{found}, 2: taken", wanted)
    except BookError as error:
        return Seen(f"{found}, {error.facts.get('reason', error)}", wanted)
    return Seen(f"{found}, 2: ok", wanted)


def _claim(scratch: Scratch, save: str, what: str, key: str = KEY) -> int:
    """Claim something as a save does, under a key of our own; return the number."""
    request = claim(time.time(), save, "certify", what)
    request["createDeveloperMetadata"]["developerMetadata"]["metadataKey"] = key
    scratch.numbers.append(_number(request))
    scratch.book.write([request])
    return _number(request)


def _number(request: Json) -> int:
    """Return the number that a request claims."""
    return int(request["createDeveloperMetadata"]["developerMetadata"]["metadataId"])
