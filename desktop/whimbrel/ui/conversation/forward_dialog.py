"""*Forward*: chooses chats and contacts that a message is sent to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice

from PySide6.QtCore import (
    QCollatorSortKey,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from whimbrel.core.services import Services
from whimbrel.model.account import AccountId
from whimbrel.model.errors import KnownError
from whimbrel.model.jid import JID
from whimbrel.ui.collation import collator
from whimbrel.ui.joining import list_words
from whimbrel.ui.names import list_names, notes_words
from whimbrel.ui.palette import MOST, Entry, find
from whimbrel.ui.theme.avatar import paint_avatar
from whimbrel.ui.theme.icons import paint_icon
from whimbrel.ui.theme.theme import SMALL, grown, theme
from whimbrel.ui.widgets.buttons import primary_button, secondary_button
from whimbrel.ui.widgets.dialog import Dialog
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.label import ElidedLabel, Label
from whimbrel.ui.words import retracted_words

_TARGET = Qt.ItemDataRole.UserRole + 1
_SIDE = 32  # of an avatar, where letters have their usual size
_ROW, _AROUND = 48, 14
_ROWS = 5  # that show at least
_MOST_HEIGHT = 0.3  # of the screen's, that they take at least
_TICK = 20
_PORTION = 500  # whom it orders or looks up in a turn
_MOST_CHARACTERS = 3100  # no address is longer


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a message can be sent to."""

    account_id: AccountId
    address: str
    label: str
    detail: str

    @property
    def jid(self) -> JID:
        """The address, as what is sent needs it."""
        return JID.parse(self.address)


Key = tuple[AccountId, str]
Send = Callable[[Target], None]


@dataclass(frozen=True, slots=True)
class TargetEntry(Entry):
    """One of them, as it is found by what is typed."""

    target: Target


class MessageGone(Exception):
    """What was to be sent on was deleted meanwhile."""


def _row_height() -> int:
    """In pixels: 48, more where the texts are enlarged."""
    lines = QFontMetrics(theme().font()).height() + QFontMetrics(theme().font(SMALL)).height()
    return max(_ROW, lines + _AROUND)


class TargetDelegate(QStyledItemDelegate):
    """Avatar, name and address; a tick where it is chosen."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        target = index.data(_TARGET)
        tokens = theme().tokens
        is_chosen = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = tokens.background
        if option.state & QStyle.StateFlag.State_Selected:
            ground = tokens.selection
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = tokens.hover
        painter.setBrush(ground)
        painter.drawRoundedRect(option.rect, 6, 6)
        area = QRectF(option.rect.adjusted(8, 0, -8, 0))
        side, mark = grown(_SIDE), grown(_TICK)
        top = area.center().y() - side / 2

        def placed(rect: QRectF) -> QRectF:
            return QRectF(QStyle.visualRect(option.direction, option.rect, rect.toRect()))

        paint_avatar(painter, placed(QRectF(area.left(), top, side, side)), target.jid, target.label, None, ground)
        tick = placed(QRectF(area.right() - mark, area.center().y() - mark / 2, mark, mark))
        painter.setBrush(tokens.accent if is_chosen else Qt.BrushStyle.NoBrush)
        painter.setPen(tokens.accent if is_chosen else tokens.second_text)
        painter.drawEllipse(tick.adjusted(1, 1, -1, -1))
        if is_chosen:
            inset = mark // 5
            paint_icon(painter, tick.adjusted(inset, inset, -inset, -inset), "check", tokens.on_accent)
        words = QRectF(area.left() + side + 12, area.top() + 5, area.width() - side - mark - 24, area.height() - 10)
        self._paint_words(painter, placed(words), target, option.direction)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRectF, target: Target, direction: Qt.LayoutDirection) -> None:
        tokens, small = theme().tokens, theme().font(SMALL)
        start = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        flags = int(start | Qt.AlignmentFlag.AlignAbsolute) | int(Qt.TextFlag.TextDontClip)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # an address runs so, whatever stands around it
        upper = flags | int(Qt.AlignmentFlag.AlignTop if target.detail else Qt.AlignmentFlag.AlignVCenter)
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(theme().font())
        painter.setPen(tokens.text)
        painter.drawText(rect, upper, painter.fontMetrics().elidedText(target.label, elide, int(rect.width())))
        painter.setFont(small)
        painter.setPen(tokens.second_text)
        detail = QFontMetrics(small).elidedText(target.detail, Qt.TextElideMode.ElideMiddle, int(rect.width()))
        painter.drawText(rect, flags | int(Qt.AlignmentFlag.AlignBottom), detail)


class ForwardDialog(Dialog):
    """A line to search in, and whom it finds: Space or a click chooses, the arrows move, Enter sends.

    Args:
        words: the start of what is sent.
        send: sends it to one; raises KnownError, and MessageGone where there is nothing to send any more.
    """

    def __init__(self, services: Services, words: str, send: Send, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ForwardDialog", "Forward"), parent, width=400)
        self._send = send
        self._entries: list[TargetEntry] = []  # those that were looked up so far
        self._coming = _targets(services)
        self._has_all = False
        self._chosen: list[Target] = []
        self.words = ElidedLabel(words, size=SMALL, tone="second")
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setPlaceholderText(self.tr("Name or address"))
        self.search.setMaxLength(_MOST_CHARACTERS)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Chats and contacts"))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(TargetDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme().changed.connect(self._fit)
        self._fit()
        self.list.setProperty("kind", "input")
        self.list.itemClicked.connect(self._toggle)
        self.list.installEventFilter(self)
        self.nobody = Label(self.tr("Nobody found."), tone="second")
        QVBoxLayout(self.list.viewport()).addWidget(self.nobody, 0, Qt.AlignmentFlag.AlignTop)
        self.chosen_label = ElidedLabel("", size=SMALL, tone="second")
        self.error = ErrorBox()
        for widget in (self.words, self.search, self.list, self.chosen_label, self.error):
            self.content.addWidget(widget)
        self.content.setStretch(2, 1)
        cancel = self.add_button(secondary_button(self.tr("Cancel")))
        cancel.clicked.connect(self.reject)
        self.send_button = self.add_button(primary_button(self.tr("Send")), default=True)
        self.send_button.clicked.connect(self.submit)
        self._gathering = QTimer(self, interval=0)
        self._gathering.timeout.connect(self._gather_some)
        self._gathering.start()
        self._gather_some()
        self._tell()
        self.search.setFocus()

    def submit(self) -> None:
        """Send it to all that are chosen; those who have it by then are not sent it again where one fails."""
        while self._chosen:
            try:
                self._send(self._chosen[0])
            except MessageGone:
                self.error.show_text(retracted_words())
                return
            except KnownError as error:
                self._fill(self.search.text())
                self._tell()
                self.error.show_error(error)
                return
            self._chosen.pop(0)
        self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search, the arrows move in the list; Enter there sends, or chooses where none is chosen."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key, item = event.key(), self.list.currentItem()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if watched is self.search and Qt.Key(key) in steps:
            row = self.list.currentRow() + steps[Qt.Key(key)]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._chosen:
                self.submit()
            elif item is not None:
                self._toggle(item)
            return True
        if watched is self.list and key == Qt.Key.Key_Space and item is not None:
            self._toggle(item)
            return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        found = find(self._entries, typed)
        self.list.clear()
        for entry in found:
            target = entry.target
            item = QListWidgetItem(target.label)
            item.setData(_TARGET, target)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if target in self._chosen else Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, target.label)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, target.detail)
            self.list.addItem(item)
        self.nobody.setVisible(not found and self._has_all)
        self.list.setCurrentRow(0)

    def _fit(self) -> None:
        """Show some rows, as far as large text leaves room for them."""
        most = self.screen().availableGeometry().height() * _MOST_HEIGHT
        self.list.setMinimumHeight(min(_ROWS * _row_height(), round(most)))
        self.list.doItemsLayout()

    def _gather_some(self) -> None:
        """A part of them, as much as a turn of the event loop has time for; what is typed is looked for in it."""
        for number, target in enumerate(self._coming):
            if target is not None:
                self._entries.append(TargetEntry(target.label, target.detail, _nothing, target))
            if target is None or number == _PORTION:
                break
        else:
            self._has_all = True
            self._gathering.stop()
        item = self.list.currentItem()
        current = item.data(_TARGET) if item is not None else None
        if self.search.text().strip() or self.list.count() < MOST:
            self._fill(self.search.text())
            rows = (row for row in range(self.list.count()) if self.list.item(row).data(_TARGET) == current)
            self.list.setCurrentRow(next(rows, 0))

    def _toggle(self, item: QListWidgetItem) -> None:
        target = item.data(_TARGET)
        if target in self._chosen:
            self._chosen.remove(target)
        else:
            self._chosen.append(target)
        item.setCheckState(Qt.CheckState.Checked if target in self._chosen else Qt.CheckState.Unchecked)
        self._tell()

    def _tell(self) -> None:
        self.send_button.setEnabled(bool(self._chosen))
        names = list_words(target.label for target in self._chosen)
        self.chosen_label.setText(self.tr("To: {names}").replace("{names}", names) if names else "")


def _nothing() -> None:
    """Whom an entry stands for is chosen, not gone to."""


def _targets(services: Services) -> Iterator[Target | None]:
    """The chats as the list has them, then the contacts by name, then one's own notes; looked up as they are taken.

    None stands where work was done that is enough for a turn of the event loop.
    """
    accounts = {account.id: account.jid for account in services.accounts.list_accounts()}
    own = {(account_id, str(jid.bare)) for account_id, jid in accounts.items()}

    def target(account_id: AccountId, address: str, label: str) -> Target:
        told = [address] if label != address else []
        if len(accounts) > 1 and account_id in accounts:
            told.append(str(accounts[account_id]))
        return Target(account_id, address, label, " · ".join(told))

    chats = [(chat.account_id, str(chat.jid)) for chat in services.conversations.list_conversations()]
    for key in chats[:MOST]:  # those that show at first: one by one that is quicker than the names of thousands
        contact = services.roster.find(key[0], JID.parse(key[1]))
        yield target(*key, notes_words() if key in own else key[1] if contact is None else contact.label)
    if chats:
        yield None
    names = list_names(services)
    listed, by_name = set(chats) | own, collator().sortKey
    rest = (key for key in names if key not in listed)
    runs: list[list[tuple[QCollatorSortKey, Key]]] = []
    while run := sorted((by_name(names[key]), key) for key in islice(rest, _PORTION)):
        runs.append(run)
        if len(run) == _PORTION:
            yield None
    for key in chain(chats[MOST:], (key for _order, key in merge(*runs)), sorted(own.difference(chats))):
        yield target(*key, names.get(key, key[1]))
