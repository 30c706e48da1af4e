"""A window with one picture of a conversation at a time: zoom, fit, and arrows to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from whimbrel.core.services import Services
from whimbrel.model.attachment import Attachment, AttachmentState
from whimbrel.model.conversation import ConversationId
from whimbrel.model.file_name import safe_name
from whimbrel.model.message import Direction, MessageId
from whimbrel.ui.conversation.attachment_strip import size_words
from whimbrel.ui.conversation.file_actions import FileActions
from whimbrel.ui.conversation.file_facts import FileFacts
from whimbrel.ui.conversation.file_question import ask_unencrypted
from whimbrel.ui.joining import join_facts
from whimbrel.ui.names import conversation_name
from whimbrel.ui.run import run
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.viewer.canvas import Canvas
from whimbrel.ui.viewer.edge_button import EdgeButton
from whimbrel.ui.viewer.gallery import Gallery, is_here
from whimbrel.ui.viewer.notice import Notice
from whimbrel.ui.viewer.reel import Projector, Reel, read_whole
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import ElidedLabel, Label
from whimbrel.ui.widgets.margins import set_margins
from whimbrel.ui.words import moment_words

_SCREEN = 0.8
_EDGE = 12
_FAR = 1_000_000


class ViewerWindow(QWidget):
    """Shows the pictures of a conversation, from one of them on. Closed by Escape; keeps nothing of how it was used.

    Args:
        show_message: moves the conversation to a message, where there is one on the screen.
    """

    def __init__(
        self,
        services: Services,
        conversation_id: ConversationId,
        first: Attachment,
        parent: QWidget | None = None,
        show_message: Callable[[MessageId], object] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self._services = services
        self._show_message = show_message
        self.conversation_id = conversation_id
        self.gallery = Gallery(services, conversation_id, first, self)
        box = self.screen().size() * self.screen().devicePixelRatio()
        self._reel = Reel(self, box)
        self._projector = Projector(self, box)
        self._shown: Attachment | None = None  # what the canvas was told last
        self._whole: Attachment | None = None  # of which all pixels are there, or on their way
        self.canvas = Canvas()
        self.canvas.setAccessibleName(self.tr("Picture"))
        self.title = ElidedLabel(bold=True)
        self.details = ElidedLabel(size=SMALL, tone="second")
        self.place = Label(size=SMALL, tone="second")
        self.notice = Notice(self.canvas)
        self.file_actions = FileActions(self, self._complain)
        self._build()
        self._make_keys()
        self._connect()
        self.resize(self._first_size())
        self._show()
        self.canvas.setFocus()

    def go(self, step: int) -> None:
        """Show another one; at the ends nothing happens."""
        self.gallery.go(step)

    def forget_conversation(self) -> None:
        """The conversation is not on the screen any more: there is nothing to move."""
        self._show_message = None

    def play(self) -> None:
        """Show an animated picture once more."""
        self._projector.play(Path(self.gallery.current.path))

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        if not self.copying.isEnabled():
            return
        path = Path(self.gallery.current.path)
        run(self, asyncio.to_thread(read_whole, path), on_done=self._on_copied, on_error=lambda _: None)

    # how it is made

    def _build(self) -> None:
        bar = QFrame()
        bar.setProperty("surface", "side")
        row = QHBoxLayout(bar)
        set_margins(row, 12, 6, 8, 6)
        row.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.details)
        row.addLayout(words, 1)
        row.addWidget(self.place)
        row.addSpacing(8)
        self.again = self._button(row, "retry", self.tr("Play again"), self.play)
        self.zoom_out = self._button(row, "zoom-out", self.tr("Zoom out"), self.canvas.zoom_out)
        self.zoom_in = self._button(row, "zoom-in", self.tr("Zoom in"), self.canvas.zoom_in)
        self.fit = self._button(row, "fit", self.tr("Fit to window"), self.canvas.fit)
        self.copying = self._button(row, "copy", self.tr("Copy"), self.copy)
        self.saving = self._button(row, "download", self.tr("Save as…"), self._save)
        self.more = self._button(row, "more", self.tr("More"), self._show_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.canvas, 1)
        self.previous = EdgeButton("chevron-left", self.tr("Previous picture"), self.canvas)
        self.next = EdgeButton("chevron-right", self.tr("Next picture"), self.canvas)
        self.previous.clicked.connect(lambda: self.go(-1))
        self.next.clicked.connect(lambda: self.go(1))
        self.canvas.installEventFilter(self)

    def _button(self, row: QHBoxLayout, icon: str, name: str, act: Callable[[], None]) -> QPushButton:
        button = icon_button(icon, name)
        button.clicked.connect(lambda: act())
        row.addWidget(button)
        return button

    def _make_keys(self) -> None:
        key, standard = Qt.Key, QKeySequence.StandardKey
        for keys, act in (
            ((key.Key_Escape, standard.Close), self.close),
            ((key.Key_Left, key.Key_PageUp), lambda: self.go(-1)),
            ((key.Key_Right, key.Key_PageDown), lambda: self.go(1)),
            ((key.Key_Home,), lambda: self.go(-_FAR)),
            ((key.Key_End,), lambda: self.go(_FAR)),
            (("+", "=", "Ctrl++", "Ctrl+="), self.canvas.zoom_in),
            (("-", "Ctrl+-"), self.canvas.zoom_out),
            (("0", "Ctrl+0"), self.canvas.fit),
            (("1", "Ctrl+1"), self.canvas.show_true_size),
            ((standard.Save,), self._save),
            ((standard.Copy,), self.copy),
        ):
            for one in keys:
                shortcut = QShortcut(QKeySequence(one), self)
                shortcut.activated.connect(act)

    def _connect(self) -> None:
        self.gallery.changed.connect(self._show)
        self.gallery.advanced.connect(self._say_state)
        self.gallery.emptied.connect(self.close)
        self._reel.decoded.connect(self._on_decoded)
        self._projector.frame.connect(self.canvas.replace_image)
        self._projector.began.connect(lambda: self._on_playing(True))
        self._projector.ended.connect(lambda: self._on_playing(False))
        self.canvas.scale_changed.connect(lambda: self.fit.setEnabled(not self.canvas.is_fitted))
        self.canvas.sharper_wanted.connect(self._sharpen)
        self.notice.pressed.connect(self._on_notice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the buttons stay at the sides of the picture."""
        if event.type() == QEvent.Type.Resize:
            top = (self.canvas.height() - self.previous.height()) // 2
            self.previous.move(_EDGE, top)
            self.next.move(self.canvas.width() - self.next.width() - _EDGE, top)
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        self.gallery.close()
        self._projector.stop()
        super().closeEvent(event)

    # what is shown

    def _show(self) -> None:
        """Show the gallery's picture, and what is told of it."""
        current = self.gallery.current
        is_other = self._shown is None or self._shown.id != current.id
        has_come = not is_other and self._shown is not None and self._shown.path != current.path
        self._shown = current
        self._tell(speak=is_other)
        if is_other or has_come:
            self._projector.stop()
            self._whole = None
            self.again.hide()
            if is_other:
                self.canvas.show_image(None)
            self._on_decoded(current.id)
        self._reel.want([current, *(one for one in self.gallery.beside if one.path)])
        self._say_state()

    def _tell(self, *, speak: bool) -> None:
        current, message = self.gallery.current, self.gallery.message
        name = safe_name(current.name, self.tr("Picture"))
        sender = when = ""
        if message is not None:
            outgoing = message.direction is Direction.OUT
            sender = conversation_name(self._services, message.account_id, message.sender.bare)
            sender = self.tr("You") if outgoing else sender
            when = moment_words(message.time)
        measures = f"{current.width} × {current.height}" if current.width and current.height else ""
        size = "" if current.size is None else size_words(current.size)
        self.setWindowTitle(name)
        self.title.setText(" · ".join(f"\u2068{part}\u2069" for part in (sender, when) if part))
        self.details.setText(" · ".join(f"\u2068{part}\u2069" for part in (name, measures, size) if part))
        where = self.tr("{number} of {count}")
        where = where.replace("{number}", str(self.gallery.place + 1)).replace("{count}", str(self.gallery.count))
        self.place.setText(where)
        self.place.setVisible(self.gallery.count > 1)
        self.previous.setVisible(self.gallery.place > 0)
        self.next.setVisible(self.gallery.place < self.gallery.count - 1)
        self.canvas.setAccessibleDescription(join_facts((name, current.description, sender, when, where)))
        if speak:
            announce(self, join_facts((current.description or name, sender, when, where)))

    def _on_decoded(self, attachment_id: object) -> None:
        current = self.gallery.current
        found = self._reel.find(current) if attachment_id == current.id else None
        if found is None:
            return
        if found.image is not None:
            self.canvas.show_image(found.image, found.size)
        if found.image is not None and current.path and theme().is_still:
            self._projector.look(Path(current.path))
        elif found.image is not None and current.path:
            self.play()
        self._say_state()

    def _say_state(self) -> None:
        """Say what is the matter with a picture that is not seen, and offer what helps."""
        current, here = self.gallery.current, is_here(self.gallery.current)
        found = self._reel.find(current)
        shown = here and (found is None or found.image is not None)
        for button in (self.zoom_in, self.zoom_out, self.copying):
            button.setEnabled(shown)
        for button in (self.saving, self.more):
            button.setEnabled(here)
        if shown:
            self.notice.hide()
        elif here:
            self.notice.say(self.tr("This picture cannot be shown. Open it with another program, or save it."))
        elif current.state is AttachmentState.FETCHING:
            done, total = self.gallery.progress
            self.notice.say(FileFacts(current, done, total).state_words, self.tr("Cancel"))
        elif current.state is AttachmentState.FAILED and current.url:
            self.notice.say(FileFacts(current).state_words, self.tr("Try again"))
        else:
            words = self.tr("This picture has not been fetched yet.")
            self.notice.say(words, self.tr("Fetch") if current.url else "")

    def _on_notice(self) -> None:
        if self.gallery.current.state is AttachmentState.FETCHING:
            self.gallery.cancel()
        elif self.gallery.current.url.lower().startswith("http:"):
            name = safe_name(self.gallery.current.name, self.tr("Picture"))
            ask_unencrypted(name, self, lambda: self.gallery.fetch(unencrypted=True))
        else:
            self.gallery.fetch()

    def _on_playing(self, playing: bool) -> None:
        self.again.show()
        self.again.setEnabled(not playing)

    def _sharpen(self) -> None:
        """It is looked at so closely that all of its pixels are wanted."""
        current = self.gallery.current
        if not current.path or self._whole == current or self.again.isVisible():
            return
        self._whole = current

        def on_done(image: QImage | None) -> None:
            if image is not None and self._whole == current:
                self.canvas.add_whole(image)

        run(self, asyncio.to_thread(read_whole, Path(current.path)), on_done=on_done, on_error=lambda _: None)

    def _complain(self, words: str) -> None:
        self.notice.say(words)
        announce(self, words)

    # what is done with it

    def _save(self) -> None:
        if is_here(self.gallery.current):
            self.file_actions.save_as(self.gallery.current)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt: the same as *More*, by the mouse and by the menu key."""
        if is_here(self.gallery.current):
            self._show_menu(event.globalPos())

    def _show_menu(self, place: QPoint | None = None) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = self.gallery.current
        menu.addAction(self.tr("Copy"), self.copy).setEnabled(self.copying.isEnabled())
        menu.addAction(self.tr("Save as…"), self._save)
        menu.addSeparator()
        if self._show_message is not None:
            menu.addAction(self.tr("Show in conversation"), self._show_in_conversation)
        menu.addAction(self.tr("Open"), lambda: self.file_actions.open(current))
        menu.addAction(self.tr("Open folder"), lambda: self.file_actions.open_folder(current))
        menu.popup(place if place is not None else self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _show_in_conversation(self) -> None:
        if self._show_message is not None:
            self._show_message(self.gallery.current.message_id)
            self.close()

    def _on_copied(self, image: QImage | None) -> None:
        if image is None:
            self._complain(self.tr("This picture cannot be copied."))
        else:
            QGuiApplication.clipboard().setImage(image)
            announce(self, self.tr("Copied"))

    def _first_size(self) -> QSize:
        screen = self.screen().availableGeometry().size()
        return QSize(min(round(screen.width() * _SCREEN), 1200), min(round(screen.height() * _SCREEN), 900))
