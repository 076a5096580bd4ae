"""A person who works in the sheet in the instant between our reading and our writing, or after it."""

from collections.abc import Callable

from sheets_schema.book import open_book


def rows_of(book, name="tickets"):
    """Return a sheet's rows by id, formulas as formulas, as plain gspread reads them."""
    values = book.workbook.worksheet(name).get_all_values(value_render_option="FORMULA")
    header = [str(cell) for cell in values[0]]
    rows = [dict(zip(header, row, strict=True)) for row in values[1:] if any(cell != "" for cell in row)]
    assert len({row["id"] for row in rows}) == len(rows), "every row has an id, and one of its own"
    return {row["id"]: row for row in rows}


def between(book, monkeypatch, *works: Callable) -> None:
    """Let another client work before each of the book's next writes, after it has read its rows."""
    write, other, left = book.write, open_book(book.address.removesuffix("/edit")), list(works)

    def disturbed(*args, **rest):
        if left:
            left.pop(0)(other.workbook.worksheet("tickets"))
        return write(*args, **rest)

    monkeypatch.setattr(book, "write", disturbed)


def behind(book, monkeypatch, work: Callable) -> None:
    """Let another client work once, as soon as the book has written, before it has looked again."""
    write, other, left = book.write, open_book(book.address.removesuffix("/edit")), [work]

    def followed(*args, **rest):
        answer = write(*args, **rest)
        if left:
            left.pop()(other.workbook.worksheet("tickets"))
        return answer

    monkeypatch.setattr(book, "write", followed)


def column(sheet, name):
    """Return the number of a column, from 1."""
    return sheet.row_values(1).index(name) + 1


def sort_it(sheet):
    """Sort by subject, falling."""
    sheet.sort((column(sheet, "subject"), "des"), range=f"A2:AZ{sheet.row_count}")


def insert_column(sheet):
    """Put a column before the first."""
    sheet.insert_cols([["remark", "mine"]], 1)
