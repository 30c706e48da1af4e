"""Names of files that others gave, made safe for this machine (C1), and which files are programs (C2)."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

_MOST_BYTES = 120  # of UTF-8; file systems take 255, with room for " (12)"
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # bidirectional and other controls among them
_JOINER = "\u200d"  # of emoji: harmless, and without it a family falls apart
_PROGRAMS = frozenset(
    [
        "apk",
        "app",
        "appimage",
        "appx",
        "bash",
        "bat",
        "bin",
        "cmd",
        "com",
        "command",
        "cpl",
        "crx",
        "csh",
        "deb",
        "desktop",
        "dll",
        "dmg",
        "elf",
        "exe",
        "fish",
        "flatpak",
        "flatpakref",
        "gadget",
        "hta",
        "htm",
        "html",
        "inf",
        "ins",
        "iso",
        "jar",
        "jnlp",
        "js",
        "jse",
        "ksh",
        "lnk",
        "mht",
        "mhtml",
        "msc",
        "msi",
        "msix",
        "msp",
        "mst",
        "out",
        "pif",
        "pkg",
        "pl",
        "ps1",
        "psm1",
        "py",
        "pyw",
        "rb",
        "reg",
        "rpm",
        "run",
        "scf",
        "scr",
        "sct",
        "settingcontent-ms",
        "sh",
        "shtml",
        "snap",
        "so",
        "svg",
        "svgz",
        "swf",
        "terminal",
        "url",
        "vb",
        "vbe",
        "vbs",
        "vhd",
        "vhdx",
        "website",
        "workflow",
        "ws",
        "wsc",
        "wsf",
        "wsh",
        "xbap",
        "xhtml",
        "xll",
        "xpi",
        "zsh",
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "pptm",
        "potm",
    ]
)


def safe_name(name: str, fallback: str = "file") -> str:
    """The last part of a name as it may stand in a folder: no path, nothing hidden, nothing reserved, not too long."""
    for _ in range(3):  # "..%252F" is decoded once more by somebody else
        name = unquote(name)
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(_kept(char) for char in unicodedata.normalize("NFC", name))
    name = " ".join(name.split()).strip(". ")
    stem, suffix = _split(name)
    if stem.split(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"
    if not stem:
        stem = fallback
    room = _MOST_BYTES - len(suffix.encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem}{suffix}"


def free_path(folder: Path, name: str) -> Path:
    """A path in a folder where nothing lies yet: ``name``, else "name (2)", "name (3)" …"""
    stem, suffix = _split(name)
    path, number = folder / name, 2
    while path.exists() or path.is_symlink():
        path, number = folder / f"{stem} ({number}){suffix}", number + 1
    return path


def is_program(name: str, head: bytes = b"") -> bool:
    """Whether opening a file may run what is in it, by its name or its first bytes."""
    suffix = PurePosixPath(name.strip(". ")).suffix.removeprefix(".").strip().lower()
    return suffix in _PROGRAMS or head.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"[Desktop"))


def _kept(char: str) -> str:
    if char in _FORBIDDEN:
        return "_"
    return "" if unicodedata.category(char) in _INVISIBLE and char != _JOINER else char


def _split(name: str) -> tuple[str, str]:
    """A name before and from its last dot; what is no usual ending belongs to the name."""
    stem, dot, suffix = name.rpartition(".")
    short = 0 < len(suffix) <= 16 and suffix.isascii() and " " not in suffix
    return (stem, dot + suffix) if dot and stem and short else (name, "")
