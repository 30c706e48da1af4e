"""A service of the desktop on the session bus: asked with a deadline, heard only if it is itself who speaks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jeepney import DBusAddress, Message
    from jeepney.io.asyncio import DBusRouter

OnSignal = Callable[[str, str, str], None]
"""Told what the person does: (key, action, what was written)."""

_ANSWER_WITHIN = 5.0  # seconds


class BusService:
    """What all services need, over one connection. The service may go and come back meanwhile.

    Attributes:
        turn: held while something is asked; what the service tells of it is heard only afterwards.
        owner: the service's own name on the bus, once it has answered: nobody else's signals count.
    """

    def __init__(self, router: DBusRouter, name: str, path: str, interface: str) -> None:
        self.turn = asyncio.Lock()
        self.owner = ""
        self._router = router
        self._name, self._path, self._interface = name, path, interface

    async def call(self, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Message:
        """Ask the service; raises DBusErrorResponse, TimeoutError and what the connection raises."""
        from jeepney import new_method_call

        return await self._ask(new_method_call(self.address, method, signature, body))

    async def get(self, name: str) -> tuple[str, Any]:
        """A property, with its type; raises as :meth:`call` does."""
        from jeepney import Properties

        value: tuple[str, Any] = (await self._ask(Properties(self.address).get(name))).body[0]
        return value

    async def meet(self, question: Message) -> Any:
        """Ask it the first question, and know it from now on by its answer; raises as :meth:`call` does."""
        from jeepney import HeaderFields

        answer = await self._ask(question)
        self.owner = answer.header.fields.get(HeaderFields.sender, "")
        return answer.body[0]

    @property
    def address(self) -> DBusAddress:
        """Where it is asked."""
        from jeepney import DBusAddress

        return DBusAddress(self._path, bus_name=self._name, interface=self._interface)

    @contextlib.asynccontextmanager
    async def listening(self, on_signal: OnSignal) -> AsyncIterator[None]:
        """Meanwhile report what the person does."""
        from jeepney import MatchRule, message_bus
        from jeepney.io.asyncio import Proxy

        queue: asyncio.Queue[Message] = asyncio.Queue(64)
        told = MatchRule(type="signal", interface=self._interface, path=self._path)
        moved = MatchRule(type="signal", interface=message_bus.interface, member="NameOwnerChanged")
        moved.add_arg_condition(0, self._name)
        for rule in (told, moved):
            await Proxy(message_bus, self._router).AddMatch(rule)
        with self._router.filter(told, queue=queue), self._router.filter(moved, queue=queue):
            hearing = asyncio.ensure_future(self._hear_all(queue, on_signal))
            try:
                yield
            finally:
                hearing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await hearing

    def hear(self, member: str, body: tuple[Any, ...], on_signal: OnSignal) -> None:
        """What the service tells, by itself and to whom it may concern."""
        raise NotImplementedError

    def forget(self) -> None:
        """Another one serves from now on, who knows nothing of what the one before was asked."""
        raise NotImplementedError

    async def _hear_all(self, queue: asyncio.Queue[Message], on_signal: OnSignal) -> None:
        from jeepney import HeaderFields, message_bus

        while True:
            message = await queue.get()
            async with self.turn:
                fields = message.header.fields
                sender, member = fields.get(HeaderFields.sender), fields.get(HeaderFields.member)
                if member == "NameOwnerChanged":
                    if sender == message_bus.bus_name:
                        self.owner = ""
                        self.forget()
                elif sender == self.owner:
                    self.hear(str(member), message.body, on_signal)

    async def _ask(self, message: Message) -> Message:
        from jeepney.wrappers import unwrap_msg

        reply = await asyncio.wait_for(self._router.send_and_get_reply(message), _ANSWER_WITHIN)
        unwrap_msg(reply)  # raises what it tells
        return reply
