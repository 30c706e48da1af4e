"""Mutations of stanzas: of their tree, and of their bytes."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from random import Random
from xml.parsers import expat

from tests.fuzz import pools
from tests.fuzz.streams import CLIENT, STREAM, to_text

_WRAPPERS = (
    ("{urn:xmpp:carbons:2}received", "{urn:xmpp:forward:0}forwarded"),
    ("{urn:xmpp:carbons:2}sent", "{urn:xmpp:forward:0}forwarded"),
    ("{urn:xmpp:mam:2}result", "{urn:xmpp:forward:0}forwarded"),
    ("{urn:xmpp:forward:0}forwarded",),
)
_DEEPEST = 200
_LARGEST = 10_000_000
_SPLICES = (
    b"<!-- x -->",
    b"<?php x ?>",
    b"<!DOCTYPE a>",
    b"&undefined;",
    b"&#0;",
    b"&#xd800;",
    b"]]>",
    b"\x00",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"<a xmlns:x='urn:x' x:y='1' x:y='2'/>",
    b"<p:q/>",
    b"</stream:stream>",
    b"<![CDATA[<x>]]>",
    b"&#x202e;",
    b"<",
    b">",
    b"'",
)


class Mutator:
    """Makes stanzas that nobody honest sends out of those that were recorded.

    Args:
        learnt: ids that the client uses just now; mutations put them where they do not belong.
    """

    def __init__(self, recorded: Sequence[ET.Element], random: Random, learnt: Sequence[str] = ()) -> None:
        self._recorded = recorded
        self._random = random
        self._ids = (*pools.IDS, *learnt)
        self._mutations: tuple[Callable[[ET.Element], None], ...] = (
            self._drop_child,
            self._repeat_child,
            self._shuffle_children,
            self._move_child,
            self._graft,
            self._wrap,
            self._nest_deeply,
            self._drop_attribute,
            self._change_attribute,
            self._change_attribute,
            self._change_address,
            self._change_id,
            self._add_attribute,
            self._change_namespace,
            self._rename,
            self._change_text,
            self._change_text,
            self._add_text,
        )

    def stanza(self) -> str:
        """A recorded stanza after one to four mutations."""
        return to_text(self.any_tree())

    def any_tree(self) -> ET.Element:
        """As ``stanza``, as a tree."""
        return self.tree(self._random.choice(self._recorded))

    def tree(self, original: ET.Element) -> ET.Element:
        """A copy after one to four mutations; its own tag mostly stays."""
        element = copy.deepcopy(original)
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 4))):
            self._random.choice(self._mutations)(element)
        return element

    def bytes_of(self, text: str) -> bytes:
        """A stanza whose bytes were tampered with; mostly no XML any more."""
        data = bytearray(text.encode())
        place = self._random.randrange(len(data))
        match self._random.randrange(4):
            case 0:
                data[place] = self._random.randrange(256)
            case 1:
                del data[place : place + self._random.randrange(1, 9)]
            case 2:
                data[place:place] = self._random.choice(_SPLICES)
            case _:
                end = data.find(b">")
                data[end + 1 : end + 1] = self._random.choice(_SPLICES)
        return bytes(data)

    # of the tree

    def _any(self, root: ET.Element) -> ET.Element:
        return self._random.choice(list(root.iter()))

    def _parent(self, root: ET.Element) -> ET.Element | None:
        parents = [element for element in root.iter() if len(element)]
        return self._random.choice(parents) if parents else None

    def _drop_child(self, root: ET.Element) -> None:
        if (parent := self._parent(root)) is not None:
            del parent[self._random.randrange(len(parent))]

    def _repeat_child(self, root: ET.Element) -> None:
        if (parent := self._parent(root)) is not None:
            child = self._random.choice(list(parent))
            times = 500 if self._random.random() < 0.02 else self._random.choice((1, 1, 2, 20))
            parent.extend(copy.deepcopy(child) for _ in range(times))

    def _shuffle_children(self, root: ET.Element) -> None:
        if (parent := self._parent(root)) is not None:
            children = list(parent)
            self._random.shuffle(children)
            parent[:] = children

    def _move_child(self, root: ET.Element) -> None:
        if (parent := self._parent(root)) is not None:
            child = self._random.choice(list(parent))
            inside = set(child.iter())
            others = [element for element in root.iter() if element not in inside]
            parent.remove(child)
            self._random.choice(others).append(child)

    def _graft(self, root: ET.Element) -> None:
        self._any(root).append(copy.deepcopy(self._any(self._random.choice(self._recorded))))

    def _wrap(self, root: ET.Element) -> None:
        inner = copy.deepcopy(root)
        del root[:]
        if self._random.random() < 0.5:
            root.set("from", self._random.choice(pools.ADDRESSES))
        place = root
        for tag in self._random.choice(_WRAPPERS):
            place = ET.SubElement(place, tag, {"id": self._random.choice(self._ids)} if "mam" in tag else {})
        place.append(inner)

    def _nest_deeply(self, root: ET.Element) -> None:
        child = self._any(root)
        place = root
        for _ in range(self._random.choice((3, 30, 150))):
            place = ET.SubElement(place, child.tag, dict(child.attrib))

    def _drop_attribute(self, root: ET.Element) -> None:
        element = self._any(root)
        if element.attrib:
            del element.attrib[self._random.choice(list(element.attrib))]

    def _change_attribute(self, root: ET.Element) -> None:
        bearers = [element for element in root.iter() if element.attrib]
        if bearers:
            element = self._random.choice(bearers)
            name = self._random.choice(list(element.attrib))
            element.set(name, self._value(name))

    def _value(self, name: str) -> str:
        usual: Sequence[str] = pools.BY_ATTRIBUTE.get(name, pools.TEXTS)
        if usual is pools.IDS:
            usual = self._ids
        return self._random.choice(usual if self._random.random() < 0.9 else pools.TEXTS)

    def _change_address(self, root: ET.Element) -> None:
        places = [(e, n) for e in root.iter() for n in ("from", "to", "by", "jid") if n in e.attrib] or [(root, "from")]
        element, name = self._random.choice(places)
        element.set(name, self._random.choice(pools.ADDRESSES))

    def _change_id(self, root: ET.Element) -> None:
        places = [(e, n) for e in root.iter() for n in ("id", "queryid") if n in e.attrib] or [(root, "id")]
        element, name = self._random.choice(places)
        element.set(name, self._random.choice(self._ids))

    def _add_attribute(self, root: ET.Element) -> None:
        name = self._random.choice((*pools.BY_ATTRIBUTE, "xml:lang", "complete", "stable", "name", "ask"))
        self._any(root).set(name, self._value(name))

    def _change_namespace(self, root: ET.Element) -> None:
        element = self._any(root)
        element.tag = f"{{{self._random.choice(pools.NAMESPACES)}}}{element.tag.rpartition('}')[2]}"

    def _rename(self, root: ET.Element) -> None:
        element = self._any(root)
        other = self._any(self._random.choice(self._recorded)).tag
        element.tag = other if self._random.random() < 0.5 else f"{element.tag.partition('}')[0]}}}{_local(other)}"

    def _change_text(self, root: ET.Element) -> None:
        bearers = [element for element in root.iter() if (element.text or "").strip()]
        (self._random.choice(bearers) if bearers else self._any(root)).text = self._text()

    def _add_text(self, root: ET.Element) -> None:
        setattr(self._any(root), self._random.choice(("text", "tail")), self._text())
        root.tail = None

    def _text(self) -> str:
        return self._random.choice((*pools.TEXTS, *pools.DATES, *pools.NUMBERS, *pools.ADDRESSES))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def may_end_stream(data: bytes) -> bool:
    """Whether a client may, or must, end its stream over these bytes: no restricted XML, no stanza, too deep or large.

    Judged by a parser of its own, so that the client's reader is not measured by itself.
    """
    if len(data) > _LARGEST:
        return True
    depth = deepest = 0
    tags: list[str] = []
    forbidden: list[str] = []

    def start(tag: str, _: object) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)
        if depth == 2:
            tags.append(tag)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CommentHandler = forbidden.append
    parser.ProcessingInstructionHandler = lambda target, _: forbidden.append(target)
    try:
        parser.Parse(f"<stream:stream xmlns='{CLIENT}' xmlns:stream='{STREAM}'>".encode())
        parser.Parse(data)
        left_open = depth != 1
        parser.Parse(b"</stream:stream>", True)
    except (expat.ExpatError, ValueError):
        return True
    stanzas = {f"{CLIENT}}}{name}" for name in ("message", "presence", "iq")}
    return bool(left_open or forbidden or deepest > _DEEPEST or not stanzas.issuperset(tags))
