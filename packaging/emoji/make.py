"""Makes ``resources/emoji/emoji.json`` from the npm package emojibase-data: ``make.py FOLDER``, the unpacked package.

That brings Unicode's names and keywords (CLDR) in English and Chinese, its groups and order, and the short names that
other messengers use. One list an emoji: itself, group, English name, Chinese name, words to find it by, short names,
and itself in the five skin tones (joined with spaces).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_NEWEST = 15.1  # what the fonts that systems come with can draw
_COMPONENT = 2  # a group: parts of others
_SHOWN_AS_EMOJI = 1  # a type: drawn in colour without being asked for it
_AS_EMOJI = "\ufe0f"


def main() -> int:
    """Write the file; returns an exit status."""
    source = Path(sys.argv[1])
    english, chinese = (json.loads((source / language / "data.json").read_text("utf-8")) for language in ("en", "zh"))
    names = {entry["hexcode"]: entry for entry in chinese}
    codes = [json.loads((source / "en/shortcodes" / f"{kind}.json").read_text("utf-8")) for kind in _CODES]
    kept = [entry for entry in english if entry.get("group", _COMPONENT) != _COMPONENT]
    kept = [entry for entry in kept if entry["version"] <= _NEWEST]
    kept.sort(key=lambda entry: entry["order"])
    rows = [_row(entry, names.get(entry["hexcode"], {}), codes) for entry in kept]
    text = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    target = Path(__file__).resolve().parents[2] / "resources/emoji/emoji.json"
    target.write_text(f"[\n{text}\n]\n", "utf-8")
    return 0


_CODES = ("github", "emojibase")


def _row(entry: dict[str, Any], chinese: dict[str, Any], codes: list[dict[str, Any]]) -> list[Any]:
    short: list[str] = []
    for known in codes:
        found = known.get(entry["hexcode"], [])
        short += [found] if isinstance(found, str) else found
    words = [*entry.get("tags", ()), *chinese.get("tags", ())]
    tones = [skin["emoji"] for skin in entry.get("skins", ()) if isinstance(skin["tone"], int)]
    char = entry["emoji"]
    if entry["type"] == _SHOWN_AS_EMOJI and char[1:] == _AS_EMOJI:  # it needs no selector, and others send it without
        char = char[0]
    return [
        char,
        entry["group"],
        entry["label"],
        chinese.get("label", ""),
        " ".join(dict.fromkeys(word for tag in words for word in tag.split())),
        " ".join(dict.fromkeys(short)),
        " ".join(tones) if len(tones) == 5 else "",
    ]


if __name__ == "__main__":
    sys.exit(main())
