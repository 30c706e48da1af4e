"""What messages tell of files: XEP-0447 with XEP-0446 and XEP-0264, XEP-0385, XEP-0066 where the body says the same.

What others tell is bounded here: numbers are positive and not endless, texts and pictures have a most.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from whimbrel.model.attachment import Attachment

OOB = "jabber:x:oob"
SHARING = "urn:xmpp:sfs:0"
METADATA = "urn:xmpp:file:metadata:0"
HASHES = "urn:xmpp:hashes:2"
THUMBNAIL = "urn:xmpp:thumbs:1"
_URL_DATA = "http://jabber.org/protocol/url-data"
_FALLBACK = "urn:xmpp:fallback:0"
_REFERENCE = "urn:xmpp:reference:0"
_SIMS = "urn:xmpp:sims:1"
_JINGLE_FILE = "urn:xmpp:jingle:apps:file-transfer:5"
_BITS = "urn:xmpp:bob"
_TELLING = frozenset({f"{{{SHARING}}}file-sharing", f"{{{_REFERENCE}}}reference", f"{{{OOB}}}x"})
"""What of a message's children may tell of a file: most messages have none of them."""

_MOST_FILES = 30  # of a kind: what comes behind them is not looked at
_MOST_URL = 4096
_MOST_TEXT = 4000
_MOST_NAME = 255
_MOST_SIDE = 2**20
_MOST_BYTES = 2**53
_MOST_HASHES = 8
_MOST_THUMBNAIL = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file that a message tells of; the fields are those of ``NewAttachment``."""

    url: str
    name: str = ""
    media_type: str = ""
    size: int | None = None
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""
    thumbnail_cid: str = ""  # its name (XEP-0231), where it did not come with the message
    description: str = ""
    hashes: tuple[tuple[str, str], ...] = ()


def parse_files(message: ET.Element, body: str | None) -> list[FileTold]:
    """The files that a message tells of, each address once.

    An address out of band alone (XEP-0066) counts only where it is all that the message says: what is not said in
    words is not shown to be something else (C3).
    """
    if not any(child.tag in _TELLING for child in message):
        return []
    found: dict[str, FileTold] = {}
    for file in (*_shared(message), *_referenced(message)):
        found.setdefault(file.url, file)
    if not found:
        for file in _out_of_band(message):
            if body is None or body.strip() == file.url:
                found.setdefault(file.url, file)
    return list(found.values())[:_MOST_FILES]


def parse_words(message: ET.Element, body: str) -> str:
    """What a message says beside its files: its body without what stands there for programs that do not know them.

    XEP-0428: the whole body, or one part of it. "" where nothing is left.
    """
    for fallback in message.iterfind(f"{{{_FALLBACK}}}fallback"):
        if fallback.get("for") != SHARING:
            continue
        part = fallback.find(f"{{{_FALLBACK}}}body")
        if part is None or not part.attrib:
            return ""
        most = len(body)
        start, end = _number(part.get("start", "0"), most), _number(part.get("end", str(most)), most)
        if start is None or end is None or start > end:
            return body
        return (body[:start] + body[end:]).strip()
    return body


def build_sharing(attachment: Attachment) -> ET.Element:
    """A file of ours (XEP-0447 section 3.1): to be shown at once where it is a picture."""
    disposition = "inline" if attachment.is_picture else "attachment"
    sharing = ET.Element(f"{{{SHARING}}}file-sharing", {"disposition": disposition})
    file = ET.SubElement(sharing, f"{{{METADATA}}}file")
    told = {
        "media-type": attachment.media_type,
        "name": attachment.name,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "desc": attachment.description,
    }
    for tag, value in told.items():
        if value not in (None, ""):
            ET.SubElement(file, f"{{{METADATA}}}{tag}").text = str(value)
    for algorithm, value in attachment.hashes:
        ET.SubElement(file, f"{{{HASHES}}}hash", {"algo": algorithm}).text = value
    if attachment.thumbnail:
        uri = "data:image/jpeg;base64," + base64.b64encode(attachment.thumbnail).decode()
        ET.SubElement(file, f"{{{THUMBNAIL}}}thumbnail", {"uri": uri, "media-type": "image/jpeg"})
    sources = ET.SubElement(sharing, f"{{{SHARING}}}sources")
    ET.SubElement(sources, f"{{{_URL_DATA}}}url-data", {"target": attachment.url})
    return sharing


def build_fallback() -> ET.Element:
    """That the whole body stands there for programs that do not know XEP-0447."""
    fallback = ET.Element(f"{{{_FALLBACK}}}fallback", {"for": SHARING})
    ET.SubElement(fallback, f"{{{_FALLBACK}}}body")
    return fallback


def build_out_of_band(url: str) -> ET.Element:
    """The address for programs that know XEP-0066 only."""
    out_of_band = ET.Element(f"{{{OOB}}}x")
    ET.SubElement(out_of_band, f"{{{OOB}}}url").text = url
    return out_of_band


def _out_of_band(message: ET.Element) -> Iterator[FileTold]:
    for element in islice(message.iterfind(f"{{{OOB}}}x"), _MOST_FILES):
        if url := _address(element.findtext(f"{{{OOB}}}url")):
            yield FileTold(url, _last_name(url), description=_text(element.findtext(f"{{{OOB}}}desc"), _MOST_TEXT))


def _shared(message: ET.Element) -> Iterator[FileTold]:
    """XEP-0447; what has no address to be had from yet is left out."""
    for sharing in islice(message.iterfind(f"{{{SHARING}}}file-sharing"), _MOST_FILES):
        targets = sharing.iterfind(f"{{{SHARING}}}sources/{{{_URL_DATA}}}url-data")
        url = next((url for target in targets if (url := _address(target.get("target")))), "")
        file = sharing.find(f"{{{METADATA}}}file")
        if url:
            yield _described(message, file, METADATA, url)


def _referenced(message: ET.Element) -> Iterator[FileTold]:
    """XEP-0385."""
    for sharing in islice(message.iterfind(f"{{{_REFERENCE}}}reference/{{{_SIMS}}}media-sharing"), _MOST_FILES):
        sources = sharing.iterfind(f"{{{_SIMS}}}sources/{{{_REFERENCE}}}reference")
        url = next((url for source in sources if (url := _address(source.get("uri")))), "")
        file = sharing.find(f"{{{_JINGLE_FILE}}}file")
        if url:
            yield _described(message, file, _JINGLE_FILE, url)


def _described(message: ET.Element, file: ET.Element | None, namespace: str, url: str) -> FileTold:
    if file is None:
        return FileTold(url, _last_name(url))

    def told(tag: str) -> str:
        return file.findtext(f"{{{namespace}}}{tag}") or ""

    hashes = tuple(
        (algorithm, value)
        for element in file.findall(f"{{{HASHES}}}hash")[:_MOST_HASHES]
        if (algorithm := _text(element.get("algo"), 64)) and (value := _text(element.text, 256))
    )
    thumbnail = file.find(f"{{{THUMBNAIL}}}thumbnail")
    uri = "" if thumbnail is None else thumbnail.get("uri", "")
    picture = _thumbnail(message, uri)
    return FileTold(
        url=url,
        name=_text(told("name"), _MOST_NAME) or _last_name(url),
        media_type=_text(told("media-type"), _MOST_NAME).lower(),
        size=_number(told("size"), _MOST_BYTES),
        width=_number(told("width"), _MOST_SIDE) or None,
        height=_number(told("height"), _MOST_SIDE) or None,
        thumbnail=picture,
        thumbnail_cid="" if picture else _cid(uri),
        description=_text(told("desc"), _MOST_TEXT),
        hashes=hashes,
    )


def _thumbnail(message: ET.Element, uri: str) -> bytes:
    """A thumbnail that came with its message: in its own address (RFC 2397), or beside it (XEP-0231)."""
    if len(uri) > 2 * _MOST_THUMBNAIL:
        return b""
    if uri.startswith("data:"):
        kind, comma, data = uri.removeprefix("data:").partition(",")
        if not comma or not kind.startswith("image/"):
            return b""
        picture = _from_base64(unquote(data)) if kind.endswith(";base64") else unquote_to_bytes(data)
    elif uri.startswith("cid:"):
        picture = parse_bits(message, uri.removeprefix("cid:"))
    else:
        return b""
    return picture if len(picture) <= _MOST_THUMBNAIL else b""


def build_bits_request(cid: str) -> ET.Element:
    """Ask for what is known under a name (XEP-0231 section 2.3)."""
    return ET.Element(f"{{{_BITS}}}data", {"cid": cid})


def parse_bits(parent: ET.Element, cid: str) -> bytes:
    """What a message or an answer carries under a name, if the name is true (section 2.1: its hash is in it)."""
    algorithm, true = _hash_of(cid)
    for element in parent.iterfind(f"{{{_BITS}}}data"):
        text = element.text or ""
        if algorithm and element.get("cid") == cid and len(text) <= 2 * _MOST_THUMBNAIL:
            data = _from_base64(text)
            is_true = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() == true
            return data if is_true and len(data) <= _MOST_THUMBNAIL else b""
    return b""


def _cid(uri: str) -> str:
    """The name in an address; "" where it is none whose truth can be seen."""
    cid = uri.removeprefix("cid:")
    return cid if cid != uri and len(cid) <= _MOST_NAME and _hash_of(cid)[0] else ""


def _hash_of(cid: str) -> tuple[str, str]:
    """Algorithm and hash; ("", "") where it is of none that we know."""
    algorithm, _, rest = cid.partition("+")
    return (algorithm, rest.partition("@")[0].lower()) if algorithm in ("sha1", "sha256", "sha512") else ("", "")


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _address(text: str | None) -> str:
    """A web address; "" for any other: nothing else is ever fetched (C3)."""
    url = (text or "").strip()
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    return url if sound and len(url) <= _MOST_URL and url.isprintable() and " " not in url else ""


def _last_name(url: str) -> str:
    return _text(unquote(urlsplit(url).path.rpartition("/")[2]), _MOST_NAME)


def _text(text: str | None, most: int) -> str:
    return (text or "").strip()[:most]


def _number(text: str, most: int) -> int | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None
