"""OpenDocument spreadsheets: values, dates, formulas' values, notes, widths, merges, what is hidden."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from local_sheets.copies import BookCopy, PageCopy
from local_sheets.errors import Json
from local_sheets.mime import OPEN_DOCUMENT
from local_sheets.store import Row
from local_sheets.store.row import FORMAT, FORMULA, NOTE, Value
from local_sheets.values import cells
from local_sheets.values.locales import Locale
from local_sheets.values.patterns import pattern_of
from local_sheets.values.serial import moment
from local_sheets.xlsx.looks import kind
from local_sheets.xlsx.places import within

_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = ("office", "table", "text", "style")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content office:version="1.3"'
    + "".join(f' xmlns:{name}="{_SPACE}:{name}:1.0"' for name in _NAMES)
    + f' xmlns:fo="{_SPACE}:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
)
_MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="{_SPACE}:manifest:1.0"'
    f' manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{OPEN_DOCUMENT}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACES = re.compile("^ +| {2,}| +$|\t", re.MULTILINE)
_INCHES_A_PIXEL = 1 / 96
_DEFAULT_WIDTH = 100
_LAST_DAY = 2_958_466


def write(copy: BookCopy) -> bytes:
    """Return the file; call it in any thread."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("mimetype"), OPEN_DOCUMENT)
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
        with packed.open("content.xml", "w") as content:
            for text in _content(copy):
                content.write(text.encode())
    return result.getvalue()


def _content(copy: BookCopy) -> Iterator[str]:
    """Yield the XML of the sheets."""
    widths = sorted({_width(kept) for page in copy.pages for kept in page.about.get("columns", {}).values()})
    yield _HEAD + "<office:automatic-styles>"
    for pixels in {*widths, _DEFAULT_WIDTH}:
        inches = f"{pixels * _INCHES_A_PIXEL:.4f}in"
        yield f'<style:style style:name="w{pixels}" style:family="table-column">'
        yield f'<style:table-column-properties style:column-width="{inches}"/></style:style>'
    for hidden in (True, False):
        name = "hidden" if hidden else "shown"
        yield f'<style:style style:name="{name}" style:family="table">'
        yield f'<style:table-properties table:display="{str(not hidden).lower()}"/></style:style>'
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for page in copy.pages:
        yield from _page(copy, page)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _width(kept: Json) -> int:
    """Return a column's width in pixels."""
    return int(kept.get("pixelSize", _DEFAULT_WIDTH))


def _page(copy: BookCopy, page: PageCopy) -> Iterator[str]:
    """Yield the XML of a sheet."""
    look = "hidden" if page.about["properties"].get("hidden") else "shown"
    yield f'<table:table table:name={quoteattr(_plain(page.title))} table:style-name="{look}">'
    rows = list(page.rows())
    width = max((row.width() for row in rows), default=0)
    sizes = page.about.get("columns", {})
    for column in range(max(width, *(int(name) + 1 for name in sizes), 1)):
        kept = sizes.get(str(column), {})
        hidden = ' table:visibility="collapse"' if kept.get("hiddenByUser") else ""
        yield f'<table:table-column table:style-name="w{_width(kept)}"{hidden}/>'
    merged = _merged(page)
    for index, row in enumerate(rows):
        hidden = ' table:visibility="collapse"' if row.extras.get("p", {}).get("hiddenByUser") else ""
        yield f"<table:table-row{hidden}>"
        for column in range(max(row.width(), 1)):
            yield _cell(copy, row, column, merged.get((index, column), ""))
        yield "</table:table-row>"
    if not rows:
        yield "<table:table-row><table:table-cell/></table:table-row>"
    yield "</table:table>"


def _merged(page: PageCopy) -> dict[tuple[int, int], str]:
    """Return how far merged cells reach, by their first cell."""
    found = {}
    for item in page.about.get("merges", ()):
        box = within(item, page.grid["rowCount"], page.grid["columnCount"])
        rows, columns = box.bottom - box.top, box.right - box.left
        spans = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
        found[box.top, box.left] = spans
    return found


def _cell(copy: BookCopy, row: Row, column: int, spans: str) -> str:
    """Return the XML of a cell."""
    value, note = row.get(column), row.extra(NOTE, column)
    key = row.extra(FORMAT, column)
    look = copy.styles.get(key, {}) if key is not None else {}
    inside = f"<office:annotation>{_paragraphs(str(note))}</office:annotation>" if note else ""
    attributes = spans
    formula = row.extra(FORMULA, column)
    if formula is not None and _is_simple(formula):
        attributes += f" table:formula={quoteattr('of:' + _plain(formula))}"
    if value != "" or not isinstance(value, str):
        attributes += _typed(value, look, copy.words)
        inside += _paragraphs(cells.show(value, look, copy.words))
    return f"<table:table-cell{attributes}>{inside}</table:table-cell>"


def _is_simple(formula: str) -> bool:
    """Say whether a formula needs no other cell; OpenDocument writes those otherwise: they keep values."""
    return not re.search(r"[A-Za-z]", re.sub(r'"[^"]*"', "", formula))


def _typed(value: Value, look: Json, words: Locale) -> str:
    """Return what a value is, as attributes."""
    if isinstance(value, bool):
        return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    if isinstance(value, str):
        return ' office:value-type="string"'
    number_format = look.get("numberFormat") or {}
    shown = kind(pattern_of(number_format, words)) if number_format else "NUMBER"
    if shown in ("DATE", "DATE_TIME") and 0 <= value < _LAST_DAY:
        day = moment(value)
        text = f"{day:%Y-%m-%d}" if value == int(value) else day.isoformat()
        return f' office:value-type="date" office:date-value="{text}"'
    if shown == "PERCENT":
        return f' office:value-type="percentage" office:value="{value!r}"'
    return f' office:value-type="float" office:value="{value!r}"'


def _plain(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _CONTROLS.sub("", text)


def _paragraphs(text: str) -> str:
    """Return the XML of a text: lines, and spaces that a reader would take for one."""
    lines = escape(_plain(text).replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "".join(f"<text:p>{_SPACES.sub(_spaces, line)}</text:p>" for line in lines)


def _spaces(found: re.Match[str]) -> str:
    """Return the XML of spaces or of a tab."""
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'
