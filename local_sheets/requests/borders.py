"""updateBorders."""

from local_sheets import places
from local_sheets.errors import Json
from local_sheets.store import Book
from local_sheets.store.row import FORMAT
from local_sheets.values import cells


def update_borders(book: Book, request: Json) -> None:
    """Draw or take away the borders around and inside a range."""
    sheet, box = places.grid(book, request["range"])
    for index, row in enumerate(sheet.lines.edits(box.top, box.bottom), box.top):
        for column in range(box.left, box.right):
            sides = {
                "top": "top" if index == box.top else "innerHorizontal",
                "bottom": "bottom" if index == box.bottom - 1 else "innerHorizontal",
                "left": "left" if column == box.left else "innerVertical",
                "right": "right" if column == box.right - 1 else "innerVertical",
            }
            look = dict(cells.format_of(book, row, column))
            borders = dict(look.get("borders") or {})
            for edge, name in sides.items():
                if name in request:
                    borders.pop(edge, None)
                    if request[name].get("style", "NONE") != "NONE":
                        borders[edge] = request[name]
            look.pop("borders", None)
            if borders:
                look["borders"] = borders
            row.put_extra(FORMAT, column, book.styles.key(look))
