"""The caret of the editor: it blinks while somebody writes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from whimbrel.ui.conversation.resting_caret import RestingCaret


def test_the_caret_rests_when_nobody_writes_and_blinks_again(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    editor, other = QPlainTextEdit(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(editor)
    layout.addWidget(other)
    RestingCaret(editor, rest_after=20)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    blinking = QApplication.cursorFlashTime()
    assert blinking > 0

    editor.setFocus()
    qtbot.waitUntil(lambda: QApplication.cursorFlashTime() == 0)
    qtbot.keyClick(editor, Qt.Key.Key_A)
    assert QApplication.cursorFlashTime() == blinking
    qtbot.waitUntil(lambda: QApplication.cursorFlashTime() == 0)
    other.setFocus()
    assert QApplication.cursorFlashTime() == blinking
