"""Writes the page for software centres with the XEPs of the DOAP file in it: ``metainfo.py METAINFO DOAP``."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def with_xeps(metainfo: str, doap: str) -> str:
    """The page, with the numbers of the XEPs that the program supports as a value of its own (``custom``)."""
    xeps = ",".join(sorted(set(re.findall(r"extensions/xep-(\d{4})\.html", doap))))
    custom = f'  <custom>\n    <value key="xmpp::xeps">{xeps}</value>\n  </custom>\n'
    return metainfo.replace("</component>", f"{custom}</component>")


if __name__ == "__main__":
    sys.stdout.write(with_xeps(*(Path(name).read_text("utf-8") for name in sys.argv[1:3])))
