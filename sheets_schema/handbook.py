"""The workbook's handbook: every sheet and every column, printed from the tables themselves.

`python -m sheets_schema.handbook` writes it into README.md beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sheets_schema.language import Field, Table
from sheets_schema.workbook import tables

__all__ = ["README", "handbook"]

README: Final = Path(__file__).with_name("README.md")
OPENING: Final = """\
# The sheets of the workbook

What each sheet holds and why each of its columns exists. This page is printed from the table files
by `python -m sheets_schema.handbook`; a test compares.

In a sheet the first row names the columns, by the names below or by their labels in English,
简体中文 or 繁體中文, in any order. Columns of your own are kept. Codes are stored, labels are shown.
"""


def handbook(shown: Mapping[str, Table]) -> str:
    """Return the handbook of some tables as Markdown: an overview, then each table's columns.

    Args:
        shown: The tables by name, with or without a team's fields.
    """
    overview = "\n".join(
        f"| [{table.name}](#{table.name}) | {table.label('zh-Hans')} / {table.label('zh-Hant')} "
        f"| {_cell(table.description)} |"
        for table in shown.values()
    )
    chapters = "\n".join(_chapter(table) for table in shown.values())
    return f"{OPENING}\n| sheet | | holds |\n| --- | --- | --- |\n{overview}\n\n{chapters}"


def _chapter(table: Table) -> str:
    """Return one table's heading and columns."""
    columns = "\n".join(_line(field) for field in table.fields)
    return (
        f"## {table.name}\n\n{table.description}\n\n"
        f"| column | holds | label | why it exists |\n| --- | --- | --- | --- |\n{columns}\n"
    )


def _line(field: Field) -> str:
    """Return the line of one column."""
    label = " / ".join(field.label(language) for language in ("en", "zh-Hans", "zh-Hant"))
    return f"| {field.name} | {_cell(_holds(field))} | {_cell(label)} | {_cell(field.description)} |"


def _holds(field: Field) -> str:
    """Return what a column may hold, in a few words."""
    parts = [" ".join(field.enum) if field.enum else field.type]
    if field.foreign:
        parts = [f"id of {field.foreign}"]
    if field.minimum is not None or field.maximum is not None:
        parts.append(f"{_limit(field.minimum)}–{_limit(field.maximum)}")
    flags = ("required", "unique", "computed", "personal")
    return ", ".join([*parts, *(flag for flag in flags if getattr(field, flag))])


def _limit(limit: object) -> str:
    """Return a limit, or nothing where there is none."""
    return "" if limit is None else str(limit)


def _cell(text: str) -> str:
    """Return text that stays inside its cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    README.write_text(handbook(tables()), encoding="utf-8")
