"""Handlers that break a promise: the usual ones, with drills before and behind them."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar

from local_sheets.drills import answering, asking
from local_sheets.drills.drill import Call, Drill
from local_sheets.errors import ApiError
from local_sheets.web.app import Route
from local_sheets.web.base import ApiHandler, read_json

DRILLS: dict[str, Callable[[], Drill]] = {
    "atomic-batch": answering.AtomicBatch,
    "sheet-number": asking.SheetNumber,
    "unique-metadata": asking.UniqueMetadata,
    "metadata-kept": answering.MetadataKept,
    "metadata-swept": asking.MetadataSwept,
    "metadata-follows": answering.MetadataFollows,
    "append-order": asking.AppendOrder,
    "append-grows": asking.AppendGrows,
    "append-at-once": asking.AppendAtOnce,
    "response": answering.Response,
    "copies": asking.Copies,
    "text-stays": asking.TextStays,
    "kinds": lambda: answering.each_cell(answering.as_word),
    "clears": asking.Clears,
    "dates": lambda: answering.each_cell(answering.elsewhere),
    "formulas": answering.Formulas,
    "read-your-writes": lambda: answering.Values(answering.stale),
    "whole-reads": lambda: answering.Values(answering.torn),
    "range-order": lambda: answering.Values(answering.turned),
    "refusal-words": answering.RefusalWords,
    "version-rises": lambda: answering.Version(lambda _version, _asked: 1),
    "version-rests": lambda: answering.Version(lambda version, asked: version + asked),
    "last-editor": answering.LastEditor,
    "quota": answering.Quota,
}


def drilled(routes: Iterable[Route], names: Iterable[str]) -> list[Route]:
    """Return routes that break the promises of these names."""
    drills = [DRILLS[name]() for name in names]
    return [
        (pattern, type(kind.__name__, (Drilled, kind), {"drills": drills}), given)
        if issubclass(kind, ApiHandler)
        else (pattern, kind, given)
        for pattern, kind, given in routes
    ]


class Drilled(ApiHandler):
    """A handler with drills; it comes before the handler's own class."""

    drills: ClassVar[list[Drill]]

    def prepare(self) -> Awaitable[None] | None:
        """Check who asks, then let the drills change what is asked."""
        super().prepare()
        return None if self._finished else self._ask()

    async def _ask(self) -> None:
        """Let the drills change the requests of a batch."""
        call = Call(self)
        if call.kind != "batch":
            return
        try:
            body = read_json(self.request.body)
            requests = body["requests"]
            for drill in self.drills:
                requests = await drill.asked(call, requests)
        except ApiError as error:
            self.refuse(error)
        except (LookupError, TypeError, AttributeError):
            return  # what is malformed is refused by the handler itself
        else:
            self.request.body = json.dumps({**body, "requests": requests}).encode()

    def finish(self, chunk: str | bytes | dict[str, Any] | None = None) -> Any:
        """Let the drills change the answer."""
        if isinstance(chunk, str | bytes) and chunk[:1] in ("{", b"{"):
            answer, call = json.loads(chunk), Call(self)
            for drill in self.drills:
                answer = drill.answered(call, answer)
            chunk = json.dumps(answer)
        return super().finish(chunk)
