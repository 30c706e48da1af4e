"""What the program is put together from: the list FEATURES, their tools, and what speaks for accounts.

Knows every feature, and nothing of the interface. slixmpp and Qt are imported only where a stream or tools are made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from whimbrel.core.assembly import Foundation, build_services
from whimbrel.core.feature import Feature
from whimbrel.core.ports import PasswordKeeper, PrivacyChoice
from whimbrel.core.registration import Registrar
from whimbrel.core.roster import Roster
from whimbrel.core.services import Services
from whimbrel.core.stream import PasswordSource, RosterVersion, SavedSession, Stream, StreamHandler
from whimbrel.features.archive.service import Archive
from whimbrel.features.attachments.service import Attachments
from whimbrel.features.attention.service import Attention
from whimbrel.features.avatars.service import Avatars
from whimbrel.features.blocking.service import Blocking
from whimbrel.features.carbons.service import Carbons
from whimbrel.features.console.service import Console
from whimbrel.features.corrections.service import Corrections
from whimbrel.features.fetching.service import Fetching
from whimbrel.features.fetching.tools import FetchTools
from whimbrel.features.forwarding.service import Forwarding
from whimbrel.features.last_activity.service import LastActivity
from whimbrel.features.markers.service import Markers
from whimbrel.features.nicknames.service import Nicknames
from whimbrel.features.profiles.service import Profiles
from whimbrel.features.reactions.service import Reactions
from whimbrel.features.reading.service import Reading
from whimbrel.features.receipts.service import Receipts
from whimbrel.features.refusals.service import Refusals
from whimbrel.features.replies.service import Replies
from whimbrel.features.retractions.service import Retractions
from whimbrel.features.strangers.service import Strangers
from whimbrel.features.styling.service import Styling
from whimbrel.features.typing.service import Typing
from whimbrel.features.upload.service import Upload
from whimbrel.features.versions.service import Versions
from whimbrel.model.account import Account, AccountId
from whimbrel.model.jid import JID
from whimbrel.storage.deletion import DeletionStore

if TYPE_CHECKING:
    from whimbrel.platform.paths import Profile


def compose_services(base: Foundation, choice: PrivacyChoice, passwords: PasswordKeeper, profile: Profile) -> Services:
    """Build all that is offered to the interface upon its foundation. Nothing connects yet."""
    features = make_features(base, choice, _make_tools(profile))
    return build_services(
        base,
        features,
        make_stream=partial(_make_stream, features),
        passwords=passwords,
        blocker=next(feature for feature in features if isinstance(feature, Blocking)),
        history=next(feature for feature in features if isinstance(feature, Archive)),
        registrar=_make_registrar,
    )


def make_features(base: Foundation, choice: PrivacyChoice, tools: FetchTools) -> tuple[Feature, ...]:
    """FEATURES: one line each, in the order in which they are asked."""
    bus, tasks, stores, outbox, roster = base.bus, base.tasks, base.stores, base.outbox, base.roster
    database, conversations, messages = stores.database, stores.conversations, stores.messages
    blocking = Blocking(bus, outbox, tasks)
    may_ask = _may_ask(roster, blocking)
    upload = Upload(bus, tasks, database, stores.accounts, messages, stores.outbox, outbox)
    return (
        Console(),
        Carbons(),
        Strangers(roster.has, _written_to(base), lambda: choice.strangers_may_write),
        Replies(bus, database),
        Forwarding(database, conversations, outbox),
        Reactions(bus, database, stores.accounts, conversations, messages, stores.outbox, outbox),
        Refusals(bus, database, messages, outbox),
        Styling(database),
        Receipts(outbox, roster.sees_us),
        Markers(database, messages, conversations, outbox, roster.sees_us, lambda: choice.send_read_markers),
        Archive(
            bus, tasks, base.incoming, stores.accounts, conversations, messages, stores.archives, roster.list_contacts
        ),
        Reading(bus, tasks, database, conversations, messages, outbox),
        blocking,
        *_people_features(base, choice, may_ask),
        *_passing_features(base, choice, blocking),
        Attachments(bus, tasks, database, lambda account, jid: may_ask(account, jid) and roster.sees_us(account, jid)),
        Fetching(bus, tasks, database, messages, tools, may_ask, lambda: choice.fetch_up_to, upload.find_origin),
        upload,
        Retractions(bus, database, messages, conversations, outbox, stores.outbox),
        Corrections(bus, database, messages, conversations, outbox, stores.outbox, base.wording),
    )


def _people_features(
    base: Foundation, choice: PrivacyChoice, may_ask: Callable[[AccountId, JID], bool]
) -> tuple[Feature, ...]:
    """What is told of people, and asked of contacts alone."""
    bus, outbox, roster, presences = base.bus, base.outbox, base.roster, base.presences
    database, accounts = base.stores.database, base.stores.accounts

    return (
        Avatars(bus, base.tasks, database, accounts, outbox, may_ask=may_ask, presence=lambda: presences.effective),
        Nicknames(bus, database, accounts, outbox, roster.find),
        Profiles(bus, accounts, outbox, may_ask),
        LastActivity(may_ask, lambda: presences.idle_since, lambda: choice.send_last_seen),
        Versions(may_ask),
    )


def _passing_features(base: Foundation, choice: PrivacyChoice, blocking: Blocking) -> tuple[Feature, ...]:
    """What is said in passing, and kept nowhere."""
    roster, presences = base.roster, base.presences
    may_ask = _may_ask(roster, blocking)

    def sees_us(account_id: AccountId, jid: JID) -> bool:
        return roster.sees_us(account_id, jid) and not blocking.is_blocked(account_id, jid)

    def resource(account_id: AccountId, jid: JID) -> JID | None:
        found = presences.resources(account_id, jid)
        return jid.bare.with_resource(found[0].resource) if found else None

    return (
        Typing(
            base.bus,
            base.tasks,
            is_contact=may_ask,
            sees_us=sees_us,
            resource=resource,
            find_message=base.stores.messages.find_message,
            allowed=lambda: choice.send_typing,
        ),
        Attention(is_contact=may_ask, resource=resource, accepted=lambda: choice.accept_attention),
    )


def _written_to(base: Foundation) -> Callable[[AccountId, JID], bool]:
    """Whether the person ever wrote to an address, as far as is known: also what is deleted since."""
    conversations, deletions = base.stores.conversations, DeletionStore(base.stores.database)

    def written_to(account_id: AccountId, jid: JID) -> bool:
        return conversations.was_written_to(account_id, jid) or deletions.was_written_to(account_id, jid)

    return written_to


def _may_ask(roster: Roster, blocking: Blocking) -> Callable[[AccountId, JID], bool]:
    """Whether an address is a contact whom nobody has blocked: only for those anything is asked, or fetched unasked."""

    def may_ask(account_id: AccountId, jid: JID) -> bool:
        return roster.has(account_id, jid) and not blocking.is_blocked(account_id, jid)

    return may_ask


def _make_tools(profile: Profile) -> FetchTools:
    """What files of others are fetched with, and where they are kept."""
    # Here, because pictures are Qt's: everything else below the interface can do without it.
    from whimbrel.platform.fetch import Fetcher
    from whimbrel.platform.media_cache import MediaCache
    from whimbrel.platform.pictures import measure

    fetcher = Fetcher()
    return FetchTools(fetcher, MediaCache(profile.cache / "media"), measure, fetcher.at_home)


def _make_stream(
    features: tuple[Feature, ...],
    account: Account,
    handler: StreamHandler,
    password: PasswordSource,
    roster_version: RosterVersion,
    saved_session: SavedSession,
) -> Stream:
    from whimbrel.xmpp.connection import Connection

    tap = next((feature.tap(account.id) for feature in features if isinstance(feature, Console)), None)
    return Connection(account, handler, password, roster_version, saved_session, features=features, tap=tap)


def _make_registrar(trusted: str) -> Registrar:
    from whimbrel.features.registration.wire import Registrar as WireRegistrar

    return WireRegistrar(trusted=trusted)
