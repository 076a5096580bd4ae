"""Formulas in Excel's words: no open ranges, prefixes for newer functions, other titles of sheets."""

import re
from collections.abc import Mapping

from local_sheets import a1

_LAST_ROW = 1_048_576
_NEWER = frozenset(
    """ARRAYTOTEXT BITAND BITLSHIFT BITOR BITRSHIFT BITXOR BYCOL BYROW CHOOSECOLS CHOOSEROWS CONCAT COT COTH
    CSC CSCH DAYS DROP EXPAND FORMULATEXT HSTACK IFNA IFS ISFORMULA ISOWEEKNUM LAMBDA LET MAKEARRAY MAP
    MAXIFS MINIFS NUMBERVALUE RANDARRAY REDUCE SCAN SEC SECH SEQUENCE SHEET SHEETS SINGLE SWITCH TAKE
    TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW UNICHAR UNICODE UNIQUE VALUETOTEXT VSTACK WRAPCOLS
    WRAPROWS XLOOKUP XMATCH XOR""".split()  # noqa: SIM905 (a list of so many names is not read)
)
_HIDDEN = {"FILTER": "_xlfn._xlws.FILTER", "SORT": "_xlfn._xlws.SORT"}
_PARTS = re.compile(
    r"(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!"
    r"|(?P<open>\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3})(?![\w$(!])"
    r"|(?P<name>[A-Z][A-Z0-9.]*)(?=\()",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?:_xlfn\.|_xlws\.)+", re.IGNORECASE)


def to_excel(formula: str, titles: Mapping[str, str]) -> str:
    """Return a formula as Excel reads it, without `=`.

    >>> to_excel("=SUM(A2:A)+IFS(A1>1,Data!B1)", {"Data": "Data~1"})
    "SUM(A2:A1048576)+_xlfn.IFS(A1>1,'Data~1'!B1)"
    >>> to_excel('="A2:A, Data!B1"', {"Data": "Data~1"})
    '"A2:A, Data!B1"'
    """

    def part(match: re.Match[str]) -> str:
        if match["sheet"]:
            given = match["sheet"]
            title = given[1:-1].replace("''", "'") if given.startswith("'") else given
            return f"{a1.title(titles[title])}!" if titles.get(title, title) != title else match[0]
        if match["open"]:
            return closed(match["open"])
        name = (match["name"] or "").upper()
        if name in _HIDDEN:
            return _HIDDEN[name]
        return f"_xlfn.{match[0]}" if name in _NEWER else match[0]

    return _PARTS.sub(part, formula.removeprefix("="))


def closed(address: str) -> str:
    """Close a range that is open below.

    >>> closed("$A$2:$A"), closed("A2:B3")
    ('$A$2:$A$1048576', 'A2:B3')
    """
    if address[-1].isdigit():
        return address
    dollar = "$" if "$" in address.partition(":")[0][1:] else ""
    return f"{address}{dollar}{_LAST_ROW}"


def from_excel(formula: str) -> str:
    """Return a formula as Google reads it.

    >>> from_excel("_xlfn._xlws.FILTER(A1:A1048576,1)")
    '=FILTER(A1:A1048576,1)'
    """
    return "=" + _PREFIX.sub("", formula.removeprefix("="))
