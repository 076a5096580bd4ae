"""A page that is shown by a view: no kernel until it is touched, and then nothing lost, whatever ends."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest

from tests.browser.conftest import until

pytestmark = pytest.mark.browser

PLAIN = """
import ipywidgets as ipw, time
slider = ipw.IntSlider(description="amount", value=3)
shown = ipw.Label()
ipw.dlink((slider, "value"), (shown, "value"), lambda value: f"amount is {value}")
choice = ipw.Dropdown(description="colour", options=["red", "green"])
slow = ipw.Button(description="slow")
done = ipw.HTML("<p>not yet</p>")
def work(_):
    time.sleep(2)
    done.value = "<p id='done'>done</p>"
slow.on_click(work)
press, pressed = ipw.Button(description="press"), ipw.Label("pressed 0")
def count(_):
    pressed.value = f"pressed {int(pressed.value.split()[1]) + 1}"
press.on_click(count)
typed, read, taken = ipw.Text(description="typed"), ipw.Button(description="read"), ipw.Label("took nothing")
typed.observe(lambda _: time.sleep(0.7), "value")
def take(_):
    taken.value = f"took {typed.value}"
read.on_click(take)
fail = ipw.Button(description="fail")
fail.on_click(lambda _: 1 / 0)
tabs = ipw.Tab([ipw.Textarea(description="words"), ipw.DatePicker(description="day")], titles=["one", "two"])
ipw.VBox([slider, shown, choice, tabs, slow, done, press, pressed, typed, read, taken, fail])
"""
FOREIGN = '''
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const button = document.createElement("button");
      const draw = () => { button.textContent = `count ${model.get("count")}`; };
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
      model.on("change:count", draw);
      draw();
      el.append(button);
    } };
    """
    _css = ".counter-mark { color: rgb(1, 2, 3); }"
    count = traitlets.Int(4).tag(sync=True)
    doubled = traitlets.Int(8).tag(sync=True)
    @traitlets.observe("count")
    def _double(self, change):
        if change["new"] < 6:
            self.count = change["new"] * 2
Counter()
'''
SOCKETS = """
const Real = WebSocket, opened = [];
window.kernelSockets = () => opened.filter(({ url }) => url.includes("/api/kernels/"));
window.WebSocket = class extends Real {
  constructor(...told) {
    super(...told);
    opened.push(this);
    this.addEventListener("message", (event) => {
      if (!window.hearsNothing) return;
      event.stopImmediatePropagation();
      window.missed += new TextDecoder().decode(event.data);
    });
  }
  send(data) {
    if (!window.isDeaf) super.send(data);
  }
};
"""
HEARD = """
() => {
  window.heard = [];
  const lost = document.getElementById("desk-lost");
  const hear = () => window.heard.push(lost.textContent);
  new MutationObserver(hear).observe(lost, { childList: true, subtree: true, characterData: true });
}
"""


@pytest.fixture(scope="module")
def plain(serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk on an analyst's two notebooks: ipywidgets' own controls, and an anywidget of somebody's."""
    folder = tmp_path_factory.mktemp("pages")
    for name, code in {"home": PLAIN, "foreign": FOREIGN}.items():
        book = nbformat.v4.new_notebook()
        book.cells = [nbformat.v4.new_code_cell(code)]
        nbformat.write(book, folder / f"{name}.ipynb")
    return serve("--pages", str(folder))


def kill_kernels(desk: Any) -> None:
    """Kill what a desk has of kernels, as the machine does when its memory is full."""
    for kernel in desk.kernels():
        os.kill(kernel, signal.SIGKILL)


def typed(page: Any, *labels: str) -> list[str]:
    """Return what stands in some fields."""
    return [page.get_by_label(label).input_value() for label in labels]


def test_who_only_looks_has_no_kernel(desk: Any, page: Any, visit: Callable[..., Any], watched: Any) -> None:
    """A page with charts and grids is painted, read and scrolled; nothing is started for it."""
    others = set(desk.kernels())
    visit(page, desk, "kpis", "body.desk-ready .js-plotly-plot")
    page.locator(".tabulator-row").first.wait_for()
    page.mouse.wheel(0, 600)
    page.get_by_role("heading", name="Year to date").hover()
    page.locator("summary", has_text="Show the figures").first.click()
    page.get_by_role("row", name="K01").first.wait_for()

    assert set(desk.kernels()) <= others
    assert watched.errors == []


def test_the_first_keys_are_not_lost_and_nothing_flickers(
    desk: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """Who types before there is a kernel types on while it attaches, in the same field."""
    others = set(desk.kernels())
    visit(page, desk, "intake")
    subject = page.get_by_label("Subject")
    field = subject.element_handle()
    subject.click()
    page.keyboard.type("The lamp arrived broken", delay=15)
    page.get_by_label("Requester").fill("Ms Early")
    page.get_by_label("Category").select_option("QUA")

    page.get_by_text("Still open: 0").or_(page.locator(".op-due").first).first.wait_for()
    assert len(set(desk.kernels()) - others) == 1
    assert typed(page, "Subject", "Requester") == ["The lamp arrived broken", "Ms Early"]
    assert page.evaluate("(field) => field.isConnected", field)
    assert watched.errors == []


def test_a_killed_kernel_is_replaced_and_the_typing_put_back(
    desk: Any, page: Any, visit: Callable[..., Any]
) -> None:
    """The page says so, comes back by itself, with caret and words, and what was typed can be filed."""
    visit(page, desk, "intake")
    page.get_by_label("Requester").fill("Ms Killed")
    page.get_by_label("Subject").fill("The lamp arrived broken")
    page.get_by_label("Category").select_option("QUA")
    page.locator(".op-due").first.wait_for()
    need = page.get_by_label("Need")
    need.fill("A new of blue")
    for _ in "of blue":
        need.press("ArrowLeft")
    old = page.locator(".op-shell").element_handle()
    page.evaluate(HEARD)

    kill_kernels(desk)
    page.keyboard.type("shade ")  # nobody listens
    page.wait_for_function("(old) => !old.isConnected", arg=old)
    page.locator(".op-due").first.wait_for()
    page.keyboard.type("and lamp ")

    assert typed(page, "Requester", "Subject") == ["Ms Killed", "The lamp arrived broken"]
    assert typed(page, "Need") == ["A new shade and lamp of blue"]
    said = " ".join(page.evaluate("() => window.heard"))
    assert "no longer answers" in said
    assert "connected again" in said
    page.get_by_label("Impact").select_option("medium")
    page.get_by_label("Urgency").select_option("high")
    page.get_by_role("button", name="File the ticket").click()
    page.locator(".op-note.op-green a").wait_for()
    assert re.fullmatch(r"T-\d{6}-[A-Z0-9]{4}", page.locator(".op-note.op-green a").text_content())


def test_a_page_outlives_its_server(
    serve: Callable[..., Any],
    opsline: Callable[..., Any],
    page: Any,
    visit: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """The server is restarted under an open page: it says so and comes back, with what was typed."""
    assert opsline("demo", "--rules", data=tmp_path).returncode == 0
    before = serve(data=tmp_path)
    port = str(urlsplit(before.address).port)
    visit(page, before, "intake")
    page.get_by_label("Requester").fill("Ms Patient")
    assert until(lambda: len(before.kernels()) == 1)
    old = page.locator(".op-shell").element_handle()

    before.process.send_signal(signal.SIGINT)
    before.process.wait(30)
    page.wait_for_selector("#desk-lost:not([hidden])")
    serve("--port", port, data=tmp_path)

    page.wait_for_function("(old) => !old.isConnected", arg=old)
    page.get_by_text("connected again").wait_for()
    assert typed(page, "Requester") == ["Ms Patient"]


def test_every_control_of_ipywidgets_works(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """Those that our own pages do not use are fetched when one is shown."""
    others = set(plain.kernels())
    visit(page, plain, "home", "text=amount is 3")
    page.locator("[role=slider], .noUi-handle").first.press("ArrowRight")
    page.get_by_text("amount is 4").wait_for()
    page.get_by_label("colour").select_option("green")
    page.get_by_text("two", exact=True).click()

    page.get_by_label("day").wait_for()
    assert len(set(plain.kernels()) - others) == 1
    assert watched.errors == []


def test_a_lost_line_comes_back_with_the_kernel_that_it_had(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """Lost twice, with a choice made while it was away: the same kernel takes it and answers."""
    others = set(plain.kernels())
    page.add_init_script(SOCKETS)
    visit(page, plain, "home", "text=amount is 3")
    slider = page.locator("[role=slider], .noUi-handle").first
    for amount in (4, 5, 6):
        slider.press("ArrowRight")
        page.get_by_text(f"amount is {amount}").wait_for()
        page.evaluate("() => kernelSockets().at(-1).close()")

    assert len(set(plain.kernels()) - others) == 1
    assert page.evaluate("() => new Set(kernelSockets().map(({ url }) => new URL(url).pathname)).size") == 1
    assert page.evaluate("() => kernelSockets().length") >= 3
    assert watched.errors == []


@pytest.mark.parametrize("arrived", [True, False])
def test_a_click_is_done_once_whether_or_not_it_arrived(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any, arrived: bool
) -> None:
    """The line goes down just behind it, or before it; what is pressed meanwhile and after comes on top."""
    page.add_init_script(SOCKETS)
    visit(page, plain, "home", "text=pressed 0")
    press = page.get_by_role("button", name="press", exact=True)
    press.click()
    page.get_by_text("pressed 1").wait_for()
    page.evaluate(
        """(arrived) => {
          const press = [...document.querySelectorAll("button")].find((each) => each.textContent === "press");
          window.isDeaf = !arrived;
          press.click();
          kernelSockets().at(-1).close();
          window.isDeaf = false;
          press.click();
        }""",
        arrived,
    )
    press.click()
    page.get_by_text("pressed 4").wait_for()
    page.wait_for_selector(".op-working:not(.op-shown)", state="attached")

    assert page.evaluate("() => kernelSockets().length") == 2
    assert watched.errors == []


def test_a_click_that_a_dead_kernel_was_told_is_owned_up_to(
    plain: Any, page: Any, visit: Callable[..., Any]
) -> None:
    """Whether it was done nobody knows: it is not repeated, and the page says so until the next one."""
    others = set(plain.kernels())
    visit(page, plain, "home", "text=pressed 0")
    press = page.get_by_role("button", name="press", exact=True)
    press.click()
    page.get_by_text("pressed 1").wait_for()
    (own,) = set(plain.kernels()) - others
    os.kill(own, signal.SIGKILL)
    press.click()

    page.get_by_text("check before you press again").wait_for()
    page.get_by_text("pressed 0").wait_for()
    press.click()
    page.get_by_text("pressed 1").wait_for()
    assert page.locator("#desk-lost").is_hidden()


def test_an_answer_that_went_with_the_line_is_asked_for(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """The click was done and the line went down before the page heard; what is chosen meanwhile stays."""
    others = set(plain.kernels())
    page.add_init_script(SOCKETS)
    visit(page, plain, "home", "text=pressed 0")
    press = page.get_by_role("button", name="press", exact=True)
    press.click()
    page.get_by_text("pressed 1").wait_for()
    page.evaluate("() => { window.missed = ''; window.hearsNothing = true; }")
    press.click()
    page.wait_for_function("() => /execution_state\\W+idle/.test(window.missed)")
    page.evaluate("() => { window.hearsNothing = false; kernelSockets().at(-1).close(); }")
    page.get_by_label("colour").select_option("green")

    page.get_by_text("pressed 2").wait_for()
    page.wait_for_selector(".op-working:not(.op-shown)", state="attached")
    assert page.get_by_label("colour").input_value() == "green"
    press.click()
    page.get_by_text("pressed 3").wait_for()
    assert len(set(plain.kernels()) - others) == 1
    assert watched.errors == []


def test_a_click_does_not_overtake_what_was_typed(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """A kernel that is still busy with the first letters is told the others before the click."""
    visit(page, plain, "home", "text=took nothing")
    page.get_by_label("typed").press_sequentially("whole words", delay=30)
    page.get_by_role("button", name="read").click()

    page.get_by_text("took", exact=False).filter(has_text="took w").wait_for()
    assert page.get_by_text("took whole words").count() == 1
    assert watched.errors == []


def test_what_goes_wrong_is_said_and_stands_in_the_log(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """A fault of our own, or of an analyst's: a sentence for who clicked, the traceback for who runs it."""
    visit(page, plain, "home", "text=pressed 0")
    page.get_by_role("button", name="fail").click()
    page.locator("#desk-lost", has_text="That went wrong").wait_for()
    page.get_by_role("button", name="press", exact=True).click()
    page.get_by_text("pressed 1").wait_for()
    page.wait_for_selector("#desk-lost", state="hidden")

    assert "ZeroDivisionError" in (plain.data / "serve.log").read_text(encoding="utf-8")
    assert "Traceback" not in page.inner_text("body")
    assert watched.errors == []


def test_a_page_says_that_it_works_and_nothing_moves(
    plain: Any, page: Any, visit: Callable[..., Any], watched: Any
) -> None:
    """Two seconds of work are said after half a second, to a screen reader too, and then no more."""
    visit(page, plain, "home", "text=amount is 3")
    slow = page.get_by_role("button", name="slow")
    place = slow.bounding_box()
    slow.click()
    page.locator(".op-working.op-shown [role=status]", has_text="Working").wait_for()

    assert slow.bounding_box() == place
    page.wait_for_selector("#done")
    page.wait_for_selector(".op-working:not(.op-shown)", state="attached")
    assert watched.errors == []


def test_the_doctor_says_how_far_it_is(
    desk: Any, page: Any, visit: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    """While the kernel is busy with its cells, its messages still come; axe finds nothing in them."""
    visit(page, desk, "doctor")
    page.get_by_role("button", name="Look at the workbook").click()

    bar = "document.querySelector('.op-working progress')"
    page.wait_for_function(f"() => {bar}.value > 0 && !{bar}.hidden")
    assert axe(page) == []
    page.locator(".op-note").first.wait_for()
    page.wait_for_selector(".op-working:not(.op-shown)", state="attached")


def test_anybodys_anywidget_is_alive(plain: Any, page: Any, visit: Callable[..., Any], watched: Any) -> None:
    """Its module is that of its author, its style stands in the page, and its kernel answers."""
    visit(page, plain, "foreign", "text=count 4")
    page.get_by_role("button", name="count 4").click()

    page.get_by_role("button", name="count 10").wait_for()
    assert page.evaluate("() => document.head.innerHTML.includes('counter-mark')")
    assert watched.errors == []
