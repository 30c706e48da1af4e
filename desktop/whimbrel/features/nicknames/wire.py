"""Nicknames (XEP-0172): their XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.model.nickname import clean

NODE = "http://jabber.org/protocol/nick"
NOTIFY = f"{NODE}+notify"
ITEM = "current"


def build_nick(nick: str) -> ET.Element:
    """What is published."""
    element = ET.Element(f"{{{NODE}}}nick")
    element.text = nick
    return element


def parse_item(item: ET.Element | None) -> str:
    """The nickname of an item, fit to be shown; "" for none."""
    return clean(item.findtext(f"{{{NODE}}}nick") or "") if item is not None else ""
