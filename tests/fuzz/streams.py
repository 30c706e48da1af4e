"""Recorded streams: XML files whose root is a stream and whose children are what a server said."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
CLIENT = "jabber:client"
STREAM = "http://etherx.jabber.org/streams"
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"} | {
    character: f"&#{ord(character)};" for character in "\t\n\r"
}
_STANZAS = tuple(f"{{{CLIENT}}}{name}" for name in ("message", "presence", "iq"))


def read_stanzas() -> list[ET.Element]:
    """What all recorded streams said inside a session."""
    return [stanza for path in sorted(FOLDER.glob("*.xml")) for stanza in ET.parse(path).getroot()]


def write_stream(path: Path, heard: Iterable[ET.Element]) -> None:
    """Keep the stanzas of a session, one of each kind of shape, each on its own line."""
    kept: dict[str, ET.Element] = {}
    for element in heard:
        if element.tag in _STANZAS or element.tag.startswith("{urn:xmpp:sm:3}"):
            kept.setdefault(shape(element), element)
    path.parent.mkdir(exist_ok=True)
    lines = [to_text(element) for element in kept.values()]
    header = f"<stream:stream xmlns='{CLIENT}' xmlns:stream='{STREAM}'>"
    path.write_text("\n".join([header, *lines, "</stream:stream>"]) + "\n", "utf-8")


def shape(element: ET.Element) -> str:
    """An element without what varies: tags and the names of attributes; ``type`` with its value."""
    attributes = sorted(f"{name}={value}" if name == "type" else name for name, value in element.items())
    return f"{element.tag}[{' '.join(attributes)}]({','.join(shape(child) for child in element)})"


def to_text(element: ET.Element) -> str:
    """A stanza as it goes over a stream, whose namespace is ``jabber:client``."""
    return _write(element, CLIENT)


def _write(element: ET.Element, outer: str) -> str:
    """An element with its namespace declared where it differs from that around it."""
    namespace, _, name = element.tag.rpartition("}")
    namespace = namespace.removeprefix("{") if element.tag.startswith("{") else outer
    declared = f' xmlns="{escape(namespace)}"' if namespace != outer else ""
    attributes = "".join(
        f' {key.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")}="{escape(value)}"'
        for key, value in element.items()
        if not key.startswith("{") or "XML/1998" in key
    )
    inside = escape(element.text or "") + "".join(
        _write(child, namespace) + escape(child.tail or "") for child in element
    )
    return f"<{name}{declared}{attributes}>{inside}</{name}>" if inside else f"<{name}{declared}{attributes}/>"


def escape(text: str) -> str:
    """Text as it stands in an attribute or between tags, where a parser leaves it as it is."""
    return "".join(_WRITTEN.get(character, character) for character in text)
