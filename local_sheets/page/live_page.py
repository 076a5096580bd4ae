"""The live page: its grid is built from frontend/, its cells come over the WebSocket."""

from html import escape
from urllib.parse import urlencode

from local_sheets.page import assets
from local_sheets.page.handlers import Page
from local_sheets.page.html import data, language_links, leave
from local_sheets.page.words import LANGUAGES, WORDS, say
from local_sheets.rights import opened
from local_sheets.store import Store
from local_sheets.web import sessions

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
    " font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_CLIENT = ("edit", "problems", "goto.person")


class LivePage(Page):
    """/spreadsheets/d/ID/edit."""

    async def get(self, key: str) -> None:
        """Show the frame of the page; where the grid was not built, lead to the table."""
        if self.get_query_argument("token", ""):
            await super().get(key)
            return

        def title(store: Store) -> str:
            return opened(store, key, self.who).title

        name = await self.desk.store.run(title)
        version = assets.version()
        if version is None:
            query = f"?{self.request.query}" if self.request.query else ""
            self.redirect(f"htmlview{query}")
            return
        self.set_header("Content-Security-Policy", _POLICY)
        out = leave(self.language) if sessions.cookie(self.request) else ""
        self.finish(page(key, name, version, self.language, self.get_query_argument("theme", ""), out))


def page(key: str, title: str, version: str, language: str, theme: str, out: str = "") -> str:
    """Return the page; everything that somebody supplied is escaped.

    Args:
        key: The spreadsheet's id.
        title: Its title.
        version: The version of the built script and style.
        language: One of LANGUAGES.
        theme: "light" or "dark"; anything else leaves it to the browser.
        out: The way out of a session, as HTML.
    """
    shown = theme if theme in ("light", "dark") else ""
    attribute = f' data-theme="{shown}"' if shown else ""
    static = f"../../static/univer/{version}"
    words = {name: texts[LANGUAGES.index(language)] for name, texts in WORDS.items() if _is_client(name)}
    kept = {"lang": language} | ({"theme": shown} if shown else {})
    links = language_links(language, lambda name: "?" + urlencode(kept | {"lang": name}))

    def word(name: str) -> str:
        return escape(say(name, language))

    return (
        f'<!doctype html><html lang="{language}"{attribute}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{static}/live.css">'
        f'<script type="module" src="{static}/live.js"></script></head><body class="live">'
        f'<header class="live-bar"><h1 id="title">{escape(title)}</h1>'
        f'<p id="status" role="status">{word("live.connecting")}</p><p id="role"></p><p id="session"></p>'
        '<p id="notice" role="alert"></p><a id="row-link" hidden></a>'
        '<a id="cell-link" target="_blank" rel="noopener noreferrer" hidden></a>'
        f'<ul id="people" aria-label="{word("live.people")}"></ul>'
        f'<a id="table-view" href="htmlview?{escape(urlencode(kept))}">{word("live.table")}</a>'
        f"{links}{out}</header>"
        f'<main class="live-body"><div id="grid"></div>'
        f'<aside id="problems" aria-labelledby="problems-title" hidden><h2 id="problems-title"></h2>'
        '<ul id="problem-list"></ul></aside></main><div id="tip" role="tooltip" hidden></div>'
        + data("words", words)
        + data("place", {"id": key, "language": language, "theme": shown})
        + "</body></html>"
    )


def _is_client(name: str) -> bool:
    """Say whether the script uses a word."""
    return name in _CLIENT or name.startswith(("live.", "problem."))
