"""The page's HTML. Everything that a cell, a person or an address supplied is escaped."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from local_sheets import a1
from local_sheets.page.view import MOST_FOUND, WINDOW, Line, Shown, Window
from local_sheets.page.words import LANGUAGES, WORDS, say
from local_sheets.row_links import Found

_LANGUAGE_NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
_CLIENT_WORDS = ("edit", "saved", "added", "choose", "cut", "back")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    language: str
    start: int = 1
    count: int = WINDOW
    find: str = ""
    marked: tuple[int, int] | None = None
    theme: str = ""
    everything: bool = False
    editable: bool = True
    session: bool = False

    def query(self, **parts: object) -> str:
        """Return an address with these parts, keeping language and theme."""
        kept: dict[str, object] = {"lang": self.language}
        if self.theme:
            kept["theme"] = self.theme
        return "?" + urlencode(kept | {name: part for name, part in parts.items() if part != ""})


def page(title: str, tabs: list[tuple[int, str]], window: Window, asked: Asked) -> str:
    """Return the whole page."""
    language = asked.language
    theme = f' data-theme="{escape(asked.theme)}"' if asked.theme in ("light", "dark") else ""
    parts = [
        f'<!doctype html><html lang="{language}"{theme}><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(window.title)} – {escape(title)}</title>",
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="../../static/sheet.css">',
        '<script type="module" src="../../static/sheet.js"></script></head><body>',
        f'<header class="bar"><h1>{escape(title)}</h1>{_views(window, asked)}</header>',
        _tabs(tabs, window, asked),
        f'<main>{tools(window, asked)}<p id="status" role="status" aria-live="polite"></p>',
        f'<p id="problem" role="alert"></p><div class="scroll" id="scroll">{table(window, asked)}</div>',
        pages(window, asked),
        f'<p class="hint">{escape(say("hint" if asked.editable else "readonly", language))}</p>',
        _row_form(window, asked),
        "</main>",
        data("words", {key: WORDS[key][LANGUAGES.index(language)] for key in _CLIENT_WORDS}),
        "</body></html>",
    ]
    return "".join(parts)


def data(name: str, value: object) -> str:
    """Return JSON for the script; `<` is escaped so that no cell can close the element."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def language_links(current: str, address: Callable[[str], str]) -> str:
    """Return the links to the page in the other languages; *address* gives each its own."""
    links = []
    for name, own in _LANGUAGE_NAMES.items():
        mark = ' aria-current="true"' if name == current else ""
        links.append(f'<a href="{escape(address(name))}" lang="{name}" hreflang="{name}"{mark}>{own}</a>')
    label = escape(say("language", current))
    return f'<nav class="languages" aria-label="{label}">{"".join(links)}</nav>'


def leave(language: str) -> str:
    """Return the way out of a session."""
    return (
        f'<form method="post" action="../../leave"><button>{escape(say("leave", language))}</button></form>'
    )


def _views(window: Window, asked: Asked) -> str:
    """Return the link to the live page, the links to the other languages, and the way out of a session."""
    address, word = asked.query(gid=window.sheet), say("live.open", asked.language)
    live = f'<a href="edit{escape(address)}">{escape(word)}</a>'
    links = language_links(asked.language, lambda name: asked.query(gid=window.sheet, lang=name))
    return live + links + (leave(asked.language) if asked.session else "")


def _tabs(tabs: list[tuple[int, str]], window: Window, asked: Asked) -> str:
    """Return the sheets as links."""
    links = []
    for number, name in tabs:
        current = ' aria-current="page"' if number == window.sheet else ""
        links.append(f'<a href="{escape(asked.query(gid=number))}"{current}>{escape(name)}</a>')
    return f'<nav class="tabs" aria-label="{escape(say("sheets", asked.language))}">{"".join(links)}</nav>'


def tools(window: Window, asked: Asked) -> str:
    """Return the search, the way to a row, and the button that adds a row."""
    language = asked.language
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
        for name, value in (("gid", window.sheet), ("lang", language), ("theme", asked.theme))
        if value != ""
    )
    return (
        '<div class="tools">'
        f'<form role="search">{hidden}<label for="find">{escape(say("find", language))}</label>'
        f'<input id="find" name="find" type="search" value="{escape(asked.find)}" autocomplete="off">'
        f"<button>{escape(say('find.go', language))}</button></form>"
        f'<form>{hidden}<label for="from">{escape(say("goto", language))}</label>'
        f'<input id="from" name="from" type="number" inputmode="numeric" min="1"'
        f' max="{max(window.total, 1)}">'
        f"<button>{escape(say('goto.go', language))}</button></form>"
        f'<button type="button" id="add" hidden>{escape(say("add", language))}</button>'
        f'<a class="print" href="{escape(asked.query(gid=window.sheet, count="all"))}">'
        f"{escape(say('print', language))}</a></div>"
    )


def table(window: Window, asked: Asked) -> str:
    """Return the table with its rules as data: the part that is fetched again when something changed."""
    language = asked.language
    letters = "".join(
        f'<th scope="col" class="letter">{a1.letters(column)}</th>' for column in range(window.columns)
    )
    row_word = escape(say("row", language))
    head = (
        f'<tr class="letters"><td class="corner"><span class="sr">{row_word}</span></td>{letters}</tr>'
        + "".join(_line(line, asked, header=True) for line in window.header)
    )
    body = "".join(_line(line, asked, header=False, link=window.link) for line in window.lines)
    caption = escape(say("table", language, title=window.title))
    readonly = "" if asked.editable else ' aria-readonly="true"'
    return (
        f'<table role="grid" id="table" data-gid="{window.sheet}" data-version="{window.version}"'
        f'{readonly} aria-rowcount="{window.total + 1}" aria-colcount="{window.columns + 1}">'
        f'<caption class="sr">{caption}</caption><thead>{head}</thead><tbody>{body}</tbody></table>'
        + data("rules", window.rules)
        + data("labels", window.labels)
    )


def _line(line: Line, asked: Asked, *, header: bool, link: Found | None = None) -> str:
    """Return one row."""
    marked = asked.marked and asked.marked[0] <= line.number < asked.marked[1]
    attributes = f' data-key="{line.key}" aria-rowindex="{line.number + 1}" id="r{line.number}"'
    if marked:
        attributes += ' class="marked" aria-selected="true"'
    cells = "".join(_cell(cell, column, asked, header=header) for column, cell in enumerate(line.cells))
    return f'<tr{attributes}><th scope="row" class="number">{_number(line, asked, link)}</th>{cells}</tr>'


def _number(line: Line, asked: Asked, link: Found | None) -> str:
    """Return a row's number, as a link where the row has a page of its own."""
    named = line.cells[link.column].text if link is not None and link.column < len(line.cells) else ""
    if link is None or not named:
        return str(line.number)
    label = escape(say("live.row", asked.language, id=named))
    return f'<a href="{escape(link.to(named))}" aria-label="{line.number}, {label}">{line.number}</a>'


def _cell(cell: Shown, column: int, asked: Asked, *, header: bool) -> str:
    """Return one cell."""
    classes = [
        name for name, wanted in (("n", cell.number), ("b", cell.bold), ("noted", cell.note)) if wanted
    ]
    attributes = f' data-c="{column}" tabindex="-1"'
    if classes:
        attributes += f' class="{" ".join(classes)}"'
    if cell.edit is not None:
        attributes += f' data-edit="{escape(cell.edit)}"'
    if cell.rule is not None:
        attributes += f' data-rule="{cell.rule}"'
    note = ""
    if cell.note:
        attributes += f' title="{escape(cell.note)}"'
        note = f'<span class="sr">, {escape(say("note", asked.language, text=cell.note))}</span>'
    name = 'th scope="col"' if header else "td"
    return f'<{name}{attributes}><span class="t">{escape(cell.text)}</span>{note}</{name[:2]}>'


def pages(window: Window, asked: Asked) -> str:
    """Return where in the sheet the window lies, and the ways to its neighbours."""
    language = asked.language
    if asked.find:
        count = len(window.lines)
        key = "find.more" if window.more else "find.some" if count else "find.none"
        text = escape(say(key, language, count=MOST_FOUND if window.more else count, text=asked.find))
        stop = escape(say("find.stop", language))
        return f'<p id="pages">{text} <a href="{escape(asked.query(gid=window.sheet))}">{stop}</a></p>'
    if not window.lines:
        word = "" if window.header else escape(say("empty", language))
        return f'<p id="pages">{word}</p>'
    first, last = window.lines[0].number, window.lines[-1].number
    text = escape(say("range", language, first=first, last=last, total=window.total))
    step = asked.count
    targets = [
        ("first", 1, first > len(window.header) + 1),
        ("previous", max(first - step, 1), first > len(window.header) + 1),
        ("next", last + 1, last < window.total),
        ("last", max(window.total - step + 1, 1), last < window.total),
    ]
    links = "".join(
        f'<a href="{escape(asked.query(**{"gid": window.sheet, "from": start}))}">'
        f"{escape(say(key, language))}</a>"
        for key, start, wanted in targets
        if wanted
    )
    label = escape(say("pages", language))
    nav = f'<nav aria-label="{label}">{links}</nav>' if links else ""
    return f'<div id="pages"><p>{text}</p>{nav}</div>'


def _row_form(window: Window, asked: Asked) -> str:
    """Return the dialog that adds a row: one labelled field a column."""
    language, fields = asked.language, []
    for column, label in enumerate(window.labels):
        name = f"new{column}"
        fields.append(
            f'<p><label for="{name}">{escape(label)}</label>'
            f'<span class="field" data-c="{column}" data-label="{escape(label)}">'
            f'<input id="{name}" name="{column}" autocomplete="off"></span>'
            f'<span class="why" id="why{column}"></span></p>'
        )
    title = escape(say("add", language))
    return (
        f'<dialog id="dialog" aria-labelledby="dialog-title"><form id="row-form">'
        f'<h2 id="dialog-title">{title}</h2>{"".join(fields)}'
        f'<p class="buttons"><button>{escape(say("add.save", language))}</button>'
        f'<button type="button" id="cancel">{escape(say("cancel", language))}</button></p></form></dialog>'
    )


def message(text: str, language: str, extra: str = "") -> str:
    """Return a page with one sentence (and *extra*, which is HTML already)."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Local Sheets</title><link rel="stylesheet" href="../../static/sheet.css"></head>'
        f'<body><main class="message"><h1>Local Sheets</h1><p>{escape(text)}</p>{extra}</main></body></html>'
    )


def login(language: str, *, wrong: bool) -> str:
    """Return the page that asks for the token."""
    refusal = f'<p role="alert">{escape(say("token.wrong", language))}</p>' if wrong else ""
    form = (
        f'{refusal}<form method="post"><label for="token">{escape(say("token", language))}</label>'
        '<input id="token" name="token" type="password" autocomplete="current-password" required>'
        f" <button>{escape(say('token.go', language))}</button></form>"
    )
    return message(say("token.why", language), language, form)
