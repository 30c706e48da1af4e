"""HTTP File Upload (XEP-0363): its XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID, InvalidJID

NAMESPACE = "urn:xmpp:http:upload:0"
_PURPOSE = "urn:xmpp:http:upload:purpose:0"
_DISCO_INFO = "http://jabber.org/protocol/disco#info"
_DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
_DATA = "jabber:x:data"
_ALLOWED = {"authorization": "Authorization", "cookie": "Cookie", "expires": "Expires"}
_MOST_ITEMS = 50
_MOST_HEADER = 8192
_MOST_URL = 4096
MOST_BYTES = 2**53


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a file is put, with which headers, and where others get it."""

    put: str
    get: str
    headers: tuple[tuple[str, str], ...] = ()


def build_items_query() -> ET.Element:
    """The question which services a server has (XEP-0030 section 4)."""
    return ET.Element(f"{{{_DISCO_ITEMS}}}query")


def build_info_query() -> ET.Element:
    """The question what an entity can do (XEP-0030 section 3)."""
    return ET.Element(f"{{{_DISCO_INFO}}}query")


def parse_items(answer: ET.Element) -> list[JID]:
    """The addresses of a server's services; what is no address is left out, and so are too many."""
    return list(_addresses(answer))[:_MOST_ITEMS]


def _addresses(answer: ET.Element) -> Iterator[JID]:
    for item in answer.iterfind(f"{{{_DISCO_ITEMS}}}query/{{{_DISCO_ITEMS}}}item"):
        try:
            yield JID.parse(item.get("jid", ""))
        except InvalidJID:
            continue


def parse_offers_upload(answer: ET.Element) -> bool:
    """Whether an entity takes files (section 3)."""
    features = answer.iterfind(f"{{{_DISCO_INFO}}}query/{{{_DISCO_INFO}}}feature")
    return any(feature.get("var") == NAMESPACE for feature in features)


def parse_largest(answer: ET.Element) -> int | None:
    """The largest file that an entity takes, in bytes (section 3); None where it does not say."""
    for form in answer.iterfind(f"{{{_DISCO_INFO}}}query/{{{_DATA}}}x"):
        values = {
            field.get("var", ""): (field.findtext(f"{{{_DATA}}}value") or "").strip()
            for field in form.iterfind(f"{{{_DATA}}}field")
        }
        if values.get("FORM_TYPE") == NAMESPACE:
            return _bytes(values.get("max-file-size", ""))
    return None


def build_request(name: str, size: int, media_type: str) -> ET.Element:
    """The request of a slot (section 4), for a message (section 5.1)."""
    attributes = {"filename": name, "size": str(size), "content-type": media_type}
    request = ET.Element(f"{{{NAMESPACE}}}request", attributes)
    ET.SubElement(request, f"{{{_PURPOSE}}}message")
    return request


def parse_slot(answer: ET.Element) -> Slot:
    """A slot (section 4): addresses with https only, and of the headers those that are allowed, each in one line.

    Raises:
        KnownError: REFUSED where it is none.
    """
    slot = answer.find(f"{{{NAMESPACE}}}slot")
    put = None if slot is None else slot.find(f"{{{NAMESPACE}}}put")
    get = None if slot is None else slot.find(f"{{{NAMESPACE}}}get")
    if put is None or get is None:
        raise KnownError(ErrorKind.REFUSED, "the upload service gave no slot")
    headers = tuple(
        (name, value)
        for header in put.iterfind(f"{{{NAMESPACE}}}header")
        if (name := _ALLOWED.get(_one_line(header.get("name", "")).strip().lower(), ""))
        and len(value := _one_line(header.text or "").strip()) <= _MOST_HEADER
    )
    return Slot(_secure(put.get("url", "")), _secure(get.get("url", "")), headers)


def _secure(url: str) -> str:
    """An address as it is, if it is one with https, and no names or passwords in it; raises KnownError REFUSED."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        sound = False
    if not sound or len(url) > _MOST_URL or not url.isprintable() or " " in url:
        raise KnownError(ErrorKind.REFUSED, f"the upload service gave an unsafe address: {url[:200]!r}")
    return url


def _one_line(text: str) -> str:
    """Without what would end a header's line (section 8.2), and without other controls."""
    return "".join(char for char in text if char.isprintable() or char == "\t")


def _bytes(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
