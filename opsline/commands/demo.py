"""Lay out a workbook and fill it with the demo: a made-up company's year."""

from __future__ import annotations

import argparse
import os
import time

from sheets_schema.words import LANGUAGES, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_true", help="about a tenth of the rows")
    size.add_argument(
        "--rules", action="store_true", help="no made-up work: only statuses, calendar, promises, levels"
    )
    size.add_argument("--factor", type=float, default=1.0, help="so many times the rows (1)")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of names and texts (en)")
    parser.add_argument("--seed", type=int, default=7, help="another seed, another year (7)")
    parser.add_argument("--to", help="a file or an address; your own workbook where left out")


def run(arguments: argparse.Namespace) -> int:
    """Fill an empty workbook; one that has rows is left as it is and the status is 1."""
    from tqdm import tqdm

    from opsline.demo.fill import fill, filled_from, only_rules
    from sheets_schema.book.open import reach

    language, begun = arguments.language, time.monotonic()
    frames = filled_from(
        0.1 if arguments.small or arguments.rules else arguments.factor, arguments.seed, language
    )
    if arguments.rules:
        frames = only_rules(frames)
    book = reach(arguments.to, person=os.environ.get("OPSLINE_PERSON"), make=True)
    total = sum(len(frame) for frame in frames.values())
    with tqdm(total=total, unit=" rows", desc=say("imports.demo.filling", language), leave=False) as bar:
        rows = fill(book, frames, bar.update)
    seconds = f"{time.monotonic() - begun:.1f}"
    print(say("imports.demo.done", language, rows=rows, tables=len(frames), seconds=seconds))
    return 0
