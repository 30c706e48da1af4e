"""Profiles: vCards of both kinds (XEP-0054, XEP-0292). What we do not know in one stays as it is."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Mapping

from whimbrel.model.profile import Profile

NODE = "urn:xmpp:vcard4"
ITEM = "current"

_TEMP = "vcard-temp"
_FOUR = "urn:ietf:params:xml:ns:vcard-4.0"
_TEMP_CARD = f"{{{_TEMP}}}vCard"
_FOUR_CARD = f"{{{_FOUR}}}vcard"
_LONGEST = 200
_LONGEST_ABOUT = 4000

_TEMP_PATHS = {
    "full_name": ("FN",),
    "about": ("DESC",),
    "email": ("EMAIL", "USERID"),
    "phone": ("TEL", "NUMBER"),
    "website": ("URL",),
    "birthday": ("BDAY",),
    "organization": ("ORG", "ORGNAME"),
    "role": ("TITLE",),
    "place": ("ADR", "LOCALITY"),
}
_FOUR_PATHS = {
    "full_name": ("fn", "text"),
    "about": ("note", "text"),
    "email": ("email", "text"),
    "phone": ("tel", "text"),
    "website": ("url", "uri"),
    "birthday": ("bday", "date"),
    "organization": ("org", "text"),
    "role": ("title", "text"),
    "place": ("adr", "locality"),
}
_VALUES = ("text", "uri", "date", "date-time")
"""Elements that hold a value of the newer kind; which one is the program's choice that wrote it."""


def build_query() -> ET.Element:
    """What asks for a vCard of the older kind (XEP-0054 section 3.1)."""
    return ET.Element(_TEMP_CARD)


def find_card(answer: ET.Element | None) -> ET.Element | None:
    """The vCard in an answer, or in an item of the newer kind."""
    if answer is None:
        return None
    older = answer.find(_TEMP_CARD)
    return older if older is not None else answer.find(_FOUR_CARD)


def parse_card(card: ET.Element | None) -> Profile:
    """What a vCard of either kind tells."""
    if card is None:
        return Profile()
    return Profile(**{name: _clean(name, _read(card, path)) for name, path in _paths(card).items()})


def merge(first: Profile, second: Profile) -> Profile:
    """What the first tells, else what the second does."""
    return Profile(**{name: getattr(first, name) or getattr(second, name) for name in _TEMP_PATHS})


def build_older(card: ET.Element | None, profile: Profile) -> ET.Element:
    """A vCard of the older kind as it was (None: there was none), with the profile in it."""
    return _edit(card if card is not None else ET.Element(_TEMP_CARD), profile)


def build_newer(card: ET.Element | None, profile: Profile) -> ET.Element:
    """A vCard of the newer kind as it was (None: there was none), with the profile in it."""
    return _edit(card if card is not None else ET.Element(_FOUR_CARD), profile)


def to_payload(profile: Profile) -> dict[str, str]:
    """A profile as it waits on disk."""
    return {name: getattr(profile, name) for name in _TEMP_PATHS}


def from_payload(payload: Mapping[str, object]) -> Profile:
    """The inverse of :func:`to_payload`."""
    return Profile(**{name: str(payload.get(name, "")) for name in _TEMP_PATHS})


def _paths(card: ET.Element) -> Mapping[str, tuple[str, ...]]:
    return _TEMP_PATHS if card.tag == _TEMP_CARD else _FOUR_PATHS


def _edit(card: ET.Element, profile: Profile) -> ET.Element:
    edited = copy.deepcopy(card)
    for name, path in _paths(card).items():
        wanted = getattr(profile, name)
        if wanted != _clean(name, _read(edited, path)):
            _write(edited, path, wanted)
    return edited


def _read(card: ET.Element, path: tuple[str, ...]) -> str:
    namespace = card.tag.partition("}")[0] + "}"
    for found in card.iterfind(f"{namespace}{path[0]}"):
        holders = [found] if len(path) == 1 else [found.find(f"{namespace}{name}") for name in _choices(path)]
        for holder in holders:
            if holder is not None and (text := (holder.text or "").strip()):
                return text.removeprefix("tel:")
    return ""


def _write(card: ET.Element, path: tuple[str, ...], text: str) -> None:
    """Write into the first element of a kind; the others of it stay."""
    namespace = card.tag.partition("}")[0] + "}"
    found = card.find(f"{namespace}{path[0]}")
    if found is None:
        if not text:
            return
        found = ET.SubElement(card, f"{namespace}{path[0]}")
    if len(path) == 1:
        if text:
            found.text = text
        else:
            card.remove(found)
        return
    for name in _choices(path):
        if (old := found.find(f"{namespace}{name}")) is not None:
            found.remove(old)
    if text:
        ET.SubElement(found, f"{namespace}{path[1]}").text = text
    elif not any((each.text or "").strip() for each in found):
        card.remove(found)


def _choices(path: tuple[str, ...]) -> tuple[str, ...]:
    return _VALUES if path[1] in _VALUES else path[1:]


def _clean(name: str, text: str) -> str:
    return text[:_LONGEST_ABOUT].strip() if name == "about" else " ".join(text[: 4 * _LONGEST].split())[:_LONGEST]
