"""Where the front end's files are, and the few lines that fetch them.

A page loads a file of ours once, as a cached asset; through the kernel's socket goes only a loader of some
three hundred bytes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static" / "opsline"

_LOADER: Final = """
const config = document.getElementById("jupyter-config-data")?.textContent ?? "{}";
const base = document.body.dataset.baseUrl ?? JSON.parse(config).baseUrl ?? "/";
const address = new URL(`${base}static/opsline/NAME.js?v=VERSION`, location.href).href;
const absent = ({ el }) => { el.textContent = `Opsline: ${address} ?`; };
export default async () => {
  try { return (await import(address)).default; }
  catch (error) { console.error(error); return { render: absent }; }
};
"""


def loader(name: str) -> str:
    """Return the JavaScript module that loads `NAME.js` from the served assets."""
    return _LOADER.replace("NAME", name).replace("VERSION", version())


@cache
def version() -> str:
    """Return a word that changes with every build, so that a browser never keeps an old file."""
    built = FOLDER / ".built"
    return str(int(built.stat().st_mtime)) if built.exists() else "0"
