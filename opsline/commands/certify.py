"""Try, on scratch sheets, what the desk relies on and a spreadsheet service does not promise."""

from __future__ import annotations

import argparse
import signal
import unicodedata
from types import FrameType
from typing import TYPE_CHECKING

from sheets_schema.words import LANGUAGES, say

if TYPE_CHECKING:
    from sheets_schema.book.guarantees import Guarantee, Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("address", nargs="?", help="a Google Sheets address, a local server's, or a path")
    parser.add_argument("--quota", action="store_true", help="use up Google's quota for a minute, to see it")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what this command says (en)")


def run(arguments: argparse.Namespace) -> int:
    """Print a table of guarantees; 0 if all that the desk needs hold. The spreadsheet is as it was."""
    from sheets_schema.book.certify import certify
    from sheets_schema.book.guarantees import AFTERWARDS, GUARANTEES, State
    from sheets_schema.book.open import reach

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    language, book = arguments.language, reach(arguments.address)
    print(say("certify.begin", language, address=book.address))
    width = max(_width(_title(each, language)) for each in (*GUARANTEES, *AFTERWARDS))
    results = certify(
        book, quota=arguments.quota, told=lambda result: print(_line(result, width, language), flush=True)
    )
    print()
    for result in results:
        if result.state is not State.HOLDS:
            words = {what: result.guarantee.said(what, language) for what in ("title", "why", "how")}
            print(say("certify.explain", language, **words))
    needed = [result for result in results if result.guarantee.needed]
    bad = sum(not result.is_well for result in needed)
    print(say("certify.unwell" if bad else "certify.well", language, count=len(needed), bad=bad))
    return 1 if bad else 0


def _line(result: Result, width: int, language: str) -> str:
    """Return a row of the table: the guarantee, whether it holds, what was seen."""
    title = _title(result.guarantee, language)
    state = say(f"certify.state.{result.state.value}", language)
    states = max(_width(say(f"certify.state.{each.value}", language)) for each in type(result.state))
    return f"{_padded(title, width)}  {_padded(state, states)}  {result.seen.text(language)}"


def _title(guarantee: Guarantee, language: str) -> str:
    """Return a guarantee's title, with a remark if the desk does without it."""
    title = guarantee.said("title", language)
    return title if guarantee.needed else f"{title} {say('certify.not_needed', language)}"


def _padded(text: str, width: int) -> str:
    """Return a text filled up to a width on the screen."""
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many columns of a screen a text takes: letters of Chinese take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End as by Ctrl-C, so that the scratch sheets are taken away."""
    raise KeyboardInterrupt
