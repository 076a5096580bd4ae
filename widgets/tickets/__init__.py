"""Intake and Tickets: a request is taken, and followed until customer and agent are done with it."""

from widgets.tickets.intake import intake_page
from widgets.tickets.page import tickets_page

__all__ = ["intake_page", "tickets_page"]
