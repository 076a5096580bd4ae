"""Send the changes that wait on this machine, and list those that a person must decide about."""

from __future__ import annotations

import argparse

from sheets_schema.words import LANGUAGES, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("--book", help="the workbook's address; OPSLINE_BOOK, or this machine's own")
    parser.add_argument("--retry", metavar="SAVE", help="write it over what others have written since")
    parser.add_argument("--discard", metavar="SAVE", help="let what stands in the spreadsheet hold")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said (en)")


def run(arguments: argparse.Namespace) -> int:
    """Decide about a change where one is named, send what waits, and say what is left."""
    from sheets_schema.book import open_book

    book, language = open_book(arguments.book), arguments.language
    book.load()
    if arguments.retry:
        book.outbox.retry(arguments.retry, mine=True)
    if arguments.discard:
        book.outbox.discard(arguments.discard)
    stood_in_the_way = book.outbox.send()
    left = book.outbox.waiting()
    for each in left:
        reason = each.error or stood_in_the_way
        rows = ", ".join(dict.fromkeys(id_ for _, id_ in each.rows))
        about = {"save": each.save, "who": each.who or "—", "rows": rows or "—"}
        moment = each.now.tz_convert(book.time_zone)
        print(say("outbox.line", language, moment=f"{moment:%Y-%m-%d %H:%M}", **about))
        if reason is not None:
            print(f"  {reason.text(language)}")
    if not left:
        print(say("outbox.empty", language))
    return 1 if left else 0
