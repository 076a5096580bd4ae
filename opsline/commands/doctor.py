"""Look for what is wrong in the workbook, cell by cell; put right what is asked for, and nothing else."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.errors import OpslineError
from sheets_schema.words import LANGUAGES, say

if TYPE_CHECKING:
    import pandas as pd

    from sheets_schema.book import Book
    from sheets_schema.book.examine import Examination
    from sheets_schema.book.treat import Treated
    from sheets_schema.doctor import Finding

FOUND: Final = 1
ALL_SURE: Final = "all-sure"
SOURCE: Final = "opsline doctor"


class NoSuchFinding(OpslineError):
    """A fix was asked for that no finding has (facts: id)."""

    key = "doctor.unknown"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("--book", help="the workbook: a file or an address; else yours")
    parser.add_argument("--table", action="append", default=[], help="one table; may be given again")
    fix = parser.add_argument_group("what changes the workbook; without these nothing is changed")
    fix.add_argument("--fix", nargs="+", metavar="ID", help="ids of findings, or all-sure")
    fix.add_argument("--restore", nargs="+", metavar="ID", help="bring rows back from 'quarantine'")
    fix.add_argument("--record", action="store_true", help="keep today's score in 'data_quality'")
    parser.add_argument("--json", action="store_true", help="print findings and scores as JSON")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said (en)")


def run(arguments: argparse.Namespace) -> int:
    """Print what is wrong; 1 if something is, 0 if nothing is."""
    import pandas as pd

    from sheets_schema.book import open_book
    from sheets_schema.book.examine import examine
    from sheets_schema.book.quality import record
    from sheets_schema.book.quarantine import restore
    from sheets_schema.book.treat import treat
    from widgets.desk import ahead_of

    language = arguments.language
    book = open_book(arguments.book, person=os.environ.get("OPSLINE_PERSON"))
    snapshot = book.load()
    who = book.person or snapshot.setting("default_person") or SOURCE
    now = pd.Timestamp.now("UTC") + ahead_of(snapshot)
    if arguments.restore:
        back = restore(book, arguments.restore, who=who, source=SOURCE, now=now)
        print(say("doctor.restored", language, ids=", ".join(back)))
    seen = examine(book, arguments.table)
    treated = None
    if arguments.fix:
        ticked = chosen(seen.findings, arguments.fix)
        treated = treat(book, ticked, who=who, source=SOURCE, now=now, language=language)
        seen = examine(book, arguments.table)
    if arguments.record or treated:
        record(book, seen, who=who, source=SOURCE, now=now)
    if arguments.json:
        print(json.dumps(as_json(book, seen, treated, now, language), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(book, seen, treated, now, language)))
    return FOUND if seen.findings else 0


def chosen(findings: Sequence[Finding], words: Sequence[str]) -> list[Finding]:
    """Return the findings that are to be put right; raise NoSuchFinding."""
    by_id = {finding.id: finding for finding in findings}
    ticked = [each for each in findings if each.confidence == "sure"] if ALL_SURE in words else []
    for word in words:
        if word != ALL_SURE:
            if word not in by_id:
                raise NoSuchFinding(id=word)
            ticked.append(by_id[word])
    return list({finding.id: finding for finding in ticked}.values())


def lines(
    book: Book, seen: Examination, treated: Treated | None, now: pd.Timestamp, language: str
) -> Iterator[str]:
    """Yield what is printed: by sheet, each finding with its fix, then the scores."""
    if treated is not None:
        yield say("doctor.done", language, count=len(treated.done))
        if treated.left:
            yield say("doctor.left", language, count=len(treated.left))
    sheet = ""
    for finding in seen.findings:
        if finding.fault.sheet != sheet:
            sheet = finding.fault.sheet
            yield f"\n{sheet} ({book.tables[sheet].label(language)})"
        trust = say(f"doctor.confidence.{finding.confidence}", language)
        yield f"  {finding.what(language)}"
        yield f"      {finding.id} [{trust}] {finding.fix.message.text(language)}"
    yield ""
    yield summary(seen, language)
    yield from scored(book, seen, now, language)
    if seen.findings and treated is None:
        yield say("doctor.how", language)


def summary(seen: Examination, language: str) -> str:
    """Return how much was found, in one sentence."""
    rows = sum(len(seen.sheets[name].numbers) for name in seen.asked if name in seen.sheets)
    if not seen.findings:
        return say("doctor.clean", language, sheets=len(seen.asked), rows=f"{rows:,}")
    trust = [finding.confidence for finding in seen.findings]
    counts = {name: trust.count(name) for name in ("sure", "likely", "person")}
    sheets = len({finding.fault.sheet for finding in seen.findings})
    return say("doctor.found", language, count=len(trust), sheets=sheets, **counts)


def scored(book: Book, seen: Examination, now: pd.Timestamp, language: str) -> Iterator[str]:
    """Yield the score of each dimension over all sheets that were looked at."""
    from sheets_schema.book.quality import measure
    from sheets_schema.doctor.finding import DIMENSIONS

    found = measure(book, seen, now)
    for name in DIMENSIONS:
        mine = [score for score in found if score.dimension == name]
        dimension = say(f"doctor.dimension.{name}", language)
        if not mine:
            yield say("doctor.not_measured", language, dimension=dimension)
            continue
        passed, checked = sum(each.passed for each in mine), sum(each.checked for each in mine)
        facts = {"passed": f"{passed:,}", "checked": f"{checked:,}", "share": f"{passed / checked:.2%}"}
        yield say("doctor.score", language, dimension=dimension, **facts)


def as_json(
    book: Book, seen: Examination, treated: Treated | None, now: pd.Timestamp, language: str
) -> dict[str, Any]:
    """Return findings and scores for other programs."""
    from dataclasses import asdict

    from sheets_schema.book.quality import measure

    done = {} if treated is None else {"done": [each.id for each in treated.done], "saves": treated.saves}
    return {
        "findings": [
            {
                "id": each.id,
                "sheet": each.fault.sheet,
                "cell": each.fault.cell,
                "row_id": each.row_id,
                "kind": each.kind,
                "dimension": each.dimension,
                "found": each.fault.found if isinstance(each.fault.found, str | int | float | bool) else None,
                "formula": each.formula,
                "what": each.what(language),
                "fix": {"action": each.fix.action, "says": each.fix.message.text(language)},
                "confidence": each.confidence,
            }
            for each in seen.findings
        ],
        "scores": [asdict(score) for score in measure(book, seen, now)],
        **done,
    }
