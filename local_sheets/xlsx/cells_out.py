"""The cells of a sheet as Excel's XML, row by row: openpyxl writes no formula together with its value."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from local_sheets import a1
from local_sheets.copies import PageCopy
from local_sheets.errors import BadRequest, Json
from local_sheets.store import Row
from local_sheets.store.row import FORMAT, FORMULA, MORE, NOTE, PROPERTIES, RULE, Value
from local_sheets.xlsx.formulas import from_excel, to_excel
from local_sheets.xlsx.memory import Memory
from local_sheets.xlsx.texts import written

LONGEST = 32_767
SAID = " characters, of which Excel shows these]"
"""How a text ends that was cut."""
_ROWS, _COLUMNS = 1_048_576, 16_384
_POINTS_A_PIXEL = 0.75
_WOULD_COMPUTE = re.compile(r"[=+\-@]")
_ERROR = re.compile(r"#(?:N/A|NAME\?|DIV/0!|VALUE!|REF!|NUM!|NULL!)")


@dataclass(slots=True)
class PageXml:
    """The cells of one sheet, and what the sheet's frame must know of them."""

    page: PageCopy
    style: Callable[[Json, bool], tuple[int, bool]]
    """(format, whether the text must stay text) -> the style's number in the file, and whether it is read
    back as this very format."""
    styles: dict[int, Json]
    titles: dict[str, str]
    memory: Memory
    name: str
    parts: list[str] = field(default_factory=list)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    rules: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    alike: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Where cells have a format that Excel takes for another one."""
    height: int = 0
    width: int = 0
    _names: list[str] = field(default_factory=list)
    _numbers: dict[tuple[int, bool], int] = field(default_factory=dict)

    def write(self) -> bytes:
        """Return the sheetData element.

        Raises:
            BadRequest: The sheet is larger than an Excel file allows.
        """
        for index, row in enumerate(self.page.rows()):
            self._row(index, row)
        if self.height > _ROWS or self.width > _COLUMNS:
            raise BadRequest(
                f"The sheet '{self.page.title}' has {self.height} rows and {self.width} columns; an Excel"
                f" file holds at most {_ROWS} and {_COLUMNS}. Export it as csv or ods."
            )
        return f"<sheetData>{''.join(self.parts)}</sheetData>".encode()

    def _row(self, index: int, row: Row) -> None:
        """Write one row."""
        width = row.width()
        while len(self._names) < width:
            self._names.append(a1.letters(len(self._names)))
        self.width = max(self.width, width)
        number, values, parts = index + 1, row.values, self.parts
        kept = row.extras.get(PROPERTIES, {})
        attributes = ""
        if "pixelSize" in kept:
            attributes += f' ht="{kept["pixelSize"] * _POINTS_A_PIXEL:g}" customHeight="1"'
        if kept.get("hiddenByUser"):
            attributes += ' hidden="1"'
        if not width and not attributes:
            return
        self.height = number
        looks, formulas = row.extras.get(FORMAT) or {}, row.extras.get(FORMULA) or {}
        parts.append(f'<row r="{number}"{attributes}>')
        for column in range(width):
            value = values[column] if column < len(values) else ""
            look = looks.get(str(column)) if looks else None
            formula = formulas.get(str(column)) if formulas else None
            if value == "" and type(value) is str and look is None and formula is None:
                continue
            where = f'r="{self._names[column]}{number}"'
            if formula is not None:
                parts.append(self._formula(where, look, formula, value))
            else:
                parts.append(self._value(where, look, value, (index, column)))
        parts.append("</row>")
        if row.extras:
            self._beside(index, row)

    def _number(self, look: int | None, *, is_text: bool) -> str:
        """Return the style attribute of a cell."""
        if look is None and not is_text:
            return ""
        found = self._numbers.get((look or 0, is_text))
        if found is None:
            found, is_exact = self.style(self.styles.get(look or 0, {}), is_text)
            self._numbers[look or 0, is_text] = found
            if look is not None and not is_exact:
                self.alike.setdefault(look, [])
        return f' s="{found}"'

    def _value(self, where: str, look: int | None, value: Value, place: tuple[int, int]) -> str:
        """Return a cell that is no formula."""
        if isinstance(value, bool):
            return f'<c {where}{self._number(look, is_text=False)} t="b"><v>{value:d}</v></c>'
        if not isinstance(value, str):
            return f"<c {where}{self._number(look, is_text=False)}><v>{value!r}</v></c>"
        is_text = bool(_WOULD_COMPUTE.match(value))
        style = self._number(look, is_text=is_text)
        if not value:
            return f"<c {where}{style}/>"
        text = self._text(value, place)
        return f'<c {where}{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def _text(self, value: str, place: tuple[int, int]) -> str:
        """Return a text as XML; what Excel cannot hold of it is said in the cell, and remembered."""
        if len(value) <= LONGEST // 2:  # Excel counts what lies beyond 16 bits twice
            return written(value)
        units = value.encode("utf-16-le", "surrogatepass")
        if len(units) <= 2 * LONGEST:
            return written(value)
        said = f" … [{len(value)}{SAID}"
        shown = units[: 2 * (LONGEST - len(said))].decode("utf-16-le", "ignore") + said
        where = f"{self.name}!{a1.letters(place[1])}{place[0] + 1}"
        self.memory.keep("text", [where, shown], value)
        return written(shown)

    def _formula(self, where: str, look: int | None, formula: str, value: Value) -> str:
        """Return a formula with what it came to last."""
        excel = to_excel(formula, self.titles)
        if not self.memory.keep("formula", from_excel(excel), formula):
            self.memory.keep("formula", [from_excel(excel), self.name, where], formula)
        text, style = written(excel), self._number(look, is_text=False)
        if isinstance(value, bool):
            return f'<c {where}{style} t="b"><f>{text}</f><v>{value:d}</v></c>'
        if not isinstance(value, str):
            return f"<c {where}{style}><f>{text}</f><v>{value!r}</v></c>"
        kind = "e" if _ERROR.fullmatch(value) else "str"
        return f'<c {where}{style} t="{kind}"><f>{text}</f><v>{written(value[:LONGEST])}</v></c>'

    def _beside(self, index: int, row: Row) -> None:
        """Note what a row's cells have beside values."""
        for column, note in (row.extras.get(NOTE) or {}).items():
            self.notes[index, int(column)] = note
        for column, rule in (row.extras.get(RULE) or {}).items():
            self.rules.setdefault(rule, []).append((index, int(column)))
        for column, more in (row.extras.get(MORE) or {}).items():
            where = f"{self.name}!{a1.letters(int(column))}{index + 1}"
            self.memory.keep("more", [where, row.get(int(column))], more)
            if more.get("hyperlink"):
                self.links[index, int(column)] = more["hyperlink"]
        for column, look in (row.extras.get(FORMAT) or {}).items():
            if look in self.alike:
                self.alike[look].append((index, int(column)))
            link = (self.styles.get(look, {}).get("textFormat") or {}).get("link") or {}
            if link.get("uri"):
                self.links[index, int(column)] = link["uri"]
