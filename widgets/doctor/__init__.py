"""The page of the sheet doctor: what is wrong in the workbook, and what is to be done about it."""

from widgets.doctor.page import doctor_page

__all__ = ["doctor_page"]
