"""The home page put together."""

from __future__ import annotations

from html import escape

import ipywidgets as ipw

from sheets_schema.desk_rules.kpis import BOARD_TABLES
from widgets.desk import Desk
from widgets.home import activity, mine
from widgets.home.behind import rows_behind
from widgets.home.tiles import all_tiles, board_of
from widgets.parts import board, card, column, link, listing, markup, tiles_html
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
        self.lists = {name: markup("") for name in (*PARTS, "activity")}
        self.behind_title, self.behind = markup(""), markup("")
        self.behind_card = card("", [self.behind_title, self.behind], tone="amber")
        mine_card = card(
            desk.say("home.needs_me"),
            [part for name in PARTS for part in (self._heading(name), self.lists[name])],
        )
        activity_card = card(desk.say("home.activity"), [self.lists["activity"]])
        self.widget = column(self.tiles, self.behind_card, board(mine_card, activity_card))
        self.refresh()
        desk.on_refresh(self.refresh)
        desk.on_query(self.show_behind)

    def refresh(self) -> None:
        """Read the snapshot again."""
        desk, lists = self.desk, self.lists
        self.kpis = board_of(desk)
        self.tiles.value = tiles_html(all_tiles(desk, self.kpis))
        for name, lines in {
            "tickets": mine.my_tickets(desk),
            "actions": mine.my_actions(desk),
            "approvals": mine.approvals(desk),
            "acceptances": mine.acceptances(desk),
            "activity": activity.newest(desk),
        }.items():
            lists[name].value = listing(lines, desk.say("home.nothing"))
        self.show_behind()

    def show_behind(self) -> None:
        """Show the rows behind the figure that the address bar names, if it names one."""
        found = rows_behind(self.desk, self.kpis, self.desk.query.get("show", ""))
        self.behind_card.layout.display = "none" if found is None else None
        if found is not None:
            title, lines = found
            close = link(self.desk.href("home"), self.desk.say("common.close"))
            self.behind_title.value = f'<h2 class="op-heading">{escape(title)}</h2>{close}'
            self.behind.value = listing(lines, self.desk.say("home.nothing"))

    def _heading(self, name: str) -> ipw.HTML:
        """Return the small heading of one list."""
        return markup(f'<h3 class="op-subheading">{escape(self.desk.say(f"home.my_{name}"))}</h3>')
