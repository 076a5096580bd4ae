"""The five servers of the same page: how each is started, and where in its page things stand."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.visits import data
from bench.visits.servers import Server, free_port, served

PEERS = Path(__file__).parents[1] / "peers"
BIN = PEERS / ".venv/bin"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Framework:
    """One framework.

    Args:
        name: What it is called.
        command: How it is started; {port} is filled in.
        path: The page's address on its server.
        tiles: The elements that hold the six values.
        control: The drop-down; what has to be clicked to open it where it is none of the browser's own.
        option: The choices of a drop-down that is opened; blank for a select of the browser's.
        deep: Whether the page has to be searched through its shadow roots.
    """

    name: str
    command: tuple[str, ...]
    tiles: str
    control: str
    option: str = ""
    path: str = "/"
    deep: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it reads the workbook."""
        return self.name == "Opsline"

    @contextmanager
    def serving(self, rows: int, logs: Path, **more: str) -> Iterator[Server]:
        """Serve the page of so many tickets while the block runs."""
        port = free_port()
        command = [word.format(port=port) for word in self.command]
        log = logs / f"{self.name.lower()}.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OPSLINE_")}
        if not self.is_ours:
            environment = {**kept, "BENCH_TICKETS": str(data.parquet(rows)), **more}
            with served(command, port, PEERS, log, environment) as server:
                yield server
            return
        with data.copied(rows) as folder:
            path = os.pathsep.join([str(ROOT), str(PEERS)])
            environment = {**kept, "PYTHONPATH": path, "OPSLINE_DATA": str(folder), **more}
            with served(command, port, ROOT, log, environment) as server:
                yield server


def _opsline(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "opsline", "serve", "--port", "{port}", "--no-browser", *words)


FRAMEWORKS = (
    Framework(
        name="Opsline",
        command=_opsline("--pages", str(PEERS / "opsline")),
        path="/desk/page",
        tiles=".op-main .op-tile-value",
        control=".op-main .op-field-select select",
    ),
    Framework(
        name="Dash",
        command=(
            *(str(BIN / "gunicorn"), "--preload", "--workers", "2", "--threads", "4"),
            *("--bind", "127.0.0.1:{port}", "dash_app:server"),
        ),
        tiles="#tiles h2",
        control="#category",
        option=".dash-dropdown-option",
    ),
    Framework(
        name="Panel",
        command=(
            *(str(BIN / "panel"), "serve", "panel_app.py", "--port", "{port}", "--address", "127.0.0.1"),
            *("--allow-websocket-origin", "127.0.0.1:{port}", "--log-level", "warning"),
        ),
        path="/panel_app",
        tiles="h2",
        control="select",
        deep=True,
    ),
    Framework(
        name="Streamlit",
        command=(
            *(str(BIN / "streamlit"), "run", "streamlit_app.py", "--server.port", "{port}"),
            *("--server.address", "127.0.0.1", "--server.headless", "true"),
            *("--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"),
        ),
        tiles="[data-testid=stMetricValue]",
        control="[data-testid=stSelectbox] [role=combobox], [data-testid=stSelectbox] input",
        option="[role=option]",
    ),
    Framework(
        name="Solara",
        command=(
            *(str(BIN / "solara"), "run", "solara_app.py", "--host", "127.0.0.1", "--port", "{port}"),
            *("--production", "--no-open"),
        ),
        tiles=".tile h2",
        control=".v-select .v-input__slot, .v-select .v-select__slot",
        option=".v-menu__content .v-list-item",
    ),
)
