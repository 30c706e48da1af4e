"""What Windows shows of the executable: written for PyInstaller into a file; without one, the version is printed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_TEXT = """\
VSVersionInfo(
    ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, OS=0x40004, fileType=0x1),
    kids=[
        StringFileInfo([
            StringTable("040904B0", [
                StringStruct("CompanyName", "The Whimbrel contributors"),
                StringStruct("FileDescription", "Whimbrel"),
                StringStruct("FileVersion", "{version}"),
                StringStruct("InternalName", "whimbrel"),
                StringStruct("LegalCopyright", "The Whimbrel contributors, AGPL-3.0-or-later"),
                StringStruct("OriginalFilename", "whimbrel.exe"),
                StringStruct("ProductName", "Whimbrel"),
                StringStruct("ProductVersion", "{version}"),
            ])
        ]),
        VarFileInfo([VarStruct("Translation", [0x0409, 0x04B0])]),
    ],
)
"""


def read_version() -> str:
    """The version of the program, from its source."""
    found = re.search(r'__version__ = "(.+)"', (_ROOT / "desktop/whimbrel/__init__.py").read_text("utf-8"))
    assert found is not None
    return found[1]


def describe(version: str) -> str:
    """The resource in PyInstaller's notation; Windows wants four numbers."""
    numbers = [int(part) for part in re.findall(r"\d+", version)[:4]]
    return _TEXT.format(version=version, numbers=tuple([*numbers, 0, 0, 0, 0][:4]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(describe(read_version()), "utf-8")
    else:
        sys.stdout.write(read_version() + "\n")
