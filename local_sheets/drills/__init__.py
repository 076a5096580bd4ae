"""Guarantees that may be taken away, for drills: `--without NAME`, and the server breaks what NAME promises.

It is for those who build on the API and want to see that they notice. A server that is not asked for it has
the usual handlers, and nothing of this is run.
"""

NAMES = (
    "atomic-batch",
    "sheet-number",
    "unique-metadata",
    "metadata-kept",
    "metadata-swept",
    "metadata-follows",
    "append-order",
    "append-grows",
    "append-at-once",
    "response",
    "copies",
    "text-stays",
    "kinds",
    "clears",
    "dates",
    "formulas",
    "read-your-writes",
    "whole-reads",
    "range-order",
    "refusal-words",
    "version-rises",
    "version-rests",
    "last-editor",
    "quota",
)
