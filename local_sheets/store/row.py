"""One row as it is kept: its values, and the little it has beside them."""

import json
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool
Extras = dict[str, dict[str, Any]]

FORMAT, RULE, NOTE, FORMULA, MORE = "f", "d", "n", "x", "m"
"""What a cell may have beside its value: a format's key, a validation rule's key, a note, the
formula that was typed, and anything else of CellData (text runs, links)."""

ERROR, SPILLED, AUTOMATIC = "e", "s", "a"
"""What a formula's result brings along: why it is an error, that it belongs to the formula of another
cell (its array reaches here), and the key of the cell's format with a number format that follows from what
the formula refers to."""

PROPERTIES = "p"
"""What the row itself may have: hiddenByUser, pixelSize."""


def dumps(value: object) -> str:
    """Write compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(slots=True)
class Row:
    """A row: `values` from column A without trailing blanks ("" is a blank), `extras` by kind."""

    key: int
    values: list[Value] = field(default_factory=list)
    extras: Extras = field(default_factory=dict)

    def get(self, column: int) -> Value:
        """Return a cell's value, "" when it has none."""
        return self.values[column] if column < len(self.values) else ""

    def put(self, column: int, value: Value) -> None:
        """Set a cell's value; "" empties it."""
        if column >= len(self.values):
            if value == "" and type(value) is str:
                return
            self.values.extend([""] * (column - len(self.values)))
            self.values.append(value)
            return
        self.values[column] = value
        while self.values and self.values[-1] == "":
            self.values.pop()

    def extra(self, kind: str, column: int) -> Any:
        """Return what a cell has of one kind, None when nothing."""
        kept = self.extras.get(kind)
        return kept.get(str(column)) if kept else None

    def put_extra(self, kind: str, column: int, value: object) -> None:
        """Set what a cell has of one kind; None takes it away."""
        if value is None:
            kept = self.extras.get(kind)
            if kept:
                kept.pop(str(column), None)
                if not kept:
                    del self.extras[kind]
        else:
            self.extras.setdefault(kind, {})[str(column)] = value

    def mask(self) -> int:
        """Return which columns hold something, as bits."""
        bits = 0
        for column, value in enumerate(self.values):
            if value != "" or type(value) is not str:
                bits |= 1 << column
        for column_text in self.extras.get(FORMULA, ()):
            bits |= 1 << int(column_text)
        return bits

    @property
    def computed(self) -> bool:
        """Say whether any cell has a formula, or a part of the result of one."""
        return FORMULA in self.extras or SPILLED in self.extras

    def width(self) -> int:
        """Return the number of columns up to the last that has anything at all."""
        widest = len(self.values)
        for kind, kept in self.extras.items():
            if kind != PROPERTIES:
                widest = max(widest, *(int(column) + 1 for column in kept))
        return widest

    def shift(self, start: int, end: int, by: int) -> None:
        """Open (*by* > 0, at *start*) or close (*by* < 0, start..end) columns."""
        values = self.values + [""] * (start - len(self.values))
        if by > 0:
            values[start:start] = [""] * by
        else:
            del values[start:end]
        while values and values[-1] == "":
            values.pop()
        self.values = values
        for kind in list(self.extras):
            if kind == PROPERTIES:
                continue
            moved = {
                str(int(c) + by if int(c) >= end or (by > 0 and int(c) >= start) else int(c)): v
                for c, v in self.extras[kind].items()
                if by > 0 or not start <= int(c) < end
            }
            if moved:
                self.extras[kind] = moved
            else:
                del self.extras[kind]
