"""A page that was run without a kernel: its cells' outputs, its widgets' state, what its widgets say."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import comm
import ipywidgets as ipw
from ipykernel.comm.comm import BaseComm
from ipykernel.jsonutil import json_clean
from ipykernel.kernelbase import Kernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from opsline.server.views.wire import Message

BARE: Final = ("LayoutModel", "StyleModel")
"""Models whose defaults are None in the browser, too: half of a page's state."""
SAID: Final[list[Message]] = []
"""What the widgets of this process have said since it was last sent."""


class PageComm(BaseComm):
    """A widget's line: to the kernel where there is one, else kept for who looks on."""

    @property
    def kernel(self) -> Any:  # type: ignore[override]
        """The kernel; where there is none yet, something else than None, to which ipywidgets says nothing."""
        return Kernel.instance() if Kernel.initialized() else SAID

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
        **keys: Any,
    ) -> None:
        """Send a message, or keep it."""
        if Kernel.initialized():
            super().publish_msg(msg_type, data, metadata, buffers, **keys)
            return
        content = json_clean({"data": data or {}, "comm_id": self.comm_id, **keys})
        texts = [base64.b64encode(each).decode() for each in buffers or ()]
        said = {"msg_type": msg_type, "content": content, "metadata": json_clean(metadata or {})}
        SAID.append({**said, "buffers": texts})


class PageShell(ZMQInteractiveShell):
    """IPython's shell for a kernel, which tells the server's log what went wrong."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        print(self.InteractiveTB.stb2text(stb), file=sys.__stderr__)
        if self.kernel is not None:
            super()._showtraceback(etype, evalue, stb)


class Page:
    """A notebook, run.

    Args:
        notebook: The notebook's file.

    Attributes:
        cells: What it shows: {type: "markdown", source} and {type: "code", outputs, text, failed}.
    """

    def __init__(self, notebook: Path) -> None:
        """Run all its cells; a cell that fails ends the run, as Voila does it."""
        comm.create_comm = PageComm
        ipw.register_comm_target()
        config = Config()
        config.HistoryManager.enabled = False  # it would start a thread
        config.InteractiveShell.autocall = 0
        self.shell = PageShell.instance(config=config)
        self.cells: list[Message] = []
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                self.cells.append({"type": "markdown", "source": source})
            elif cell["cell_type"] == "code" and source.strip():
                self.cells.append(self._run(source))
                if self.cells[-1]["failed"]:
                    break
        SAID.clear()  # what was said so far stands in the state

    def state(self) -> Message:
        """Return the state of every widget there is, as the front end takes it."""
        models: Message = ipw.Widget.get_manager_state(drop_defaults=False)["state"]
        for model in models.values():
            if model["model_name"].endswith(BARE):
                model["state"] = {name: value for name, value in model["state"].items() if value is not None}
        return dict(models)

    def _run(self, source: str) -> Message:
        with (
            self.shell.display_trap,
            capture_output() as caught,
        ):  # the trap first: it would take the hook back
            result = self.shell.run_cell(source, store_history=False)
        sys.__stderr__.write(caught.stderr) if sys.__stderr__ else None
        outputs = [json_clean({"data": each.data, "metadata": each.metadata}) for each in caught.outputs]
        return {"type": "code", "outputs": outputs, "text": caught.stdout, "failed": not result.success}
