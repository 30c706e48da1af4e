"""The command line: argument errors are said before anything of Qt is loaded."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from whimbrel import __version__


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line."""

    profile: Path | None
    demo: bool
    debug: bool
    log_xml: Path | None
    uri: str
    new_conversation: bool = False
    hidden: bool = False


def parse(arguments: Sequence[str]) -> Options:
    """Parse the command line; argparse ends the program on an error (exit status 2)."""
    parser = argparse.ArgumentParser(prog="whimbrel", description="A calm, loss-free desktop messenger for XMPP.")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="keep settings, history, logs and cache under DIR")
    parser.add_argument("--demo", action="store_true", help="try it with a private server and scripted contacts")
    parser.add_argument("--debug", action="store_true", help="log in detail")
    parser.add_argument("--log-xml", type=Path, metavar="FILE", help="log the XML stream, without secrets and texts")
    parser.add_argument("--new-conversation", action="store_true", help="choose whom to write to")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, where there is one")
    parser.add_argument("--version", action="version", version=f"Whimbrel {__version__}")
    parser.add_argument("uri", nargs="?", default="", metavar="URI", help="an address, or an xmpp: link")
    values = parser.parse_args(arguments)
    if values.profile is not None and values.profile.exists() and not values.profile.is_dir():
        parser.error(f"{values.profile} is not a folder")
    if values.demo and values.profile is not None:
        parser.error("--demo keeps nothing, so it takes no --profile")
    if values.log_xml is not None and (trouble := _why_unwritable(values.log_xml)):
        parser.error(f"{values.log_xml} cannot be written: {trouble}")
    return Options(
        values.profile,
        values.demo,
        values.debug,
        values.log_xml,
        values.uri,
        values.new_conversation,
        values.hidden,
    )


def _why_unwritable(path: Path) -> str:
    """Why a file cannot be written; "" where it can: then it is there, for its owner's eyes alone."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the program; returns its exit status."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    if options.demo:
        return _demonstrate(options)
    gc.disable()  # while much is loaded and nothing is dropped; platform/garbage.py sees to it from the first paint on
    from whimbrel.app import run  # Qt is loaded here, not before the arguments are known to be right

    return run(options)


def _demonstrate(options: Options) -> int:
    """Run the demonstration, which comes with the source: it starts a server and friends around the program."""
    source = Path(__file__).resolve().parents[2]
    if not (source / "packaging" / "demo").is_dir():
        sys.stderr.write("whimbrel: the demonstration comes with the source code: run packaging/run --demo there\n")
        return 2
    paths = [str(source / "packaging"), str(source), str(source / "desktop"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-m", "demo", *(["--debug"] if options.debug else [])]
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    sys.exit(main())
