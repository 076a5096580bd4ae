"""One field of a form: label, hint, the control, and what is wrong with it, tied together.

ipywidgets' own controls cannot tell a screen reader which sentence belongs to them, so a field is a
control of ours: a native input, with `aria-describedby` and `aria-invalid`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import anywidget
import traitlets as t

from widgets.assets import loader
from widgets.speech import SPEECH

Kind = Literal["text", "area", "select", "number", "date", "moment", "check", "search"]
WORDS = ("shell.form.required", "shell.form.choose")


class Input(anywidget.AnyWidget):
    """A labelled control.

    Args:
        label: What is asked for; always shown, or only spoken where `quiet`.
        kind: Which control.
        value: Text, as typed; for `select` the code; for `date` "2026-11-23", for `moment`
            "2026-11-23T09:30" (local time); for `check` true or false.
        options: For `select`: (label, code) pairs.
        hint: Why it is asked for; one line under the label.
        error: What is wrong, as a sentence; blank where nothing is.
        required: Marked as such.
        offers_none: For `select`: nothing may be chosen, as long as no option is the blank code.
        suggestions: Words offered while typing (text only).

    `value` changes with each key for a search and after a short rest for other text; `left` counts
    how often the person left the control.
    """

    _esm = loader("input")
    kind = t.Unicode("text").tag(sync=True)
    label = t.Unicode().tag(sync=True)
    value = t.Any("").tag(sync=True)
    options: t.List[list[str]] = t.List().tag(sync=True)
    hint = t.Unicode().tag(sync=True)
    error = t.Unicode().tag(sync=True)
    required = t.Bool(default_value=False).tag(sync=True)
    disabled = t.Bool(default_value=False).tag(sync=True)
    quiet = t.Bool(default_value=False).tag(sync=True)
    offers_none = t.Bool(default_value=True).tag(sync=True)
    suggestions: t.List[str] = t.List().tag(sync=True)
    minimum = t.Any(None, allow_none=True).tag(sync=True)
    maximum = t.Any(None, allow_none=True).tag(sync=True)
    step = t.Unicode("any").tag(sync=True)
    left = t.Int().tag(sync=True)
    words = t.Dict().tag(sync=True)

    def __init__(self, label: str, kind: Kind = "text", value: Any = "", **more: Any) -> None:
        if "options" in more:
            more["options"] = [list(option) for option in more["options"]]
        super().__init__(label=label, kind=kind, value=value, words=SPEECH.words(*WORDS), **more)


def select(label: str, options: Sequence[tuple[str, str]], value: str = "", *, quiet: bool = False) -> Input:
    """Return a choice among (label, code) pairs; for filters over a table."""
    return Input(label, "select", value, options=options, quiet=quiet, offers_none=False)


def search(label: str, value: str = "") -> Input:
    """Return a search field."""
    return Input(label, "search", value)
