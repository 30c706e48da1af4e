"""Builds the core, once, in visible order: first what features need, then what needs the features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from whimbrel.core.accounts import Accounts
from whimbrel.core.action import Action
from whimbrel.core.actions import SendMessage, SendStanza, SendSubscription
from whimbrel.core.begun import Begun
from whimbrel.core.bus import Bus
from whimbrel.core.conversations import Conversations
from whimbrel.core.deletion import Deletion, StaysDeleted
from whimbrel.core.export.service import Export
from whimbrel.core.feature import Feature
from whimbrel.core.handover import Handover
from whimbrel.core.history_file import HistoryFile
from whimbrel.core.incoming import Incoming
from whimbrel.core.outbox import Outbox
from whimbrel.core.ports import Blocker, CoreChoice, HistoryReader, PasswordKeeper
from whimbrel.core.presence import Presences
from whimbrel.core.registration import MakeRegistrar
from whimbrel.core.requests import Requests
from whimbrel.core.retention import Retention, TooOld
from whimbrel.core.roster import Roster
from whimbrel.core.roster_actions import RemoveContact, SetContact
from whimbrel.core.roster_sync import RosterSync
from whimbrel.core.search import Search
from whimbrel.core.services import Services
from whimbrel.core.session import Parts, Session
from whimbrel.core.stages import receive_stages
from whimbrel.core.stream import Stream, StreamFactory
from whimbrel.core.tasks import Tasks
from whimbrel.core.unread import Unread
from whimbrel.core.wording import Wording
from whimbrel.core.worker import OutboxWorker
from whimbrel.model.account import AccountId
from whimbrel.model.outbox import OutboxKind
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.archive import ArchiveStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.deferred import DeferredStore
from whimbrel.storage.deletion import DeletionStore
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.outbox import OutboxStore
from whimbrel.storage.references import ReferenceStore
from whimbrel.storage.requests import RequestStore
from whimbrel.storage.roster import RosterStore
from whimbrel.storage.sessions import SessionStore
from whimbrel.storage.waiting import WaitingStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The repositories over one database."""

    database: Database
    accounts: AccountStore
    roster: RosterStore
    requests: RequestStore
    conversations: ConversationStore
    messages: MessageStore
    deferred: DeferredStore
    waiting: WaitingStore
    outbox: OutboxStore
    drafts: DraftStore
    archives: ArchiveStore
    references: ReferenceStore
    sessions: SessionStore


@dataclass(frozen=True, slots=True)
class Foundation:
    """What features are built upon."""

    bus: Bus
    tasks: Tasks
    stores: Stores
    outbox: Outbox
    handover: Handover
    roster: Roster
    presences: Presences
    incoming: Incoming
    unread: Unread
    wording: Wording
    keep_days: Callable[[], int]


def lay_foundation(database: Database, chosen: CoreChoice, bus: Bus, tasks: Tasks) -> Foundation:
    """Build what needs no feature."""
    stores = Stores(
        database=database,
        accounts=AccountStore(database),
        roster=RosterStore(database),
        requests=RequestStore(database),
        conversations=ConversationStore(database),
        messages=MessageStore(database),
        deferred=DeferredStore(database),
        waiting=WaitingStore(database),
        outbox=OutboxStore(database),
        drafts=DraftStore(database),
        archives=ArchiveStore(database),
        references=ReferenceStore(database),
        sessions=SessionStore(database),
    )
    outbox = Outbox(bus, database, stores.outbox, stores.messages, stores.conversations, stores.drafts, stores.accounts)
    unread = Unread(bus, database, stores.conversations, stores.messages, outbox.kick)
    return Foundation(
        bus=bus,
        tasks=tasks,
        stores=stores,
        outbox=outbox,
        handover=Handover(bus, database, stores.outbox, stores.messages, outbox.kick),
        roster=Roster(bus, database, stores.accounts, stores.roster, stores.requests, outbox),
        presences=Presences(bus, chosen),
        incoming=Incoming(bus, database, stores.deferred, outbox, stores.conversations, unread, stores.waiting),
        unread=unread,
        wording=Wording(),
        keep_days=lambda: chosen.keep_days,
    )


def build_services(
    base: Foundation,
    features: Sequence[Feature],
    *,
    make_stream: StreamFactory,
    passwords: PasswordKeeper,
    blocker: Blocker,
    history: HistoryReader,
    registrar: MakeRegistrar,
) -> Services:
    """Build the rest around the features. Nothing connects before ``accounts.start_all``."""
    stores = base.stores
    requests = Requests(base.bus, stores.database, stores.requests, stores.roster, base.outbox, blocker)
    sync = RosterSync(base.bus, stores.database, stores.roster, base.outbox)
    _hand_over(base, features)
    actions = _actions(base, sync, features)

    def make_worker(account_id: AccountId, stream: Stream) -> OutboxWorker:
        return OutboxWorker(account_id, stream, stores.outbox, actions, base.handover.give_up, base.bus, base.tasks)

    parts = Parts(
        bus=base.bus,
        make_stream=make_stream,
        make_worker=make_worker,
        incoming=base.incoming,
        outbox=base.outbox,
        handover=base.handover,
        roster=base.roster,
        roster_sync=sync,
        presences=base.presences,
        requests=requests,
        sessions=stores.sessions,
        tasks=base.tasks,
        features=features,
    )
    return Services(
        bus=base.bus,
        accounts=Accounts(
            base.bus,
            stores.accounts,
            passwords,
            base.presences,
            partial(_recover, base),
            lambda account, password: Session(account, parts, password),
            base.tasks,
        ),
        roster=base.roster,
        presence=base.presences,
        requests=requests,
        conversations=Conversations(base.bus, stores.conversations, stores.messages, stores.drafts),
        outbox=base.outbox,
        unread=base.unread,
        registrar=registrar,
        blocker=blocker,
        history=history,
        offers={
            **_finding(base),
            **{port: offer for feature in features for port, offer in feature.offers().items()},
        },
    )


def _finding(base: Foundation) -> dict[type[object], object]:
    """What finds, exports, deletes, and keeps what was begun, offered as features offer theirs."""
    stores = base.stores
    search = Search(base.bus, base.tasks, stores.database, stores.conversations, base.roster)
    deletion = Deletion(base.bus, stores.database, stores.conversations, stores.messages, search)
    export = Export(stores.database, base.roster)
    retention = Retention(base.tasks, deletion, base.keep_days)
    begun = Begun(base.bus, stores.drafts, stores.conversations)
    return {
        Search: search,
        Deletion: deletion,
        Retention: retention,
        Export: export,
        Begun: begun,
        HistoryFile: HistoryFile(stores.database),
    }


def _recover(base: Foundation, account_id: AccountId) -> None:
    """The program has started: take up what was under way when it ended."""
    base.handover.recover(account_id)
    base.tasks.start(base.incoming.retry_deferred(account_id), name="what was kept")


def _hand_over(base: Foundation, features: Sequence[Feature]) -> None:
    """Give what features bring to what was built before them."""
    stores = base.stores
    further = [
        StaysDeleted(DeletionStore(stores.database)),
        TooOld(base.keep_days),
        *(one for feature in features for one in feature.stages()),
    ]
    base.incoming.set_stages(
        receive_stages(base.outbox, base.unread, stores.conversations, stores.messages, stores.references, further)
    )
    base.unread.set_notes(feature.note_read for feature in features)
    base.wording.set_features(features)
    base.outbox.set_preparers(feature.prepare for feature in features)


def _actions(base: Foundation, sync: RosterSync, features: Sequence[Feature]) -> dict[OutboxKind, Action]:
    stores = base.stores
    actions: dict[OutboxKind, Action] = {
        OutboxKind.MESSAGE: SendMessage(
            base.bus, stores.database, stores.outbox, stores.messages, stores.conversations, features, base.wording
        ),
        OutboxKind.RECEIPT: SendStanza(stores.outbox),
        OutboxKind.SUBSCRIPTION: SendSubscription(base.bus, features),
        OutboxKind.ROSTER_SET: SetContact(base.bus, sync),
        OutboxKind.ROSTER_REMOVE: RemoveContact(base.bus, sync),
    }
    for feature in features:
        actions.update(feature.actions())
    return actions
