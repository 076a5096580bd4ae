"""Risks: what could go wrong, how bad it is by two lenses, and what is done about it."""
