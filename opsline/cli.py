"""The command `opsline`: find the command that is asked for, run it, word what goes wrong.

A command is a module of `opsline.commands` with `add_arguments(parser)` and `run(arguments)`, which
returns the exit status. Saving a module there makes a command; `import_file` is called `import`,
because Python keeps that word. Only the command that runs is imported.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from opsline import __version__, commands

FAILED: Final = 1
INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit status: 0, 1 for a fault said in a sentence, 2 for usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = parser_for(words).parse_args(words)
    module = importlib.import_module(f"{commands.__name__}.{modules()[arguments.command]}")
    from sheets_schema.errors import OpslineError

    try:
        status: int = module.run(arguments)
        sys.stdout.flush()
    except OpslineError as error:
        print(f"opsline: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `opsline ... | head`: who reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def modules() -> dict[str, str]:
    """Return the module's name for each command's name, in the order of the alphabet."""
    names = (module.name for module in pkgutil.iter_modules(commands.__path__))
    return {
        name.removesuffix("_file").replace("_", "-"): name
        for name in sorted(names)
        if not name.startswith("_")
    }


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of every command; only the one that *words* ask for knows its arguments."""
    parser = argparse.ArgumentParser(
        prog="opsline", description="Run a company's operations line from a spreadsheet."
    )
    parser.add_argument("--version", action="version", version=f"opsline {__version__}")
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, module_name in modules().items():
        about = summary(module_name)
        command = parsers.add_parser(name, help=about, description=about)
        if name == asked:
            module = importlib.import_module(f"{commands.__name__}.{module_name}")
            module.add_arguments(command)
    return parser


def summary(module_name: str) -> str:
    """Return the first line of a command's docstring, without importing it."""
    source = Path(next(iter(commands.__path__)), f"{module_name}.py")
    documentation = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return documentation.partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
