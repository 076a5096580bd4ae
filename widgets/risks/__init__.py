"""The risk page: register, heat map, assessments, treatments."""

from widgets.risks.page import risks_page

__all__ = ["risks_page"]
