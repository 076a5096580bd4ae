"""A request's JSON as Google's parser leaves it: nulls are absent, colours are 32-bit."""

import struct
from typing import Any

_COLOUR = frozenset({"red", "green", "blue", "alpha"})


def clean(value: Any) -> Any:
    """Return JSON without nulls in objects, colours rounded and without zeros.

    >>> clean({"a": None, "c": {"red": 1.0, "green": 0, "blue": 0.4980392156862745}})
    {'c': {'red': 1, 'blue': 0.49803922}}
    """
    if isinstance(value, list):
        return [clean(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= _COLOUR and all(isinstance(v, (int, float)) for v in value.values()):
        return {name: single(part) for name, part in value.items() if part}
    return {name: clean(item) for name, item in value.items() if item is not None}


def single(number: float) -> float | int:
    """Return the shortest number that is the same in 32 bits.

    >>> single(0.1), single(1.0)
    (0.1, 1)
    """
    narrow = _narrowed(number)
    lengths = (float(f"{narrow:.{digits}g}") for digits in range(1, 10))
    short = next((short for short in lengths if _narrowed(short) == narrow), narrow)
    return int(short) if short == int(short) else short


def _narrowed(number: float) -> float:
    """Return the number that 32 bits keep of another."""
    kept: float = struct.unpack("f", struct.pack("f", number))[0]
    return kept
