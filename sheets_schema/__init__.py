"""What the spreadsheet holds, and what follows from it.

The rooms, from the ground up: `words` and `errors`, the `language` that describes a sheet, one
folder for each subject (its tables as yaml beside its rules), `workbook` that joins the tables, and
`book`, the only room that knows gspread. Importing this package does nothing.
"""
