"""The parts of a formula's text that matter for its references, found with one expression."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CORNER = r"\$?[A-Za-z]{1,3}\$?[1-9]\d*"
_COLUMN, _ROW = r"\$?[A-Za-z]{1,3}", r"\$?[1-9]\d*"
_AREA = (
    rf"{_CORNER}:(?:{_CORNER}|{_COLUMN}(?![\w.]|\s*\()|{_ROW})"
    rf"|{_CORNER}|{_COLUMN}:(?:{_CORNER}|{_COLUMN})|{_ROW}:(?:{_CORNER}|{_ROW})"
)
_TOKEN = re.compile(
    r'(?P<string>"(?:[^"]|"")*(?:"|\Z))'
    rf"|(?P<reference>(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?(?P<area>{_AREA})(?![\w.!]|\s*\())"
    r"|(?P<lost>(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?\#REF!)"
    r"|(?P<error>\#(?:DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!|ERROR!))"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?(?!\w))"
    r"|(?P<function>[^\W\d][\w.]*(?=\s*\())"
    r"|(?P<word>(?:'(?:[^']|'')+'!)?[\w$][\w$.]*(?:![\w$.]+)?)"
    r"|(?P<bracket>\[[^\]]*\])"
    r"|(?P<space>\s+)"
    r"|(?P<sign><=|>=|<>|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a formula: its kind, its text, and of a reference the sheet's raw prefix and the area."""

    kind: str
    text: str
    sheet: str | None = None
    area: str = ""


def tokens(formula: str) -> Iterator[Token]:
    """Yield the parts of a formula's text (with or without its `=`); together they are the text.

    >>> [(part.kind, part.text) for part in tokens("=LOG10(A1)&'my sheet'!B:B")][1:]
    [('function', 'LOG10'), ('sign', '('), ('reference', 'A1'), ('sign', ')'), ('sign', '&'), \
('reference', "'my sheet'!B:B")]
    >>> [part.kind for part in tokens('"A1"')]
    ['string']
    """
    for match in _TOKEN.finditer(formula):
        yield Token(match.lastgroup or "sign", match[0], match["sheet"], match["area"] or "")
