"""Avatars (XEP-0084, XEP-0153): their XML."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import xml.etree.ElementTree as ET

METADATA = "urn:xmpp:avatar:metadata"
NOTIFY = f"{METADATA}+notify"
DATA = "urn:xmpp:avatar:data"
CONVERSION = "urn:xmpp:pep-vcard-conversion:0"
"""Of a server that keeps both kinds of avatar alike (XEP-0398)."""

LARGEST = 512 * 1024
"""Bytes of a picture that is taken."""
TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_VCARD = "{vcard-temp}vCard"
_PHOTO = "{vcard-temp}PHOTO"
_BINARY = "{vcard-temp}BINVAL"
_UPDATE = "{vcard-temp:x:update}x"
_UPDATED_PHOTO = "{vcard-temp:x:update}photo"
_HASH = re.compile("[0-9a-f]{40}")


def hash_of(data: bytes) -> str:
    """By what a picture is known: SHA-1, hexadecimal (XEP-0084 section 4.1)."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def parse_metadata(item: ET.Element | None) -> str:
    """The hash of a published picture that can be fetched here and now; "" for none."""
    if item is None:
        return ""
    for info in item.iterfind(f"{{{METADATA}}}metadata/{{{METADATA}}}info"):
        hash_, size = info.get("id", "").strip().lower(), info.get("bytes", "0").strip()
        fits = size.isascii() and size.isdigit() and int(size[:10]) <= LARGEST
        if info.get("url") is None and _HASH.fullmatch(hash_) and fits and info.get("type", "image/png") in TYPES:
            return hash_
    return ""


def build_metadata(hash_: str, media_type: str, size: int, width: int, height: int) -> ET.Element:
    """What tells of our picture; without a hash, that we have none (section 4.2)."""
    metadata = ET.Element(f"{{{METADATA}}}metadata")
    if hash_:
        info = ET.SubElement(metadata, f"{{{METADATA}}}info", {"id": hash_, "type": media_type, "bytes": str(size)})
        info.attrib.update({"width": str(width), "height": str(height)})
    return metadata


def build_data(data: bytes) -> ET.Element:
    """Our picture."""
    element = ET.Element(f"{{{DATA}}}data")
    element.text = base64.b64encode(data).decode()
    return element


def parse_data(item: ET.Element | None) -> bytes | None:
    """The picture of an item; None where there is none, or too much."""
    return _decode(item.findtext(f"{{{DATA}}}data") or "") if item is not None else None


def build_vcard_query() -> ET.Element:
    """What asks for a vCard (XEP-0054 section 3.1)."""
    return ET.Element(_VCARD)


def parse_photo(answer: ET.Element) -> bytes | None:
    """The picture in a vCard; None where there is none, or too much."""
    return _decode(answer.findtext(f"{_VCARD}/{_PHOTO}/{_BINARY}") or "")


def build_vcard(answer: ET.Element | None, data: bytes | None, media_type: str) -> ET.Element:
    """Our vCard as it was, with another picture (None: without one). ``answer``: with the one that there was."""
    old = answer.find(_VCARD) if answer is not None else None
    card = ET.Element(_VCARD)
    card.extend(each for each in (old if old is not None else ()) if each.tag != _PHOTO)
    if data is not None:
        photo = ET.SubElement(card, _PHOTO)
        ET.SubElement(photo, "{vcard-temp}TYPE").text = media_type
        ET.SubElement(photo, _BINARY).text = base64.b64encode(data).decode()
    return card


def parse_update(presence: ET.Element) -> str | None:
    """The hash of the picture in somebody's vCard, "" for none; None where presence does not tell (XEP-0153)."""
    photo = presence.find(f"{_UPDATE}/{_UPDATED_PHOTO}")
    if photo is None:
        return None
    hash_ = (photo.text or "").strip().lower()
    return hash_ if not hash_ or _HASH.fullmatch(hash_) else None


def build_update(hash_: str) -> ET.Element:
    """What tells the hash of the picture in our vCard (XEP-0153 section 4.1)."""
    update = ET.Element(_UPDATE)
    ET.SubElement(update, _UPDATED_PHOTO).text = hash_
    return update


def _decode(text: str) -> bytes | None:
    if len(text) > 2 * LARGEST:
        return None
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if 0 < len(data) <= LARGEST else None
