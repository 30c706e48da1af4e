"""What is begun in a conversation is there again after the program was killed, or the conversation closed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from qasync import QEventLoop
from tests.helpers.builders import contact
from tests.helpers.core import Core
from tests.helpers.program import drive, leave, until

from whimbrel.core.begun import Begun
from whimbrel.core.offers.corrections import Corrector
from whimbrel.core.offers.retractions import Eraser
from whimbrel.model.draft import DraftFile
from whimbrel.model.jid import JID
from whimbrel.model.message import Message
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.conversation.editing import Editing
from whimbrel.ui.conversation.pane import ConversationPane
from whimbrel.ui.conversation.replying import Replying
from whimbrel.ui.conversation.sending_files import SendingFiles

BOB = "bob@example.org"


class Life:
    """The program from one start to its end, with the conversation with Bob open."""

    def __init__(self, folder: Path, qtbot: QtBot, loop: QEventLoop) -> None:
        self.loop = loop
        self.qtbot = qtbot
        self.core = Core(folder)
        accounts = self.core.services.accounts.list_accounts()
        account = accounts[0] if accounts else self.core.add_account()
        if accounts:
            self.core.services.accounts.start_all()
        self.stream = self.core.stream(account.id)
        self.do(lambda: self.stream.go_online(contact(BOB, name="Bob Martens")))
        self.conversation = self.core.services.conversations.open(account.id, JID.parse(BOB))
        self.bridge = Bridge(self.core.services.bus)
        self.open()

    def open(self) -> None:
        made: list[ConversationPane] = []
        self.do(lambda: made.append(ConversationPane(self.core.services, self.bridge, self.conversation)))
        self.pane = made[0]
        self.qtbot.addWidget(self.pane)
        self.pane.resize(640, 480)
        self.do(self.pane.show)
        self.editing = next(one for one in self.pane.extensions if isinstance(one, Editing))
        self.replying = next(one for one in self.pane.extensions if isinstance(one, Replying))
        self.sending = next(one for one in self.pane.extensions if isinstance(one, SendingFiles))

    def reopen(self) -> None:
        """Close the conversation, and open it again."""
        self.pane.close_quietly()
        self.pane.hide()
        self.open()

    def end(self) -> None:
        """At the end of the test."""
        drive(self.loop, self.core.tasks.cancel_all())
        assert self.core.faults == []
        self.bridge.close()
        self.core.close()

    def do(self, act: Callable[[], object]) -> None:
        """As a slot does, on the running loop."""

        async def run() -> None:
            act()

        drive(self.loop, run())

    def until(self, condition: Callable[[], object]) -> None:
        drive(self.loop, until(condition))

    @property
    def begun(self) -> Begun:
        return self.core.services.offer(Begun)

    @property
    def text(self) -> str:
        return self.pane.composer.editor.toPlainText()

    def type(self, text: str) -> None:
        self.do(lambda: self.pane.composer.editor.setPlainText(text))

    def write(self, text: str) -> Message:
        self.type(text)
        self.do(self.pane.composer.send)
        return self.messages()[-1]

    def messages(self) -> list[Message]:
        return self.core.services.conversations.latest(self.conversation.id, 50)

    def files(self) -> list[str]:
        return [row.words.full_text() for row in self.sending.strip.rows()]

    def ready(self) -> None:
        self.until(lambda: not any("…" in words for words in self.files()))


class Lives:
    """One after the other, over one profile."""

    def __init__(self, folder: Path, qtbot: QtBot, loop: QEventLoop) -> None:
        self.folder = folder
        self._profile = folder / "profile"
        self._profile.mkdir()
        self._make = lambda: Life(self._profile, qtbot, loop)
        self.all = [self._make()]

    @property
    def now(self) -> Life:
        return self.all[-1]

    def kill(self) -> Life:
        """The next one, with what was on the disk at this moment: all that is left after a kill -9."""
        self._profile.rename(self.folder / f"profile {len(self.all)}")
        shutil.copytree(self.folder / f"profile {len(self.all)}", self._profile)
        self.all.append(self._make())
        return self.now


@pytest.fixture
def lives(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Lives]:
    loop = QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    with loop:
        made = Lives(tmp_path, qtbot, loop)
        yield made
        for life in made.all:
            life.end()
    leave()


def test_a_correction_being_written_survives_a_kill_with_the_draft_behind_it(lives: Lives) -> None:
    life = lives.now
    sent = life.write("helo")
    life.type("a draft")
    life.do(lambda: life.editing.begin(sent))
    life.type("hello the")
    life.until(lambda: (edit := life.begun.edit(life.conversation.id)) is not None and edit.body == "hello the")

    life = lives.kill()
    assert (life.text, life.editing.strip.isVisible()) == ("hello the", True)
    assert life.editing.strip.words.full_text() == "helo"
    life.type("hello there")
    life.do(life.pane.composer.send)
    assert [one.body for one in life.messages()] == ["hello there"]
    assert (life.text, life.editing.strip.isVisible()) == ("a draft", False)

    life = lives.kill()
    assert (life.text, life.editing.strip.isVisible()) == ("a draft", False)


def test_what_is_left_or_was_sent_does_not_come_back(lives: Lives) -> None:
    life = lives.now
    sent = life.write("helo")
    life.do(lambda: life.editing.begin(sent))
    life.type("hello the")
    life.pane.composer.save_draft()
    QTest.keyClick(life.pane.composer.editor, Qt.Key.Key_Escape)

    life = lives.kill()
    assert (life.text, life.editing.strip.isVisible()) == ("", False)
    life.do(lambda: life.editing.begin(life.messages()[0]))
    life.type("hello")
    life.pane.composer.save_draft()
    corrector = life.core.services.offer(Corrector)
    life.do(lambda: corrector.correct(sent.id, "hello"))  # on disk; the program ends before what was begun is forgotten

    life = lives.kill()
    assert (life.text, life.editing.strip.isVisible()) == ("", False)
    assert life.begun.edit(life.conversation.id) is None


def test_a_correction_of_what_was_taken_back_meanwhile_joins_the_draft(lives: Lives) -> None:
    life = lives.now
    sent = life.write("helo")
    life.type("a draft")
    life.do(lambda: life.editing.begin(sent))
    life.type("many more words")
    life.reopen()
    assert life.text == "many more words"
    life.pane.close_quietly()
    eraser = life.core.services.offer(Eraser)
    life.stream.acknowledge()
    life.do(lambda: eraser.retract(sent.id, "gone"))

    life = lives.kill()
    assert (life.text, life.editing.strip.isVisible()) == ("a draft\n\nmany more words", False)


def test_what_is_answered_survives_until_it_is_answered(lives: Lives) -> None:
    life = lives.now
    life.do(lambda: life.stream.receive_message(f"{BOB}/x", "Shall we meet?", id_="b1"))
    life.do(lambda: life.replying.answer(life.messages()[0]))
    life.type("Yes")
    life.pane.composer.save_draft()

    life = lives.kill()
    assert life.text == "Yes"
    assert life.replying.strip.isVisible()
    assert "Bob Martens" in life.replying.strip.name.full_text()
    life.reopen()
    assert life.replying.strip.isVisible()
    life.do(life.pane.composer.send)
    assert "reply" in [child.tag.rpartition("}")[2] for child in life.stream.sent[-1].extensions]
    assert not life.replying.strip.isVisible()

    life = lives.kill()
    assert not life.replying.strip.isVisible()
    life.do(lambda: life.replying.answer(life.messages()[0]))
    QTest.keyClick(life.pane.composer.editor, Qt.Key.Key_Escape)
    life = lives.kill()
    assert not life.replying.strip.isVisible()


def test_chosen_files_survive_and_are_sent_from_our_copies(lives: Lives) -> None:
    life = lives.now
    notes, wide = lives.folder / "notes.txt", lives.folder / "wide.bmp"
    notes.write_bytes(b"x" * 1500)
    image = QImage(3000, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    image.save(str(wide))
    life.do(lambda: life.sending.add([notes, wide]))
    life.ready()
    life.do(lambda: life.sending.strip.smaller_box.setChecked(True))
    life.ready()
    pasted = QImage(30, 20, QImage.Format.Format_RGB32)
    life.do(lambda: life.sending._add_picture(pasted))
    life.until(lambda: len(life.files()) == 3)
    life.ready()
    words = life.files()
    life.until(lambda: sum(one.copy is not None for one in life.begun.files(life.conversation.id)) == 3)
    notes.unlink()

    life = lives.kill()
    (listed,) = life.core.services.conversations.list_conversations()
    assert listed.draft == "notes.txt", "the list of chats says that something was begun"
    life.ready()
    assert life.files() == words
    assert life.sending.strip.smaller_box.isChecked()
    assert not life.sending.strip.smaller_box.isHidden()
    life.reopen()
    life.ready()
    assert life.files() == words
    life.type("from today")
    life.do(life.pane.composer.send)
    assert [one.body for one in life.messages()] == ["notes.txt", "wide.jpg", "Picture.png", "from today"]

    life = lives.kill()
    assert life.files() == []
    assert life.begun.files(life.conversation.id) == []


def test_a_file_that_vanished_before_it_was_copied_is_told(lives: Lives) -> None:
    life = lives.now
    gone, here = lives.folder / "gone.txt", lives.folder / "here.txt"
    for file in (gone, here):
        file.write_bytes(b"text")
    drafts: list[DraftFile] = []

    def add() -> None:
        life.sending.add([gone, here])
        drafts.extend(life.begun.files(life.conversation.id))

    life.do(add)
    assert [(Path(one.source), one.copy) for one in drafts] == [(gone, None), (here, None)]  # at once
    life.pane.close_quietly()
    life.begun.set_files(life.conversation.id, drafts)  # killed in that moment
    gone.unlink()

    life = lives.kill()
    life.ready()
    assert life.files()[0] == "This is not there any more, or is not a file"
    assert [row.name.full_text() for row in life.sending.strip.rows()] == ["gone.txt", "here.txt"]
    life.do(life.sending.strip.rows()[0].remove_button.click)
    life.do(life.pane.composer.send)
    assert [one.body for one in life.messages()] == ["here.txt"]


def test_copies_of_what_was_begun_are_not_swept_away(lives: Lives) -> None:
    life = lives.now
    notes = lives.folder / "notes.txt"
    notes.write_bytes(b"text")
    life.do(lambda: life.sending.add([notes]))
    life.ready()
    life.pane.close_quietly()
    (kept,) = life.begun.files(life.conversation.id)
    assert kept.copy is not None
    copy = Path(kept.copy.path)
    stray = copy.parent.parent / "stray"
    stray.mkdir()

    life = lives.kill()
    life.until(lambda: not stray.exists())
    assert copy.is_file()
    life.ready()
    life.do(life.sending.strip.rows()[0].remove_button.click)
    assert life.begun.files(life.conversation.id) == []
    life.until(lambda: not copy.exists())
