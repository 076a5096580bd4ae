"""MIME types."""

OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
PDF = "application/pdf"
