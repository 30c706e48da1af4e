"""Who may write: everybody, or only contacts and whom the person wrote to. What others write is not taken in then."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whimbrel.core.feature import Feature
from whimbrel.core.pipeline import Delivery, Stage, Verdict
from whimbrel.model.account import AccountId
from whimbrel.model.jid import JID

Knows = Callable[[AccountId, JID], bool]
"""Whether a bare address is known in some way."""


class Strangers(Feature):
    """Keeps strangers out as long as the person wants that.

    Args:
        is_contact: whether an address is a contact's.
        written_to: whether the person ever wrote to an address.
        welcome: whether everybody may write; asked each time.
    """

    name = "strangers"

    def __init__(self, is_contact: Knows, written_to: Knows, welcome: Callable[[], bool]) -> None:
        self._stage = KeepOut(is_contact, written_to, welcome)

    def stages(self) -> Sequence[Stage]:
        """One stage, before anything is made of a message."""
        return (self._stage,)


class KeepOut(Stage):
    """Drops what strangers say, on whatever way it comes: so it is not shown, told of, or answered by a receipt.

    Their provider's and ours may keep it. Contact requests are no messages: they come all the same. Runs before
    ``dedupe``, which makes a conversation for whatever comes; and once the archive's range is extended, so that what is
    kept out is not taken for a hole.

    Known are contacts, whom the person wrote to, our own provider (what it announces), and who is reached through
    a gateway that is a contact itself.
    """

    name = "strangers"
    after = frozenset({"errors", "archive"})
    before = frozenset({"dedupe"})

    def __init__(self, is_contact: Knows, written_to: Knows, welcome: Callable[[], bool]) -> None:
        self._is_contact = is_contact
        self._written_to = written_to
        self._welcome = welcome

    def process(self, delivery: Delivery) -> Verdict:
        """Drop it, where it is a stranger's."""
        peer = delivery.peer
        if delivery.outgoing or peer is None or self._welcome() or self._is_known(delivery, peer):
            return Verdict.CONTINUE
        delivery.reason = "a stranger's, and only contacts may write"
        return Verdict.DROP

    def _is_known(self, delivery: Delivery, peer: JID) -> bool:
        account_id, provider = delivery.envelope.account_id, JID("", peer.domain)
        if peer == JID("", delivery.envelope.own_jid.domain):
            return True
        return (
            delivery.standing.ask(self._is_contact, account_id, peer)
            or delivery.standing.ask(self._is_contact, account_id, provider)
            or self._written_to(account_id, peer)
        )
