"""Message styling (XEP-0393) and /me (XEP-0245): what is seen, and that the text stays what it was."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from tests.ui.conversation_fakes import NOON, FakeTalk

from whimbrel.ui.conversation.bubble import BubbleLayout
from whimbrel.ui.conversation.look import Look
from whimbrel.ui.conversation.message_text import MessageText
from whimbrel.ui.conversation.styling import DEEPEST, LineKind, Style, parse_styling
from whimbrel.ui.conversation.text import LINE_SEPARATOR, shown_text
from whimbrel.ui.conversation.timeline_view import TimelineView
from whimbrel.ui.models.timeline import TimelineModel
from whimbrel.ui.models.timeline_row import TimelineRow
from whimbrel.ui.theme.theme import Theme

Show = Callable[[FakeTalk], TimelineView]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def show_talk(talk: FakeTalk) -> TimelineView:
        model = TimelineModel(talk.services, talk.bridge, talk.conversation)  # type: ignore[arg-type]
        view = TimelineView(model)
        model.setParent(view)
        model.set_namer(lambda _message: "Bob Martens")
        view.resize(600, 400)
        qtbot.addWidget(view)
        view.show()
        view.doItemsLayout()
        return view

    return show_talk


def spans(text: str) -> list[tuple[str, Style]]:
    return [(text[span.start : span.end], span.style) for span in parse_styling(text).spans]


def lines(*texts: str) -> list[tuple[int, str, str]]:
    text = LINE_SEPARATOR.join(texts)
    return [(line.depth, line.kind.value, text[line.content : line.end]) for line in parse_styling(text).lines]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # the examples of section 5.2
        ("*strong span*", ["*strong span*"]),
        ("plain _emphasis_ plain", ["_emphasis_"]),
        ("`pre` plain *strong*", ["`pre`", "*strong*"]),
        ("*strong*plain*", ["*strong*"]),
        ("* plain *strong*", ["*strong*"]),
        ("not strong*", []),
        ("*not strong", []),
        ("*not *strong", []),
        ("**", []),
        ("***", []),
        ("****", []),
        ("Everyone ~dis~likes cake.", ["~dis~"]),
        ("This is `*monospace*`", ["`*monospace*`"]),
        ("This is *`monospace and bold`*", ["*`monospace and bold`*", "`monospace and bold`"]),
        # what people write
        ("_*both*_ and snake_case_name, 2*3*4", ["_*both*_", "*both*"]),
        ("*a _b* c_", ["*a _b*"]),
        ("see https://example.org/a_b_c and ~/x", []),
        ("*今天* 天气", ["*今天*"]),
    ],
)
def test_spans_are_found_as_the_specification_says(text: str, found: list[str]) -> None:
    assert [span for span, _ in spans(text)] == found


def test_a_span_ends_with_its_line() -> None:
    assert spans(f"*not {LINE_SEPARATOR} strong*") == []


def test_quotes_and_code_are_blocks() -> None:
    assert lines(">> That that is, is.", "> Said the old hermit.", "Who?") == [
        (2, "plain", "That that is, is."),
        (1, "plain", "Said the old hermit."),
        (0, "plain", "Who?"),
    ]
    assert lines("```ignored", '(println "*x*")', "> y", "```", "*plain*") == [
        (0, "fence", "```ignored"),
        (0, "code", '(println "*x*")'),
        (0, "code", "> y"),
        (0, "fence", "```"),
        (0, "plain", "*plain*"),
    ]
    assert lines("> ```", "> code", "but this is not") == [
        (1, "fence", "```"),
        (1, "code", "code"),
        (0, "plain", "but this is not"),
    ]
    assert [lines(">"), lines("```"), lines("> ", "> ")] == [[], [], []]  # there would be nothing to see


@pytest.mark.parametrize("piece", ["*", "_a ", "*a", "` ", "*_~`x", "> ", f"> {LINE_SEPARATOR}", " *", ">>>>", "_*~"])
def test_c5_styling_takes_time_that_grows_with_the_text_only(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        parse_styling(text)
        return time.process_time() - began

    seconds(1_000)
    small = min(seconds(10_000) for _ in range(5))
    # A hundred would be the square; what is linear is far from it, on a busy machine too.
    assert min(seconds(100_000) for _ in range(3)) < 60 * max(small, 0.0005)


@pytest.mark.parametrize(
    "body", [">" * 10_000 + " deep", "> " * 10_000 + "deep", "*" * 100_000, "*_~`" * 25_000, "> \n" * 30_000]
)
def test_c5_a_hostile_text_is_laid_out_within_bounds(body: str) -> None:
    shown = shown_text(body)
    laid_out = MessageText(shown.text, 400, Look.current())
    assert max((line.depth for line in parse_styling(shown.text).lines), default=0) <= DEEPEST
    assert laid_out.natural_width <= 400
    assert laid_out.text == shown.text


def test_c5_many_quotes_are_laid_out_in_time_that_grows_with_the_text_only() -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        MessageText(shown_text("> a\nb\n" * count, step=5).text, 400, Look.current())
        return time.process_time() - began

    seconds(100)
    small = min(seconds(500) for _ in range(3))
    assert seconds(8_000) < 16 * 6 * max(small, 0.0005)  # the square would be 256 times as long


def test_markup_is_never_more_than_text() -> None:
    text = "<b>*x*</b> &lt; <img src='http://127.0.0.1/'> _<i>_"
    assert MessageText(text, 400, Look.current()).layout.text() == text


def test_what_is_selected_is_what_was_written(show: Show) -> None:
    talk = FakeTalk()
    body = "> a 😀 *quote*\n>> deeper\n```py\nx = 1\n```\n*strong* ~no~ `code`"
    talk.messages += [talk.make(body, NOON), talk.make("/me waves *hard*", NOON)]
    view = show(talk)
    view.select_all()
    copied = view.selected_text()
    assert body in copied
    assert copied.endswith("Bob Martens: /me waves *hard*")
    message = talk.messages[1]
    view.selection.set((message.id, 0), (message.id, view.bubble(1).length))
    view.copy()
    assert QGuiApplication.clipboard().text() == "/me waves *hard*"
    view.selection.set((message.id, 4), (message.id, len("Bob Martens waves")))
    assert view.selected_text() == "/me waves"
    view.selection.set((message.id, len("Bob Martens ")), (message.id, len("Bob Martens waves")))
    assert view.selected_text() == "waves"


def test_me_is_told_with_the_name(show: Show) -> None:
    talk = FakeTalk()
    talk.messages += [talk.make("/me waves"), talk.make("/me", out=True), talk.make("/me nods", out=True)]
    view = show(talk)
    texts = [view.timeline.index(row).data() for row in range(3)]
    assert texts == ["Bob Martens waves", "/me", "alice nods"]
    assert view.bubble(0).text == "Bob Martens waves"


def test_quotes_stand_in_and_code_is_in_one_block(show: Show) -> None:
    talk = FakeTalk()
    talk.messages.append(talk.make("> one\n>> two\n> three\nfree\n```\na\nb\n```"))
    view = show(talk)
    bubble = view.bubble(0)
    left = [bubble.layout.lineAt(number).x() for number in range(4)]
    assert left[1] > left[0] == left[2] > left[3] == 0
    assert [(one.depth, one.is_code) for one in bubble.words.ornaments] == [(1, False), (2, False), (0, True)]
    assert not bubble.meta_rect.intersects(bubble.text_rect)


def test_styling_can_be_switched_off(show: Show, theme: Theme) -> None:
    talk = FakeTalk()
    talk.messages.append(talk.make("> *one*"))
    view = show(talk)
    assert view.bubble(0).words.ornaments
    theme.set_message_styling(False)
    view.executeDelayedItemsLayout()
    assert not view.bubble(0).words.ornaments
    assert view.bubble(0).layout.formats() == []
    theme.set_message_styling(True)


def test_a_lone_emoji_is_large_and_a_quoted_one_is_not() -> None:
    look = Look.current()
    large = MessageText("👍", 400, look)
    quoted = MessageText("> 👍", 400, look)
    assert large.is_emoji
    assert large.height > quoted.height
    assert parse_styling("> 👍").lines[0].kind is LineKind.PLAIN
    row = TimelineRow(FakeTalk().make("👍"), None, 0, True)
    assert BubbleLayout(row, 400, look).height > BubbleLayout(row, 400, look).bubble_rect.top()


def test_who_wants_no_styling_gets_none() -> None:
    row = TimelineRow(FakeTalk().make("> _ <"), None, 0, True)
    assert BubbleLayout(row, 400, Look.current()).words.ornaments
    assert not BubbleLayout(replace(row, is_styled=False), 400, Look.current()).words.ornaments
