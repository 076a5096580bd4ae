"""The KPI page: what was planned, what came of it, and the rows behind it."""

from widgets.kpis.page import kpis_page

__all__ = ["kpis_page"]
