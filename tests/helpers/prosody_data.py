"""Writes what Prosody keeps on disk (its internal storage), faster than signing everybody in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_account(data: Path, domain: str, local: str, password: str) -> None:
    """An account."""
    _write(data, domain, "accounts", local, {"password": password})


def write_roster(data: Path, domain: str, local: str, items: Mapping[str, tuple[str, Iterable[str]]]) -> None:
    """A roster of mutual contacts: address → (name, groups). Before its owner signs in."""
    roster = {
        jid: {"subscription": "both", "name": name, "groups": dict.fromkeys(groups, True)}
        for jid, (name, groups) in items.items()
    }
    _write(data, domain, "roster", local, roster)


def _write(data: Path, domain: str, store: str, local: str, value: Mapping[str, object]) -> None:
    folder = data / domain.replace(".", "%2e") / store
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{local}.dat").write_text(f"return {_lua(value)};\n", "utf-8")


def _lua(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + " ".join(f"[{_lua(key)}] = {_lua(item)};" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
