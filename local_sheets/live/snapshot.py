"""What a live page is told of a spreadsheet: its list of sheets, one sheet whole, rows."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from local_sheets import rights
from local_sheets.errors import Json
from local_sheets.formulas.recalculation import available
from local_sheets.rights import Person
from local_sheets.row_links import Links, link_of
from local_sheets.store import Book, Lines, Sheet
from local_sheets.store.row import dumps

ROWS_A_MESSAGE = 2000
_ASKED_AT_ONCE = 500

RawRow = tuple[int, int, str, str | None]
"""Index, key, JSON of values, JSON of extras."""


def book_message(book: Book, who: Person) -> Json:
    """Return what a page has to know of the whole spreadsheet."""
    return {
        "type": "book",
        "id": book.id,
        "title": book.title,
        "locale": book.locale,
        "timeZone": book.properties.get("timeZone", "Etc/GMT"),
        "version": book.version,
        "role": rights.role_of(book, who),
        "who": who.name,
        "formulas": available(),
        "sheets": [_sheet(sheet) for sheet in book.sheets],
    }


def _sheet(sheet: Sheet) -> Json:
    """Return a sheet's entry in the list of sheets."""
    colour = sheet.properties.get("tabColor")
    return {
        "gid": sheet.id,
        "title": sheet.title,
        "rows": sheet.rows,
        "columns": sheet.columns,
        "frozenRows": sheet.grid.get("frozenRowCount", 0),
        "frozenColumns": sheet.grid.get("frozenColumnCount", 0),
        "hidden": bool(sheet.properties.get("hidden")),
        "tabColor": _hex(colour) if colour else None,
        "used": len(sheet.loaded) if sheet.loaded is not None else None,
    }


def _hex(colour: Json) -> str:
    """Return a colour as #rrggbb."""
    return "#" + "".join(f"{round(colour.get(part, 0) * 255):02x}" for part in ("red", "green", "blue"))


def about(book: Book, sheet: Sheet, who: Person, links: Links) -> Json:
    """Return what a sheet has beside its rows, as this person may see and edit it."""
    columns: Mapping[str, Json] = sheet.about.get("columns", {})
    kept, link = sheet.about, link_of(sheet, links)
    return {
        "rows": sheet.rows,
        "columns": sheet.columns,
        "frozenRows": sheet.grid.get("frozenRowCount", 0),
        "frozenColumns": sheet.grid.get("frozenColumnCount", 0),
        "hidden": bool(sheet.properties.get("hidden")),
        "columnWidths": {c: look["pixelSize"] for c, look in columns.items() if "pixelSize" in look},
        "hiddenColumns": [int(c) for c, look in columns.items() if look.get("hiddenByUser")],
        "merges": kept.get("merges", []),
        "conditionalFormats": kept.get("conditionalFormats", []),
        "basicFilter": kept.get("basicFilter"),
        "bandedRanges": kept.get("bandedRanges", []),
        "protectedRanges": [_protected(book, item, who) for item in kept.get("protectedRanges", ())],
        "link": asdict(link) if link is not None else None,
    }


def _protected(book: Book, item: Json, who: Person) -> Json:
    """Return a protected range, and whether this person may edit in it."""
    return {
        "protectedRangeId": item.get("protectedRangeId", 0),
        "range": item.get("range", {}),
        "description": item.get("description", ""),
        "warningOnly": bool(item.get("warningOnly")),
        "editable": rights.may_edit_protected(book, who, item),
    }


def whole_sheet(book: Book, sheet: Sheet, who: Person, links: Links) -> tuple[list[str], set[str]]:
    """Return the messages that hold a whole sheet, and the extras (JSON) that its rows have."""
    raw = sheet.lines.raw(0, len(sheet.lines))
    head: Json = {
        "type": "sheet",
        "gid": sheet.id,
        "version": book.version,
        "total": len(raw),
        "about": about(book, sheet, who, links),
    }
    messages = [dumps(head)]
    for start in range(0, max(len(raw), 1), ROWS_A_MESSAGE):
        part = raw[start : start + ROWS_A_MESSAGE]
        rows = ",".join(f"[{key},{values},{extras or 0}]" for key, values, extras in part)
        more = "true" if start + ROWS_A_MESSAGE < len(raw) else "false"
        messages.append(f'{{"type":"rows","gid":{sheet.id},"start":{start},"rows":[{rows}],"more":{more}}}')
    return messages, {extras for _key, _values, extras in raw if extras}


def rows_by_key(lines: Lines, keys: Iterable[int]) -> list[RawRow]:
    """Return those rows of these keys that exist, in their order."""
    wanted, found = list(keys), []
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        part = wanted[start : start + _ASKED_AT_ONCE]
        for key, position, values, extras in lines.by_key(part):
            found.append((bisect_left(lines.positions, position), key, values, extras))
    return sorted(found)


def rows_step(rows: Iterable[RawRow]) -> str:
    """Return rows as a step of a change."""
    texts = (f"[{index},{key},{values},{extras or 0}]" for index, key, values, extras in rows)
    return f'{{"kind":"rows","rows":[{",".join(texts)}]}}'


__all__ = ["about", "book_message", "rows_by_key", "rows_step", "whole_sheet"]
