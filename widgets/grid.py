"""A table of many rows that paints at once: Tabulator, fed by columns."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import anywidget
import numpy as np
import pandas as pd
import traitlets as t

from widgets.assets import loader
from widgets.speech import SPEECH

Kind = Literal["text", "number", "moment", "date", "badge", "link", "progress"]
WORDS = ("shell.grid.empty", "shell.grid.rows", "shell.grid.help")


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of a frame is shown.

    Args:
        name: The column of the frame.
        title: Its heading, in the person's language.
        kind: `badge` takes "tone|text", `link` "href|text", `progress` 0 to 100, `moment` and `date`
            the frame's own moments (shown in the workbook's time zone).
        width: In CSS pixels; the text decides where it is left out.
        decimals: Of a number.
        classes: CSS classes of its cells.
        priority: 0 is kept longest where the page is narrow; a phone shows 0 and 1.
    """

    name: str
    title: str
    kind: Kind = "text"
    width: int | None = None
    decimals: int | None = None
    classes: str | None = None
    priority: int = 1


class Grid(anywidget.AnyWidget):
    """Rows of a frame; the row clicked, or opened with Enter, is `selected`.

    Args:
        frame: One row for each row shown. Columns that `columns` does not name do not leave the kernel.
        columns: What is shown, from left to right.
        key: The column whose value becomes `selected`.
        label: What the table shows, for screen readers.
        height: The most that the table takes, in CSS pixels; rows beyond it scroll.

    `picked` counts the selections, so that the same row chosen twice is seen twice.
    """

    _esm = loader("grid")
    columns: t.List[dict[str, Any]] = t.List().tag(sync=True)
    rows = t.Bytes().tag(sync=True)
    key = t.Unicode("id").tag(sync=True)
    label = t.Unicode().tag(sync=True)
    height = t.Int(520).tag(sync=True)
    time_zone = t.Unicode("UTC").tag(sync=True)
    language = t.Unicode("en").tag(sync=True)
    words = t.Dict().tag(sync=True)
    selected = t.Unicode().tag(sync=True)
    picked = t.Int().tag(sync=True)

    def __init__(
        self,
        frame: pd.DataFrame,
        columns: Sequence[Column],
        key: str = "id",
        label: str = "",
        height: int = 520,
        **more: Any,
    ) -> None:
        self._columns = tuple(columns)
        super().__init__(
            columns=[asdict(column) for column in columns],
            rows=packed(frame, self._columns, key),
            key=key,
            label=label,
            height=height,
            time_zone=SPEECH.time_zone,
            language=SPEECH.language,
            words=SPEECH.words(*WORDS),
            **more,
        )
        self.frame = frame

    def show(self, frame: pd.DataFrame) -> None:
        """Show other rows, of the same columns; the place scrolled to and the sorting stay."""
        self.frame = frame
        self.rows = packed(frame, self._columns, self.key)


def packed(frame: pd.DataFrame, columns: Sequence[Column], key: str) -> bytes:
    """Return the columns that are shown as compressed JSON: name -> list of values.

    Moments become milliseconds since 1970 (UTC), what is missing becomes null.

    >>> shown = [Column("at", "At", "moment")]
    >>> frame = pd.DataFrame({"id": ["a"], "at": pd.to_datetime(["1970-01-02"], utc=True)})
    >>> zlib.decompress(packed(frame, shown, "id"))
    b'{"id":["a"],"at":[86400000]}'
    """
    kinds = {key: "text", **{column.name: column.kind for column in columns}}
    values = {name: _plain(frame[name], kind) for name, kind in kinds.items() if name in frame}
    return zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _plain(values: pd.Series[Any], kind: str) -> list[Any]:
    """Return a column as JSON can hold it."""
    if pd.api.types.is_datetime64_any_dtype(values):
        moments = values.dt.as_unit("ms").astype("int64").tolist()
        return [moment if there else None for moment, there in zip(moments, values.notna(), strict=True)]
    if kind in {"number", "progress"}:
        values = pd.to_numeric(values, errors="coerce").astype("Float64").round(9)
    present = values.notna().tolist()
    return [_word(value) if there else None for value, there in zip(values, present, strict=True)]


def _word(value: object) -> object:
    """Return a value that JSON knows, or its words."""
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, str | int | float | bool) else str(plain)
