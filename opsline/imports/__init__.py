"""Other people's files, brought into the workbook: read, mapped, checked cell by cell, and written."""
