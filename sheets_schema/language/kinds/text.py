"""Text, and text that is one of a few codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from sheets_schema.language.cells import ERRORS, as_text, plain
from sheets_schema.language.kinds.base import Column, Kind, Unfit, Values, is_missing
from sheets_schema.language.kinds.vectors import TEXT, among, mapped, texts_of, without
from sheets_schema.words import Message

__all__ = ["Choice", "Text"]

LONGEST: Final = 50_000
"""Google Sheets takes no more characters into one cell."""
DTYPE: Final = pd.StringDtype(na_value=np.nan)


class Text(Kind):
    """Text, as it was typed, without white space at its ends; a number is read as its digits.

    >>> Text().parse(13800138000), Text().parse(" Lamp ")
    ('13800138000', 'Lamp')
    """

    dtype = "str"
    natural = frozenset({str})

    def _parse(self, cell: object, time_zone: str) -> str:  # noqa: ARG002 - a kind's signature
        """Return the text of a cell; raise Unfit if it is too long for a cell."""
        text = as_text(cell)
        if len(text) > LONGEST:
            raise Unfit(Message("language.must.shorter", {"limit": LONGEST}))
        return text

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the text, empty for a missing value; even if it looks like a formula's error."""
        return "" if is_missing(value) else self._parse(value, time_zone)

    def written(self, values: Sequence[object], time_zone: str) -> list[object]:
        """Format n texts at once where all are short texts or missing."""
        if not set(map(type, values)) <= {str, type(None)}:
            return super().written(values, time_zone)
        texts = [as_text(value) for value in values]
        if max(map(len, texts), default=0) > LONGEST:
            return super().written(values, time_zone)
        return list(texts)

    def array(self, values: Sequence[object]) -> Values:
        """Return n texts, None for a missing one, as pandas' own array."""
        try:
            held = pa.array(values, type=TEXT)
        except UnicodeEncodeError:
            # JSON can carry half of a surrogate pair, and Arrow cannot.
            kept = [None if value is None else as_text(value) for value in values]
            held = pa.array(kept, type=TEXT)
        return _pandas(held)

    def by_text(self, texts: pa.Array, time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n texts, each distinct one once; see `Kind.column`."""
        known, places = mapped(texts, lambda text: self._try(text, time_zone, missing))
        wrong = [number for number, value in enumerate(known) if isinstance(value, Message)]
        at = np.flatnonzero(np.isin(places, wrong)).tolist() if wrong else []
        faults = {place: known[places[place]] for place in at}
        values = [None if isinstance(value, Message) else value for value in known]
        there = pa.array(places, mask=places < 0)
        return _pandas(pa.array(values, type=TEXT).take(there)), faults

    def natural_values(
        self,
        cells: Sequence[object],
        time_zone: str,  # noqa: ARG002 - a kind's signature
    ) -> tuple[Values, Iterable[int]]:
        """Type n texts or None; see `column`, which needs no more."""
        return self.array(cells), ()

    def column(
        self,
        cells: Sequence[object],
        time_zone: str,  # noqa: ARG002 - a kind's signature
        missing: frozenset[str],
    ) -> Column:
        """Type a column of n texts; see `Kind.column`."""
        texts = texts_of(cells)
        if texts is None or among(texts, ERRORS).any():
            return self._one_after_the_other(cells, missing)
        return _pandas(without(texts, among(texts, missing | {""}))), {}

    def _one_after_the_other(self, cells: Sequence[object], missing: frozenset[str]) -> Column:
        """Type a column of n texts among which there are others; see `Kind.column`."""
        if not set(map(type, cells)) <= {str, type(None)}:
            cells = [cell if cell is None else as_text(cell) for cell in cells]
        texts = [cell.strip() if cell else None for cell in cells]  # type: ignore[attr-defined]
        distinct = set(texts)
        faults: dict[int, Message] = {}
        if wrong := distinct & ERRORS:
            places = [place for place, text in enumerate(texts) if text in wrong]
            faults = dict.fromkeys(places, Message("language.must.no_error"))
        if gone := distinct & (missing | wrong | {""}):
            texts = [None if text in gone else text for text in texts]
        return self.array(texts), faults


def _pandas(texts: pa.Array) -> Values:
    """Return n texts as pandas' own array."""
    return pd.arrays.ArrowStringArray(texts, dtype=DTYPE)  # type: ignore[call-arg]


class Choice(Text):
    """One of a few codes, typed in any case, or as a label in any of the three languages.

    >>> kind = Choice({"P1": {"en": "Urgent", "zh-Hans": "紧急"}, "P2": {"en": "High"}})
    >>> kind.parse("p1"), kind.parse("紧急"), kind.parse("high")
    ('P1', 'P1', 'P2')
    """

    def __init__(self, choices: Mapping[str, Mapping[str, str]]) -> None:
        """Keep the codes, and every way to write them; a code goes before a label."""
        self.codes = tuple(choices)
        labels = {plain(label).casefold(): code for code in choices for label in choices[code].values()}
        self._ways = {**labels, **{plain(code).casefold(): code for code in choices}}
        self._exact = {code: code for code in choices}

    def _parse(self, cell: object, time_zone: str) -> str:
        """Return the code that a cell names; raise Unfit."""
        text = super()._parse(cell, time_zone)
        code = self._exact.get(text) or self._ways.get(plain(text).casefold())
        if code is None:
            raise Unfit(Message("language.must.choice", {"choices": ", ".join(self.codes)}))
        return code

    def column(self, cells: Sequence[object], time_zone: str, missing: frozenset[str]) -> Column:
        """Type a column of n codes, each distinct cell once."""
        texts = texts_of(cells)
        if texts is not None:
            return self.by_text(texts, time_zone, missing)
        if not set(map(type, cells)) <= {str, type(None)}:
            cells = [cell if cell is None else as_text(cell) for cell in cells]
        known = {cell: self._try(cell, time_zone, missing) for cell in set(cells)}
        codes = [known[cell] for cell in cells]
        if not any(isinstance(code, Message) for code in known.values()):
            return self.array(codes), {}
        faults = {place: code for place, code in enumerate(codes) if isinstance(code, Message)}
        return self.array([None if isinstance(code, Message) else code for code in codes]), faults

    def format(self, value: object, time_zone: str = "UTC") -> object:
        """Return the code, or an empty text for a missing value."""
        return Kind.format(self, value, time_zone)

    def written(self, values: Sequence[object], time_zone: str) -> list[object]:
        """Format n codes at once, each distinct one once."""
        if not set(map(type, values)) <= {str, type(None)}:
            return Kind.written(self, values, time_zone)
        known = {value: self.format(value, time_zone) for value in set(values)}
        return [known[value] for value in values]
