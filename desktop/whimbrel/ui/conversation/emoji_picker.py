"""The small popover that picks an emoji: a field to search in, the groups, a grid, the skin tone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from whimbrel.ui.conversation.emoji import GROUPS, Emoji, emoji_list, find_by_chars, find_emoji
from whimbrel.ui.theme.growth import keep_size
from whimbrel.ui.theme.theme import grown, theme
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.writing import writing

_CELL = 36
_BUTTON = 32
_COLUMNS = 9
_ROWS = 7
_BAR = 10  # pixels that the scroll bar takes
_OF_CELL = 0.58  # is taken by the emoji
_PADDING = 8
_MOST = 2000
_RECENT = -1  # in the place of a group
_SIGNS = {_RECENT: "🕘", 0: "😀", 1: "👋", 3: "🐻", 4: "🍎", 5: "🚗", 6: "⚽", 7: "💡", 8: "❤️", 9: "🏁"}
_HAND = "✋"

_Index = QModelIndex | QPersistentModelIndex


class EmojiModel(QAbstractListModel):
    """What the grid shows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Emoji] = ()

    def show(self, emoji: Sequence[Emoji]) -> None:
        """Show others."""
        self.beginResetModel()
        self._shown = emoji
        self.endResetModel()

    def emoji(self, row: int) -> Emoji:
        """The emoji of a row, without a tone."""
        return self._shown[row]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        one = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.in_tone(writing().tone)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{one.name}\n:{one.codes[0]}:" if one.codes else one.name
        return one.name if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Cells(QStyledItemDelegate):
    """Paints an emoji in the middle of its cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().tokens.selection)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        font = theme().font()
        font.setPixelSize(round(grown(_CELL) * _OF_CELL))
        painter.setFont(font)
        painter.setPen(theme().tokens.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, index.data())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(grown(_CELL), grown(_CELL))


class EmojiPicker(QFrame):
    """Closes with Esc, a click elsewhere, or a choice; Shift keeps it open."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAccessibleName(self.tr("Emoji"))
        self.setProperty("surface", "card")
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Search emoji"))
        self.search.setPlaceholderText(self.tr("Search emoji"))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.tone_button = self._flat("", self.tr("Skin tone"))
        self.tone_button.clicked.connect(self._choose_tone)
        self.groups = {group: self._make_group(group) for group in (_RECENT, *GROUPS)}
        self._group = 0
        self._make_grid()
        self.none = Label(self.tr("Nothing found"), tone="second")
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()
        writing().tone_changed.connect(self._show_tone)
        theme().changed.connect(self._style)
        self._style()
        self._show_tone()

    def open_above(self, anchor: QWidget) -> None:
        """Show the popover above a button, aligned to its right edge."""
        self.search.clear()
        self.show_group(_RECENT if writing().recent else GROUPS[0])
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), -self.height() - 6))
        area = anchor.screen().availableGeometry()
        left = min(corner.x(), area.right() - self.width() + 1)
        self.move(max(left, area.left()), max(corner.y(), area.top()))
        self.show()
        self.search.setFocus()

    def show_group(self, group: int) -> None:
        """Show the emoji of a group, or those used last."""
        self._group = group
        self.search.clear()
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search to the grid, letters from the grid to the search; Enter picks."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.search:
                return self._press_in_search(event) or super().eventFilter(watched, event)
            return self._press_in_grid(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _press_in_search(self, event: QKeyEvent) -> bool:
        if not self.model.rowCount():
            return False
        if event.key() == Qt.Key.Key_Down:
            self.grid.setFocus()
            self.grid.setCurrentIndex(self.model.index(0))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(self.model.index(0))
            return True
        return False

    def _press_in_grid(self, event: QKeyEvent) -> bool:
        row = self.grid.currentIndex().row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._pick(self.grid.currentIndex())
            return True
        is_first = row < _COLUMNS and event.key() == Qt.Key.Key_Up
        if is_first or (event.text().strip() and event.text().isprintable()):
            self.search.setFocus()
            self.search.insert("" if is_first else event.text())
            return True
        return False

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.tone_button)
        groups = QHBoxLayout()
        groups.setSpacing(0)
        for button in self.groups.values():
            groups.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        layout.setSpacing(_PADDING)
        layout.addLayout(top)
        layout.addLayout(groups)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.none, 1)

    def _make_grid(self) -> None:
        self.model = EmojiModel(self)
        self.grid = QListView()
        self.grid.setAccessibleName(self.tr("Emoji"))
        self.grid.setModel(self.model)
        self.grid.setItemDelegate(_Cells(self.grid))
        self.grid.setViewMode(QListView.ViewMode.IconMode)
        self.grid.setMovement(QListView.Movement.Static)
        self.grid.setUniformItemSizes(True)
        self.grid.setMouseTracking(True)
        self.grid.setFrameShape(QFrame.Shape.NoFrame)
        self.grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.grid.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.grid.clicked.connect(self._pick)
        self.grid.installEventFilter(self)

    def _make_group(self, group: int) -> QPushButton:
        button = self._flat(_SIGNS[group], self._group_name(group))
        button.setCheckable(True)
        button.clicked.connect(lambda: self.show_group(group))
        return button

    def _flat(self, sign: str, name: str) -> QPushButton:
        button = QPushButton(sign)
        button.setProperty("kind", "flat")
        button.setAutoDefault(False)
        button.setAccessibleName(name)
        button.setToolTip(name)
        keep_size(button, _BUTTON, _BUTTON)
        return button

    def _group_name(self, group: int) -> str:
        return {
            _RECENT: self.tr("Recently used"),
            0: self.tr("Smileys"),
            1: self.tr("People"),
            3: self.tr("Animals and nature"),
            4: self.tr("Food and drink"),
            5: self.tr("Travel and places"),
            6: self.tr("Activities"),
            7: self.tr("Objects"),
            8: self.tr("Symbols"),
            9: self.tr("Flags"),
        }[group]

    def _style(self) -> None:
        tokens = theme().tokens
        self.setStyleSheet(
            f"QPushButton:checked {{ background: {tokens.selection.name()}; border-radius: 6px; }}"
            " QPushButton { padding: 0; } QListView { background: transparent; }"
        )
        cell = grown(_CELL)
        self.grid.setGridSize(QSize(cell, cell))
        around = 4 * _PADDING + self.search.sizeHint().height() + grown(_BUTTON)
        self.setFixedSize(_COLUMNS * cell + 20 + grown(_BAR), _ROWS * cell + around + 2)

    def _fill(self, words: str) -> None:
        if words.strip():
            shown = find_emoji(words, _MOST)
        elif self._group == _RECENT:
            shown = find_by_chars(writing().recent)
        else:
            shown = [one for one in emoji_list() if one.group == self._group]
        self.model.show(shown)
        self.grid.setVisible(bool(shown))
        self.none.setVisible(not shown)
        if not shown:
            announce(self, self.none.text())
        self.grid.scrollToTop()
        for group, button in self.groups.items():
            button.setChecked(group == self._group and not words.strip())

    def _show_tone(self) -> None:
        hand = find_by_chars([_HAND])
        self.tone_button.setText(hand[0].in_tone(writing().tone) if hand else _HAND)
        self.grid.viewport().update()

    def _choose_tone(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = (
            self.tr("No skin tone"),
            self.tr("Light"),
            self.tr("Medium-light"),
            self.tr("Medium"),
            self.tr("Medium-dark"),
            self.tr("Dark"),
        )
        for tone, name in enumerate(names):
            sign = "".join(one.in_tone(tone) for one in find_by_chars([_HAND]))
            action = menu.addAction(f"{sign}  {name}", partial(writing().set_tone, tone))
            action.setCheckable(True)
            action.setChecked(tone == writing().tone)
        menu.popup(self.tone_button.mapToGlobal(self.tone_button.rect().bottomLeft()))

    def _pick(self, index: _Index) -> None:
        one = self.model.emoji(index.row())
        writing().note_emoji(one.char)
        self.picked.emit(one.in_tone(writing().tone))
        if not QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.close()
