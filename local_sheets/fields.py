"""Field masks: `a.b,c(d,e/f),*` into a tree, and the tree applied to an answer or an update."""

from typing import Any

from local_sheets.errors import BadRequest, Json

Mask = dict[str, Any]
"""A tree: name -> Mask; an empty Mask takes everything below it."""


def parse(text: str) -> Mask:
    """Read a mask.

    >>> parse("sheets.properties(title,sheetId),namedRanges")
    {'sheets': {'properties': {'title': {}, 'sheetId': {}}}, 'namedRanges': {}}
    >>> parse("*")
    {}
    """
    root: Mask = {}
    rest = _group(text.replace(" ", ""), 0, root)
    if rest != len(text.replace(" ", "")):
        raise BadRequest(f"Request contains an invalid argument. Field mask '{text}' is malformed.")
    return {} if "*" in root else root


def _group(text: str, at: int, into: Mask) -> int:
    """Read names up to the end or a closing bracket; return where reading stopped."""
    while at < len(text) and text[at] != ")":
        here, start = into, at
        while at < len(text) and text[at] not in ",)":
            if text[at] in "./(":
                here = here.setdefault(text[start:at], {})
                if text[at] == "(":
                    at = _group(text, at + 1, here) + 1
                    start = at
                    break
                start = at + 1
            at += 1
        if at > start:
            here.setdefault(text[start:at], {})
        if at < len(text) and text[at] == ",":
            at += 1
    return at


def pick(value: Any, mask: Mask) -> Any:
    """Keep of an answer what the mask names; lists are walked into.

    >>> pick({"a": [{"b": 1, "c": 2}], "d": 3}, parse("a.b"))
    {'a': [{'b': 1}]}
    """
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [pick(item, mask) for item in value]
    if isinstance(value, dict):
        return {key: pick(item, mask[key]) for key, item in value.items() if key in mask}
    return value


def wants(mask: Mask, *path: str) -> bool:
    """Say whether the mask takes anything at *path*."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def merge(old: Json, new: Json, mask: Mask) -> Json:
    """Return *old* with the fields the mask names taken from *new* (absent there: removed).

    >>> merge({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 5}}, parse("a,b.c"))
    {'b': {'c': 5, 'd': 3}}
    """
    if not mask or "*" in mask:
        return dict(new)
    result = dict(old)
    for name, below in mask.items():
        if below and (isinstance(old.get(name), dict) or isinstance(new.get(name), dict)):
            result[name] = merge(old.get(name) or {}, new.get(name) or {}, below)
            if not result[name]:
                del result[name]
        elif name in new:
            result[name] = new[name]
        else:
            result.pop(name, None)
    return result
