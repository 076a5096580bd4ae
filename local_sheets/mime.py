"""MIME types."""

CSV = "text/csv"
TSV = "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
PDF = "application/pdf"
SHEETS = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
FORMATS = {"csv": CSV, "tsv": TSV, "xlsx": XLSX, "ods": OPEN_DOCUMENT, "pdf": PDF}
"""What `format=` of an export address means."""
