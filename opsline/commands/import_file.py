"""Import a CSV, XLSX, XLS or ODS file into a table; a dry run first, faults listed by cell."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_schema.words import LANGUAGES, say

if TYPE_CHECKING:
    from opsline.imports.dates import Order
    from opsline.imports.load import Outcome
    from opsline.imports.plan import Plan
    from opsline.imports.recipe import Recipe
    from opsline.imports.source import Source
    from sheets_schema.book import Book
    from sheets_schema.language import Table

REFUSED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked for."""
    parser.add_argument("file", type=Path, help="CSV (plain, .xz, .gz, .zip), XLSX, XLS or ODS")
    parser.add_argument("--table", help="where the rows go; the mapping says it too")
    parser.add_argument("--apply", action="store_true", help="write; without it nothing is changed")
    parser.add_argument("--mapping", type=Path, help="which column is which field, as YAML")
    parser.add_argument("--save-mapping", type=Path, help="write the proposed mapping there")
    parser.add_argument("--sheet", default="", help="the sheet of the file; else the likeliest")
    parser.add_argument("--encoding", help="of a text file; else it is found out")
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_true", help="3/4/2026 is the 3rd of April")
    order.add_argument("--month-first", action="store_true", help="3/4/2026 is March the 4th")
    parser.add_argument("--faults", type=Path, help="where faults are listed (FILE.faults.csv)")
    parser.add_argument("--to", help="the workbook: a file or an address; else your own")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is said (en)")


def run(arguments: argparse.Namespace) -> int:
    """Check a file against its table, and import it with --apply; 1 if a row cannot go in."""
    import pandas as pd
    from tqdm import tqdm

    from opsline.imports.faults import FaultFile
    from opsline.imports.load import load
    from opsline.imports.recipe import save_recipe
    from sheets_schema.book import open_book
    from widgets.desk import ahead_of

    language = arguments.language
    recipe, table_name = _asked(arguments)
    book = open_book(arguments.to, person=os.environ.get("OPSLINE_PERSON"))
    plan = _plan(arguments, book.tables[_known(book, table_name)], recipe)
    _tell(plan, language)
    if arguments.save_mapping:
        save_recipe(arguments.save_mapping, plan.recipe)
        print(say("imports.mapping_saved", language, path=arguments.save_mapping))
    doing = "imports.progress.write" if arguments.apply else "imports.progress.check"
    path = arguments.faults or Path(f"{arguments.file.name}.faults.csv")
    bar = tqdm(total=plan.profile.rows, unit=" rows", desc=say(doing, language), leave=False)
    with FaultFile(path, language) as faults, bar:
        outcome = load(
            book,
            plan,
            apply=arguments.apply,
            who=_who(book),
            now=pd.Timestamp.now("UTC") + ahead_of(book.load()),
            on_fault=faults.add,
            on_rows=bar.update,
        )
    if faults.count:
        print(say("imports.faults", language, count=faults.count, path=path))
        print("\n".join(f"  {sentence}" for sentence in faults.first))
    _report(outcome, language, applied=arguments.apply)
    return REFUSED if outcome.refused else 0


def _asked(arguments: argparse.Namespace) -> tuple[Recipe | None, str]:
    """Return the recipe that was given, if one was, and the table's name; raise BadMapping."""
    from opsline.imports.errors import BadMapping
    from opsline.imports.recipe import load_recipe

    recipe = load_recipe(arguments.mapping) if arguments.mapping else None
    if recipe and arguments.table and recipe.table != arguments.table:
        raise BadMapping("imports.other_table", mapped=recipe.table, table=arguments.table)
    return recipe, arguments.table or (recipe.table if recipe else "tickets")


def _known(book: Book, name: str) -> str:
    """Return a table's name; raise UnknownTable."""
    from sheets_schema.errors import UnknownTable

    if name not in book.tables:
        raise UnknownTable(table=name, tables=", ".join(book.tables))
    return name


def _plan(arguments: argparse.Namespace, table: Table, recipe: Recipe | None) -> Plan:
    """Work out what will be done; ask which comes first, day or month, where only a person knows."""
    from opsline.imports.dates import Order
    from opsline.imports.errors import AmbiguousDates
    from opsline.imports.plan import prepare
    from opsline.imports.source import open_source

    told = Order.DAY_FIRST if arguments.day_first else None
    told = Order.MONTH_FIRST if arguments.month_first else told
    source: Source = open_source(arguments.file, arguments.encoding)
    try:
        return prepare(source, table, recipe, sheet=arguments.sheet, told=told)
    except AmbiguousDates as doubt:
        if not sys.stdin.isatty():
            raise
        told = _ask(doubt.text(arguments.language), arguments.language)
        return prepare(source, table, recipe, sheet=arguments.sheet, told=told)


def _ask(question: str, language: str) -> Order:
    """Ask the person at the keyboard until one of two words is typed."""
    from opsline.imports.dates import Order

    answers = {"day": Order.DAY_FIRST, "month": Order.MONTH_FIRST}
    while True:
        answer = input(say("imports.ask.dates", language, question=question)).strip().lower()
        if answer in answers:
            return answers[answer]


def _tell(plan: Plan, language: str) -> None:
    """Print what will be done with which column."""
    from opsline.imports.dates import Order

    facts = {"file": plan.source.path.name, "sheet": plan.sheet, "table": plan.table.name}
    print(say("imports.plan.file", language, header=plan.place.header, rows=plan.profile.rows, **facts))
    if plan.source.encoding:
        shown = {"\t": "Tab"}.get(plan.source.delimiter, plan.source.delimiter)
        print(say("imports.plan.text", language, encoding=plan.source.encoding, delimiter=shown))
    for each in plan.recipe.columns:
        key = "imports.plan.constant" if each.value else "imports.plan.column"
        column = each.source or each.join
        print(say(key, language, field=each.field, column=column, value=each.value))
    for column, order in plan.orders.items():
        seen = plan.profile.columns[column].evidence
        if order is None:
            continue
        first = order is Order.DAY_FIRST
        agree, against = (seen.days, seen.months) if first else (seen.months, seen.days)
        key = "imports.plan.day_first" if first else "imports.plan.month_first"
        print(say(key, language, column=column, count=agree))
        if against:
            print(say("imports.plan.against", language, column=column, count=against))
    if plan.unused:
        print(say("imports.plan.unused", language, columns=", ".join(plan.unused)))


def _report(outcome: Outcome, language: str, *, applied: bool) -> None:
    """Print what was done, or would be."""
    for table, count in outcome.added.items():
        print(say("imports.added", language, count=count, table=table))
    key = "imports.done" if applied else "imports.dry"
    counts = {"written": outcome.written, "there": outcome.there, "refused": outcome.refused}
    print(say(key, language, **counts))


def _who(book: Book) -> str:
    """Return who imports, for the journal: OPSLINE_PERSON, else the workbook's default person."""
    return book.person or book.load().setting("default_person") or "opsline import"
