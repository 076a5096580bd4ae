"""What the book relies on and nobody promises: one list, each with a trial on a scratch sheet.

A guarantee has a name. Its words stand in `words/certify.yaml`: `certify.NAME.title`, `.why` (why the book
needs it) and `.how` (how it is tried). `python -m local_sheets --without NAME` takes it away, so that its
trial can be tried itself. Whoever lets the book rely on something new adds it here.
"""

from sheets_schema.book.guarantees import (
    cells,
    claims,
    drive,
    metadata,
    quota,
    reading,
    refusals,
    rows,
    sheets,
)
from sheets_schema.book.guarantees.guarantee import Guarantee, NotTried, Result, Seen, State
from sheets_schema.book.guarantees.scratch import Scratch

__all__ = ["AFTERWARDS", "GUARANTEES", "Guarantee", "NotTried", "Result", "Scratch", "Seen", "State"]

GUARANTEES: tuple[Guarantee, ...] = (
    Guarantee("atomic-batch", sheets.atomic_batch),
    Guarantee("sheet-number", sheets.sheet_number),
    Guarantee("unique-metadata", claims.unique_metadata),
    Guarantee("metadata-kept", claims.metadata_kept),
    Guarantee("metadata-swept", claims.metadata_swept),
    Guarantee("append-order", rows.append_order),
    Guarantee("append-grows", rows.append_grows),
    Guarantee("append-at-once", rows.append_at_once),
    Guarantee("response", sheets.response),
    Guarantee("copies", sheets.copies),
    Guarantee("text-stays", cells.text_stays),
    Guarantee("kinds", cells.kinds),
    Guarantee("clears", cells.clears),
    Guarantee("dates", cells.dates),
    Guarantee("formulas", cells.formulas),
    Guarantee("read-your-writes", reading.read_your_writes),
    Guarantee("whole-reads", reading.whole_reads),
    Guarantee("range-order", reading.range_order),
    Guarantee("refusal-words", refusals.refusal_words),
    Guarantee("version-rises", drive.version_rises),
    Guarantee("version-rests", drive.version_rests),
    Guarantee("last-editor", drive.last_editor, needed=False),
    Guarantee("metadata-follows", metadata.metadata_follows, needed=False),
)

AFTERWARDS: tuple[Guarantee, ...] = (Guarantee("quota", quota.quota, needed=False),)
"""Tried when the scratch sheets are gone: for a minute nothing is answered after it."""
