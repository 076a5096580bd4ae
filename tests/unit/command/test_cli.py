"""The command line: one sentence for what is wrong, and a status that a script can read."""

import argparse
import types

import pytest

from opsline import cli
from opsline.commands import serve
from sheets_schema.errors import OpslineError


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A command that is there, and fails by what a test puts into `serve.run`."""
    monkeypatch.setattr(serve, "add_arguments", lambda _: None)
    return monkeypatch


def test_a_fault_is_one_sentence_and_status_1(
    failing: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A traceback is for us; a person reads what is wrong and what to do."""

    def run(_: argparse.Namespace) -> int:
        raise OpslineError("serve.port", port=80, reason="permission denied")

    failing.setattr(serve, "run", run)

    assert cli.main(["serve"]) == 1
    said = capsys.readouterr().err
    assert said == f"opsline: {OpslineError('serve.port', port=80, reason='permission denied')}\n"


def test_ctrl_c_is_quiet(failing: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """130 is what a shell calls it."""

    def run(_: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    failing.setattr(serve, "run", run)

    assert cli.main(["serve"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [[], ["no-such-command"], ["serve", "--port", "soon"]])
def test_wrong_usage_is_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As argparse does, and as shells expect."""
    with pytest.raises(SystemExit) as ended:
        cli.main(words)

    assert ended.value.code == 2
    assert "usage: opsline" in capsys.readouterr().err


def test_a_module_in_the_folder_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """`import_file` is called `import`; an underscore in front keeps a module private."""
    found = [types.SimpleNamespace(name=name) for name in ("serve", "import_file", "_shared", "look_up")]
    monkeypatch.setattr(cli.pkgutil, "iter_modules", lambda _: found)

    assert cli.modules() == {"import": "import_file", "look-up": "look_up", "serve": "serve"}
