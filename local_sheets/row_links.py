"""Where the rows of a sheet have pages of their own, in the program that this server is a part of."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from local_sheets.store import Sheet


@dataclass(frozen=True, slots=True)
class RowLink:
    """The header of the column that names each row's subject, and the address of the subject's page.

    `{}` in the address stands for what the cell of that column holds.
    """

    header: str
    address: str


Links = Mapping[str, RowLink]
"""Links by the sheet's title."""


@dataclass(frozen=True, slots=True)
class Found:
    """A link of a sheet: the column (from 0) that names the subject, the address of its page."""

    column: int
    address: str

    def to(self, text: str) -> str:
        """Return the address for what a cell holds.

        >>> Found(0, "/desk/tickets?id={}").to("T 1")
        '/desk/tickets?id=T%201'
        """
        return self.address.replace("{}", quote(text, safe=""))


def link_of(sheet: Sheet, links: Links) -> Found | None:
    """Return a sheet's link, found by its header wherever that stands; None without one."""
    link = links.get(sheet.title)
    if link is None or not sheet.grid.get("frozenRowCount"):
        return None
    header = sheet.lines.row(sheet.grid["frozenRowCount"] - 1).values
    for column, name in enumerate(header):
        if str(name).strip().casefold() == link.header.casefold():
            return Found(column, link.address)
    return None
