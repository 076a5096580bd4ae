"""Promises about the repository itself: what a page may hold, what a name may shadow, what a file may say."""

import ast
import importlib
import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("widgets", "sheets_schema", "local_sheets", "opsline")
LONGEST = 500
REGISTRIES = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|deb\.debian\.org|--index-url"
    r"|--extra-index-url|--find-links)"
)


def tracked(*patterns: str) -> list[Path]:
    """Return the files that are committed, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def notebooks() -> list[Path]:
    """Return the pages."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(notebook: Path) -> list[dict[str, Any]]:
    """Return a notebook's cells."""
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return found


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: path.stem)
class TestANotebook:
    """A page is three short cells over a function of `widgets`."""

    def test_it_is_a_title_the_imports_and_a_call(self, notebook: Path) -> None:
        """Who reads it sees at once where the page is made."""
        assert [cell["cell_type"] for cell in cells(notebook)] == ["markdown", "code", "code"]

    def test_it_is_short_and_defines_nothing(self, notebook: Path) -> None:
        """At most 8 lines of code; no function, class, loop or try: those are tested in packages."""
        code = ["".join(cell["source"]) for cell in cells(notebook) if cell["cell_type"] == "code"]
        kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.If, ast.Lambda)

        assert sum(len(source.splitlines()) for source in code) <= 8
        assert [
            node for source in code for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)
        ] == []

    def test_it_holds_no_outputs(self, notebook: Path) -> None:
        """One executed page is five megabytes of widget state, and may hold a customer's name."""
        assert [cell for cell in cells(notebook) if cell.get("outputs") or cell.get("execution_count")] == []


def test_these_plain_names_are_ours() -> None:
    """No other distribution installs a top-level `widgets`, `sheets_schema`, `local_sheets` or `opsline`."""
    owners = importlib.metadata.packages_distributions()
    others = {name: set(owners.get(name, [])) - {"opsline"} for name in PACKAGES}

    assert others == {name: set() for name in PACKAGES}


def packages(name: str) -> list[str]:
    """Return a package's name and those of its subpackages, by its folders: nothing is imported."""
    folders = (path.parent.relative_to(ROOT) for path in (ROOT / name).rglob("__init__.py"))
    return sorted(".".join(folder.parts) for folder in folders if "node_modules" not in folder.parts)


@pytest.mark.parametrize("package", [name for package in PACKAGES for name in packages(package)])
def test_every_exported_name_is_there(package: str) -> None:
    """A door with a name on it opens."""
    module = importlib.import_module(package)

    assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


def test_no_registry_is_named_in_a_file() -> None:
    """Whoever installs decides where packages come from: an address here would overrule them."""
    lockfile = ROOT / "widgets/frontend/package-lock.json"
    mine = {Path(__file__).resolve()}
    said = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in tracked()
        if path.resolve() not in mine and path.suffix not in {".xz", ".png", ".sqlite", ".parquet"}
        for found in [REGISTRIES.search(path.read_text(encoding="utf-8", errors="replace"))]
        if found
    ]

    assert said == []
    assert '"resolved"' not in lockfile.read_text(encoding="utf-8")


def test_no_file_is_longer_than_a_sitting() -> None:
    """One idea a file; nobody reads seven thousand lines."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked("*.py", "*.js", "*.mjs", "*.css", "*.j2")
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_requirement_is_pinned_and_hashed() -> None:
    """What is installed next year is what was tested today."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text))

        assert [block for block in blocks if not re.match(r"[\w.\[\]-]+==\S+", block)] == []
        assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_importing_the_pages_is_light() -> None:
    """A page's kernel imports what it shows: plotly, gspread and the importers wait until they are used."""
    heavy = ("plotly", "openpyxl", "rapidfuzz", "faker", "pyarrow.parquet")
    code = f"import sys, widgets; print([name for name in {heavy!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_help_is_quick_and_names_every_command() -> None:
    """`opsline --help` imports no command: argparse and the first lines of their files are enough."""
    code = "import sys; from opsline.cli import main\ntry: main(['--help'])\nfinally: print(len(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    *help_lines, modules_loaded = told.stdout.splitlines()
    commands = (ROOT / "opsline" / "commands").glob("[a-z]*.py")
    names = {path.stem.removesuffix("_file").replace("_", "-") for path in commands}

    assert names <= {line.split()[0] for line in help_lines if line.startswith("    ")}
    assert int(modules_loaded) < 200
