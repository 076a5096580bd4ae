"""MIME types."""

OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
PDF = "application/pdf"

SHEETS = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
