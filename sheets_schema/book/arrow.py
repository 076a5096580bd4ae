"""A reading as an Arrow file: columns as they lie in memory, so that to read one is to map it.

What Arrow has no column for goes along as JSON: faults and header in the file's metadata, and
columns that hold cells of several kinds as one JSON text a cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from pandas.api.types import is_object_dtype

from sheets_schema.language import Fault, Reading
from sheets_schema.words import Message

__all__ = ["faults_of", "read", "text_of", "write"]

OURS: Final = b"opsline"
ONE_THREAD: Final = pa.ipc.IpcReadOptions(use_threads=False)
"""A page's process is forked, which threads do not survive (opsline/server/views).

pyarrow.memory_map starts two, too; the standard library's maps the same pages without."""

Json = Any


def write(path: Path, reading: Reading) -> None:
    """Write a reading to a file.

    Raises:
        TypeError, OSError, pyarrow.ArrowException: It cannot be kept.
    """
    frame = reading.frame.copy(deep=False)
    mixed = [name for name, dtype in frame.dtypes.items() if is_object_dtype(dtype)]
    for name in mixed:
        frame[name] = pd.array(list(map(json.dumps, frame[name])), dtype="str")
    table = pa.Table.from_pandas(frame, preserve_index=True, nthreads=1)
    about = {
        "faults": _packed(reading.faults),
        "header": reading.header,
        "mixed": mixed,
        "taken": dict(reading.taken),
        "unknown": reading.unknown,
    }
    table = table.replace_schema_metadata({**table.schema.metadata, OURS: json.dumps(about).encode()})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read(path: Path) -> Reading:
    """Return the reading that a file holds; its texts stay in the file's pages, read-only.

    Raises:
        OSError, ValueError, LookupError, TypeError, pyarrow.ArrowException: It is not there, or damaged.
    """
    with path.open("rb") as file:
        pages = mmap(file.fileno(), 0, access=ACCESS_READ)
    table = pa.ipc.open_file(pa.py_buffer(pages), options=ONE_THREAD).read_all()
    table.validate(full=True)
    about = json.loads(table.schema.metadata[OURS])
    frame = table.to_pandas(use_threads=False)
    for name in about["mixed"]:
        frame[name] = pd.Series(map(json.loads, frame[name]), index=frame.index, dtype=object)
    faults, unknown = _unpacked(about["faults"]), tuple(about["unknown"])
    return Reading(frame, faults, tuple(about["header"]), unknown, about["taken"])


def text_of(faults: Iterable[Fault]) -> str:
    """Return faults as JSON; raise TypeError for a cell or fact that JSON cannot carry."""
    return json.dumps(_packed(faults))


def faults_of(text: str) -> tuple[Fault, ...]:
    """Return the faults of a JSON text; raise ValueError, LookupError or TypeError for any other text."""
    return _unpacked(json.loads(text))


def _packed(faults: Iterable[Fault]) -> list[Json]:
    """Return faults as JSON has them."""
    return [[each.sheet, each.cell, each.field, each.row, *map(_pack, _rest(each))] for each in faults]


def _rest(fault: Fault) -> tuple[object, object]:
    """Return the parts of a fault that may be anything."""
    return fault.found, fault.message


def _unpacked(faults: Iterable[list[Json]]) -> tuple[Fault, ...]:
    """Return faults from JSON."""
    return tuple(
        Fault(sheet, cell, field, row, _unpack(found), _unpack(message))
        for sheet, cell, field, row, found, message in faults
    )


def _pack(value: object) -> Json:
    """Return a cell or a fact as JSON has it; what JSON has no word for is named by its kind."""
    if isinstance(value, Message):
        return {"message": [value.key, _pack(value.facts), value.field]}
    if isinstance(value, Mapping):
        return {"mapping": [[key, _pack(each)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [_pack(each) for each in value]}
    if isinstance(value, pd.Timestamp):
        return {"moment": [value.isoformat(), value.unit]}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(type(value))


def _unpack(value: Json) -> Any:
    """Return what `_pack` was given."""
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    if kind == "message":
        return Message(held[0], _unpack(held[1]), held[2])
    if kind == "mapping":
        return {key: _unpack(each) for key, each in held}
    if kind == "tuple":
        return tuple(map(_unpack, held))
    return pd.Timestamp(held[0]).as_unit(held[1])
