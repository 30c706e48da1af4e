"""Opens the dialogs that export and delete, over a window."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whimbrel.core.services import Services
from whimbrel.model.conversation import Conversation
from whimbrel.ui.names import conversation_name
from whimbrel.ui.search.delete_dialog import DeleteAllDialog, DeleteConversationDialog, DeleteOldDialog
from whimbrel.ui.search.export_dialog import ExportDialog


def ask_export(services: Services, conversation: Conversation | None, window: QWidget) -> ExportDialog:
    """*Export conversation*, or *Export everything* where none is given."""
    dialog = ExportDialog(services, conversation, _name(services, conversation), window)
    dialog.open()
    return dialog


def ask_delete(services: Services, conversation: Conversation, window: QWidget) -> DeleteConversationDialog:
    """*Delete conversation*."""
    dialog = DeleteConversationDialog(services, conversation, _name(services, conversation), window)
    dialog.open()
    return dialog


def ask_delete_old(services: Services, window: QWidget) -> DeleteOldDialog:
    """*Delete old messages*."""
    dialog = DeleteOldDialog(services, window)
    dialog.open()
    return dialog


def ask_delete_all(services: Services, window: QWidget) -> DeleteAllDialog:
    """*Delete all history*."""
    dialog = DeleteAllDialog(services, window)
    dialog.open()
    return dialog


def _name(services: Services, conversation: Conversation | None) -> str:
    if conversation is None:
        return "Whimbrel"
    return conversation_name(services, conversation.account_id, conversation.jid)
