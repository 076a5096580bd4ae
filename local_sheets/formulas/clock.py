"""What time it is in a spreadsheet's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local_sheets.store.book import Book


def now(book: Book) -> datetime:
    """Return the time now in the spreadsheet's zone; UTC when it names none that is known."""
    try:
        zone = ZoneInfo(str(book.properties.get("timeZone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC)
    return datetime.now(zone)
