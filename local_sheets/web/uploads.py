"""Files that are sent in pieces: what each is for, and what has come so far."""

import secrets
from dataclasses import dataclass, field

from local_sheets.errors import Json, NotFound
from local_sheets.fields import Mask

_MOST = 20


@dataclass(slots=True)
class Session:
    """An upload that has begun.

    Args:
        who: The key of the person who began it.
        key: The spreadsheet whose content it will be; None for a new one.
        given: The File resource that came with it.
        kind: The file's MIME type.
        mask: The fields of the answer.
    """

    who: str
    key: str | None
    given: Json
    kind: str
    mask: Mask
    content: bytearray = field(default_factory=bytearray)


class Uploads:
    """The uploads that have begun; the oldest is dropped when there are too many."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def begin(self, session: Session) -> str:
        """Keep a session; return the number that its pieces name."""
        while len(self._sessions) >= _MOST:
            self._sessions.pop(next(iter(self._sessions)))
        number = secrets.token_urlsafe(16)
        self._sessions[number] = session
        return number

    def find(self, number: str, who: str) -> Session:
        """Return a session of a person.

        Raises:
            NotFound: There is none.
        """
        session = self._sessions.get(number)
        if session is None or session.who != who:
            raise NotFound("There is no such upload, or it was ended.")
        return session

    def end(self, number: str) -> None:
        """Forget a session."""
        self._sessions.pop(number, None)
