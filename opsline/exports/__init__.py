"""The workbook's tables as files: xlsx, csv, ods, and a zip of csv files."""
