"""The spreadsheet as a page: a plain table that reads aloud, prints, and can be edited in place."""
