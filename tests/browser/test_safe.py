"""What a visitor cannot do. Each way in was shown open in stock Voila (voila.md)."""

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser

BUTTON = """
import ipywidgets as ipw
from IPython.display import display
button = ipw.Button(description="press")
label = ipw.HTML("<p id='hello'>hello</p>")
button.on_click(lambda _: setattr(label, "value", "<p id='pressed'>pressed</p>"))
ipw.VBox([label, button])
"""
HOSTILE = """
import ipywidgets as ipw
ipw.HTML("<p id='hello'>hello</p><img src='data:,' onerror='window.stolen = 1'>")
"""
SOCKET = """
async ([kernel, code, protocols = ["v1.kernel.websocket.jupyter.org"]]) => {
  const address = `${location.origin.replace("http", "ws")}/api/kernels/${kernel}/channels?session_id=s`;
  const socket = new WebSocket(address, protocols);
  socket.binaryType = "arraybuffer";
  const message = (type, content) => {
    const header = { msg_id: type, msg_type: type, username: "", session: "s", version: "5.3", date: "" };
    const texts = ["shell", ...[header, {}, {}, content].map((part) => JSON.stringify(part))];
    const parts = texts.map((part) => new TextEncoder().encode(part));
    const starts = [8 * (parts.length + 2)];
    for (const part of parts) starts.push(starts.at(-1) + part.length);
    const whole = new Uint8Array(starts.at(-1));
    const view = new DataView(whole.buffer);
    [starts.length, ...starts].forEach((number, place) => view.setBigUint64(8 * place, BigInt(number), true));
    parts.forEach((part, place) => whole.set(part, starts[place]));
    return whole;
  };
  const type = (data) => {
    const start = Number(new DataView(data).getBigUint64(16, true));
    const end = Number(new DataView(data).getBigUint64(24, true));
    return JSON.parse(new TextDecoder().decode(data.slice(start, end))).msg_type;
  };
  return new Promise((resolve) => {
    const heard = [];
    socket.onclose = () => resolve("refused");
    socket.onopen = () => {
      socket.send(message("execute_request", { code, silent: false, store_history: false }));
      socket.send(message("kernel_info_request", {}));
    };
    socket.onmessage = (event) => {
      heard.push(type(event.data));
      if (heard.at(-1) === "kernel_info_reply") setTimeout(() => resolve(heard), 500);
    };
  });
}
"""


def notebook(folder: Path, name: str, *cells: str) -> None:
    """Save a page of code cells."""
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(book, folder / f"{name}.ipynb")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pages, and with what must not leave it."""
    folder = tmp_path_factory.mktemp("pages")
    notebook(folder, "home", BUTTON)
    notebook(folder, "hostile", HOSTILE)
    notebook(folder, "broken", "secret = 'in the traceback'\n1 / 0", "'never'")
    (folder / "sub").mkdir()
    notebook(folder / "sub", "hidden", "1")
    (folder / "secret.txt").write_text("secret")
    (folder / "picture.png").write_bytes(b"\x89PNG secret")
    (folder / "torn.ipynb").write_text('{"cells": [')
    return folder


@pytest.fixture(scope="module", params=["1", "0"], ids=["views", "kernels"])
def small(serve: Callable[..., Any], pages: Path, request: pytest.FixtureRequest) -> Any:
    """A desk on those pages: one that shows them by views, and one that gives each visit a kernel."""
    return serve("--pages", str(pages), OPSLINE_SPARE_KERNEL="0", OPSLINE_VIEWS=request.param)


def status(address: str, **headers: str) -> int:
    """Return the status of a GET by a program that follows no redirect."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as line:
        wanted = {"Host": parts.netloc, "Connection": "close", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        line.sendall(f"GET {target} HTTP/1.1\r\n{head}\r\n".encode())
        return int(line.makefile("rb").readline().split()[1])


def kernel_of(page: Any) -> str:
    """Return the id of the kernel behind an open page; a page without one gets it by being touched."""
    if page.locator("#jupyter-config-data").count():
        kernel: str = json.loads(page.text_content("#jupyter-config-data"))["kernelId"]
        return kernel
    with page.expect_websocket(lambda socket: "/api/kernels/" in socket.url) as opened:
        page.click("button:text-is('press')")
    page.wait_for_selector("#pressed")
    return str(urlsplit(opened.value.url).path.split("/")[3])


def test_a_widget_works_and_code_does_not(
    small: Any, page: Any, visit: Callable[..., Any], tmp_path: Path
) -> None:
    """The socket passes on what a widget says, and drops what a console would."""
    visit(page, small, "home", "#hello")
    kernel = kernel_of(page)
    if not page.locator("#pressed").count():
        page.click("button:text-is('press')")
        page.wait_for_selector("#pressed")

    heard = page.evaluate(SOCKET, [kernel, f"open({str(tmp_path / 'owned')!r}, 'w')"])

    assert "kernel_info_reply" in heard
    assert "execute_reply" not in heard
    assert not (tmp_path / "owned").exists()


def test_the_older_protocol_is_refused(small: Any, page: Any, visit: Callable[..., Any]) -> None:
    """Over it a message with a buffer sent Voila into a loop that took the server with it."""
    visit(page, small, "home", "#hello")

    assert page.evaluate(SOCKET, [kernel_of(page), "1", []]) == "refused"


def test_a_visitor_reaches_only_the_kernels_of_own_pages(
    small: Any, new_page: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    """Who knows the id of another visitor's kernel is still not let in."""
    owner = visit(new_page(), small, "home", "#hello")
    kernel = kernel_of(owner)
    stranger = visit(new_page(), small, "home", "#hello")

    assert stranger.evaluate(SOCKET, [kernel, "1"]) == "refused"
    asked = f"fetch('/opsline/kernels/{kernel}').then((answer) => answer.status)"
    assert (stranger.evaluate(asked), owner.evaluate(asked)) == (403, 204)


@pytest.mark.parametrize(
    "query", ['theme="><script>window.stolen=1</script>', "template=python", "theme=dark"]
)
def test_theme_and_template_are_closed(small: Any, page: Any, visit: Callable[..., Any], query: str) -> None:
    """In stock Voila the first ran a script and the second hung for ever."""
    visit(page, small, f"home?{query}", "#hello")

    assert page.evaluate("window.stolen") is None


def test_markup_in_a_cell_runs_no_script(
    small: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """Parts escape what people typed; where one forgets, the page's policy still runs nothing."""
    visit(page, small, "hostile", "#hello")
    page.wait_for_function("document.querySelector('#rendered_cells img').complete")

    assert page.evaluate("window.stolen") is None
    assert any("Content Security Policy" in error for error in watched.errors)


@pytest.mark.parametrize(
    "path",
    [
        *("voila/files/picture.png", "voila/files/secret.txt", "voila/files/home.ipynb", "secret.txt"),
        *("voila/tree", "voila/render/home.ipynb", "voila/api/contents", "api/contents", "api/terminals"),
        *("lab", "tree", "files/secret.txt", "api/kernels", "api/sessions", "desk/secret.txt"),
        *("desk/sub%2Fhidden", "desk/..%2Fhome", "desk/home.ipynb", "desk/.hidden"),
        *("static/opsline/..%2F..%2F__init__.py", "static/desk/..%2Findex.html.j2", "voila/query/0-0-0-0-0"),
        *("voila/templates/lab/static/index.css", "v4/spreadsheets/x", "drive/v3/files"),
    ],
)
def test_nothing_but_pages_is_served(small: Any, path: str) -> None:
    """No tree, no file, no template, no other notebook; and the sheet's API asks for its token."""
    assert status(f"{small.address}/{path}") in {401, 403, 404}


def test_the_sheet_needs_its_token(small: Any) -> None:
    """A page's cookie opens pages; a program shows the token that FILE.server keeps from other users."""
    listing = f"{small.address}/drive/v3/files"

    assert status(listing) in {401, 403}
    assert status(listing, Authorization="Bearer wrong") in {401, 403}
    assert status(listing, Authorization=f"Bearer {small.token}") == 200
    assert (small.data / "workbook.sqlite.server").stat().st_mode & 0o077 == 0


def test_another_hosts_name_opens_nothing(small: Any) -> None:
    """A website that points its own name at 127.0.0.1 (DNS rebinding) gets 404 everywhere."""
    paths = ("desk/home", "drive/v3/files", "static/desk/page.js", "spreadsheets/d/x/edit")

    assert {status(f"{small.address}/{path}", Host="desk.example") for path in paths} == {404}
    assert status(f"{small.address}/desk/nothing") == 404
    assert status(f"{small.address}/static/desk/page.js") == 200


def test_a_broken_notebook_says_one_sentence(small: Any, page: Any, visit: Callable[..., Any]) -> None:
    """No traceback and no source leaves the server; the sentence is in the visitor's language."""
    visit(page, small, "broken?lang=zh-Hans", ".desk-broken")

    assert "此页面无法计算" in page.text_content("body")
    assert "ZeroDivisionError" not in page.content()
    assert "in the traceback" not in page.content()
    assert "never" not in page.text_content("#rendered_cells")


@pytest.mark.parametrize(("name", "sentence"), [("nothing", "no page here"), ("torn", "cannot be read")])
def test_a_page_that_is_not_there_says_so(small: Any, page: Any, name: str, sentence: str) -> None:
    """A mistyped address and a torn file are answered with a sentence and a way home."""
    page.goto(f"{small.address}/desk/{name}")

    assert sentence in page.text_content("main")
    assert page.get_attribute("main a", "href") == "/desk/home"


def test_a_kernel_ends_with_its_page(small: Any, page: Any, visit: Callable[..., Any]) -> None:
    """Leaving for another page ends the kernel at once (voila#1458: without the cookie it stayed)."""
    others = set(small.kernels())  # a browser that is closed while its page still loads says no goodbye
    visit(page, small, "home", "#hello")
    kernel_of(page)
    own = set(small.kernels()) - others
    assert len(own) == 1
    page.goto("about:blank")
    assert until(lambda: not own & set(small.kernels()))


@pytest.mark.parametrize("views", ["1", "0"])
def test_a_kernel_whose_page_never_said_goodbye_is_ended(
    serve: Callable[..., Any], pages: Path, page: Any, visit: Callable[..., Any], views: str
) -> None:
    """A browser that crashed sends nothing: the kernel is culled once nobody is connected."""
    desk = serve(
        "--pages", str(pages), OPSLINE_IDLE_SECONDS="6", OPSLINE_SPARE_KERNEL="0", OPSLINE_VIEWS=views
    )
    page.add_init_script("navigator.sendBeacon = () => true")
    visit(page, desk, "home", "#hello")
    kernel_of(page)
    assert desk.kernels()
    page.goto("about:blank")

    assert until(lambda: not desk.kernels(), 40)


def test_a_page_says_that_its_kernel_is_gone(small: Any, page: Any, visit: Callable[..., Any]) -> None:
    """In stock Voila a page without a kernel looks alive and answers nothing (voila#67)."""
    visit(page, small, "home", "#hello")
    by_view = not page.locator("#jupyter-config-data").count()
    kernel_of(page)
    for kernel in small.kernels():
        os.kill(kernel, signal.SIGKILL)

    if by_view:  # it comes back by itself, as it was before anybody touched it
        page.wait_for_selector("#hello")
        page.click("button:text-is('press')")
        page.wait_for_selector("#pressed")
        return
    page.wait_for_selector("#desk-lost:not([hidden])")
    assert "no longer answers" in page.text_content("#desk-lost")
    page.click("#desk-lost a")
    page.wait_for_selector("#hello")


def test_nothing_is_asked_of_another_host(
    small: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """The desk works with no network at all: no CDN, no font, no analytics."""
    visit(page, small, "home", "#hello")
    hosts = {urlsplit(address).netloc for address in watched.requests if address.startswith("http")}

    assert hosts == {urlsplit(small.address).netloc}


def test_other_machines_are_not_served_without_a_password(
    opsline: Callable[..., Any], tmp_path: Path
) -> None:
    """One sentence, status 1, and nothing listens."""
    refused = opsline("serve", "--ip", "0.0.0.0", "--port", "0", data=tmp_path)  # noqa: S104

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "password" in refused.stderr


def test_a_port_in_use_is_one_sentence(small: Any, opsline: Callable[..., Any], tmp_path: Path) -> None:
    """What to do is said: choose another one."""
    port = str(urlsplit(small.address).port)
    refused = opsline("serve", "--port", port, "--no-browser", data=tmp_path)

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert f"Port {port}" in refused.stderr
    assert "--port" in refused.stderr


def test_a_workbook_has_one_desk(small: Any, opsline: Callable[..., Any]) -> None:
    """A second desk on the same file says where the first one is."""
    refused = opsline("serve", "--port", "0", "--no-browser", data=small.data)

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert small.address in refused.stderr


@pytest.fixture(scope="module")
def guarded(serve: Callable[..., Any], pages: Path) -> Any:
    """A desk that asks for a password."""
    return serve("--pages", str(pages), "--password", OPSLINE_PASSWORD="let me in")


class TestWithAPassword:
    """A desk that other machines may reach."""

    def test_every_page_asks_for_it(self, guarded: Any) -> None:
        """Pages, sockets, kernels, the sheet: nothing is open."""
        pages = [f"{guarded.address}/{path}" for path in ("", "desk/home", "desk/nothing")]
        kernel = "00000000-0000-0000-0000-000000000000"
        rest = [f"api/kernels/{kernel}", f"opsline/kernels/{kernel}", f"api/kernels/{kernel}/channels"]

        assert [status(address) for address in pages[:2]] == [302, 302]
        assert {status(f"{guarded.address}/{path}") for path in rest} <= {302, 403, 404}
        assert status(f"{guarded.address}/drive/v3/files") in {401, 403}
        assert status(f"{guarded.address}/spreadsheets/d/x/edit") in {401, 403, 404}

    def test_the_right_one_opens_the_page_that_was_asked_for(self, guarded: Any, page: Any) -> None:
        """A wrong one is refused in a sentence; the right one leads on."""
        page.goto(f"{guarded.address}/desk/home?lang=en")
        page.fill("#password", "let me out")
        page.click("button")
        page.wait_for_selector("#wrong")
        page.fill("#password", "let me in")
        page.click("button")

        page.wait_for_selector("#hello")
        assert urlsplit(page.url).path == "/desk/home"

    def test_kernels_do_not_know_it(self, guarded: Any, page: Any) -> None:
        """The password is taken out of the environment before any kernel inherits it."""
        page.goto(f"{guarded.address}/desk/home")
        page.fill("#password", "let me in")
        page.click("button")
        page.wait_for_selector("#hello")
        kernel_of(page)
        environments = [Path(f"/proc/{kernel}/environ").read_bytes() for kernel in guarded.kernels()]

        assert environments
        assert not any(b"let me in" in environment for environment in environments)


def test_kernels_end_with_the_server(
    serve: Callable[..., Any], pages: Path, page: Any, visit: Callable[..., Any]
) -> None:
    """Even a server that is killed leaves no kernel behind."""
    desk = serve("--pages", str(pages))
    visit(page, desk, "home", "#hello")
    kernel_of(page)
    kernels = desk.kernels()
    views = [*desk.processes("opsline-view"), *desk.processes("opsline-nursery")]
    desk.process.kill()

    assert kernels
    assert views
    assert until(lambda: not any(Path(f"/proc/{each}").exists() for each in (*kernels, *views)))


def test_the_kernel_in_reserve_knows_what_was_asked(
    serve: Callable[..., Any], new_page: Callable[..., Any], tmp_path: Path
) -> None:
    """It is made before the request, and is handed to one visitor only."""
    asked = "import os, ipywidgets as ipw\nipw.HTML(f\"<p id='hello'>{os.environ['QUERY_STRING']}</p>\")"
    notebook(tmp_path, "home", asked)
    desk = serve("--pages", str(tmp_path), data=None, OPSLINE_VIEWS="0")
    assert until(lambda: len(desk.kernels()) == 1)
    seen = []
    for query in ("id=1", "id=2"):
        page = new_page()
        page.goto(f"{desk.address}/desk/home?{query}")
        page.wait_for_selector("#hello")
        seen.append((page.text_content("#hello"), kernel_of(page)))
        assert until(lambda: len(desk.kernels()) == len(seen) + 1)

    assert [text for text, _ in seen] == ["id=1", "id=2"]
    assert len({kernel for _, kernel in seen}) == 2
