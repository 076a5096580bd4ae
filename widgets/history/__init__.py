"""What happened to a record: its timeline on a page, with undo and bringing back."""

from widgets.history.entries import Row, Story, family
from widgets.history.timeline import Timeline

__all__ = ["Row", "Story", "Timeline", "family"]
