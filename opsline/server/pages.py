"""What a visitor is shown: pages, the way in, and one sentence where there is nothing to show."""

from __future__ import annotations

import json
import os
import re
import zlib
from pathlib import Path
from typing import Any, Final

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import ApiPath
from tornado import web
from tornado.httputil import HTTPServerRequest, split_host_and_port
from tornado.iostream import StreamClosedError
from voila._version import __version__ as voila_version
from voila.handler import BaseVoilaHandler
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from opsline.server.kernels import OwnedKernels
from opsline.server.language import language_of, sentences, theme_of, wished_language
from opsline.server.spare import Spare
from opsline.server.views.rendering import cells_html, libraries, script_text
from opsline.server.views.view import Asked, Shown, asked_of
from opsline.server.views.views import Views
from sheets_schema.words import say

PAGE: Final = re.compile(r"[^\W.][\w .-]*")
VIEW_TYPE: Final = "application/vnd.opsline.view+json"
FAULTS: Final = {403: "not_allowed", 404: "no_such_page", 405: "no_such_page", 400: "unreadable_page"}

RULES: Final = {
    "default-src": "'none'",
    # blob: an anywidget's module; unsafe-eval: the schema checker of JupyterLab's settings, which
    # compiles what this server sent it. No inline script and no other host runs.
    "script-src": "'self' blob: 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "object-src": "'none'",
}
POLICY: Final = "; ".join(f"{what} {whence}" for what, whence in RULES.items())
VIEW_POLICY: Final = POLICY.replace(" 'unsafe-eval'", "")
"""For pages that need nothing of JupyterLab's."""


class Sentences:
    """Say what went wrong in one sentence, in the visitor's language and the desk's colours."""

    def write_error(self: Any, status_code: int, **_: object) -> None:
        """Show the sentence of a status; what caused it stands in the log."""
        language = language_of(self.request)
        said = sentences(language, FAULTS.get(status_code, "fault"), "home")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        template = self.settings["voila_jinja2_env"].get_template("fault.html.j2")
        self.finish(
            template.render(
                language=language,
                theme=theme_of(self.request),
                sentence=next(iter(said.values())),
                home=said["home"],
            )
        )


class PageHandler(Sentences, BaseVoilaHandler):
    """Serve `/desk/NAME` from `NAME.ipynb` in the folder of pages, and nothing else."""

    def initialize(self, **arguments: Any) -> None:
        """Take the folder of pages beside what Voila takes."""
        super().initialize(**arguments)
        self.folder: Path = arguments["folder"]
        self.spare: Spare = arguments["spare"]
        self.views: Views = arguments["views"]
        self.arguments = arguments

    @web.authenticated
    async def get(self, name: str) -> None:
        """Send the page: what its view shows now, or else what a kernel of its own computes.

        The cookie `_xsrf` is set here: without it the goodbye that ends the kernel is refused (voila#1458).
        """
        notebook = self.folder / f"{name}.ipynb"
        if not PAGE.fullmatch(name) or not notebook.is_file():
            raise web.HTTPError(404)
        if self.views.closing:
            raise web.HTTPError(503)
        self.page_name = name
        self.xsrf_token  # noqa: B018  (reading it sets the cookie)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        asked = asked_of(notebook, self.request.query, wished_language(self.request))
        if not self.views.is_showable(asked):
            await self._run()
        elif self.request.headers.get("Accept") == VIEW_TYPE:
            await self._send_view(asked)
        else:
            await self._show(asked)

    async def _show(self, asked: Asked) -> None:
        """Send what the view of the page shows; the frame at once, where that is still to be computed."""
        page = ViewPage(self, asked)
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Content-Security-Policy", VIEW_POLICY)
        view = self.views.there(asked)
        shown = await view.newest() if view is not None else None
        self.write(page.packed(page.head(shown)))
        if view is None:
            await self.flush()
            view = await self.views.of(asked)
        if view is None:
            self.finish(page.packed(page.again(), last=True))
            return
        self.finish(page.packed(page.body(view.id, shown or await view.newest()), last=True))
        self.views.expect(asked, self.folder)

    async def _send_view(self, asked: Asked) -> None:
        """Send what the view shows as data, to a page that shows it anew."""
        view = await self.views.of(asked)
        if view is None:
            raise web.HTTPError(410)
        self.set_header("Content-Type", VIEW_TYPE)
        self.finish(ViewPage(self, asked).data(view.id, await view.newest()))

    async def _run(self) -> None:
        """Send the page's frame at once, and its cells when a kernel has run them.

        A fault after the frame was sent cuts the page short; static/page.js sees that and says so.
        """
        config = self._page_config()
        renderer = self._renderer(config)
        await renderer.initialize()
        kernel_id = await self._kernel(renderer.notebook.metadata.kernelspec.name)
        # Known before it is ready, so that the front end loads meanwhile.
        renderer.page_config = {**config, "kernelId": kernel_id}
        kernel = self.kernel_manager.get_kernel(kernel_id)
        try:
            async for html, _ in renderer.generate_content_generator(kernel_id, kernel):
                self.write(html)
                await self.flush()
        except StreamClosedError:  # the visitor left before the page was there
            if kernel_id in self.kernel_manager:
                await self.kernel_manager.shutdown_kernel(kernel_id, now=True)
        self.spare.make_soon()

    async def _kernel(self, name: str) -> str:
        """Return the id of a kernel of this visitor's: the one in reserve, or one that starts now."""
        asked = request_environment(self.request)
        kernel_id = await self.spare.take(name, asked) or await self.kernel_manager.start_kernel(
            kernel_name=name, path=ApiPath(""), env={**os.environ, **asked}
        )
        kernels: OwnedKernels = self.settings["kernel_manager"]
        kernels.give(kernel_id, self.current_user)
        return kernel_id

    def _renderer(self, config: dict[str, Any]) -> NotebookRenderer:
        return NotebookRenderer(
            request_handler=self,
            voila_configuration=self.voila_configuration,
            traitlet_config=self.arguments["config"],
            notebook_path=f"{self.page_name}.ipynb",
            template_paths=self.arguments["template_paths"],
            contents_manager=self.contents_manager,
            config_manager=self.config_manager,
            kernel_spec_manager=self.kernel_spec_manager,
            base_url=self.base_url,
            page_config=config,
        )

    def _page_config(self) -> dict[str, Any]:
        """Return what Voila's front end has to know, and what our template says before the kernel speaks."""
        config: dict[str, Any] = get_page_config(
            base_url=self.base_url,
            settings=self.settings,
            log=self.log,
            voila_configuration=self.voila_configuration,
        )
        config["opsline"] = frame(self, self.folder / f"{self.page_name}.ipynb")
        static = f"{self.base_url}voila/{self.settings['voila_mark']}"
        config["fullStaticUrl"] = f"{static}/static"
        config["fullLabextensionsUrl"] = f"{static}/labextensions"
        return config


def frame(handler: JupyterHandler, notebook: Path) -> dict[str, Any]:
    """Return what a page's template has to know, whoever computes the page."""
    language = language_of(handler.request)
    title = page_title(notebook, language)
    keys = ("opening", "broken", "gone", "away", "reload", "working", "back", "unsure", "failed")
    return {
        "language": language,
        "theme": theme_of(handler.request),
        "title": title,
        "said": sentences(language, *keys, page=title),
        "mark": handler.settings["assets_mark"],
        "frontend": handler.settings["frontend_mark"],
        "preloads": handler.settings["preloads"],
        "modules": handler.settings["view_modules"],
        "style": handler.settings["has_style"],
    }


class ViewPage:
    """The HTML of a page whose view is shown, as one gzip stream.

    Args:
        handler: Who asks; its request's language and theme are the page's.
        asked: What is shown.
    """

    def __init__(self, handler: JupyterHandler, asked: Asked) -> None:
        """Take what the templates need."""
        self.facts = frame(handler, asked.notebook)
        self.templates = handler.settings["voila_jinja2_env"]
        self._stream = zlib.compressobj(5, zlib.DEFLATED, 31)

    def head(self, shown: Shown | None = None) -> str:
        """Return the page up to where its cells begin: what the browser can load and paint already.

        Args:
            shown: What the page will show, where that is known; then what draws it is fetched, too.
        """
        drawing = [] if shown is None else libraries(shown.state)
        modules = [*self.facts["modules"], *(f"{name}?v={self.facts['frontend']}" for name in drawing)]
        return str(self.templates.get_template("view_head.html.j2").render(desk=self.facts, modules=modules))

    def body(self, view: str, shown: Shown) -> str:
        """Return the rest of the page."""
        template = self.templates.get_template("view_body.html.j2")
        facts = script_text(json.dumps(self._about(view, shown), ensure_ascii=False))
        state = script_text(shown.state)
        return str(template.render(cells=cells_html(shown.cells), about=facts, state=state))

    def again(self) -> str:
        """Return the rest of a page that turned out to need a kernel: it comes again, and gets one."""
        return '<meta http-equiv="refresh" content="0"></body></html>'

    def data(self, view: str, shown: Shown) -> str:
        """Return what `body` holds, as JSON."""
        about = json.dumps(self._about(view, shown), ensure_ascii=False)
        cells = json.dumps([cells_html(shown.cells)], ensure_ascii=False)
        return f'{{"view":{about},"state":{shown.state},"cells":{cells}}}'

    def packed(self, text: str, *, last: bool = False) -> bytes:
        """Return the next part of the page as it goes over the line."""
        packed = self._stream.compress(text.encode())
        return packed + self._stream.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)

    def _about(self, view: str, shown: Shown) -> dict[str, Any]:
        told = {name: self.facts[name] for name in ("language", "title", "said")}
        feed = f"/opsline/views/{view}/feed"
        return {"view": view, "version": shown.version, "feed": feed, "baseUrl": "/", **told}


def request_environment(request: HTTPServerRequest) -> dict[str, str]:
    """Return the environment that tells a kernel what was asked for, in CGI's words, as Voila does.

    Without VOILA_REQUEST_URL, which may hold a token.
    """
    host, port = split_host_and_port(request.host.lower())
    return {
        "SCRIPT_NAME": request.path,
        "PATH_INFO": "",
        "QUERY_STRING": request.query,
        "SERVER_SOFTWARE": f"voila/{voila_version}",
        "SERVER_PROTOCOL": request.version,
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or ""),
        "HTTP_ACCEPT_LANGUAGE": request.headers.get("Accept-Language", ""),
        "VOILA_PREHEAT": "False",
        "VOILA_BASE_URL": "/",
    }


def page_title(notebook: Path, language: str) -> str:
    """Return what a page is called: the word of its key, else its first heading, else its file's name."""
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        key = content["metadata"].get("opsline", {}).get("key", "")
        return say(f"nav.{key}", language) if key else heading(content) or notebook.stem
    except (ValueError, LookupError, TypeError, AttributeError):
        return notebook.stem


def heading(content: dict[str, Any]) -> str:
    """Return a notebook's first heading, or a blank."""
    sources = ("".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "markdown")
    lines = (line for source in sources for line in source.splitlines())
    return next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")


class HomeHandler(Sentences, JupyterHandler):
    """Send `/` and `/desk` to the home page."""

    @web.authenticated
    def get(self) -> None:
        """Go to the home page, taking the address bar's language, theme and person along."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}desk/home{query}")


class NothingHandler(Sentences, JupyterHandler):
    """Answer every address that is none of ours."""

    @allow_unauthenticated
    def get(self, *_: str) -> None:
        """Say that there is no page here."""
        raise web.HTTPError(404)

    post = put = delete = patch = get


class LoginHandler(Sentences, LoginFormHandler):
    """Ask for the password, in the visitor's language."""

    def _render(self, message: dict[str, str] | None = None) -> None:
        language = language_of(self.request)
        template = self.settings["voila_jinja2_env"].get_template("login.html.j2")
        self.write(
            template.render(
                language=language,
                theme=theme_of(self.request),
                said=sentences(language, "password", "enter", "wrong_password"),
                wrong=message is not None,
                form=self.xsrf_form_html(),
            )
        )
