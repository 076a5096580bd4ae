"""The desk's own sheets: the company's settings, a team's own columns, and the journal."""
