"""Texts inside Excel's XML: characters that XML cannot hold are written _xHHHH_."""

import re
from xml.sax.saxutils import escape as markup

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def coded(text: str) -> str:
    r"""Return a text whose every character XML can hold.

    >>> coded("a\rb"), coded("_x0041_"), decoded(coded("_x0041_"))
    ('a_x000D_b', '_x005F_x0041_', '_x0041_')
    """
    return _ODD.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def decoded(text: str) -> str:
    """Return a text as a person sees it."""
    return _CODE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def written(text: str) -> str:
    """Return a text ready to stand between tags."""
    return markup(coded(text))
