"""KPIs: what is measured, what was planned, what came of it, and how the parts make the whole."""
