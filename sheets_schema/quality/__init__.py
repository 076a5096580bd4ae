"""The quality of the data itself: its score by day, and the rows that were taken out."""
