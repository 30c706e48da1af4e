"""Where the frozen program starts."""

from __future__ import annotations

import os
import sys

from whimbrel.cli import main

# What the program starts (a player of sounds, a browser) is not to load our libraries, but its own.
if "LD_LIBRARY_PATH_ORIG" in os.environ:
    os.environ["LD_LIBRARY_PATH"] = os.environ.pop("LD_LIBRARY_PATH_ORIG")
else:
    os.environ.pop("LD_LIBRARY_PATH", None)

sys.exit(main())
