"""What SQLite complains of, said in a sentence."""

import sqlite3

ADVICE = "Put a backup in its place."
_SENTENCES = {
    "SQLITE_FULL": "The disk is full",
    "SQLITE_READONLY": "{what} is read-only",
    "SQLITE_NOTADB": "{what} is not a workbook, or its beginning was damaged",
    "SQLITE_CORRUPT": "{what} is damaged ({reason})",
    "SQLITE_CANTOPEN": "{what} or a file beside it cannot be opened: does the folder allow writing?",
    "SQLITE_IOERR": "The disk, which may be full or failing, refuses {what} ({reason})",
    "SQLITE_BUSY": "{what} is locked by another program",
    "SQLITE_TOOBIG": "{what} cannot take a row that large",
}
_OTHER = "{what} cannot be used: {reason}"


def sentence(what: str, error: sqlite3.Error) -> str:
    """Return what is wrong, without a full stop.

    Args:
        what: The file, as the reader may know it.
        error: What SQLite raised.

    >>> sentence("the workbook file", sqlite3.OperationalError("odd"))
    'The workbook file cannot be used: odd'
    """
    name = getattr(error, "sqlite_errorname", "")
    text = next((text for kind, text in _SENTENCES.items() if name.startswith(kind)), _OTHER)
    if "decode" in str(error):  # Python's own complaint of a text that is no UTF-8
        text = _SENTENCES["SQLITE_CORRUPT"]
    worded = text.format(what=what, reason=error)
    return worded[0].upper() + worded[1:]


def is_damage(error: sqlite3.Error) -> bool:
    """Say whether a backup is what helps."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "decode" in str(error)
