"""What is imported, and what is not until it is needed: nobody waits for what they do not use."""

import json
import subprocess
import sys

import pytest

HEAVY = frozenset(
    {
        *("pandas", "numpy", "pyarrow", "plotly", "gspread", "requests", "google.auth", "openpyxl"),
        *("voila", "nbconvert", "jupyter_server", "jupyterlab", "IPython", "ipykernel", "ipywidgets"),
        *("anywidget", "tornado", "faker", "formualizer", "rapidfuzz"),
    }
)
CASES = {
    "import opsline.cli": set(),
    "from opsline.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass": set(),
    "from opsline.cli import parser_for; parser_for(['serve'])": set(),
    "import widgets": set(),
    "import sheets_schema.errors, sheets_schema.words": set(),
    "import opsline.server.run": {"tornado"},
    "from widgets import page, Form, tiles": {
        *("pandas", "numpy", "pyarrow", "ipywidgets", "anywidget", "IPython"),
    },
    "from sheets_schema.book import open_book": {"pandas", "numpy", "pyarrow", "requests"},
    "import opsline.server.desk": {"voila", "nbconvert", "jupyter_server", "requests", "tornado"},
}
LOOK = "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"


def imported(code: str) -> set[str]:
    """Return the modules that are imported once some code has run in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code + LOOK], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("code", CASES)
def test_only_what_is_needed_is_imported(code):
    """Seconds differ from machine to machine; which libraries are loaded does not."""
    assert (imported(code) & HEAVY) - CASES[code] == set()


def test_help_imports_no_command():
    """`opsline --help` reads the first line of each command without importing it."""
    ours = {
        name
        for name in imported("from opsline.cli import parser_for; parser_for([])")
        if name.partition(".")[0] in {"opsline", "widgets", "sheets_schema", "local_sheets"}
    }
    assert ours == {"opsline", "opsline.cli", "opsline.commands"}
