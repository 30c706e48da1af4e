"""Spelling in an editor: wrong words are underlined, their menu has suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTextEdit

from whimbrel.platform.spelling import Speller
from whimbrel.ui.conversation.text import utf16_length, utf16_slice
from whimbrel.ui.theme.theme import theme

_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*(?!\w)")
_NO_WORDS = re.compile(r"://|@|^www\.|^[/:#]|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffdc]")
"""What makes a token none of words between spaces: addresses, commands, scripts that write without spaces."""
_LEAST = 2  # letters
_SOON = 60  # ms after a key
_PATIENCE = 400  # ms for suggestions, before the menu opens without them
_AROUND = 64  # characters beyond what is seen: the rest of a word


@dataclass(frozen=True, slots=True)
class Place:
    """A word of a document, and where it is, as Qt counts."""

    start: int
    end: int
    word: str


def find_words(text: str) -> Iterator[Place]:
    """The words of a text that a dictionary could know; none of addresses, numbers and abbreviations."""
    is_bare = text.isascii()
    for token in _TOKEN.finditer(text):
        if _NO_WORDS.search(token[0]):
            continue
        for found in _WORD.finditer(text, token.start(), token.end()):
            word = found[0]
            if len(word) < _LEAST or word.isupper():
                continue
            start = found.start() if is_bare else utf16_length(text[: found.start()])
            yield Place(start, start + utf16_length(word), word.replace("’", "'"))


class Spelling(QObject):
    """Underlines what no dictionary has, within what is seen of an editor; not the word that is being typed.

    The marks are drawn over the text, so that neither layout nor text change by them, however long that is.
    """

    def __init__(self, editor: QPlainTextEdit, speller: Speller) -> None:
        super().__init__(editor)
        self._editor = editor
        self._speller = speller
        self._timer = QTimer(self, singleShot=True, interval=_SOON)
        self._timer.timeout.connect(self.mark)
        self._is_typing = False  # the cursor stands where a key put it
        self.wrong: list[Place] = []
        editor.textChanged.connect(self._on_text_changed)
        editor.cursorPositionChanged.connect(self._on_cursor_moved)
        editor.updateRequest.connect(self._on_scrolled)
        speller.learnt.connect(self._timer.start)
        theme().changed.connect(self._timer.start)

    def mark(self) -> None:
        """Look at what is seen, and underline it as far as it is known."""
        places = list(self._visible_words()) if self._speller.is_active else []
        cursor = self._editor.textCursor().position()
        verdicts = [(place, self._speller.is_wrong(place.word)) for place in places]
        self.wrong = [one for one, wrong in verdicts if wrong and not (self._is_typing and one.end == cursor)]
        self._editor.setExtraSelections([self._make_mark(place) for place in self.wrong])
        self._speller.ask(place.word for place, wrong in verdicts if wrong is None)

    def open_menu(self, point: QPoint, at: QPoint) -> None:
        """Open the editor's menu; on a wrong word, with what could be meant, once that is known.

        Args:
            point: in the editor's viewport.
            at: on the screen.
        """
        menu = self._editor.createStandardContextMenu(point)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = self._word_at(self._editor.cursorForPosition(point).position())
        if place is None:
            menu.popup(at)
        else:
            _SuggestionMenu(self, self._editor, menu, place, at, self._speller)

    def replace(self, place: Place, word: str) -> None:
        """Put another word in the place of one, where it still stands there."""
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(place.start)
        cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
        if cursor.selectedText().replace("’", "'") == place.word:
            cursor.insertText(word)

    def _word_at(self, position: int) -> Place | None:
        return next((one for one in self.wrong if one.start <= position <= one.end), None)

    def _visible_words(self) -> Iterator[Place]:
        area: QRect = self._editor.viewport().rect()
        first = self._editor.cursorForPosition(area.topLeft()).position()
        last = self._editor.cursorForPosition(area.bottomRight()).position()
        block: QTextBlock = self._editor.document().findBlock(first)
        while block.isValid() and block.position() <= last:
            start = max(first - block.position() - _AROUND, 0)
            end = last - block.position() + _AROUND
            text, offset = utf16_slice(block.text(), start, end), block.position() + start
            for place in find_words(text):
                is_cut = (place.start == 0 < start) or place.end == end - start < block.length() - 1 - start
                if not is_cut:
                    yield Place(place.start + offset, place.end + offset, place.word)
            block = block.next()

    def _make_mark(self, place: Place) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(place.start)
        cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(theme().tokens.error)
        mark.cursor, mark.format = cursor, style
        return mark

    def _on_text_changed(self) -> None:
        self._is_typing = True
        self._timer.start()

    def _on_cursor_moved(self) -> None:
        if not self._timer.isActive():  # by itself, not by a key that changed the text
            self._is_typing = False
            self._timer.start()

    def _on_scrolled(self, _rect: QRect, moved: int) -> None:
        if moved:
            self._timer.start()


class _SuggestionMenu(QObject):
    """Waits a moment for suggestions, then opens the menu with what has come.

    Keys that are pressed meanwhile are meant for the menu (Enter would send the message), so they are kept for it.
    """

    def __init__(
        self, spelling: Spelling, editor: QPlainTextEdit, menu: QMenu, place: Place, at: QPoint, speller: Speller
    ) -> None:
        super().__init__(menu)
        self._spelling = spelling
        self._editor = editor
        self._keys: list[QKeyEvent] = []
        self._menu = menu
        self._place = place
        self._at = at
        self._speller = speller
        self._is_open = False
        editor.installEventFilter(self)
        QTimer.singleShot(_PATIENCE, self, lambda: self._open([]))
        speller.suggest(place.word, self._open)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys for the menu."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # no shortcut: it comes as a key press
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._keys.append(event.clone())
            return True
        return super().eventFilter(watched, event)

    def _open(self, suggestions: list[str]) -> None:
        if not shiboken6.isValid(self) or self._is_open:
            return
        self._is_open = True
        menu, first = self._menu, self._menu.actions()[0]
        for word in suggestions:
            menu.insertAction(first, self._make(word, word))
        if not suggestions:
            none = QAction(self.tr("No suggestions"), menu)
            none.setEnabled(False)
            menu.insertAction(first, none)
        menu.insertSeparator(first)
        adding = QAction(self.tr("Add to dictionary"), menu)
        adding.triggered.connect(lambda: self._speller.add(self._place.word))
        menu.insertAction(first, adding)
        menu.insertSeparator(first)
        self._editor.removeEventFilter(self)
        menu.popup(self._at)
        for key in self._keys:
            QApplication.postEvent(menu, key)

    def _make(self, words: str, replacement: str) -> QAction:
        action = QAction(words.replace("&", "&&"), self._menu)
        action.triggered.connect(lambda: self._spelling.replace(self._place, replacement))
        return action
