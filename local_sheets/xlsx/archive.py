"""The zip that an Excel file is, looked at with care: size, entities, which part is which sheet."""

import io
import posixpath
import re
import zipfile
import zlib
from xml.etree.ElementTree import ParseError, fromstring

from local_sheets.errors import BadRequest

LARGEST = 512 * 1024 * 1024
"""So many bytes may be in a file when it is unpacked."""

_CELLS = re.compile(rb"<(?:\w+:)?sheetData[\s>].*</(?:\w+:)?sheetData>", re.DOTALL)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class Archive:
    """An Excel file's parts.

    Raises:
        BadRequest: It is none, is damaged, or unpacks to more than `LARGEST`.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGED as error:
            raise BadRequest("The file is not an Excel workbook (.xlsx), or it is damaged.") from error
        size = sum(part.file_size for part in self._zip.infolist())
        if size > LARGEST:
            raise BadRequest(
                f"The file unpacks to {size // 1024 // 1024} MB; at most {LARGEST // 1024 // 1024} are taken."
            )
        self._names = set(self._zip.namelist())
        if "xl/workbook.xml" not in self._names:
            raise BadRequest("The file is not an Excel workbook (.xlsx): it has no workbook in it.")

    def part(self, name: str) -> bytes:
        """Return a part's content, b"" where it is absent."""
        if name not in self._names:
            return b""
        try:
            content = self._zip.read(name)
        except _DAMAGED as error:
            raise BadRequest(f"The file is damaged: its part {name} cannot be unpacked.") from error
        if b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content[:2000]:
            raise BadRequest(
                f"The file is refused: its part {name} declares entities, which no workbook needs."
            )
        return content

    def sheets(self) -> dict[str, str]:
        """Return the name of the part of each sheet, by the sheet's title in Excel."""
        try:
            targets = {
                link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
                for link in fromstring(self.part("xl/_rels/workbook.xml.rels"))  # noqa: S314 (no entities)
            }
            found = {}
            for item in fromstring(self.part("xl/workbook.xml")).iter():  # noqa: S314
                link = next((value for name, value in item.items() if name.endswith("}id")), None)
                if item.tag.endswith("}sheet") and link in targets:
                    found[item.get("name", "")] = targets[link]
        except ParseError as error:
            raise BadRequest("The file is damaged: its list of sheets cannot be read.") from error
        return found

    def without_cells(self, sheets: set[str]) -> io.BytesIO:
        """Return the file without the cells of its sheets, for openpyxl to read the rest."""
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as packed:
            for name in self._zip.namelist():
                if name == "xl/sharedStrings.xml" or name.startswith(("xl/media/", "xl/embeddings/")):
                    continue
                content = self.part(name)
                if name in sheets:
                    content = _CELLS.sub(b"<sheetData/>", content, count=1)
                elif name == "[Content_Types].xml":
                    content = re.sub(rb'<Override[^>]*"/xl/sharedStrings.xml"[^>]*/>', b"", content)
                packed.writestr(name, content)
        result.seek(0)
        return result
