"""What a person sees and touches: the pages, and the parts that an analyst builds more of.

    >>> from widgets import page, tiles, Chart, Grid    # doctest: +SKIP

Each name is imported when it is first asked for, so that `import widgets` costs next to nothing and a
page pays only for what it shows.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widgets.chart import Chart
    from widgets.desk import Desk
    from widgets.doctor import doctor_page
    from widgets.form import Form
    from widgets.grid import Column, Grid
    from widgets.home import home_page
    from widgets.kpis import kpis_page
    from widgets.parts import Tile, badge, button, card, link, markup, note, text, tiles
    from widgets.risks import risks_page
    from widgets.shell import page
    from widgets.tickets import intake_page, tickets_page

__all__ = [
    "Chart",
    "Column",
    "Desk",
    "Form",
    "Grid",
    "Tile",
    "badge",
    "button",
    "card",
    "doctor_page",
    "home_page",
    "intake_page",
    "kpis_page",
    "link",
    "markup",
    "note",
    "page",
    "risks_page",
    "text",
    "tickets_page",
    "tiles",
]

_PLACES = {
    "Chart": "widgets.chart",
    "Column": "widgets.grid",
    "Desk": "widgets.desk",
    "Form": "widgets.form",
    "Grid": "widgets.grid",
    "doctor_page": "widgets.doctor",
    "home_page": "widgets.home",
    "intake_page": "widgets.tickets",
    "kpis_page": "widgets.kpis",
    "page": "widgets.shell",
    "risks_page": "widgets.risks",
    "tickets_page": "widgets.tickets",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, and keep it."""
    if name not in __all__:
        message = f"module 'widgets' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(importlib.import_module(_PLACES.get(name, "widgets.parts")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Name what is offered."""
    return sorted(__all__)
