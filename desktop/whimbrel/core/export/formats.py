"""The formats: each turns talks and what was said into text, a piece at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Protocol

from whimbrel.model.jid import JID
from whimbrel.model.message import Direction
from whimbrel.storage.transcripts import Said, Talk

_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:48em;margin:2em auto;padding:0 1em;color:#1b1f24}h2{margin-top:2em}"
    "div{margin:.8em 0;padding:.3em .8em;border-inline-start:3px solid #e3e5e9}.out{border-color:#0b7a75}"
    "p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}time,small{color:#5f6b7a;font-size:13px}"
    "@media(prefers-color-scheme:dark){body{background:#16191d;color:#e8ebee}div{border-color:#2b3138}"
    ".out{border-color:#3db8ae}time,small{color:#9aa5b1}}"
)
_UNSEEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd")  # what no page may hold, and terminals obey


@dataclass(frozen=True, slots=True)
class ExportWords:
    """The words that stand in an export, in the person's language. ``conversation`` and ``you`` have a place %1 for a
    name.
    """

    title: str = "Conversations"
    conversation: str = "Conversation with %1"
    retracted: str = "Message deleted"
    edited: str = "edited"
    file: str = "File"
    you: str = "%1 (you)"
    reactions: str = "Reactions"


@dataclass(frozen=True, slots=True)
class Names:
    """What the two of a conversation are called."""

    account: JID
    own: str
    other: str

    @staticmethod
    def find(talk: Talk, other: str, you: str) -> Names:
        """Ours is the nickname, else the address, in words that say that it is oneself (``you``, with a place %1)."""
        return Names(talk.account, you.replace("%1", talk.nick or str(talk.account)), other)

    def speaker(self, said: Said) -> str:
        """Who wrote a message."""
        return self.own if said.message.direction is Direction.OUT else self.other

    def of(self, jid: JID) -> str:
        """Who one of the two is."""
        return self.own if jid == self.account else self.other


class Format(Protocol):
    """Gives the pieces of a file, in the order in which they are to be written."""

    def begin(self) -> str:
        """What comes first."""

    def begin_talk(self, talk: Talk, name: str, first: bool) -> str:
        """What comes before the messages of a conversation."""

    def said(self, said: Said, names: Names, first: bool) -> str:
        """A message."""

    def end_talk(self) -> str:
        """What comes after the messages of a conversation."""

    def end(self) -> str:
        """What comes last."""


class PlainText:
    """A line for each message, in local time; further lines of a message are indented."""

    def __init__(self, words: ExportWords) -> None:
        self._words = words

    def begin(self) -> str:
        return ""

    def begin_talk(self, talk: Talk, name: str, first: bool) -> str:
        heading = self._words.conversation.replace("%1", _with_address(name, talk.jid))
        return f"{'' if first else chr(10)}{_line(heading)}\n{talk.account}\n\n"

    def said(self, said: Said, names: Names, first: bool) -> str:
        # Every kind of end of a line: none of theirs is to look like a message of somebody else's.
        body = "\n    ".join("\n".join(_contents(said, self._words, names)).translate(_UNSEEN).splitlines())
        return f"[{_local(said.message.time)}] {_line(names.speaker(said))}: {body}\n"

    def end_talk(self) -> str:
        return ""

    def end(self) -> str:
        return ""


class Html:
    """A page that needs nothing else and has no scripts, in which everything that was said is escaped.

    Each message has the direction of its own text, whoever said it.
    """

    def __init__(self, words: ExportWords) -> None:
        self._words = words

    def begin(self) -> str:
        return (
            '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            f"<title>{escape(self._words.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        )

    def begin_talk(self, talk: Talk, name: str, first: bool) -> str:
        heading = self._words.conversation.replace("%1", _with_address(name, talk.jid))
        return f'<h2 dir="auto">{escape(heading)}</h2>\n<small>{escape(str(talk.account))}</small>\n'

    def said(self, said: Said, names: Names, first: bool) -> str:
        body = escape("\n".join(_contents(said, self._words, names)).translate(_UNSEEN))
        moment, side = said.message.time, said.message.direction.value
        return (
            f'<div class="{side}"><b dir="auto">{escape(names.speaker(said))}</b>'
            f' <time dir="ltr" datetime="{moment.isoformat()}">{escape(_local(moment))}</time>'
            f'\n<p dir="auto">{body}</p></div>\n'
        )

    def end_talk(self) -> str:
        return ""

    def end(self) -> str:
        return "</body>\n</html>\n"


class Json:
    """One object, in UTF-8. Fields may be added; ``version`` grows when one changes its meaning or goes.

    ``format`` ("whimbrel"), ``version`` (1), ``exported`` (when), ``conversations``: a list of objects with

    * ``account``: the own address with which it was said, ``address``: the other one, ``name``: what that is called;
    * ``messages``: a list, in the order of the conversation, of objects with ``time``; ``direction`` ("in" or "out");
      ``from`` (the address, with its device); ``name`` (who said it); ``text`` (as it is after the last correction);
      ``edited`` and ``deleted`` (whether it was corrected, or taken back); ``state`` ("received", or how far a message
      of one's own has come: "queued", "in-flight", "unconfirmed", "sent", "delivered", "read", "failed"); ``files``: a
      list of objects with ``name`` and ``address``; ``reactions``: a list of objects with ``from`` and ``emoji``.

    Times are in UTC, as ISO 8601 has them.
    """

    def begin(self) -> str:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return f'{{"format": "whimbrel", "version": 1, "exported": "{now}", "conversations": ['

    def begin_talk(self, talk: Talk, name: str, first: bool) -> str:
        head = json.dumps(
            {"account": str(talk.account), "address": str(talk.jid), "name": name}, ensure_ascii=False
        ).removesuffix("}")
        return f'{"" if first else ","}\n{head}, "messages": ['

    def said(self, said: Said, names: Names, first: bool) -> str:
        message = said.message
        value = {
            "time": message.time.isoformat(),
            "direction": message.direction.value,
            "from": str(message.sender),
            "name": names.speaker(said),
            "text": message.body,
            "edited": message.edited,
            "deleted": message.retracted,
            "state": message.state.value,
            "files": [{"name": name, "address": url} for name, url in said.files],
            "reactions": [{"from": str(jid), "emoji": list(emoji)} for jid, emoji in said.reactions],
        }
        return f"{'' if first else ','}\n{json.dumps(value, ensure_ascii=False)}"

    def end_talk(self) -> str:
        return "\n]}"

    def end(self) -> str:
        return "\n]}\n"


def _contents(said: Said, words: ExportWords, names: Names) -> list[str]:
    message = said.message
    if message.retracted:
        return [f"({words.retracted})"]
    lines = [message.body] if message.body else []
    for name, url in said.files:
        if url and url in message.body and not name:
            continue
        lines.append(f"{words.file}: {' '.join(part for part in (name, url) if part)}")
    if message.edited and lines:
        lines[-1] += f" ({words.edited})"
    if said.reactions:
        who = ", ".join(f"{' '.join(emoji)} {_line(names.of(jid))}" for jid, emoji in said.reactions)
        lines.append(f"({words.reactions}: {who})")
    return lines


def _with_address(name: str, jid: JID) -> str:
    return name if name == str(jid) else f"{name} ({jid})"


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _line(text: str) -> str:
    return " ".join(text.split())
