"""Called when the package is built: both front ends, each by npm from its own folder and lock file."""

from typing import Any

from hatch_jupyter_builder import npm_builder

_FRONTENDS = {
    "widgets/frontend": "widgets/static/opsline",
    "local_sheets/page/frontend": "local_sheets/page/static/univer",
}


def build(target_name: str, version: str, **options: Any) -> None:
    """Build what is older than its sources."""
    for path, built in _FRONTENDS.items():
        npm_builder(
            target_name, version, path=path, build_dir=built, source_dir=f"{path}/src", npm="npm", **options
        )
