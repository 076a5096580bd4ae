"""Who else has a spreadsheet open, and where their cursors are. Used in the event loop only."""

from local_sheets.errors import Json
from local_sheets.live.hub import Viewer

_COLOURS = ("#0b57d0", "#b3261e", "#146c2e", "#7b3fa0", "#9a5b00", "#00687a", "#a8005c", "#4a5568")
_PLACE = ("gid", "key", "row", "column")


class People:
    """The pages that are open, by spreadsheet."""

    def __init__(self) -> None:
        self._here: dict[str, dict[Viewer, Json]] = {}

    def enter(self, viewer: Viewer) -> None:
        """Note a page, and tell everybody."""
        here = self._here.setdefault(viewer.book, {})
        taken = {entry["colour"] for entry in here.values()}
        free = [colour for colour in _COLOURS if colour not in taken]
        colour = free[0] if free else _COLOURS[len(here) % len(_COLOURS)]
        here[viewer] = {"session": viewer.public, "name": viewer.who.name, "colour": colour}
        self._tell(viewer.book)

    def move(self, viewer: Viewer, given: Json) -> None:
        """Note where a page's cursor is, and tell the others."""
        entry = self._here.get(viewer.book, {}).get(viewer)
        if entry is None:
            return
        entry.update({name: given[name] for name in _PLACE if isinstance(given.get(name), int)})
        self._tell(viewer.book, but=viewer)

    def leave(self, viewer: Viewer) -> None:
        """Forget a page, and tell the others."""
        here = self._here.get(viewer.book, {})
        here.pop(viewer, None)
        if not here:
            self._here.pop(viewer.book, None)
        self._tell(viewer.book)

    def _tell(self, book: str, but: Viewer | None = None) -> None:
        """Tell every page who else is there."""
        here = self._here.get(book, {})
        for viewer in here:
            if viewer is not but:
                others = [entry for other, entry in here.items() if other is not viewer]
                viewer.tell({"type": "people", "people": others})
