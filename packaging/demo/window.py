"""The program itself, signed in: its password comes over a pipe and stays in memory."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from whimbrel.app import run
from whimbrel.cli import Options
from whimbrel.model.jid import JID
from whimbrel.platform.paths import Profile
from whimbrel.platform.secrets import Secrets


def main() -> int:
    """Read where the profile lies and who signs in, then run; returns the exit status."""
    start = json.loads(sys.stdin.readline())
    folder = Path(start["profile"])
    secrets = Secrets(Profile.at(folder).name, session_only=True)
    secrets.keep_for_session(JID.parse(start["jid"]), start["password"])
    return run(Options(folder, demo=True, debug=start["debug"], log_xml=None, uri=""), secrets=secrets)


if __name__ == "__main__":
    sys.exit(main())
