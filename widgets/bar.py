"""The frame's own widget: navigation, workbook, freshness, faults, and the switches."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets as t

from widgets.assets import loader, version


class Bar(anywidget.AnyWidget):
    """What stands around every page; drawn in the browser from plain data, all of it as text.

    `pages` is a list of {href, label, current}; `book` {name, href}; `fresh` {text, tone};
    `faults` {summary, items: [{text, href}], more}; `people` and `languages` are (label, code) pairs;
    `work` {text, done, total} while the kernel is busy with something long (`widgets.progress`).
    The person's choices come back as `language`, `person` and `theme`; the browser keeps the last one.
    """

    _esm = loader("bar")
    pages: t.List[dict[str, Any]] = t.List().tag(sync=True)
    heading = t.Unicode().tag(sync=True)
    book = t.Dict().tag(sync=True)
    fresh = t.Dict().tag(sync=True)
    faults = t.Dict().tag(sync=True)
    notice = t.Unicode().tag(sync=True)
    languages: t.List[list[str]] = t.List().tag(sync=True)
    language = t.Unicode("en").tag(sync=True)
    people: t.List[list[str]] = t.List().tag(sync=True)
    person = t.Unicode().tag(sync=True)
    theme = t.Unicode().tag(sync=True)
    words = t.Dict().tag(sync=True)
    work = t.Dict().tag(sync=True)
    served = t.Bool(default_value=False).tag(sync=True)
    assets = t.Unicode(version()).tag(sync=True)
