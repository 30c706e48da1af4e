"""Notifications over a private D-Bus, with a service that writes down what it is asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from tests.helpers.desktop_services import Notification, NotificationService, pretend
from tests.helpers.program import until

from whimbrel.platform import bus_service
from whimbrel.platform.notify import Notifier

T = TypeVar("T")


@pytest.fixture
def service(session_bus: str) -> Iterator[NotificationService]:
    with NotificationService(session_bus, "body", "body-markup", "actions") as service:
        yield service


@asynccontextmanager
async def _notifying(notifier: Notifier) -> AsyncIterator[Notifier]:
    try:
        yield notifier
    finally:
        await notifier.stop()


async def _seen(service: NotificationService, look: Callable[[], T]) -> T:
    """What is seen at the service sooner or later."""
    return await asyncio.to_thread(service.wait, look)


async def _asked(service: NotificationService, count: int) -> Notification:
    """The last of so many notifications."""
    await _seen(service, lambda: len(service.asked) == count)
    return service.asked[-1]


async def test_shown_replaced_clicked_and_closed(service: NotificationService) -> None:
    clicked: asyncio.Queue[str] = asyncio.Queue()
    async with _notifying(Notifier()) as notifier:
        notifier.activated.connect(clicked.put_nowait)
        notifier.show("chat:1", "莉莉", "hello")
        first = await _asked(service, 1)
        assert (first.application, first.replaces, first.title, first.timeout) == ("Whimbrel", 0, "莉莉", -1)
        assert first.actions[0] == "default"
        assert first.hints["desktop-entry"] == ("s", "im.whimbrel.Whimbrel")

        notifier.show("chat:1", "莉莉", "again")
        notifier.show("chat:2", "Bob", "other")
        await _asked(service, 3)
        assert [one.replaces for one in service.asked] == [0, 7, 0]

        service.click(7)
        assert await asyncio.wait_for(clicked.get(), 10) == "chat:1"

        notifier.close("chat:2")
        notifier.close("chat:9")
        notifier.close("chat:1")
        await _seen(service, lambda: service.closed == [8, 7])


async def test_threat_c4_what_others_write_is_never_markup(service: NotificationService) -> None:
    hostile = "<img src='http://evil.example/x'> & <a href='javascript:1'>more</a>"
    async with _notifying(Notifier()) as notifier:
        notifier.show("chat:1", "<b>Bob</b>", hostile)
        shown = await _asked(service, 1)
        escaped = "&lt;img src='http://evil.example/x'&gt; &amp; &lt;a href='javascript:1'&gt;more&lt;/a&gt;"
        assert (shown.title, shown.body) == ("<b>Bob</b>", escaped), "titles are plain by specification"


async def test_threat_c4_where_nothing_is_markup_texts_stay_as_written(session_bus: str) -> None:
    with NotificationService(session_bus, "body") as service:
        async with _notifying(Notifier()) as notifier:
            notifier.show("chat:1", "Bob", "1 < 2 & 3")
            assert (await _asked(service, 1)).body == "1 < 2 & 3"


async def test_without_a_service_the_fallback_shows_it(session_bus: str) -> None:
    shown: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
    async with _notifying(Notifier(lambda *wish: shown.put_nowait(wish))) as notifier:
        notifier.show("chat:1", "Bob", "<b>hi</b>")
        assert await asyncio.wait_for(shown.get(), 10) == ("chat:1", "Bob", "<b>hi</b>")
        notifier.show("chat:1", "Bob", "only where it shows", only_there=True)
        notifier.close("chat:1")
        with NotificationService(session_bus) as service:  # it came late
            notifier.show("chat:1", "Bob", "and again")
            assert (await _asked(service, 1)).body == "and again"
    assert shown.empty()


async def test_without_a_bus_the_fallback_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    shown: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
    played: list[str] = []
    fallback = Notifier(lambda *wish: shown.put_nowait(wish), play=lambda: played.append("played"))
    async with _notifying(fallback) as notifier:
        notifier.show("chat:1", "Bob", "hi", heard=True)
        assert await asyncio.wait_for(shown.get(), 10) == ("chat:1", "Bob", "hi")
    assert played == ["played"]


async def test_another_service_knows_nothing_of_the_numbers_of_the_one_before(session_bus: str) -> None:
    async with _notifying(Notifier()) as notifier:
        with NotificationService(session_bus, "body-markup") as before:
            notifier.show("chat:1", "Bob", "a & b")
            assert (await _asked(before, 1)).body == "a &amp; b"
        with NotificationService(session_bus) as after:
            notifier.close("chat:1")
            notifier.show("chat:2", "Lili", "a & b")
            notifier.show("chat:1", "Bob", "again")
            await _asked(after, 2)
            assert [(one.replaces, one.body) for one in after.asked] == [(0, "a & b"), (0, "again")]
            assert after.closed == []


async def test_one_that_is_refused_or_gone_already_costs_no_other(service: NotificationService) -> None:
    shown: list[tuple[str, str, str]] = []
    async with _notifying(Notifier(lambda *wish: shown.append(wish))) as notifier:
        notifier.show("chat:1", "Bob", "one")
        await _asked(service, 1)
        service.refusing = True
        notifier.show("chat:2", "Lili", "<b>too many</b>")
        await _seen(service, lambda: service.refused == 1)
        service.refusing = False
        del service.shown[7]
        notifier.close("chat:1")  # the person was faster
        notifier.show("chat:2", "Lili", "two")
        assert (await _asked(service, 2)).replaces == 0
        notifier.close("chat:2")
        await _seen(service, lambda: service.closed == [8])
    assert shown == [], "C4: a tray might hand it to the service again, without our care"


async def test_only_the_service_tells_what_the_person_does(service: NotificationService, session_bus: str) -> None:
    done: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
    async with _notifying(Notifier()) as notifier:
        notifier.replied.connect(lambda key, text: done.put_nowait((key, text)))
        notifier.activated.connect(lambda key: done.put_nowait((key,)))
        notifier.show("chat:1", "Bob", "hi", answerable=True)
        await _asked(service, 1)
        pretend(session_bus, "NotificationReplied", "us", (7, "send me money"))
        pretend(session_bus, "ActionInvoked", "us", (7, "default"))
        service.write(7, "mine")
        assert await asyncio.wait_for(done.get(), 10) == ("chat:1", "mine")
    assert done.empty()


async def test_what_was_wiped_away_is_not_shown_again_by_a_change(service: NotificationService) -> None:
    async with _notifying(Notifier()) as notifier:
        notifier.show("chat:1", "Bob", "helo")
        await _asked(service, 1)
        notifier.show("chat:1", "Bob", "hello", only_there=True)
        assert (await _asked(service, 2)).replaces == 7
        service.dismiss(7)
        notifier.show("chat:2", "Lili", "the service is done with what was before")
        await _asked(service, 3)
        notifier.show("chat:1", "Bob", "hello!", only_there=True)
        notifier.show("chat:2", "Lili", "last")
        assert (await _asked(service, 4)).body == "last"


async def test_it_is_answered_and_marked_as_read_from_the_notification(service: NotificationService) -> None:
    done = asyncio.Queue[tuple[str, ...]]()
    async with _notifying(Notifier()) as notifier:
        notifier.read_requested.connect(lambda key: done.put_nowait(("read", key)))
        notifier.reply_requested.connect(lambda key: done.put_nowait(("reply", key)))
        notifier.show("chat:1", "Bob", "hi", answerable=True)
        notifier.show("chat:2", "Bob", "no actions for a summary")
        await _asked(service, 2)
        answerable, summary = (one.actions for one in service.asked)
        assert answerable == ["default", "Open", "reply", "Reply", "read", "Mark as read"]
        assert summary == ["default", "Open"]
        service.click(7, "reply")
        service.click(7, "read")
        service.click(99, "read")
        assert [await asyncio.wait_for(done.get(), 10) for _ in range(2)] == [("reply", "chat:1"), ("read", "chat:1")]


async def test_what_is_written_in_the_notification_is_an_answer(session_bus: str) -> None:
    done = asyncio.Queue[tuple[str, ...]]()
    with NotificationService(session_bus, "actions", "inline-reply") as service:
        async with _notifying(Notifier()) as notifier:
            notifier.replied.connect(lambda key, text: done.put_nowait((key, text)))
            notifier.reply_requested.connect(lambda key: done.put_nowait((key,)))
            notifier.show("chat:1", "Bob", "hi", answerable=True)
            first = await _asked(service, 1)
            assert first.actions[2:4] == ["inline-reply", "Reply"]
            assert first.hints["x-kde-reply-submit-button-text"] == ("s", "Send")
            notifier.show("chat:2", "Lili", "the first one is known by now")
            await _asked(service, 2)
            service.write(7, " on my way\n")
            service.write(7, "  ")
            assert await asyncio.wait_for(done.get(), 10) == ("chat:1", "on my way")
            assert await asyncio.wait_for(done.get(), 10) == ("chat:1",)


async def test_a_window_may_come_to_the_front_on_wayland(
    service: NotificationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "of the start")
    clicked: asyncio.Queue[str] = asyncio.Queue()
    async with _notifying(Notifier()) as notifier:
        notifier.activated.connect(clicked.put_nowait)
        notifier.show("chat:1", "Bob", "hi")
        await _asked(service, 1)
        service.give_token(7, "token-1")
        service.click(7)
        await asyncio.wait_for(clicked.get(), 10)
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-1"


async def test_the_picture_of_a_person_is_sent_as_pixels(service: NotificationService) -> None:
    picture = QImage(3, 2, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.red)
    async with _notifying(Notifier()) as notifier:
        notifier.show("chat:1", "Bob", "hi", picture=picture)
        kind, (width, height, line, alpha, bits, channels, data) = (await _asked(service, 1)).hints["image-data"]
        assert (kind, width, height, line, alpha, bits, channels) == ("(iiibiiay)", 3, 2, 12, True, 8, 4)
        assert bytes(data) == b"\xff\x00\x00\xff" * 6


async def test_the_desktop_makes_the_sound_where_it_can(session_bus: str) -> None:
    played: list[str] = []
    with NotificationService(session_bus, "sound") as service:
        async with _notifying(Notifier(play=lambda: played.append("played"))) as notifier:
            notifier.show("chat:1", "Bob", "hi", heard=True)
            notifier.show("chat:1", "Bob", "hi")
            await _asked(service, 2)
            heard, silent = service.asked
            assert heard.actions == []
            assert heard.hints["sound-file"][1].endswith("sounds/message.wav")
            assert (silent.hints["suppress-sound"], "sound-file" in silent.hints) == (("b", True), False)
    assert played == []


@pytest.mark.parametrize("inhibited", [False, True])
async def test_where_it_cannot_we_do_unless_the_person_is_not_to_be_disturbed(
    service: NotificationService, inhibited: bool
) -> None:
    played: list[str] = []
    service.inhibited = inhibited
    async with _notifying(Notifier(play=lambda: played.append("played"))) as notifier:
        notifier.show("chat:1", "Bob", "hi", heard=True)
        notifier.show("chat:1", "Bob", "silent")
        await _asked(service, 2)
        assert [one.body for one in service.asked] == ["hi", "silent"]
    assert played == ([] if inhibited else ["played"])


async def test_attention_is_urgent(service: NotificationService) -> None:
    async with _notifying(Notifier()) as notifier:
        notifier.show("chat:1", "Bob", "Asks for your attention", urgent=True)
        assert (await _asked(service, 1)).hints["urgency"] == ("y", 2)


async def test_at_the_end_all_are_taken_away(service: NotificationService) -> None:
    async with _notifying(Notifier()) as notifier:
        for number in range(3):
            notifier.show(f"chat:{number}", "Bob", "hi", answerable=True)
        await _asked(service, 3)
    await _seen(service, lambda: service.shown == {})


async def test_what_is_told_at_once_of_a_new_one_is_heard(service: NotificationService) -> None:
    service.answers = "at once"
    done: asyncio.Queue[str] = asyncio.Queue()
    async with _notifying(Notifier()) as notifier:
        notifier.replied.connect(lambda key, text: done.put_nowait(key))
        keys = [f"chat:{number}" for number in range(20)]
        for key in keys:
            notifier.show(key, "Bob", "hi", answerable=True)
        assert [await asyncio.wait_for(done.get(), 10) for _ in keys] == keys


async def test_a_service_that_is_stuck_costs_what_it_was_asked_and_no_more(
    service: NotificationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_service, "_ANSWER_WITHIN", 0.2)
    shown: list[tuple[str, str, str]] = []
    async with _notifying(Notifier(lambda *wish: shown.append(wish))) as notifier:
        service.silent = True
        notifier.show("chat:1", "Bob", "lost")
        await _seen(service, lambda: service.unanswered == 1)
        await until(lambda: notifier._task is not None and notifier._task.done())
        service.silent = False
        notifier.show("chat:2", "Lili", "hi")
        assert (await _asked(service, 1)).title == "Lili"
    assert shown == []
