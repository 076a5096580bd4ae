"""Voila, closed: its pages without its tree, its files, its overrides and its extra ways in.

A subclass of the standalone application. As an extension of jupyter_server Voila lets every viewer run
code (voila.md); standalone it passes on only what a widget says.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import jinja2
from jupyter_server.auth.identity import PasswordIdentityProvider
from jupyter_server.auth.security import passwd
from jupyterlab_server.themes_handler import ThemesHandler
from tornado import web
from traitlets.config import Config
from voila._version import __version__ as voila_version
from voila.app import Voila
from voila.paths import collect_static_paths, collect_template_paths
from voila.utils import get_voila_labextensions_path

from opsline.server.assets import AssetHandler
from opsline.server.kernels import KernelHandler, KernelSocket, ModelHandler, OwnedKernels, OwnersOnly
from opsline.server.pages import POLICY, HomeHandler, LoginHandler, NothingHandler, PageHandler
from opsline.server.settings import ServerSettings
from opsline.server.spare import Spare
from opsline.server.views.connection import DeskConnection
from opsline.server.views.feed import FeedHandler
from opsline.server.views.provisioner import DeskKernel
from opsline.server.views.views import Views

TEMPLATE: Final = Path(__file__).parents[1] / "voila_template"
KERNEL: Final = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
UNUSED: Final = [  # labextensions that our pages never call; one that a team installs is kept
    "@voila-dashboards/jupyterlab-preview",
    "jupyterlab_pygments",
    "jupyterlab-plotly",
]

Route = tuple[Any, ...]


class Desk(Voila):
    """The pages' application: make it, `build` it inside a running loop, `close` it.

    Args:
        settings: What the server is asked to be.
        secret: The bytes that sign cookies.
        frontend: The folder of our built front end.
        mounted: More routes, the sheets' among them.
    """

    name = "voila"

    def __init__(
        self,
        settings: ServerSettings,
        secret: bytes,
        frontend: Path,
        mounted: Sequence[Route] = (),
    ) -> None:
        """Keep what is asked for, and set up Voila by it."""
        super().__init__(config=configuration(settings, secret))
        self.asked = settings
        self.frontend = frontend
        self.mounted = list(mounted)
        self.config_file_paths = []  # a voila.json lying about must not open what is closed here
        self.root_dir = str(settings.pages)
        self.initialize([])

    def setup_template_dirs(self) -> None:
        """Put our template before Voila's, whose blocks ask a CDN for fonts and scripts."""
        self.template_paths = [
            str(TEMPLATE),
            *collect_template_paths(["voila", "nbconvert"], "lab", prune=True),
        ]
        self.static_paths = collect_static_paths(["voila", "nbconvert"], "lab")

    def build(self, port: int) -> web.Application:
        """Return the tornado application; called where its loop already runs."""
        self.port = port
        self.connection_dir = tempfile.mkdtemp(prefix="opsline_")
        application = web.Application(**self.init_settings())
        self.spare = Spare(self.kernel_manager, os.environ, wanted=self.asked.keeps_spare)
        self.views = Views(os.environ, wanted=self.asked.has_views)
        self.kernel_manager.views = self.views
        application.add_handlers(self.asked.host_pattern, self.init_handlers())
        self.app = application
        return application

    def start(self) -> None:
        """Begin what visits wait for, before the first one."""
        self.views.start()
        if not self.views.wanted:
            self.spare.make_soon(0)

    async def close(self) -> None:
        """End every view and kernel, then clear their connection files away."""
        await self.spare.close()
        await self.views.close()
        await self.kernel_manager.shutdown_all(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    def init_settings(self) -> dict[str, Any]:  # type: ignore[override]  # Voila names traitlets' Dict
        """Return tornado's settings: Voila's, closed further."""
        settings = cast(dict[str, Any], super().init_settings())
        settings["voila_jinja2_env"] = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATE), autoescape=True
        )
        settings["headers"] = {
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        settings["allow_remote_access"] = True  # the host pattern of the routes has decided already
        settings["login_url"] = "/login"
        settings["voila_mark"] = voila_version
        settings["assets_mark"] = assets_mark(TEMPLATE / "static")
        settings["frontend_mark"] = frontend_mark(self.frontend)
        settings["has_style"] = (self.frontend / "opsline.css").exists()
        settings["preloads"] = preloads(self.frontend)
        settings["view_modules"] = view_modules(self.frontend)
        settings["default_handler_class"] = NothingHandler
        settings["websocket_compression_options"] = None if self.asked.is_loopback else {}
        return settings

    def init_handlers(self) -> list[Route]:  # type: ignore[override]  # as above
        """Return every route there is. What is not named here is not served."""
        kept = settings_for_pages(self)
        mark = voila_version.replace(".", r"\.")
        labextensions = get_voila_labextensions_path()
        return [
            *self.mounted,
            (r"/", HomeHandler),
            (r"/desk/?", HomeHandler),
            (r"/desk/([^/]+)", PageHandler, kept),
            (rf"/api/kernels/{KERNEL}/channels", KernelSocket),
            (rf"/api/kernels/{KERNEL}", ModelHandler),
            (rf"/opsline/kernels/{KERNEL}", KernelHandler),
            (r"/opsline/views/([0-9a-f]{32})/feed", FeedHandler, {"views": self.views}),
            (rf"/voila/api/shutdown/{KERNEL}", KernelHandler),
            (r"/login", LoginHandler),
            (r"/static/opsline/(.*)", AssetHandler, {"folders": [self.frontend]}),
            (r"/static/desk/(.*)", AssetHandler, {"folders": [TEMPLATE / "static"]}),
            (rf"/voila/{mark}/static/(.*)", AssetHandler, versioned(self.static_paths)),
            (rf"/voila/{mark}/labextensions/(.*)", AssetHandler, versioned(labextensions)),
            (
                r"/voila/api/themes/(.*)",
                ThemesHandler,
                {
                    "themes_url": "/voila/api/themes",
                    "path": self.themes_dir,
                    "labextensions_path": labextensions,
                    "no_cache_paths": [],
                },
            ),
        ]


def configuration(settings: ServerSettings, secret: bytes) -> Config:
    """Return what Voila and its parts are configured with; each line closes or trims something."""
    config = Config()
    config.Voila.log_level = "ERROR"
    config.Voila.open_browser = False
    config.Voila.cookie_secret = secret
    config.Voila.ip = settings.ip
    config.Voila.authorizer_class = OwnersOnly
    config.Voila.kernel_websocket_connection_class = DeskConnection
    config.Voila.identity_provider_class = PasswordIdentityProvider
    config.PasswordIdentityProvider.allow_password_change = False
    if settings.password:
        config.PasswordIdentityProvider.hashed_password = passwd(settings.password)
        config.PasswordIdentityProvider.password_required = True
    config.VoilaConfiguration.template = "lab"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = []
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.extension_denylist = UNUSED
    config.VoilaConfiguration.http_keep_alive_timeout = 3600  # its heartbeat is an inline script
    config.VoilaConfiguration.multi_kernel_manager_class = OwnedKernels
    config.MappingKernelManager.kernel_manager_class = f"{DeskKernel.__module__}.{DeskKernel.__name__}"
    config.VoilaConfiguration.resources = {}
    if sys.platform != "win32":
        config.KernelManager.transport = "ipc"  # sockets in a folder of this user's own, not on TCP
    config.KernelManager.autorestart = False  # a fresh kernel under an old page would answer nothing
    config.MappingKernelManager.cull_idle_timeout = settings.idle_seconds
    config.MappingKernelManager.cull_interval = max(1, min(30, settings.idle_seconds // 2))
    config.MappingKernelManager.cull_connected = False
    return config


def settings_for_pages(desk: Desk) -> dict[str, Any]:
    """Return what a page's handler is made with."""
    return {
        "folder": desk.asked.pages,
        "spare": desk.spare,
        "views": desk.views,
        "template_paths": desk.template_paths,
        "config": desk.config,
        "voila_configuration": desk.voila_configuration,
    }


def versioned(folders: Sequence[str]) -> dict[str, Any]:
    """Return the arguments of a route whose address names a version."""
    return {"folders": [Path(folder) for folder in folders], "versioned": True}


def assets_mark(folder: Path) -> str:
    """Return a word that changes with the files of a folder."""
    return f"{max(file.stat().st_mtime_ns for file in folder.iterdir()):x}"


def frontend_mark(frontend: Path) -> str:
    """Return the version in the addresses of the front end, as widgets/assets.py forms it."""
    built = frontend / ".built"
    return str(int(built.stat().st_mtime)) if built.exists() else "0"


def view_modules(frontend: Path) -> list[str]:
    """Return what view.js imports at once, as the build has noted it."""
    noted = frontend / "view.json"
    names = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else []
    return [name for name in names if name != "view.js"]


def preloads(frontend: Path) -> list[str]:
    """Return our own modules: small, needed by every page, and fetched while the kernel starts."""
    return sorted(file.name for file in frontend.glob("*.js") if file.name != "view.js")
