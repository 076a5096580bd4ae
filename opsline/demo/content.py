"""What the demo is made of: company, categories, KPIs, risks and actions, in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

AS_OF: Final = pd.Timestamp("2026-11-23T09:00:00+08:00")
"""The Monday morning on which the demo is opened."""
ZONE: Final = "Asia/Shanghai"
YEAR: Final = 2026
SIZES: Final[Mapping[str, float]] = {"small": 0.1, "full": 1.0}


@dataclass(frozen=True, slots=True)
class Demo:
    """What one demo is generated from.

    Args:
        seed: The same seed gives the same records.
        factor: How many times the sample's volumes; 1 is the full demo.
        language: The language of names and texts, one of en, zh-Hans, zh-Hant.
    """

    seed: int = 7
    factor: float = 1.0
    language: str = "en"

    def say(self, words: Mapping[str, str] | str) -> str:
        """Return words of the content files in the demo's language."""
        return words if isinstance(words, str) else words[self.language]

    def count(self, volume: float) -> int:
        """Return how many of something there are at this size; at least one."""
        return max(1, round(volume * self.factor))


@cache
def content(name: str) -> Any:
    """Return a parsed file of `content`: company, categories, kpis, risks or actions."""
    text = (Path(__file__).parent / "content" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def three_names(words: Mapping[str, str]) -> dict[str, str]:
    """Return the columns name, name_zh_hans and name_zh_hant of a row."""
    return {"name": words["en"], "name_zh_hans": words["zh-Hans"], "name_zh_hant": words["zh-Hant"]}


def day(text: str) -> pd.Timestamp:
    """Return a calendar day, which has no zone."""
    return pd.Timestamp(text)


def at(text: str) -> pd.Timestamp:
    """Return a moment of the demo's own time zone, in UTC.

    >>> at("2026-11-23 09:00")
    Timestamp('2026-11-23 01:00:00+0000', tz='UTC')
    """
    return pd.Timestamp(text, tz=ZONE).tz_convert("UTC")
