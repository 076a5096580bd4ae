"""The rules that pages follow, from ready frames: `python bench/rules.py [--sizes 1000,10000] [--times 3]`.

Medians of processor time in ms by number of tickets, with the demo's other tables grown along. The aim
is 200 ms for each page at 100,000 tickets.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from opsline.demo import AS_OF, generate_frames
from sheets_schema.desk_rules.kpis import kpi_board, ticket_cases
from sheets_schema.desk_rules.tickets import ticket_rules
from sheets_schema.risks.register import register
from sheets_schema.tickets.clock import clock, done_at
from sheets_schema.tickets.measures import SOURCES
from sheets_schema.tickets.queue import Filters, ages, queue
from sheets_schema.tickets.sla import choose, due_times
from sheets_schema.workbook import tables
from widgets.home.figures import backlog

FULL: Final = 13_778
"""Tickets of the demo at its full size."""
ZONE: Final = "Asia/Shanghai"
NOW: Final = AS_OF.tz_convert("UTC")

Frames = Mapping[str, pd.DataFrame]


def typed(factor: float) -> Frames:
    """Return the demo's tables as a snapshot has them: every declared column, in its type."""
    made = generate_frames(factor)
    found = {}
    for name, table in tables().items():
        frame = made.get(name, pd.DataFrame())
        columns = {
            field.name: field.kind.array(
                [None if pd.isna(value) else value for value in frame[field.name].tolist()]
                if field.name in frame
                else [None] * len(frame)
            )
            for field in table.fields
        }
        found[name] = pd.DataFrame(columns, index=pd.RangeIndex(2, len(frame) + 2, name="row"))
    return found


def works(frames: Frames) -> dict[str, Callable[[], object]]:
    """Return what is measured, by what a page shows."""
    tickets = frames["tickets"]
    rules = ticket_rules(frames, NOW, tickets["opened_at"].min())
    clocks = clock(tickets, rules, NOW)
    told: dict[str, Any] = {"now": NOW, "time_zone": ZONE}
    return {
        "tickets: rules and clocks": lambda: clock(
            tickets, ticket_rules(frames, NOW, tickets["opened_at"].min()), NOW
        ),
        "tickets: the queue": lambda: queue(tickets, clocks, rules, Filters(), NOW),
        "tickets: the queue, two words": lambda: queue(tickets, clocks, rules, Filters(text="a in"), NOW),
        "tickets: how old": lambda: ages(tickets, rules, NOW),
        "tickets: promises": lambda: due_times(
            tickets.assign(sla_policy=choose(rules.policies, tickets)), rules
        ),
        "home: backlog": lambda: backlog(tickets, done_at(tickets, rules), NOW),
        "kpis: cases of all measures": lambda: ticket_cases(frames, set(SOURCES), **told),
        "kpis: the board, no figure changed": lambda: kpi_board(frames, **told),
        "kpis: the board, made anew": lambda: kpi_board({**frames, "kpis": frames["kpis"].copy()}, **told),
        "risks: the register": lambda: register(frames, **told),
    }


def median(work: Callable[[], object], times: int) -> float:
    """Return the median of processor time, in ms, after one run that is not counted."""
    work()
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return statistics.median(taken) * 1000


def main(sizes: list[int], times: int) -> None:
    """Measure all sizes and print one table."""
    found = {size: works(typed(size / FULL)) for size in sizes}
    print(f"{'ms of the processor, by tickets':34}" + "".join(f"{size:>11,}" for size in sizes))
    for name in next(iter(found.values())):
        row = [median(found[size][name], times) for size in sizes]
        print(f"{name:34}" + "".join(f"{figure:11.1f}" for figure in row), flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="1000,10000,100000", help="tickets, by commas")
    options.add_argument("--times", type=int, default=3)
    given = options.parse_args()
    main([int(size) for size in given.sizes.split(",")], given.times)
