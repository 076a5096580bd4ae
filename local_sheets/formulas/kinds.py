"""What functions do with ranges: take one value at a time, take them whole, or give an array back."""

from collections.abc import Callable


def names(text: str) -> frozenset[str]:
    """Return the words of a text.

    >>> sorted(names("SUM MAX"))
    ['MAX', 'SUM']
    """
    return frozenset(text.split())


_EACH = names(
    """ABS ACOS ASIN ATAN ATAN2 CEILING CEILING.MATH CHAR CHOOSE CLEAN CODE COMBIN CONVERT COS DATE
    DATEDIF DATEVALUE DAY DAYS DAYS360 DEC2BIN DEC2HEX DEGREES DOLLAR EDATE ENCODEURL EOMONTH
    EPOCHTODATE ERROR.TYPE EVEN EXACT EXP FACT FIND FIXED FLOOR FLOOR.MATH HEX2DEC HOUR HYPERLINK IF
    IFERROR IFNA IFS INT ISBETWEEN ISBLANK ISDATE ISEMAIL ISERR ISERROR ISEVEN ISLOGICAL ISNA
    ISNONTEXT ISNUMBER ISODD ISOWEEKNUM ISTEXT ISURL LEFT LEN LN LOG LOG10 LOWER MID MINUTE MOD MONTH
    MROUND N NOT ODD POW POWER PROPER QUOTIENT RADIANS RANDBETWEEN REGEXEXTRACT REGEXMATCH
    REGEXREPLACE REPLACE REPT RIGHT ROMAN ROUND ROUNDDOWN ROUNDUP SEARCH SECOND SIGN SIN SQRT
    SUBSTITUTE SWITCH T TAN TEXT TIME TIMEVALUE TO_DATE TO_PURE_NUMBER TO_TEXT TRIM TRUNC TYPE UNICHAR
    UNICODE UPPER VALUE WEEKDAY WEEKNUM YEAR YEARFRAC ADD MINUS MULTIPLY DIVIDE EQ NE GT GTE LT LTE
    UMINUS UPLUS UNARY_PERCENT ROW COLUMN"""
)
"""Functions of single values: a range in their place means one value after the other."""

_SOME: dict[str, Callable[[int], bool]] = {
    "VLOOKUP": lambda place: place != 1,
    "HLOOKUP": lambda place: place != 1,
    "XLOOKUP": lambda place: place in (0, 3),
    "LOOKUP": lambda place: place == 0,
    "MATCH": lambda place: place != 1,
    "XMATCH": lambda place: place != 1,
    "INDEX": lambda place: place > 0,
    "COUNTIF": lambda place: place == 1,
    "SUMIF": lambda place: place == 1,
    "AVERAGEIF": lambda place: place == 1,
    "COUNTIFS": lambda place: place % 2 == 1,
    "SUMIFS": lambda place: place > 0 and place % 2 == 0,
    "AVERAGEIFS": lambda place: place > 0 and place % 2 == 0,
    "MAXIFS": lambda place: place > 0 and place % 2 == 0,
    "MINIFS": lambda place: place > 0 and place % 2 == 0,
    "LARGE": lambda place: place == 1,
    "SMALL": lambda place: place == 1,
    "RANK": lambda place: place == 0,
    "NETWORKDAYS": lambda place: place < 2,  # noqa: PLR2004 (the third argument is the list of holidays)
    "WORKDAY": lambda place: place < 2,  # noqa: PLR2004
    "SPLIT": lambda place: place > 0,
}
"""Functions of which some arguments are single values, others ranges."""

ARRAYS = names(
    """ARRAY_CONSTRAIN CHOOSECOLS CHOOSEROWS DROP EXPAND FILTER FLATTEN FREQUENCY GROWTH HSTACK LINEST
    LOGEST MMULT RANDARRAY SEQUENCE SORT SORTBY SORTN SPLIT TAKE TEXTSPLIT TOCOL TOROW TRANSPOSE TREND
    UNIQUE VSTACK WRAPCOLS WRAPROWS"""
)
"""Functions whose result is an array, of a size that only the engine knows."""

SPREADING = frozenset({"IF", "IFERROR", "IFNA"})
"""Functions of single values that the engine itself carries out over an array."""

REACHING = frozenset({"INDIRECT", "OFFSET"})
"""Functions that may read any cell."""

OPEN = names(
    """SUM COUNT COUNTA COUNTIF COUNTIFS SUMIF SUMIFS AVERAGE AVERAGEIF AVERAGEIFS MIN MAX MINIFS MAXIFS
    MEDIAN VLOOKUP XLOOKUP MATCH LOOKUP PRODUCT STDEV VAR LARGE SMALL RANK"""
)
"""Functions for which blank cells below the last row make no difference: A:A may stay open."""

BLANK = names("""IF IFS IFERROR IFNA INDEX VLOOKUP HLOOKUP XLOOKUP LOOKUP CHOOSE SWITCH""")
"""Functions that may give a blank cell back, which Google shows as blank and the engine as 0."""

WORDING = names("""CONCAT CONCATENATE JOIN TEXTJOIN LEFT RIGHT MID LEN SUBSTITUTE REGEXMATCH REGEXREPLACE""")
"""Functions that take dates as they are shown."""

VOLATILE = frozenset({"TODAY", "NOW"})
"""Functions whose result changes with the time."""

ELSEWHERE = names(
    """QUERY IMPORTRANGE IMPORTXML IMPORTHTML IMPORTDATA IMPORTFEED GOOGLEFINANCE GOOGLETRANSLATE
    DETECTLANGUAGE IMAGE SPARKLINE GETPIVOTDATA LAMBDA MAP REDUCE SCAN BYROW BYCOL MAKEARRAY SORTN
    CELL AI WRAPROWS WRAPCOLS"""
)
"""Functions of Google's that this server does not compute."""


def single(name: str, place: int) -> bool:
    """Say whether an argument (counted from 0) of a function is one value rather than a range.

    >>> single("LEN", 0), single("VLOOKUP", 0), single("VLOOKUP", 1), single("SUM", 0)
    (True, True, False, False)
    """
    if name in _EACH:
        return True
    some = _SOME.get(name)
    return some is not None and some(place)
