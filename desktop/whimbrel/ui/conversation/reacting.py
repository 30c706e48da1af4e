"""Reactions: giving a message an emoji, and the chips that show who gave which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from whimbrel.core.offers.reactions import Reactions
from whimbrel.model.errors import KnownError
from whimbrel.model.message import Direction, Message, MessageId
from whimbrel.model.reaction import bare_emoji
from whimbrel.ui.conversation.emoji_picker import EmojiPicker
from whimbrel.ui.conversation.extension import Extension, MenuEntry
from whimbrel.ui.conversation.quick_reactions import QuickReactions
from whimbrel.ui.conversation.reaction_part import Chip, ReactionPart
from whimbrel.ui.shortcuts import Keys, keys_of

if TYPE_CHECKING:
    from whimbrel.model.reaction import ReactionSet
    from whimbrel.ui.conversation.pane import ConversationPane
    from whimbrel.ui.conversation.parts import Part

_LOOKED_AT = 100  # messages, for the last of theirs


class Reacting(Extension):
    """The menu's *React…*, its row of emoji, the chips under bubbles."""

    def __init__(self, pane: ConversationPane) -> None:
        super().__init__(pane)
        self._picker: EmojiPicker | None = None
        self._about: MessageId | None = None  # what the picker is open for
        self._reactions = pane.services.find_offer(Reactions)
        if self._reactions is None:
            return
        Keys("react", pane, self._react_by_key, Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def parts(self, messages: Sequence[Message]) -> Mapping[MessageId, Part]:
        """The chips of those that have any."""
        if self._reactions is None:
            return {}
        left = [message for message in messages if not message.retracted]
        found = self._reactions.reactions(left)
        return {message.id: self._part(message, found[message.id]) for message in left if message.id in found}

    def menu_entries(self, message: Message) -> Sequence[MenuEntry]:
        """*React…*."""
        if self._reactions is None or message.retracted:
            return ()
        can = self._reactions.can_react(message)
        return (MenuEntry(self.tr("React…"), partial(self.open_row, message), keys_of("react"), enabled=can),)

    def open_row(self, message: Message) -> None:
        """Show the quick row over a message."""
        if self._reactions is None or self.reread(message.id) is None or not self._reactions.can_react(message):
            return
        given = [
            chip.emoji for chip in self._chips(self._reactions.reactions([message]).get(message.id, ())) if chip.is_own
        ]
        row = QuickReactions(given, self.pane)
        row.picked.connect(partial(self._toggle, message.id))
        row.more_requested.connect(partial(self._open_picker, message.id))
        row.open_at(self._place_of(message.id))

    def _part(self, message: Message, sets: Sequence[ReactionSet]) -> ReactionPart:
        return ReactionPart(self._chips(sets), partial(self._toggle, message.id))

    def _chips(self, sets: Sequence[ReactionSet]) -> tuple[Chip, ...]:
        """By emoji, in the order in which they were given first."""
        account = self.pane.services.accounts.find(self.pane.conversation.account_id)
        own = None if account is None else account.jid.bare
        names: dict[str, list[str]] = {}
        ours: set[str] = set()
        shown: dict[str, str] = {}
        for one in sets:
            is_own = one.sender == own
            for given in one.emoji:
                emoji = shown.setdefault(bare_emoji(given), given)
                names.setdefault(emoji, []).append(self.tr("You") if is_own else self._name_of(one))
                if is_own:
                    ours.add(emoji)
        return tuple(Chip(emoji, tuple(who), emoji in ours) for emoji, who in names.items())

    def _name_of(self, said: ReactionSet) -> str:
        contact = self.pane.services.roster.find(self.pane.conversation.account_id, said.sender)
        return contact.label if contact is not None else str(said.sender)

    def _toggle(self, message_id: MessageId, emoji: str) -> None:
        if self._reactions is None or self.reread(message_id) is None:
            return
        try:
            self._reactions.toggle(message_id, emoji)
        except KnownError as error:
            self.pane.error_box.show_error(error)

    def _open_picker(self, message_id: MessageId) -> None:
        self._about = message_id
        if self._picker is None:
            self._picker = EmojiPicker(self.pane)
            self._picker.picked.connect(self._on_picked)
        self._picker.open_above(self.pane.composer.emoji_button)

    def _on_picked(self, emoji: str) -> None:
        if self._about is not None:
            self._toggle(self._about, emoji)

    def _place_of(self, message_id: MessageId) -> QPoint:
        """Where the row goes: above the bubble, or at the top where that is not in sight."""
        view = self.pane.view
        row = view.timeline.row_of(message_id)
        if row < 0:
            return view.viewport().mapToGlobal(QPoint(0, 0))
        rect = view.bubble(row).bubble_rect
        top = view.row_top(row) + round(rect.top())
        return view.viewport().mapToGlobal(QPoint(round(rect.left()), max(top - 4, 0)))

    def _react_by_key(self) -> None:
        """React to the message that the keyboard stands on, or else to the last of theirs."""
        view = self.pane.view
        row = view.currentIndex().row() if view.hasFocus() else -1
        if row >= 0:
            self.open_row(view.timeline.message(row))
            return
        latest = self.pane.services.conversations.latest(self.pane.conversation.id, _LOOKED_AT)
        theirs = (one for one in reversed(latest) if one.direction is Direction.IN and not one.retracted)
        if (message := next(theirs, None)) is not None:
            self.open_row(message)
