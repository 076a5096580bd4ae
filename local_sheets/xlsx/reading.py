"""An Excel file as a spreadsheet: read without the store, in any thread."""

from dataclasses import dataclass, field
from typing import Any

from local_sheets import a1
from local_sheets.errors import BadRequest, Json
from local_sheets.store.row import FORMAT, FORMULA, MORE, NOTE, PROPERTIES, RULE, Extras, Value
from local_sheets.xlsx import frames
from local_sheets.xlsx.archive import Archive
from local_sheets.xlsx.cells_in import CellIn, RowIn, rows, shared_texts
from local_sheets.xlsx.cells_out import SAID
from local_sheets.xlsx.conditions import google_rule
from local_sheets.xlsx.formulas import from_excel
from local_sheets.xlsx.looks import Reader
from local_sheets.xlsx.memory import TITLE, Memory, key, remembered
from local_sheets.xlsx.package import openpyxl, quiet
from local_sheets.xlsx.places import boxes, grid, ordered
from local_sheets.xlsx.rules import rule_of
from local_sheets.xlsx.texts import decoded

_DEFAULT_ROWS, _DEFAULT_COLUMNS = 1000, 26
_PIXELS_A_POINT = 4 / 3
_MAC_DAYS = 1462
_MOMENTS = ("DATE", "DATE_TIME")
_FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError)
"""What openpyxl raises for a part that is not as it must be."""


@dataclass(slots=True)
class SheetIn:
    """One sheet: `about` as the store keeps it, its rows; formats and rules by their place in BookIn."""

    about: Json
    rows: list[tuple[list[Value], Extras]] = field(default_factory=list)


@dataclass(slots=True)
class BookIn:
    """One spreadsheet, ready to be put into the store."""

    properties: Json
    sheets: list[SheetIn]
    named: list[Json]
    metadata: list[Json]
    styles: list[Json]
    """The formats and the rules that cells refer to by their place here."""


def read(content: bytes) -> BookIn:
    """Read a file.

    Raises:
        BadRequest: It is no Excel file, is damaged, or is too large.
    """
    archive = Archive(content)
    parts = archive.sheets()
    try:
        with quiet():
            book = openpyxl().load_workbook(archive.without_cells(set(parts.values())))
    except _FAULTS as error:
        raise BadRequest(f"The file is damaged: {type(error).__name__} {error}.") from error
    return _Reading(archive, parts, book).read()


class _Reading:
    """Reads one file."""

    def __init__(self, archive: Archive, parts: dict[str, str], book: Any) -> None:
        self.archive, self.parts, self.book = archive, parts, book
        self.texts = shared_texts(archive.part("xl/sharedStrings.xml"))
        self.pages = [page for page in book.worksheets if page.title in parts]
        if not self.pages:
            raise BadRequest("The file has no sheet with cells.")
        self.memory = self._memory()
        self._kinds = {kind for kind, _ in self.memory.triples}
        self.reader = Reader(book)
        self.styles: list[Json] = []
        self._places: dict[str, int] = {}
        self._looks: dict[int, tuple[int | None, bool]] = {}
        self._mac = str(book.epoch.year) == "1904"

    def _memory(self) -> Memory:
        """Read what Excel has no words for, and take its sheet away."""
        for page in self.pages:
            if page.title.startswith(TITLE) and page.sheet_state != "visible":
                lines: list[list[str]] = []
                for row in self._rows(page):
                    lines += [[]] * (row.index - len(lines))
                    line = [""] * (max((cell.column for cell in row.cells), default=-1) + 1)
                    for cell in row.cells:
                        line[cell.column] = str(cell.value)
                    lines.append(line)
                found = remembered(page.title, lines)
                if found is not None:
                    self.pages.remove(page)
                    return found
        return Memory()

    def _rows(self, page: Any) -> list[RowIn]:
        """Return the rows of a sheet."""
        return list(rows(self.archive.part(self.parts[page.title]), self.texts))

    def read(self) -> BookIn:
        """Return the spreadsheet."""
        taken: set[int] = set()
        numbers = {page.title: self._number(page.title, taken) for page in self.pages}
        sheets = [self._sheet(page, numbers[page.title]) for page in self.pages]
        properties = self.memory.exact("book", "properties")
        return BookIn(
            properties if isinstance(properties, dict) else {},
            sheets,
            self._named(numbers, {page.title: sheet for page, sheet in zip(self.pages, sheets, strict=True)}),
            self.memory.of_kind("metadata"),
            self.styles,
        )

    def _number(self, title: str, taken: set[int]) -> int:
        """Return a sheet's id: the one it had, else its place."""
        kept = self.memory.exact("sheet", title)
        number = kept["about"]["properties"].get("sheetId", 0) if isinstance(kept, dict) else len(taken)
        while number in taken:
            number += 1
        taken.add(number)
        return int(number)

    def _sheet(self, page: Any, number: int) -> SheetIn:
        """Read one sheet."""
        given = self._rows(page)
        notes, links = self._beside(page)
        height = max([row.index + 1 for row in given] + [place[0] + 1 for place in notes], default=0)
        width = max((cell.column + 1 for row in given for cell in row.cells), default=0)
        about = self._about(page, number, height, width)
        size = about["properties"]["gridProperties"]
        made = SheetIn(about)
        made.rows = [([], {}) for _ in range(height)]
        for row in given:
            self._row(made.rows[row.index], row, page.title)
        for (index, column), note in notes.items():
            made.rows[index][1].setdefault(NOTE, {})[str(column)] = note
        for (index, column), link in links.items():
            self._link(made.rows, index, column, link)
        for kept in self.memory.of_kind("look at"):
            if kept["sheet"] == page.title:
                self._look_alike(made, kept)
        self._rules(page, made, size["rowCount"], size["columnCount"])
        about |= self._conditions(page, number, size)
        return made

    def _about(self, page: Any, number: int, height: int, width: int) -> Json:
        """Return what a sheet says of itself: what it was, with what Excel's words now say otherwise."""
        kept, seen = self.memory.exact("sheet", page.title), frames.properties(page, self.reader)
        about: Json = dict(kept["about"]) if isinstance(kept, dict) else {"properties": {"title": page.title}}
        if not isinstance(kept, dict) or kept["seen"] != seen:
            was = about["properties"]
            size = {name: was.get("gridProperties", {}).get(name) for name in ("rowCount", "columnCount")}
            about["properties"] = {"title": was["title"]} | seen
            about["properties"]["gridProperties"] |= {name: count for name, count in size.items() if count}
        properties = about["properties"] | {"sheetId": number, "sheetType": "GRID"}
        size = properties["gridProperties"]
        properties["gridProperties"] = size | {
            "rowCount": max(size.get("rowCount", _DEFAULT_ROWS), height),
            "columnCount": max(size.get("columnCount", _DEFAULT_COLUMNS), width),
        }
        count = properties["gridProperties"]["columnCount"]
        beside = frames.beside(page, number, properties["gridProperties"]["rowCount"], count)
        columns = frames.columns(page, count)
        about = beside | about | {"properties": properties}
        if "merges" in beside:
            about["merges"] = beside["merges"]
        return about | ({"columns": columns} if columns else {})

    def _row(self, made: tuple[list[Value], Extras], row: RowIn, title: str) -> None:
        """Take over one row."""
        values, extras = made
        sizes: Json = {}
        if row.height is not None:
            sizes["pixelSize"] = round(row.height * _PIXELS_A_POINT)
        if row.hidden:
            sizes["hiddenByUser"] = True
        if sizes:
            extras[PROPERTIES] = sizes
        for cell in row.cells:
            column = str(cell.column)
            look, is_day = self._look(cell.style)
            if look is not None:
                extras.setdefault(FORMAT, {})[column] = look
            if cell.formula is not None:
                extras.setdefault(FORMULA, {})[column] = self._formula(cell, row.index, title)
            value = self._value(cell, row.index, title, is_day=is_day)
            if value != "" or not isinstance(value, str):
                values += [""] * (cell.column + 1 - len(values))
                values[cell.column] = value
            if "more" in self._kinds:
                self._more(made, f"{title}!", row.index, cell.column)

    def _value(self, cell: CellIn, index: int, title: str, *, is_day: bool) -> Value:
        """Return what a cell holds: a day counted as Google counts, a text that was cut whole again."""
        value = cell.value
        if isinstance(value, str):
            if not value.endswith(SAID):
                return value
            return self._text(value, f"{title}!{a1.letters(cell.column)}{index + 1}")
        return value + _MAC_DAYS if self._mac and is_day and not isinstance(value, bool) else value

    def _text(self, value: str, where: str) -> str:
        """Return a text whole, if it is as it was cut."""
        nearest = [where, value]
        found = self.memory.exact("text", nearest)
        return value if found is nearest else str(found)

    def _formula(self, cell: CellIn, index: int, title: str) -> str:
        """Return a cell's formula as Google reads it."""
        nearest = from_excel(cell.formula or "")
        if "formula" not in self._kinds:
            return nearest
        here = [nearest, title, f'r="{a1.letters(cell.column)}{index + 1}"']
        found = self.memory.exact("formula", here)
        return str(found if found is not here else self.memory.exact("formula", nearest))

    def _look_alike(self, made: SheetIn, kept: Json) -> None:
        """Give cells the format that Excel took for another one, if they still look so."""
        for box in boxes(kept["places"]):
            made.rows += [([], {}) for _ in range(box.bottom - len(made.rows))]
            for _, extras in made.rows[box.top : box.bottom]:
                looks = extras.setdefault(FORMAT, {})
                for column in map(str, range(box.left, box.right)):
                    now = self.styles[looks[column]] if column in looks else {}
                    link = now.get("textFormat", {}).get("link")
                    if frames.without_link(now) == kept["seen"]:
                        looks[column] = self._place(_linked(kept["look"], link) if link else kept["look"])

    def _more(self, made: tuple[list[Value], Extras], title: str, index: int, column: int) -> None:
        """Give a cell what Excel had no words for, if it still holds what it held."""
        values, extras = made
        value = values[column] if column < len(values) else ""
        nearest = [f"{title}{a1.letters(column)}{index + 1}", value]
        found = self.memory.exact("more", nearest)
        if found is not nearest:
            extras.setdefault(MORE, {})[str(column)] = found

    def _look(self, style: int) -> tuple[int | None, bool]:
        """Return the place of a style's format, None for none, and whether it shows a day."""
        if style not in self._looks:
            nearest = self.reader.numbered(style)
            is_day = nearest.get("numberFormat", {}).get("type") in _MOMENTS
            self._looks[style] = self._place(self.memory.exact("look", nearest)) if nearest else None, is_day
        return self._looks[style]

    def _place(self, item: Json) -> int | None:
        """Return the place of a format or a rule, putting it there if need be; None for {}."""
        if not item:
            return None
        text = key(item)
        if text not in self._places:
            self._places[text] = len(self.styles)
            self.styles.append(item)
        return self._places[text]

    def _beside(self, page: Any) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str]]:
        """Return the notes and the links of a sheet's cells."""
        notes, links = {}, {}
        for line in page.iter_rows():
            for cell in line:
                place = cell.row - 1, cell.column - 1
                if cell.comment is not None:
                    notes[place] = decoded(cell.comment.text)
                link = cell.hyperlink
                if link is not None and (link.target or link.location):
                    links[place] = link.target or f"#{link.location}"
        return notes, links

    def _link(self, made: list[tuple[list[Value], Extras]], index: int, column: int, link: str) -> None:
        """Make a cell's format a link."""
        if index >= len(made) or str(column) in made[index][1].get(MORE, {}):
            return
        looks = made[index][1].setdefault(FORMAT, {})
        look = self.styles[looks[str(column)]] if str(column) in looks else {}
        looks[str(column)] = self._place(_linked(look, {"uri": link}))

    def _rules(self, page: Any, made: SheetIn, height: int, width: int) -> None:
        """Give the cells of a sheet their validation rules."""
        for given in page.data_validations.dataValidation:
            nearest = rule_of(given, self.memory)
            if nearest is None:
                continue
            here = [nearest, page.title, ordered(str(given.sqref))]
            found = self.memory.exact("rule", here)
            place = self._place(found if found is not here else self.memory.exact("rule", nearest))
            for box in boxes(str(given.sqref)):
                bottom, right = min(box.bottom, height), min(box.right, width)
                made.rows += [([], {}) for _ in range(bottom - len(made.rows))]
                for index in range(box.top, bottom):
                    kept = made.rows[index][1].setdefault(RULE, {})
                    kept.update({str(column): place for column in range(box.left, right)})

    def _conditions(self, page: Any, number: int, size: Json) -> Json:
        """Return the conditional formats of a sheet."""
        found = []
        for places in page.conditional_formatting:
            text = ordered(str(places.sqref))
            ranges = [grid(box, size["rowCount"], size["columnCount"], number) for box in boxes(text)]
            kept = self.memory.exact("ranges", [page.title, text])
            if isinstance(kept[0], dict):
                ranges = kept
            for given in places.rules:
                rule = google_rule(given, self.reader)
                if rule is not None:
                    here = [rule, page.title, text]
                    exact = self.memory.exact("condition", here)
                    exact = exact if exact is not here else self.memory.exact("condition", rule)
                    found.append((given.priority, {"ranges": [dict(item) for item in ranges]} | exact))
        found.sort(key=lambda item: item[0])
        return {"conditionalFormats": [rule for _, rule in found]} if found else {}

    def _named(self, numbers: dict[str, int], sheets: dict[str, SheetIn]) -> list[Json]:
        """Return the named ranges that name one rectangle."""
        found = []
        for place, (name, given) in enumerate(self.book.defined_names.items()):
            title, _, address = str(given.attr_text).rpartition("!")
            title = title[1:-1].replace("''", "'") if title.startswith("'") else title
            box = next(boxes(address), None)
            if title not in numbers or box is None or given.hidden:
                continue
            size = sheets[title].about["properties"]["gridProperties"]
            range_ = grid(box, size["rowCount"], size["columnCount"], numbers[title])
            nearest = {"namedRangeId": str(place + 1), "name": name, "range": range_}
            kept = self.memory.exact("name", [name, str(given.attr_text)])
            found.append(kept if isinstance(kept, dict) else nearest)
        return found


def _linked(look: Json, link: Json) -> Json:
    """Return a format with a link."""
    return look | {"textFormat": look.get("textFormat", {}) | {"link": link}}
