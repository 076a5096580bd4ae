"""A number written as a fraction: `# ?/?`, `# ??/16`, `?/?`."""

import re
from fractions import Fraction


def fraction_text(number: float, tokens: tuple[str, ...]) -> str:
    """Write a number that is not negative by the tokens of a pattern with a slash.

    A `?` that has no digit is a space, as Google's guide says of it.

    >>> fraction_text(5.125, tuple("# ???/???")), fraction_text(0.25, tuple("?/?"))
    ('5   1/8  ', '1/4')
    """
    pattern = "".join(token[1:-1] if token[0] == '"' else token for token in tokens)
    match = re.search(r"([#0?]*)(\s*)([#0?]+)/([#0?\d]+)", pattern)
    if match is None:
        return pattern
    whole_part, gap, above, below = match.groups()
    if not gap:
        whole_part, above = "", whole_part + above
    fixed = re.sub(r"[#?]", "", below).strip("0")
    exact = Fraction(number).limit_denominator(10**9)
    part = exact - int(exact) if whole_part else exact
    if fixed:
        size = int(re.sub(r"[#?]", "", below))
        top = round(part * size)
    else:
        near = part.limit_denominator(10 ** len(below) - 1)
        top, size = near.numerator, near.denominator
    whole = int(exact) if whole_part else 0
    if whole_part and top == size:
        whole, top = whole + 1, 0
    text = _fitted(str(whole) if whole or "0" in whole_part or not top else "", whole_part, left=True) + gap
    if top or not whole_part:
        text += f"{_fitted(str(top), above, left=True)}/{_fitted(str(size), below, left=False)}"
    else:
        text += " " * (len(above) + 1 + len(below)) if "?" in above + below else ""
    return (
        pattern[: match.start()] + (text if whole_part else text.removeprefix(gap)) + pattern[match.end() :]
    )


def _fitted(digits: str, places: str, *, left: bool) -> str:
    """Fill digits up to their places: `?` by spaces, `0` by zeros, `#` by nothing."""
    missing = places[: len(places) - len(digits)] if left else places[len(digits) :]
    filled = "".join({"?": " ", "0": "0"}.get(place, "") for place in missing)
    return filled + digits if left else digits + filled
