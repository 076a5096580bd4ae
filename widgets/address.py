"""The address bar, kept in step with `Desk.query` without a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets as t

from widgets.assets import loader

if TYPE_CHECKING:
    from widgets.desk import Desk


class Address(anywidget.AnyWidget):
    """The part of the address after the question mark; an invisible widget.

    `query` is written into the address bar as a step of the browser's history. `arrived` is what the
    back or forward button brought, or, where `in_place`, a link to this very page, which then is not
    loaded again: {query, n}, n counts. All only where the page is served, never in JupyterLab.
    """

    _esm = loader("address")
    query = t.Dict().tag(sync=True)
    arrived = t.Dict(None, allow_none=True).tag(sync=True)
    in_place = t.Bool(default_value=False).tag(sync=True)
    served = t.Bool(default_value=False).tag(sync=True)


def address_of(desk: Desk) -> Address:
    """Return an address bar that is tied to *desk*, both ways."""
    address = Address(query=desk.query, served=desk.is_served)

    def write(query: dict[str, str]) -> None:
        address.query = query

    def arrive(change: Any) -> None:
        brought = (change["new"] or {}).get("query")
        if isinstance(brought, dict):
            query = {str(name): str(part) for name, part in brought.items()}
            address.query = query
            desk.arrive(query)

    desk.address_bar = write
    address.observe(arrive, "arrived")
    return address
