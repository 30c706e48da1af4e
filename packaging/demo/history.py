"""Alice's profile as it is after some weeks: her account, her contacts, what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from demo.people import DOMAIN, OWNER, OWNER_NAME, PASTS, PEOPLE, Past, Said
from demo.portraits import paint
from whimbrel.model.account import Account, ConnectionSettings, Security
from whimbrel.model.attachment import AttachmentState, NewAttachment
from whimbrel.model.contact import Contact, OwnPresence, Subscription
from whimbrel.model.conversation import ConversationId
from whimbrel.model.jid import JID
from whimbrel.model.message import DeliveryState, Direction, Message, NewMessage, Reference, ReferenceKind
from whimbrel.model.outbox import OutboxKind
from whimbrel.model.reaction import ReactionSet
from whimbrel.model.reply import NewReply
from whimbrel.model.version import Version
from whimbrel.platform.media_cache import MediaCache
from whimbrel.platform.paths import Profile
from whimbrel.platform.settings import Settings
from whimbrel.storage.accounts import AccountStore
from whimbrel.storage.attachments import AttachmentStore
from whimbrel.storage.conversations import ConversationStore
from whimbrel.storage.database import Database
from whimbrel.storage.drafts import DraftStore
from whimbrel.storage.messages import MessageStore
from whimbrel.storage.people import PeopleStore
from whimbrel.storage.reactions import ReactionStore
from whimbrel.storage.refusals import RefusalStore
from whimbrel.storage.replies import ReplyStore
from whimbrel.storage.roster import RosterStore
from whimbrel.storage.versions import VersionStore

OWN_JID = JID.parse(f"{OWNER}@{DOMAIN}")
_PICTURE = (480, 300)  # pixels


def fill(profile: Profile, host: str, port: int) -> None:
    """Write the profile's history and settings."""
    profile.create()
    settings = Settings(profile.settings)
    settings.own_presence = OwnPresence(status="writing")
    settings.encryption_notice_shown = True
    settings.last_tab = 1
    settings.save()
    database = Database.open(profile.database, None)
    cache = MediaCache(profile.cache / "media")
    try:
        with database.transaction():
            connection = ConnectionSettings(host, port, Security.STARTTLS)
            account = AccountStore(database).add_account(OWN_JID, connection, remember_password=True)
            contacts = [
                Contact(account.id, JID.parse(p.jid), p.name, frozenset(p.groups), Subscription.BOTH) for p in PEOPLE
            ]
            RosterStore(database).replace(account.id, contacts, None)
            PeopleStore(database).set_nick(account.id, OWN_JID, OWNER_NAME)
            now = datetime.now().astimezone()
            for past in PASTS:
                _add(database, cache, account, past, now)
    finally:
        database.close()


def _add(database: Database, cache: MediaCache, account: Account, past: Past, now: datetime) -> None:
    conversations, messages = ConversationStore(database), MessageStore(database)
    other = JID.parse(f"{past.local}@{DOMAIN}")
    conversation = conversations.get_conversation(account.id, other)
    own_state = DeliveryState.SENT if other == OWN_JID else DeliveryState.DELIVERED
    times = _times(past, now)
    for number, (said, time) in enumerate(zip(past.said, times, strict=True)):
        wire_id = f"demo-{past.local}-{number}"
        message = messages.add_message(
            NewMessage(
                account.id,
                conversation.id,
                Direction.OUT if said.own else Direction.IN,
                OWN_JID if said.own else other,
                said.text or _url(said.file),
                time,
                own_state if said.own else DeliveryState.RECEIVED,
                wire_id=wire_id,
                references=(Reference(ReferenceKind.ORIGIN, OWN_JID if said.own else other, wire_id),),
            )
        )
        _annotate(database, message, past, number, other)
        _change(database, message, said)
        if number == past.draft_answers:
            DraftStore(database).set_answered(conversation.id, message.id)
        if said.file:
            _attach(AttachmentStore(database), cache, message, said.file)
        conversations.set_last_message(conversation.id, message.time, message.body, said.own)
        if number == len(past.said) - past.unread - 1:
            conversations.set_unread(conversation.id, 0)
    if past.unread:
        conversations.set_unread(conversation.id, past.unread)
    _set_aside(database, conversation.id, past, now)


def _set_aside(database: Database, conversation_id: ConversationId, past: Past, now: datetime) -> None:
    """What Alice made of the conversation in her list."""
    conversations = ConversationStore(database)
    conversations.set_pinned(conversation_id, past.is_pinned)
    conversations.set_archived(conversation_id, past.is_archived)
    conversations.mark_unread(conversation_id, past.is_marked)
    if past.muted_hours is not None:
        conversations.set_muted(conversation_id, now.astimezone(UTC) + timedelta(hours=past.muted_hours))
    if past.draft:
        DraftStore(database).set_draft(conversation_id, past.draft)


def _attach(store: AttachmentStore, cache: MediaCache, message: Message, name: str) -> None:
    """A picture that was fetched already, or a file that lies where it was sent from."""
    file = NewAttachment(message.id, url=_url(name), name=name, media_type="application/pdf", size=1_340_000)
    if name.endswith(".png"):
        picture, path = paint(name, *_PICTURE), cache.place(_url(name), name)
        path.write_bytes(picture)
        here = AttachmentState.HERE
        width, height = _PICTURE
        file = replace(
            file, media_type="image/png", size=len(picture), width=width, height=height, state=here, path=str(path)
        )
    store.add(file)


def _url(name: str) -> str:
    return f"https://files.{DOMAIN}/{quote(name)}" if name else ""


def _change(database: Database, message: Message, said: Said) -> None:
    """What a message said first, where it was corrected; or that it was taken back."""
    messages = MessageStore(database)
    if said.first:
        first = messages.set_written(message.id, said.first)
        wire_id = f"{message.wire_id}-corrected"
        VersionStore(database).add(first, Version(wire_id, said.text, message.time + timedelta(seconds=20)))
        messages.set_body(message.id, said.text)
        if said.refused:
            refusals = RefusalStore(database)
            refusals.add(message.id, OutboxKind.CORRECTION, wire_id)
            refusals.set_reason(message.id, OutboxKind.CORRECTION, said.refused)
    if said.is_taken_back:
        messages.set_retracted(message.id)


def _annotate(database: Database, message: Message, past: Past, number: int, other: JID) -> None:
    """What a message answers, and the emoji that it was given."""
    said = past.said[number]
    if said.answers is not None:
        answered = past.said[said.answers]
        author = OWN_JID if answered.own else other
        reply = NewReply(message.id, f"demo-{past.local}-{said.answers}", author, answered.text)
        ReplyStore(database).add(reply)
    for sender, emoji in zip((other, OWN_JID), said.reactions, strict=True):
        if emoji:
            ReactionStore(database).put(message.id, ReactionSet(sender, (emoji,)), message.time, "")


def _times(past: Past, now: datetime) -> list[datetime]:
    """When each line was said, in UTC. A demonstration before noon moves today's lines, so that none is to come."""
    times = [_at(said, now) for said in past.said]
    late = times[-1] - (now - timedelta(minutes=3))
    if late > timedelta():
        times = [time - late if said.days == 0 else time for said, time in zip(past.said, times, strict=True)]
    return [time.astimezone(UTC) for time in times]


def _at(said: Said, now: datetime) -> datetime:
    hour, minute = map(int, said.time.split(":"))
    return (now - timedelta(days=said.days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
