"""Spreadsheets as Excel files, and back without loss.

What Excel has a word for is written in Excel's words. What it has none for (an e-mail rule, a long title,
a number format's type) is written as the nearest it has, and remembered on a sheet that Excel keeps but does
not show: `memory.py`. Back here, the nearest is read and what is remembered of it takes its place, so that
a file that was edited in Excel is read by what it says there.
"""

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
