"""Numbers as Google's parser takes them: text that is a number too, 32 bits for colours."""

import math
import re
import struct
from typing import Any

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?")
_LARGEST = 2**31 - 1
_TOO_LARGE = 10**308
LARGEST_SINGLE = (2 - 2**-23) * 2.0**127


def plain_float(value: Any) -> float | int | None:
    """Return a number, None when it is none.

    >>> plain_float(2), plain_float("2.5"), plain_float(True), plain_float("x")
    (2, 2.5, None, None)
    """
    if type(value) is int:
        return value if abs(value) < _TOO_LARGE else None
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is str and _NUMBER.fullmatch(value):
        number = float(value)
        if math.isfinite(number):
            return int(number) if number.is_integer() else number
    return None


def whole(value: Any) -> int | None:
    """Return a 32-bit integer, None when it is none.

    >>> whole(2), whole("26"), whole(2.0), whole(2.5), whole(2**31)
    (2, 26, 2, None, None)
    """
    number = plain_float(value)
    if number is None or number != int(number) or not -_LARGEST - 1 <= number <= _LARGEST:
        return None
    return int(number)


def single(number: float) -> float | int:
    """Return the shortest number that is the same in 32 bits.

    >>> single(0.1), single(1.0), single(0.4980392156862745)
    (0.1, 1, 0.49803922)
    """
    if type(number) is int and abs(number) < 2**24:
        return number
    narrow = _narrowed(number)
    lengths = (float(f"{narrow:.{digits}g}") for digits in range(1, 10))
    short = next((short for short in lengths if _narrowed(short) == narrow), narrow)
    return int(short) if short == int(short) else short


def _narrowed(number: float) -> float:
    """Return the number that 32 bits keep of another."""
    try:
        kept: float = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return number
    return kept
