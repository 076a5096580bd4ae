"""The home page put together."""

from __future__ import annotations

import ipywidgets as ipw

from sheets_schema.desk_rules.kpis import BOARD_TABLES
from widgets.desk import Desk
from widgets.home import activity, mine
from widgets.home.tiles import all_tiles
from widgets.parts import board, card, column, listing, markup, tiles_html
from widgets.shell import Opener, page

TABLES = (
    *BOARD_TABLES,
    *("risks", "risk_assessments", "risk_levels", "treatments", "actions", "journal"),
)
PARTS = ("tickets", "actions", "approvals", "acceptances")


def home_page(book: Opener) -> ipw.Widget:
    """Show tiles with trends, what needs me, and the newest activity."""
    return page(book, "home", TABLES, lambda desk: Home(desk).widget)


class Home:
    """The page's content; `refresh` reads everything again from the desk's snapshot."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tiles = markup("", ["op-tiles-box"])
        self.lists = {name: markup("") for name in (*PARTS, "late", "activity")}
        self.late = card(desk.say("home.actions_overdue"), [self.lists["late"]], tone="red")
        mine_card = card(
            desk.say("home.needs_me"),
            [part for name in PARTS for part in (self._heading(name), self.lists[name])],
        )
        self.widget = column(
            self.tiles,
            self.late,
            board(mine_card, card(desk.say("home.activity"), [self.lists["activity"]])),
        )
        self.refresh()
        desk.on_refresh(self.refresh)
        desk.on_query(self.refresh)

    def refresh(self) -> None:
        """Read the snapshot again."""
        desk, lists = self.desk, self.lists
        self.tiles.value = tiles_html(all_tiles(desk))
        for name, lines in {
            "tickets": mine.my_tickets(desk),
            "actions": mine.my_actions(desk),
            "approvals": mine.approvals(desk),
            "acceptances": mine.acceptances(desk),
            "late": mine.late_actions(desk),
            "activity": activity.newest(desk),
        }.items():
            lists[name].value = listing(lines, desk.say("home.nothing"))
        self.late.layout.display = None if desk.query.get("show") == "actions" else "none"

    def _heading(self, name: str) -> ipw.HTML:
        """Return the small heading of one list."""
        return markup(f'<h3 class="op-subheading">{self.desk.say(f"home.my_{name}")}</h3>')
