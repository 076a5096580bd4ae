"""What the tests of the outbox save, and how they look at it."""

from sheets_schema.book import Change


def note(text, now):
    """Return a new row."""
    return Change("ticket_events", {"ticket": "T-1", "at": now, "kind": "note", "by": "E02", "text": text})


def keep(book, now, *changes, who="E02"):
    """Save as a page does."""
    return book.save(changes, who=who, source="page", now=now, keep=True)


def texts(book):
    """Return the notes of the sheet, in its order."""
    return book.load("ticket_events")["ticket_events"]["text"].tolist()


def ticket(book, id_="T-1"):
    """Return a ticket as the sheet has it."""
    return book.load("tickets")["tickets"].set_index("id").loc[id_]
