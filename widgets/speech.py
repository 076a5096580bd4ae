"""The language and the time zone that the open page is shown in.

A chart or a grid is made without a desk; it takes its few words from here. One kernel shows one page to
one person, so there is one of each.
"""

from __future__ import annotations

from dataclasses import dataclass

from sheets_schema.words import say


@dataclass(slots=True)
class Speech:
    """What the open page speaks."""

    language: str = "en"
    time_zone: str = "UTC"

    def words(self, *keys: str) -> dict[str, str]:
        """Return the words of some keys, by the last part of each key; `{count}` stays in its place."""
        return {key.rpartition(".")[2]: say(key, self.language, count="{count}") for key in keys}


SPEECH = Speech()
