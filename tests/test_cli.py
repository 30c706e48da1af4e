"""The command line says what is wrong with it before anything of Qt is loaded."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from whimbrel import __version__
from whimbrel.cli import parse


def test_version_and_bad_arguments_load_no_qt(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments, status, words in (
        (["--version"], 0, f"Whimbrel {__version__}"),
        (["--no-such-option"], 2, "unrecognized arguments"),
        (["--profile", str(tmp_path / "file")], 2, "is not a folder"),
        (["--demo", "--profile", str(tmp_path)], 2, "takes no --profile"),
        (["--log-xml", str(tmp_path / "file" / "stream.xml")], 2, "cannot be written: Not a directory"),
    ):
        code = "import sys; sys.modules['PySide6'] = None; from whimbrel.cli import main; sys.exit(main(sys.argv[1:]))"
        ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
        assert (ended.returncode, words in ended.stdout + ended.stderr) == (status, True), ended.stderr


def test_everything_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "stream.log"
    options = parse(["--profile", "here", "--debug", "--log-xml", str(file), "xmpp:bob@example.org"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert options.profile == Path("here")
    assert options.debug
    assert options.log_xml == file
    assert options.uri == "xmpp:bob@example.org"


def test_one_address_only() -> None:
    with pytest.raises(SystemExit):
        parse(["a@example.org", "b@example.org"])
