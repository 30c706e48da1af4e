"""The translations: complete, compiled, loaded for who reads them, and nothing on the screen beside them."""

from __future__ import annotations

import ast
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.contact import Contact
from whimbrel.model.jid import JID
from whimbrel.platform import resources
from whimbrel.platform.translations import Translation, translation_for
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.words import unread_words

PACKAGE = Path(__file__).parents[2] / "desktop" / "whimbrel"
SOURCES = sorted([*PACKAGE.glob("ui/**/*.py"), *PACKAGE.glob("platform/**/*.py")])
CHINESE = resources.path("translations/whimbrel_zh_CN.ts")
REFRESH = "run packaging/translations"

SHOWN_BY = frozenset(
    {
        *("Label", "text_field", "icon_button", "link_button", "primary_button", "secondary_button", "danger_button"),
        *("addAction", "addItem", "addMenu", "addTab", "setText", "setTitle", "setToolTip", "setWindowTitle"),
        *("setAccessibleDescription", "setAccessibleName", "setPlaceholderText"),
    }
)
SAME_EVERYWHERE = re.compile(
    r"</?qt>|<br>|\d+ [kMG]B|Whimbrel|\S+@\S+|(\w+\.)+\w+|XMPP|XML|GNU AGPL|STARTTLS|TLS|F\d+|[0-9.]+"
    r"|((Ctrl|Alt|Shift)[+ ])+(\S\w*|PgUp|PgDown)(…\d)?|(Shift\+)?Enter|Bob|alice"
)


class Word(NamedTuple):
    """What a translation is found by."""

    context: str
    source: str
    is_plural: bool


def read_ts(path: Path) -> dict[Word, str]:
    """The messages of a file with their translations; "" where one is not finished."""
    found = {}
    for context in ElementTree.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            word = Word(context.findtext("name", ""), message.findtext("source", ""), message.get("numerus") == "yes")
            translation = message.find("translation")
            assert translation is not None
            is_done = translation.get("type") is None
            found[word] = "".join(translation.itertext()).strip() if is_done else ""
    return found


def tool(name: str, *arguments: str | Path) -> None:
    """Run one of Qt's tools, as PySide6-Essentials brings them."""
    command = [Path(sysconfig.get_path("scripts")) / f"pyside6-{name}", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[Word]:
    """What lupdate finds in the source."""
    path = tmp_path_factory.mktemp("words") / "found.ts"
    tool("lupdate", *SOURCES, "-source-language", "en", "-target-language", "zh_CN", "-ts", path)
    return set(read_ts(path))


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    """The interface in Chinese, for as long as a test."""
    translation = Translation.install(qapp)
    translation.use("zh_CN")
    assert translation.name == "zh_CN"
    yield
    translation.use()


def test_everything_is_translated(extracted: set[Word]) -> None:
    translated = {word for word, words in read_ts(CHINESE).items() if words}
    assert sorted(extracted - translated) == [], REFRESH


def test_the_compiled_file_is_that_of_the_text(tmp_path: Path) -> None:
    compiled = tmp_path / "compiled.qm"
    tool("lrelease", CHINESE, "-qm", compiled)
    assert compiled.read_bytes() == CHINESE.with_suffix(".qm").read_bytes(), REFRESH


def test_translations_keep_places_ellipses_and_lines() -> None:
    def marks(text: str) -> tuple[list[str], bool, int]:
        return sorted(re.findall(r"\{\w+\}|%n", text)), text.endswith("…"), text.count("\n")

    assert [word for word, words in read_ts(CHINESE).items() if words and marks(word.source) != marks(words)] == []


class _Finder(ast.NodeVisitor):
    """Collects translated literals with their contexts, and what nobody can translate."""

    def __init__(self, path: Path) -> None:
        self.words: set[tuple[str, str]] = set()
        self.hidden: list[str] = []
        self._path = path
        self._registers = "QT_TRANSLATE_NOOP" in path.read_text("utf-8")
        self._classes: list[str] = []
        self.visit(ast.parse(path.read_text("utf-8")))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        values = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
        if name == "tr":
            self._add(node, self._classes[-1] if self._classes else None, values[0])
        elif name == "QT_TRANSLATE_NOOP" or (name == "translate" and (len(values) > 2 or "" in map(_kind, values))):
            is_registered = name == "translate" and values[1] is None and self._registers
            if not is_registered:
                self._add(node, values[0], values[1])
        elif name in SHOWN_BY and any(_is_english(value) for value in values):
            self.hidden.append(f"{self._path.name}:{node.lineno}: {ast.unparse(node)}")

    def _add(self, node: ast.Call, context: object, source: object) -> None:
        if isinstance(context, str) and isinstance(source, str):
            self.words.add((context, source))
        else:
            self.hidden.append(f"{self._path.name}:{node.lineno}: {ast.unparse(node)}")


def _kind(value: object) -> str | None:
    return "" if isinstance(value, str) else None


def _is_english(value: object) -> bool:
    """Whether a literal is words for a person, rather than a name that the program uses."""
    return isinstance(value, str) and re.search(r"[A-Z]\w|\w \w", SAME_EVERYWHERE.sub("", value)) is not None


def test_no_word_is_hidden_from_lupdate(extracted: set[Word]) -> None:
    found = [_Finder(path) for path in SOURCES]
    assert [line for finder in found for line in finder.hidden] == []
    words = {word for finder in found for word in finder.words}
    assert sorted(words - {(word.context, word.source) for word in extracted}) == []


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        (["zh-Hans-CN", "zh-CN", "zh-Hans", "zh", "en-US"], "zh_CN"),
        (["zh-Hans-SG", "zh-SG", "zh-Hans", "zh"], "zh_CN"),
        (["zh-CN"], "zh_CN"),
        (["zh-Hant-TW", "zh-TW", "zh-Hant", "zh"], ""),
        (["de-DE", "de", "zh-Hans-CN", "zh"], "zh_CN"),
        (["en-Latn-US", "en-US", "en", "zh-Hans-CN", "zh"], ""),
        (["C"], ""),
        ([], ""),
    ],
)
def test_the_first_language_that_there_is_wins(languages: list[str], name: str) -> None:
    assert translation_for(languages) == name


def test_nothing_is_loaded_for_english(qapp: QApplication) -> None:
    translation = Translation.install(qapp)
    translation.use_first(["en-GB", "en"])
    assert translation.name == ""
    assert unread_words(1) == "1 unread"


def test_qt_and_plurals_speak_chinese(chinese: None) -> None:
    assert unread_words(3) == "3 条未读"
    assert QCoreApplication.translate("QWidgetTextControl", "&Copy").startswith("复制")


def _shown(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every word that a window says to eyes or to assistive technology, with who says it."""
    for widget in [root, *root.findChildren(QWidget)]:
        kind = type(widget).__name__
        for text in (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle()):
            yield kind, text
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield kind, widget.text()
        if isinstance(widget, QLineEdit):
            yield kind, widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from ((kind, widget.itemText(index)) for index in range(widget.count()))
    for action in root.findChildren(QAction):
        yield "QAction", action.text()


def _english(root: QWidget) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in _shown(root) if re.search(r"[A-Za-z]{2}", SAME_EVERYWHERE.sub("", text))]


async def test_the_whole_window_speaks_chinese(chinese: None, window: MainWindow, core: Core, qtbot: QtBot) -> None:
    assert _english(window) == []  # the start page
    account = core.add_account("alice@example.org")
    bob = Contact(account.id, JID.parse("bob@example.org"), "Bob")
    core.stream(account.id).go_online(bob)
    conductor = window.conductor
    assert conductor is not None
    conductor.open(account.id, bob.jid)
    dialogs = conductor.dialogs
    dialogs.sign_in()
    dialogs.create_account()
    dialogs.accounts()
    dialogs.add_contact()
    conductor.commands.show_settings()
    dialogs.shortcuts()
    dialogs.ask_close(lambda keep: None)
    dialogs.about()
    assert _english(window) == []  # the dialogs are its children
    for button in window.findChildren(QAbstractButton):
        if re.search(r"\w", button.text()):
            assert button.accessibleName() in ("", button.text().replace("&", ""))
