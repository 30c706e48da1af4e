"""EXTENSIONS: what features add to a conversation, one line each, in the order in which they are asked."""

from __future__ import annotations

from whimbrel.ui.conversation.attention import Attention
from whimbrel.ui.conversation.deleting import Deleting
from whimbrel.ui.conversation.editing import Editing
from whimbrel.ui.conversation.extension import Extension
from whimbrel.ui.conversation.forwarding import Forwarding
from whimbrel.ui.conversation.media import Media
from whimbrel.ui.conversation.reacting import Reacting
from whimbrel.ui.conversation.refusing import Refusing
from whimbrel.ui.conversation.replying import Replying
from whimbrel.ui.conversation.sending_files import SendingFiles
from whimbrel.ui.conversation.standing import Standing
from whimbrel.ui.conversation.typing import Typing
from whimbrel.ui.search.bar import SearchHere

EXTENSIONS: tuple[type[Extension], ...] = (
    SearchHere,
    Replying,
    Media,
    Reacting,
    Refusing,
    Forwarding,
    Editing,
    SendingFiles,
    Deleting,
    Typing,
    Attention,
    Standing,
)
