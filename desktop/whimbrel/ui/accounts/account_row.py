"""How an account looks in a list: avatar, address, state."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from whimbrel.model.account import Account
from whimbrel.ui.delegates.rows import mirrored
from whimbrel.ui.theme.avatar import paint_avatar
from whimbrel.ui.theme.theme import NORMAL, SMALL, grown, theme

ACCOUNT_ROLE = Qt.ItemDataRole.UserRole
STATE_ROLE = Qt.ItemDataRole.UserRole + 1
TROUBLE_ROLE = Qt.ItemDataRole.UserRole + 2
_PADDING = 8  # pixels above and beneath
_AVATAR = 36  # pixels, where letters have their usual size
_GAP = 10  # pixels


class AccountRow(QStyledItemDelegate):
    """Paints a row whose item carries an ``Account``, its state in words, and whether that is a trouble."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        lines = QFontMetricsF(theme().font(NORMAL, bold=True)).height() + QFontMetricsF(theme().font(SMALL)).height()
        return QSize(0, max(grown(_AVATAR) + 2 * _PADDING, round(lines) + 2 * _PADDING + 2))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        account: Account = index.data(ACCOUNT_ROLE)
        tokens = theme().tokens
        rect = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.selection)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        side = grown(_AVATAR)
        picture = QRectF(rect.left() + _GAP, rect.center().y() - side / 2, side, side)
        ring = tokens.selection if selected else tokens.background
        picture = QRectF(mirrored(option, picture.toRect()))
        paint_avatar(painter, picture, account.jid, str(account.jid), None, ring)
        words = rect.adjusted(side + 2 * _GAP, _PADDING, -_GAP, -_PADDING)
        words = QRectF(mirrored(option, words.toRect()))
        trouble = bool(index.data(TROUBLE_ROLE))
        lines = (
            (str(account.jid), theme().font(NORMAL, bold=True), tokens.text, Qt.AlignmentFlag.AlignTop),
            (
                str(index.data(STATE_ROLE)),
                theme().font(SMALL),
                tokens.error if trouble else tokens.second_text,
                Qt.AlignmentFlag.AlignBottom,
            ),
        )
        for text, font, color, alignment in lines:
            painter.setFont(font)
            painter.setPen(color)
            elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, alignment | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()
