"""C1 and C2: names of files that others gave; which files are programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from whimbrel.model.file_name import free_path, is_program, safe_name


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("summit.jpg", "summit.jpg"),
        ("..%2F..%2F.config%2Fautostart%2Fx.desktop", "x.desktop"),
        ("..%252F..%252Fx", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("C:\\Windows\\x.txt", "x.txt"),
        ("x.txt:stream", "x.txt_stream"),
        (".bashrc", "bashrc"),
        ("...", "file"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("NUL", "_NUL"),
        ("nul.txt", "_nul.txt"),
        ("com1 .tar.gz", "_com1 .tar.gz"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00b\nc\u2066d.txt", "abcd.txt"),
        ("trailing. . ", "trailing"),
        ('what?*<>|".txt', "what_____.txt".replace("_____", "______")),
        ("会议记录.pdf", "会议记录.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("👨\u200d👩\u200d👧.png", "👨\u200d👩\u200d👧.png"),
    ],
)
def test_c1_names_are_made_safe(told: str, safe: str) -> None:
    assert safe_name(told) == safe


def test_c1_names_are_cut_and_keep_their_ending() -> None:
    for char in ("a", "会", "👍"):
        name = safe_name(char * 300 + ".jpg")
        assert name.endswith(".jpg")
        assert 60 < len(name.encode()) <= 120
    assert len(safe_name("a." + "b" * 300).encode()) <= 120


def test_c1_nothing_is_overwritten(tmp_path: Path) -> None:
    assert free_path(tmp_path, "a.tar.gz") == tmp_path / "a.tar.gz"
    (tmp_path / "x.txt").write_text("mine")
    (tmp_path / "x (2).txt").symlink_to(tmp_path / "nowhere")
    assert free_path(tmp_path, "x.txt") == tmp_path / "x (3).txt"


@pytest.mark.parametrize(
    "name",
    ["x.exe", "x.EXE", "x.desktop", "x.lnk", "x.jar", "x.sh", "x.pdf.exe", "x.exe. ", "x.html", "x.svg", "x.msi"],
)
def test_c2_programs_are_known_by_their_names(name: str) -> None:
    assert is_program(name)


def test_c2_programs_are_known_by_what_is_in_them() -> None:
    for head in (b"MZ\x90", b"\x7fELF", b"#!/bin/sh", b"[Desktop Entry]"):
        assert is_program("holiday.jpg", head)
    for name in ("holiday.jpg", "report.pdf", "notes", "archive.tar.gz", "song.mp3", "www.example.com.pdf"):
        assert not is_program(name, b"\xff\xd8\xff")
