"""What of a view is written into its page, and what cannot be shown without Voila's whole front end."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from opsline.server.views.view import View
    from opsline.server.views.wire import Message

WIDGET: Final = "application/vnd.jupyter.widget-view+json"
MODULES: Final = frozenset({"@jupyter-widgets/base", "@jupyter-widgets/controls", "anywidget"})
"""Widgets that view.js knows."""
PICTURES: Final = ("image/png", "image/jpeg")
KINDS: Final = (WIDGET, "text/html", *PICTURES, "text/markdown", "text/plain")
"""Kinds of output that can be shown, the best first."""
RICHER: Final = ("application/vnd.plotly.v1+json", "application/javascript", "text/latex", "image/svg+xml")
"""Kinds that only Voila's front end can draw, and that are better than the others."""
LOADED: Final = re.compile(r"static/opsline/(\w+)\.js")
LIBRARIES: Final = {"chart": "lib/plotly-basic.js", "grid": "lib/tabulator.js"}


def unshowable(view: View) -> str:
    """Return why a view cannot be shown by the light front end; blank where it can."""
    ready = view.ready
    if ready.threads > 1:
        return f"it has started {ready.threads - 1} threads, which a fork would lose"
    if not ready.modules <= MODULES:
        return f"it has widgets of {', '.join(sorted(ready.modules - MODULES))}"
    for cell in view.shown.cells:
        if cell.get("failed"):
            return "a cell has failed"
        for output in cell.get("outputs", ()):
            if kind_of(output["data"]) not in KINDS:
                return f"it shows {', '.join(output['data'])}"
    return ""


def kind_of(data: Message) -> str:
    """Return the kind in which an output is shown; blank where there is none."""
    return next((kind for kind in (WIDGET, *RICHER, *KINDS) if kind in data), "")


def cells_html(cells: list[Message]) -> str:
    """Return the HTML of a page's cells; widgets as the scripts that view.js replaces."""
    return "".join(cell_html(cell, is_first=number == 0) for number, cell in enumerate(cells))


def cell_html(cell: Message, *, is_first: bool) -> str:
    """Return the HTML of one cell."""
    if cell["type"] == "markdown":
        title = " desk-title" if is_first else ""
        return (
            f'<div class="desk-cell jp-RenderedHTMLCommon jp-MarkdownOutput{title}">'
            f"{markdown(cell['source'])}</div>"
        )
    text = f'<pre class="desk-text">{html.escape(cell["text"])}</pre>' if cell["text"] else ""
    outputs = "".join(
        f'<div class="jp-OutputArea-child">{output_html(output["data"])}</div>' for output in cell["outputs"]
    )
    return f'<div class="desk-cell jp-OutputArea">{text}{outputs}</div>'


def output_html(data: Message) -> str:
    """Return the HTML of one output."""
    kind = kind_of(data)
    content: Any = data[kind]
    match kind:
        case "application/vnd.jupyter.widget-view+json":
            return f'<script type="{kind}">{script_text(json.dumps(content))}</script>'
        case "text/html":
            return f'<div class="jp-RenderedHTMLCommon">{"".join(content)}</div>'
        case "text/markdown":
            return f'<div class="jp-RenderedHTMLCommon">{markdown("".join(content))}</div>'
        case "text/plain":
            return f"<pre>{html.escape(''.join(content))}</pre>"
    return f'<img src="data:{kind};base64,{html.escape("".join(content))}" alt="">'


def libraries(state: str) -> list[str]:
    """Return the libraries that a state's widgets draw with.

    >>> libraries("import(`${base}static/opsline/grid.js?v=1`)")
    ['lib/tabulator.js']
    """
    return [LIBRARIES[name] for name in sorted(set(LOADED.findall(state))) if name in LIBRARIES]


def script_text(text: str) -> str:
    """Return JSON as it may stand in a script element."""
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def markdown(source: str) -> str:
    """Return the HTML of a markdown text, as Voila renders it."""
    from nbconvert.filters import markdown2html_mistune  # half a second of imports, on the first page

    return str(markdown2html_mistune(source))
