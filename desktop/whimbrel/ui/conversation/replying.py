"""Replies: answering a message, and what an answer shows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import Qt

from whimbrel.core.offers.replies import Replies
from whimbrel.model.errors import KnownError
from whimbrel.model.message import Direction, Message, MessageId
from whimbrel.ui.conversation.extension import Extension, MenuEntry, find_begun
from whimbrel.ui.conversation.quote_part import QuotePart
from whimbrel.ui.conversation.reply_strip import ReplyStrip
from whimbrel.ui.conversation.text import LINE_SEPARATOR, shown_text
from whimbrel.ui.joining import told_of
from whimbrel.ui.shortcuts import Keys, keys_of
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.words import retracted_words

if TYPE_CHECKING:
    from whimbrel.model.events import MessageChanged, MessageRemoved
    from whimbrel.model.reply import Quote
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part

_LONGEST = 300  # characters of what is shown


class Replying(Extension):
    """The menu's *Reply*, the strip above the composer, the quotation above an answer's text."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._original: Message | None = None
        self._was_asked = False  # what is being sent answers it
        self._begun = find_begun(pane)
        self.strip = ReplyStrip()
        self._replies = pane.services.find_offer(Replies)
        if self._replies is None:
            return
        pane.composer.add_strip(self.strip)
        pane.composer.draft_left.connect(self._put_aside)
        pane.composer.draft_resumed.connect(self.restore)
        self.strip.leave_requested.connect(self._leave_by_button)
        self.strip.pressed.connect(self._show_answered)
        Keys("reply", pane, self._answer_by_key, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        pane.bridge.message_changed.connect(self._on_changed)
        pane.bridge.message_removed.connect(self._on_removed)

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """The quotations of those that are answers."""
        if self._replies is None:
            return {}
        by_id = {message.id: message for message in messages}
        quotes = self._replies.quotes(messages)
        return {key: self._part(quote) for key, quote in quotes.items() if not by_id[key].retracted}

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """*Reply*."""
        if self._replies is None or message.retracted:
            return ()
        can = self._replies.can_answer(message)
        return (MenuEntry(self.tr("Reply"), partial(self.answer, message), keys_of("reply"), enabled=can),)

    def also(self) -> Callable[[Message], None] | None:
        """What is sent answers what the strip shows."""
        self._was_asked = self._original is not None
        if self._replies is None or self._original is None:
            return None
        note = self._replies.answer(self._original)

        def write(message: Message) -> None:
            note(message)
            self._keep(None)

        return write

    def on_sent(self) -> None:
        """It is answered."""
        if self._was_asked:
            self.leave()

    def needs_escape(self) -> bool:
        """While something is being answered."""
        return self._original is not None

    def leave(self) -> None:
        """Answer nothing; what is typed stays."""
        if self._original is not None:
            self._try_to_keep(None)
        self._original = None
        self._was_asked = False
        if self.strip.hasFocus() or self.strip.close_button.hasFocus():
            self.pane.composer.editor.setFocus()
        self.strip.hide()

    def restore(self) -> None:
        """Answer what was being answered before, where that is still to be had."""
        message_id = None if self._begun is None else self._begun.answered(self.pane.conversation.id)
        message = None if message_id is None else self.pane.services.conversations.message(message_id)
        if message is None or message.retracted or self._replies is None or not self._replies.can_answer(message):
            return
        self._original = message
        self._show_in_strip(message)

    def answer(self, message: Message) -> None:
        """Answer a message with what is written next."""
        now = self.reread(message.id)
        if now is None or self._replies is None or not self._replies.can_answer(now):
            return
        message = now
        if not all(other.make_room() for other in self.pane.extensions):
            return
        self._original = message
        self._try_to_keep(message)
        self._show_in_strip(message)
        self.pane.composer.editor.setFocus()
        announce(self.pane, told_of(self.strip.name.full_text(), said(message)))

    def _put_aside(self) -> None:
        """Something else is written now: the answer waits with its draft, on disk."""
        self._original = None
        self._was_asked = False
        self.strip.hide()

    def _keep(self, message: Message | None) -> None:
        """Keep what is being answered over the program's end. Raises KnownError."""
        if self._begun is not None:
            self._begun.set_answered(self.pane.conversation.id, None if message is None else message.id)

    def _try_to_keep(self, message: Message | None) -> None:
        try:
            self._keep(message)
        except KnownError as error:
            self.pane.composer.error_box.show_error(error)

    def _show_in_strip(self, message: Message) -> None:
        is_own = message.direction is Direction.OUT
        self.strip.show_reply("" if is_own else self.pane.model.sender_name(message), said(message))

    def _part(self, quote: Quote) -> QuotePart:
        original = quote.original
        if original is None:
            missing = self.tr("Original message not found")
            told = _shorten(quote.quoted)
            return QuotePart(missing if not told else "", told or "", run=self._say_missing)
        name, address = self.pane.model.sender_name(original), str(original.sender.bare)
        return QuotePart(name, said(original), address, partial(self._show, original.id))

    def _show(self, message_id: MessageId) -> None:
        if not self.pane.show_message(message_id):
            self._say_missing()

    def _show_answered(self) -> None:
        if self._original is not None:
            self._show(self._original.id)

    def _say_missing(self) -> None:
        self.pane.error_box.show_text(self.tr("The original message is not here."))

    def _answer_by_key(self) -> None:
        """Answer the message that the keyboard stands on, or else the last of theirs."""
        view = self.pane.view
        row = view.currentIndex().row() if view.hasFocus() else -1
        if row >= 0:
            self.answer(view.timeline.message(row))
            return
        latest = self.pane.services.conversations.latest(self.pane.conversation.id, _LOOKED_AT)
        theirs = (one for one in reversed(latest) if one.direction is Direction.IN and not one.retracted)
        if (message := next(theirs, None)) is not None:
            self.answer(message)

    def _leave_by_button(self) -> None:
        self.leave()
        self.pane.composer.editor.setFocus()

    def _on_changed(self, event: MessageChanged) -> None:
        if self._original is None or event.message.id != self._original.id:
            return
        if event.message.retracted:
            self.leave()
        elif event.message.body != self._original.body:
            self._original = event.message
            self._show_in_strip(event.message)

    def _on_removed(self, event: MessageRemoved) -> None:
        if self._original is not None and event.message.id == self._original.id:
            self.leave()


_LOOKED_AT = 100  # messages, for the last of theirs


def said(message: Message) -> str:
    """The start of what a message says, on one line; of a file's, its name."""
    if message.retracted:
        return retracted_words()
    body = message.body.strip()
    if body.startswith("https://") and not any(char.isspace() for char in body):
        name = unquote(urlsplit(body).path.rpartition("/")[2])
        if "." in name:
            return _shorten(name)
    return _shorten(body)


def _shorten(text: str) -> str:
    return " ".join(shown_text(text[: 2 * _LONGEST]).text.replace(LINE_SEPARATOR, " ").split())[:_LONGEST]
