"""A spreadsheet as an Excel file.

openpyxl writes everything but the cells, which `cells_out` writes: quicker, and formulas with their values.
"""

import io
import re
import zipfile
from typing import Any

from local_sheets import a1
from local_sheets.copies import BookCopy, PageCopy
from local_sheets.errors import Json
from local_sheets.xlsx import frames, memory
from local_sheets.xlsx.cells_out import PageXml
from local_sheets.xlsx.colours import theme_of
from local_sheets.xlsx.conditions import excel_rule, google_rule
from local_sheets.xlsx.looks import FONT, SIZE, Reader, dress
from local_sheets.xlsx.memory import Memory
from local_sheets.xlsx.package import openpyxl
from local_sheets.xlsx.places import absolute, ordered, reference, squeezed, within
from local_sheets.xlsx.rules import rule_of, validation
from local_sheets.xlsx.texts import coded
from local_sheets.xlsx.titles import short_titles

_CELLS = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_EXTENT = re.compile(rb'<dimension ref="[^"]*"\s*/>')
_LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]\d*([CcRr]\d*)?")


def write(copy: BookCopy) -> bytes:
    """Return the file; call it in any thread.

    Raises:
        BadRequest: openpyxl is not installed, or something is larger than Excel allows.
    """
    return _Writer(copy).write()


class _Writer:
    """Writes one file."""

    def __init__(self, copy: BookCopy) -> None:
        self.copy = copy
        self.theme = theme_of(copy.about["properties"])
        self.book = openpyxl().Workbook()
        _default_font(self.book)
        self.reader = Reader(self.book)
        self.memory = Memory(_free(memory.TITLE, copy))
        self.memory.keep("look", {}, {})
        self.titles = short_titles([page.title for page in copy.pages])
        self.scratch = self.book.active

    def write(self) -> bytes:
        """Return the file."""
        self.book.properties.title = coded(self.copy.title)
        self.book.properties.creator = "Local Sheets"
        pages = [self._page(page) for page in self.copy.pages]
        self.book.remove(self.scratch)
        self._names()
        self._remember()
        rows = self.memory.rows()
        if len(rows) > 1 or self.memory.lists:
            hidden = self.book.create_sheet(self.memory.title)
            hidden.sheet_state = "veryHidden"
            for row in rows:
                hidden.append([coded(text) for text in row])
            for line in hidden.iter_rows():
                for cell in line:
                    cell.data_type = "s" if cell.value else "n"
        if all(page.sheet_state != "visible" for page in self.book.worksheets):
            self.book.worksheets[0].sheet_state = "visible"
        saved = io.BytesIO()
        self.book.save(saved)
        return _with_cells(saved, pages)

    def _page(self, page: PageCopy) -> tuple[bytes, bytes]:
        """Write a sheet's frame; return its cells and their extent."""
        short = self.titles[page.title]
        sheet = self.book.create_sheet(short)
        xml = PageXml(page, self._style, self.copy.styles, self.titles, self.memory, short)
        cells = xml.write()
        frames.write(sheet, page, self.theme)
        for (row, column), note in xml.notes.items():
            sheet.cell(row + 1, column + 1).comment = openpyxl(".comments").Comment(coded(note), "")
        for (row, column), link in xml.links.items():
            self._link(sheet, row, column, link)
        for number, places in xml.rules.items():
            self._rule(sheet, self.copy.styles[number], squeezed(places))
        for number, places in xml.alike.items():
            self._alike(self.copy.styles[number], squeezed(places), short)
        for rule in page.about.get("conditionalFormats", ()):
            self._condition(sheet, page, rule)
        last = f"{a1.letters(max(xml.width, 1) - 1)}{max(xml.height, 1)}"
        return cells, f'<dimension ref="A1:{last}"/>'.encode()

    def _style(self, look: Json, is_text: bool) -> tuple[int, bool]:
        """Return the number of a format's style in the file, and whether it is read back as it is."""
        cell = self._dressed(look)
        is_exact = self.memory.keep("look", self.reader.look(cell), frames.without_link(look))
        if is_text:
            cell.quotePrefix = True
        return int(cell.style_id), is_exact

    def _dressed(self, look: Json) -> Any:
        """Return a cell with a format."""
        cell = openpyxl(".cell").Cell(self.scratch, 1, 1)
        dress(cell, look, self.theme, self.copy.words)
        return cell

    def _alike(self, look: Json, places: str, short: str) -> None:
        """Remember where cells have a format that Excel takes for another one."""
        seen = self.memory.exact("look", self.reader.look(self._dressed(look)))
        exact = {"sheet": short, "places": places, "look": frames.without_link(look), "seen": seen}
        self.memory.keep("look at", [short, places], exact)

    def _rule(self, sheet: Any, rule: Json, places: str) -> None:
        """Add a validation rule to cells."""
        made = validation(rule, places, self.memory, self.copy.words, self.titles)
        sheet.add_data_validation(made)
        nearest = rule_of(made, self.memory)
        if not self.memory.keep("rule", nearest, rule):
            self.memory.keep("rule", [nearest, sheet.title, ordered(places)], rule)

    def _condition(self, sheet: Any, page: PageCopy, rule: Json) -> None:
        """Add a conditional format."""
        rows, columns = page.grid["rowCount"], page.grid["columnCount"]
        boxes = [within(item, rows, columns) for item in rule.get("ranges", ())]
        places = " ".join(reference(box) for box in boxes if not box.empty)
        if not places:
            return
        made = excel_rule(rule, places.partition(":")[0].split(" ")[0], self.theme, self.copy.words)
        sheet.conditional_formatting.add(places, made)
        nearest, exact, place = (
            google_rule(made, self.reader),
            memory.without(rule, "ranges"),
            ordered(places),
        )
        if not self.memory.keep("condition", nearest, exact):
            self.memory.keep("condition", [nearest, sheet.title, place], exact)
        self.memory.keep("ranges", [sheet.title, place], rule["ranges"])

    @staticmethod
    def _link(sheet: Any, row: int, column: int, link: str) -> None:
        """Make a cell a link."""
        place = sheet.cell(row + 1, column + 1, " ")  # without a value openpyxl would leave it out
        target = {"location": link[1:]} if link.startswith("#") else {"target": link}
        place.hyperlink = openpyxl(".worksheet.hyperlink").Hyperlink(ref=place.coordinate, **target)

    def _names(self) -> None:
        """Write the named ranges."""
        by_number = {page.about["properties"].get("sheetId", 0): page for page in self.copy.pages}
        for named in self.copy.about.get("namedRanges", ()):
            page = by_number.get(named.get("range", {}).get("sheetId", 0))
            if page is None:
                continue
            name = named["name"]
            if _LOOKS_LIKE_A_CELL.fullmatch(name):
                name = f"_{name}"
            box = within(named["range"], page.grid["rowCount"], page.grid["columnCount"])
            place = f"{frames.quoted(self.titles[page.title])}!{absolute(box)}"
            self.book.defined_names[name] = openpyxl(".workbook.defined_name").DefinedName(
                name, attr_text=place
            )
            self.memory.keep("name", [name, place], named)

    def _remember(self) -> None:
        """Remember what the spreadsheet and its sheets say of themselves."""
        for page in self.copy.pages:
            short = self.titles[page.title]
            kept = memory.without(page.about, "merges", "conditionalFormats", "columns")
            seen = frames.properties(self.book[short], self.reader)
            self.memory.keep("sheet", short, {"about": kept, "seen": seen})
        lasting = [
            item
            for item in self.copy.about.get("developerMetadata", ())
            if "dimensionRange" not in item.get("location", {})
        ]
        self.memory.keep("book", "properties", memory.without(self.copy.about["properties"], "title"))
        for number, item in enumerate(lasting):
            self.memory.keep("metadata", number, item)


def _default_font(book: Any) -> None:
    """Make Google's font that of plain cells."""
    plain = openpyxl(".styles").Font(name=FONT, sz=SIZE, family=2)
    book._named_styles["Normal"].font = plain  # noqa: SLF001
    book._fonts[0] = plain  # noqa: SLF001
    book._fonts._dict = {plain: 0}  # noqa: SLF001


def _free(title: str, copy: BookCopy) -> str:
    """Return a title that no sheet has."""
    taken = {page.title.casefold() for page in copy.pages}
    names = (title, *(f"{title}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _with_cells(saved: io.BytesIO, pages: list[tuple[bytes, bytes]]) -> bytes:
    """Put the cells into the sheets of a file."""
    result = io.BytesIO()
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in given.namelist():
            content = given.read(name)
            match = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            if match and int(match[1]) <= len(pages):
                cells, extent = pages[int(match[1]) - 1]
                before, after = _CELLS.split(content, maxsplit=1)
                content = _EXTENT.sub(extent, before, count=1) + cells + after
            packed.writestr(name, content)
    return result.getvalue()
