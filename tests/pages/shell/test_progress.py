"""What takes long says that it is being done, and how far it is."""

import pytest

from widgets import progress as module
from widgets.desk import Desk
from widgets.progress import progress
from widgets.shell import Shell


class Failed(Exception):
    """What goes wrong half-way."""


@pytest.fixture
def shell(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A page whose messages are not held back."""
    import ipywidgets as ipw

    monkeypatch.setattr(module, "PAUSE", 0.0)
    return Shell(desk, lambda _: ipw.VBox())


def test_a_page_says_how_far_it_is_and_falls_silent_at_the_end(shell: Shell) -> None:
    """Also where the work fails half-way."""
    said = []
    shell.bar.observe(lambda change: said.append(change["new"]), "work")

    def work() -> None:
        with progress(shell.desk, "Counting", 2) as step:
            step(1)
            raise Failed

    with pytest.raises(Failed):
        work()

    assert said == [
        {"text": "Counting", "done": 0, "total": 2},
        {"text": "Counting", "done": 1, "total": 2},
        {},
    ]


def test_without_a_shell_nothing_is_said(desk: Desk) -> None:
    """A view in a test, or in an analyst's cell, works as it does on a page."""
    with progress(desk, "Counting") as step:
        step(1, 2)

    assert desk.show_work is None
