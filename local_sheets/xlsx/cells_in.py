"""The cells of Excel's XML, read row by row: value and formula together."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from local_sheets import a1
from local_sheets.errors import BadRequest
from local_sheets.store.row import Value
from local_sheets.values.serial import serial
from local_sheets.values.typed import tidy
from local_sheets.xlsx.package import openpyxl
from local_sheets.xlsx.texts import decoded

_MOST_ROWS = 1_048_576
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True, slots=True)
class CellIn:
    """One cell: its column, its style's number, what it holds."""

    column: int
    style: int
    value: Value
    formula: str | None = None


@dataclass(frozen=True, slots=True)
class RowIn:
    """One row: its number from 0, its height in points, whether it is hidden, its cells."""

    index: int
    height: float | None
    hidden: bool
    cells: list[CellIn]


def shared_texts(content: bytes) -> list[str]:
    """Return the texts that cells refer to by number."""
    if not content:
        return []
    return [_text(item) for item in _elements(content, "si")]


def rows(content: bytes, texts: list[str]) -> Iterator[RowIn]:
    """Yield the rows of a sheet.

    Raises:
        BadRequest: The XML is damaged.
    """
    reader = _Cells(texts)
    above = -1
    for row in _elements(content, "row"):
        try:
            index = int(row.get("r") or above + 2) - 1
            height = float(row.get("ht", 0)) if row.get("customHeight") in ("1", "true") else None
            cells = list(reader.cells(row, index))
        except (ValueError, IndexError) as error:
            raise BadRequest(f"The file is damaged: row {above + 2} cannot be read ({error}).") from error
        if not above < index < _MOST_ROWS:
            raise BadRequest(f"The file is damaged: row {index + 1} comes after row {above + 1}.")
        above = index
        yield RowIn(index, height, row.get("hidden") in ("1", "true"), cells)


def _elements(content: bytes, name: str) -> Iterator[Element]:
    """Yield the elements of a name, each whole, and forget them."""
    try:
        for _, element in iterparse(BytesIO(content), ("end",)):  # noqa: S314 (Archive refuses entities)
            if element.tag.endswith("}" + name):
                yield element
                element.clear()
    except (ParseError, UnicodeDecodeError) as error:
        raise BadRequest(f"The file is damaged: {error}.") from error


def _text(item: Element) -> str:
    """Return a text, its runs joined, without what only says how it is pronounced."""
    found = ""
    for part in item:
        tag = part.tag.rpartition("}")[2]
        if tag == "t":
            found += part.text or ""
        elif tag == "r":
            found += "".join(run.text or "" for run in part if run.tag.endswith("}t"))
    return decoded(found)


class _Cells:
    """Reads cells; remembers the formulas that are shared."""

    def __init__(self, texts: list[str]) -> None:
        self._shared: dict[str, Any] = {}
        self._kinds: dict[str, Callable[[str], Value]] = {
            "n": lambda text: int(text) if text.lstrip("-").isdigit() else tidy(float(text)),
            "s": lambda text: texts[int(text)],
            "b": lambda text: text.strip() in ("1", "true"),
            "d": lambda text: serial(datetime.fromisoformat(text).replace(tzinfo=None)),
        }

    def cells(self, row: Element, index: int) -> Iterator[CellIn]:
        """Yield the cells of a row."""
        column = -1
        for cell in row:
            match = _ADDRESS.match(cell.get("r", ""))
            column = a1.number(match[1]) if match else column + 1
            found = {part.tag.rpartition("}")[2]: part for part in cell}
            formula = self._formula(found["f"], column, index) if "f" in found else None
            value = self._value(cell.get("t", "n"), found)
            style = int(cell.get("s", 0))
            is_blank = isinstance(value, str) and not value
            if not is_blank or formula is not None or style:
                yield CellIn(column, style, value, formula)

    def _value(self, kind: str, found: dict[str, Element]) -> Value:
        """Return what a cell shows."""
        if kind == "inlineStr":
            return _text(found["is"]) if "is" in found else ""
        text = found["v"].text if "v" in found else None
        if text is None:
            return ""
        return self._kinds.get(kind, decoded)(text)

    def _formula(self, given: Element, column: int, index: int) -> str | None:
        """Return a cell's formula without `=`; one that is shared is moved to where the cell is."""
        text, kind = decoded(str(given.text or "")), given.get("t")
        place = f"{a1.letters(column)}{index + 1}"
        if kind == "shared":
            number = given.get("si", "")
            if text:
                self._shared[number] = openpyxl(".formula.translate").Translator(f"={text}", place)
            elif number in self._shared:
                return str(self._shared[number].translate_formula(place)).removeprefix("=")
        return None if kind == "dataTable" or not text else text
