"""Home: how the operations line stands, what needs me, and what happened last."""

from widgets.home.page import TABLES, home_page

__all__ = ["TABLES", "home_page"]
