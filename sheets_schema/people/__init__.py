"""People, their teams, and the hours in which they work."""
