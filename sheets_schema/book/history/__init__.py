"""What the journal knows of the past: timelines, tables as they were, undo, and the journal's archives."""
