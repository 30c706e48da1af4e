"""The translations: complete, compiled, loaded for who reads them, and nothing on the screen beside them."""

from __future__ import annotations

import ast
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.helpers.core import Core

from whimbrel.model.contact import Contact
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.jid import JID
from whimbrel.platform import resources
from whimbrel.platform.translations import Translation, translation_for
from whimbrel.ui.errors import explain
from whimbrel.ui.main_window import MainWindow
from whimbrel.ui.words import unread_words

PACKAGE = Path(__file__).parents[2] / "desktop" / "whimbrel"
SOURCES = sorted([*PACKAGE.glob("ui/**/*.py"), *PACKAGE.glob("platform/**/*.py")])
CHINESE = resources.path("translations/whimbrel_zh_CN.ts")
REFRESH = "run packaging/translations"
NEVER_ONE = ["Missed", "RequestNotice"]  # these speak otherwise of one

JOINED = re.compile(r"[,;:] |[、，；：]")
JOINS = frozenset({"joining.py", "input.py", "certificate_dialog.py"})  # the place for it, what is read again, and data
SHOWN_BY = frozenset(
    {
        *(
            "announce",
            "insertTab",
            "offer",
            "say",
            "setInformativeText",
            "setPrefix",
            "setStatusTip",
        ),
        *(
            "setSuffix",
            "setTabText",
            "setTabToolTip",
            "setWhatsThis",
            "set_error",
            "set_hint",
            "show_message",
            "show_text",
        ),
        *("showMessage", "told_of", "ElidedLabel", "PlainText", "ContentArea", "WrappingCheck", "QAction", "QMenu"),
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
        return sorted(re.findall(r"\{\w+\}|%L?n", text)), text.endswith("…"), text.count("\n")

    assert [word for word, words in read_ts(CHINESE).items() if words and marks(word.source) != marks(words)] == []


class _Finder(ast.NodeVisitor):
    """Collects translated literals with their contexts, and what nobody can translate."""

    def __init__(self, path: Path) -> None:
        self.words: set[tuple[str, str]] = set()
        self.hidden: list[str] = []
        self._path = path
        self._registers = "QT_TRANSLATE_NOOP" in path.read_text("utf-8")
        self._classes: list[str] = []
        self._depth = 0  # in functions
        self.visit(ast.parse(path.read_text("utf-8")))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit(self, node: ast.AST) -> None:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        self._depth += is_function
        super().visit(node)
        self._depth -= is_function

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = _called(node)
        values = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
        if not self._depth and _is_translated(node):
            self._hide(node)  # it would keep the language of the start
        if name == "tr":
            self._add(node, self._classes[-1] if self._classes else None, values[0])
        elif name == "QT_TRANSLATE_NOOP" or (name == "translate" and (len(values) > 2 or "" in map(_kind, values))):
            is_registered = name == "translate" and values[1] is None and self._registers
            if not is_registered:
                self._add(node, values[0], values[1])
        elif (name in SHOWN_BY and any(map(_is_english, _pieces(node)))) or self._joins_fixedly(node):
            self._hide(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """A translated piece and something that is not fixed, one after the other: the order is the language's."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Add) and _is_translated(node):
            if not isinstance(node.left, ast.Constant) and not isinstance(node.right, ast.Constant):
                self._hide(node)
        elif isinstance(node.op, ast.Mod) and _is_translated(node):
            self._hide(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.generic_visit(node)
        if _is_translated(node) and sum(isinstance(piece, ast.FormattedValue) for piece in node.values) > 1:
            self._hide(node)

    def _add(self, node: ast.Call, context: object, source: object) -> None:
        if isinstance(context, str) and isinstance(source, str):
            self.words.add((context, source))
        else:
            self._hide(node)

    def _joins_fixedly(self, node: ast.Call) -> bool:
        """Whether a call puts an English comma between what is shown."""
        is_shown = "ui" in self._path.parts and self._path.name not in JOINS
        return is_shown and isinstance(node.func, ast.Attribute) and JOINED.search(_joint(node.func)) is not None

    def _hide(self, node: ast.expr) -> None:
        self.hidden.append(f"{self._path.name}:{node.lineno}: {ast.unparse(node)}")


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _joint(function: ast.Attribute) -> str:
    """What pieces are joined with; "" where it is no literal."""
    return str(getattr(function.value, "value", "")) if function.attr == "join" else ""


def _is_translated(node: ast.AST) -> bool:
    """Whether a part of it is a translation."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(_called(call) == "tr" or (_called(call) == "translate" and len(call.args) > 1) for call in calls)


def _pieces(node: ast.Call) -> Iterator[object]:
    """The literals of a call that are shown: its arguments, and what stands in those that are put together."""
    for argument in node.args:
        values = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
        yield from (value.value for value in values if isinstance(value, ast.Constant))


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
    "source",
    [
        "self.tr(words)",
        'self.tr(f"Hello {name}")',
        'QCoreApplication.translate("Context", f"Hello {name}")',
        'label.setText("Hello there")',
        'label.setToolTip(f"Hello {name}")',
        'announce(self, "Hello there")',
        'self.tr("Hello") + name',
        "f\"{self.tr('Hello')} {name}\"",
        'self.tr("Hello %s") % name',
        '", ".join(names)',
    ],
)
def test_hidden_words_are_found(tmp_path: Path, source: str) -> None:
    path = tmp_path / "ui" / "page.py"
    path.parent.mkdir()
    path.write_text(f"class Page:\n    def show(self):\n        {source}\n", "utf-8")
    assert _Finder(path).hidden == [f"page.py:3: {ast.unparse(ast.parse(source))}"]
    path.write_text('HELLO = QCoreApplication.translate("Page", "Hello")\n', "utf-8")
    assert len(_Finder(path).hidden) == 1, "it would stay as it was at the start"


def test_numbers_have_every_form(extracted: set[Word]) -> None:
    """One in Chinese; in English, which is what the source says, whoever counts says the one by itself."""
    tree = ElementTree.parse(CHINESE).getroot()
    forms = {
        message.findtext("source", ""): [form.text or "" for form in message.iter("numerusform")]
        for message in tree.iter("message")
        if message.get("numerus") == "yes"
    }
    assert [source for source, found in forms.items() if len(found) != 1 or not re.search("%L?n", found[0])] == []
    assert [word for word in extracted if re.search("%L?n", word.source) and not word.is_plural] == []
    several = re.compile(r"%L?n (?:\w+ )?(?:\w+s|people)\b")
    words = list(read_ts(CHINESE))
    alone = {word.context for word in words if re.search(r"\b1 |\bonly\b", word.source)}
    counted = {word.context for word in words if word.is_plural and several.search(word.source)}
    assert sorted(counted - alone) == NEVER_ONE


def _talking(contexts: set[str]) -> Iterator[type[QObject]]:
    """The classes of the interface that say something themselves, or are made of one that does."""
    for path in SOURCES:
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        for kind in vars(module).values():
            is_own = isinstance(kind, type) and kind.__module__ == module.__name__ and issubclass(kind, QObject)
            if is_own and contexts & {base.__name__ for base in kind.__mro__}:
                yield kind


class _Only(QTranslator):
    """Knows what lupdate found, by its context, and nothing else."""

    def __init__(self, words: set[Word]) -> None:
        super().__init__()
        self._known = {(word.context, word.source) for word in words}

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]  # None is Qt's null string: "" would be a translation
        self, context: str, source: str, comment: str | None = None, n: int = -1
    ) -> str | None:
        return f"→{source}" if (context, source) in self._known else None


def test_what_a_class_says_is_found_for_those_made_of_it(
    extracted: set[Word], qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    """lupdate knows the class in whose text the words stand; ``tr`` asks for the class of the object first."""
    translator = _Only(extracted)
    QCoreApplication.installTranslator(translator)
    request.addfinalizer(lambda: QCoreApplication.removeTranslator(translator))
    lost, asked = [], 0
    for kind in _talking({word.context for word in extracted}):
        made, contexts = _bare(kind), {base.__name__ for base in kind.__mro__}
        for word in (each for each in extracted if each.context in contexts):
            asked += 1
            if not made.tr(word.source, "", 2).startswith("→"):
                lost.append((kind.__name__, word.source))
    assert lost == [], "%n is looked for in the class of the object only"
    assert asked > len(extracted) / 2


def _bare(kind: type[QObject]) -> QObject:
    """An object of this class by its name, with nothing but what Qt needs in it."""
    of_qt = next(each for each in kind.__mro__ if each.__module__.startswith("PySide6"))
    made = type(kind.__name__, (kind,), {"__init__": lambda self: of_qt.__init__(self)})()
    assert isinstance(made, QObject)
    vars(made)["_sources"] = {}  # where a page of the settings notes what it says
    return made


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


def test_words_stand_apart_from_addresses_only(chinese: None) -> None:
    kind = ErrorKind.AUTHENTICATION_FAILED
    assert explain(KnownError(kind, "", subject="bob@example.org")).startswith("服务商不允许 bob@example.org 登录")
    assert explain(KnownError(kind, "")).startswith("服务商不允许此地址登录")


def test_large_numbers_are_written_as_the_language_does(
    extracted: set[Word], qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(partial(QLocale.setDefault, QLocale()))
    QLocale.setDefault(QLocale("en_US"))
    assert QObject().tr("%Ln messages", "", 12_345) == "12,345 messages"
    counted = {word.source for word in extracted if re.search(r"%L?n messages", word.source)}
    assert {source for source in counted if "%n" in source} == set()


def shown(root: QWidget) -> Iterator[tuple[str, str]]:
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
    return [(kind, text) for kind, text in shown(root) if re.search(r"[A-Za-z]{2}", SAME_EVERYWHERE.sub("", text))]


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
