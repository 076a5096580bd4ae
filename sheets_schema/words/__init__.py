"""Every word that a person sees, in English, Simplified and Traditional Chinese.

A catalogue is a yaml file in this folder: `key: {en: ..., zh-Hans: ..., zh-Hant: ...}`, with
`{fact}` placeholders. A key begins with its topic, and a topic's words stand best in the file of
that name: `tickets.blocker.subject` is looked for in `tickets.yaml` first, so that a page parses
no more than it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import yaml

__all__ = ["LANGUAGES", "Message", "catalogue", "say", "topics"]

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")
FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence not yet put into a language: a key, its facts, and the field it is about.

    >>> Message("language.must.date", {}).text()
    'it must be a date such as 2026-11-23'
    """

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    field: str | None = None

    def text(self, language: str = "en") -> str:
        """Return the sentence in one of `LANGUAGES`."""
        return _worded(self.key, language, self.facts)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text()


def say(key: str, language: str = "en", **facts: object) -> str:
    """Return the words of *key* in *language*, with *facts* put into their places.

    Args:
        key: A key of a catalogue.
        language: One of `LANGUAGES`; another one is answered in English.
        facts: One for each placeholder. A `Message` among them is said in the same language, and
            a mapping of languages to words gives its word in that language. Facts are not
            escaped: what goes into HTML is escaped by the part that draws it.

    Raises:
        KeyError: No catalogue has *key*, or a placeholder has no fact.

    >>> say("common.save", "zh-Hans")
    '保存'
    """
    return _worded(key, language, facts)


def _worded(key: str, language: str, facts: Mapping[str, object]) -> str:
    """Return a sentence with its facts, whatever the facts are called."""
    entry = _entry(key)
    sentence = entry.get(language) or entry["en"]
    if "{" not in sentence:
        return sentence
    return sentence.format_map({name: _in_language(fact, language) for name, fact in facts.items()})


def catalogue() -> dict[str, dict[str, str]]:
    """Return all words of all topics: key -> language -> sentence."""
    return {key: entry for topic in topics() for key, entry in _words(topic).items()}


@cache
def topics() -> tuple[str, ...]:
    """Return the names of the catalogues in this folder, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def _entry(key: str) -> dict[str, str]:
    """Return what the catalogues hold under *key*; the file of its topic is asked first."""
    topic = key.partition(".")[0]
    for name in sorted(topics(), key=lambda name: name != topic):
        if key in (words := _words(name)):
            return words[key]
    raise KeyError(key)


@cache
def _words(topic: str) -> dict[str, dict[str, str]]:
    """Return one catalogue as it stands in its file."""
    text = (FOLDER / f"{topic}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader) or {}


def _in_language(fact: object, language: str) -> object:
    """Return a fact as it is said in *language*."""
    if isinstance(fact, Message):
        return fact.text(language)
    if isinstance(fact, Mapping):
        return fact.get(language) or fact.get("en", "")
    return fact
