"""The dialog *Details*: what is known about a contact, and what their devices and their provider tell when asked."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whimbrel.core.offers.last_activity import LastActivity
from whimbrel.core.offers.profiles import Profiles
from whimbrel.core.offers.versions import ClientVersion, Versions
from whimbrel.core.services import Services
from whimbrel.model.contact import Availability, Contact, Presence
from whimbrel.model.errors import KnownError
from whimbrel.model.events import ContactChanged, ContactRemoved, PresenceChanged
from whimbrel.model.profile import Profile
from whimbrel.ui.bridge import Bridge
from whimbrel.ui.collation import collator
from whimbrel.ui.contacts.avatar import Avatar
from whimbrel.ui.contacts.facts import Facts
from whimbrel.ui.contacts.remove_dialog import RemoveDialog
from whimbrel.ui.contacts.shared_files import SharedFiles
from whimbrel.ui.contacts.words import blocked_word, breakable, one_line, presence_line, subscription_words
from whimbrel.ui.joining import list_words
from whimbrel.ui.run import run
from whimbrel.ui.theme.theme import LARGE, SMALL
from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.error_box import ErrorBox
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import ElidedLabel, Label, plain_tip
from whimbrel.ui.words import moment_words

_AVATAR = 72
_MOST_ASKED = 8  # devices of one contact
_SPACE = 16
_LONGEST_TITLE = 80  # characters


class DetailsDialog(FittingDialog):
    """Who a contact is, how they can be reached, what there is between us. Follows changes while it is open."""

    def __init__(self, services: Services, contact: Contact, parent: QWidget | None = None) -> None:
        super().__init__(breakable(one_line(contact.label)), parent, width=440)
        self._services = services
        self._contact = contact
        self._asked = False
        self._clients: dict[str, ClientVersion] = {}  # by resource
        self._seen: datetime | None = None
        self._avatar = Avatar(contact.jid, contact.label, _AVATAR)
        self._nick = ElidedLabel(size=SMALL, tone="second", name=self.tr("Nickname"))
        self._facts = Facts(self._fact_names())
        self._profile = Facts(self._profile_names())
        self._profile_title = Label(self.tr("Profile"), size=LARGE, bold=True)
        self._files = SharedFiles(services, contact)
        self._error = ErrorBox()
        self._block = secondary_button("")
        self._lay_out()
        self._connect()
        self._refresh()
        self._show_profile(Profile())

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: what is not known is asked now, once, and of contacts only."""
        super().showEvent(event)
        if not self._asked and self._services.presence.known(self._contact.account_id):
            self._asked = True
            self._ask()

    def _ask(self) -> None:
        account_id, jid = self._contact.account_id, self._contact.jid
        resources = self._services.presence.resources(account_id, jid)
        for presence in resources[:_MOST_ASKED]:
            if presence.resource:
                run(self, self._ask_version(presence.resource), on_error=_ignore)
        if not resources:
            run(
                self,
                self._services.offer(LastActivity).ask(account_id, jid),
                on_done=self._on_seen,
                on_error=_ignore,
            )
        profile = self._services.offer(Profiles).fetch(account_id, jid)
        run(self, profile, on_done=self._show_profile, on_error=_ignore)

    async def _ask_version(self, resource: str) -> None:
        contact = self._contact
        full = contact.jid.with_resource(resource)
        version = await self._services.offer(Versions).ask(contact.account_id, full)
        if version is not None:
            self._clients[resource] = version
            self._refresh()

    def _on_seen(self, seen: datetime | None) -> None:
        self._seen = seen
        self._refresh()

    # what is shown

    def _fact_names(self) -> tuple[str, ...]:
        return (
            self.tr("Address"),
            self.tr("Presence"),
            self.tr("Last seen"),
            self.tr("Subscription"),
            self.tr("Groups"),
            self.tr("Account"),
        )

    def _profile_names(self) -> tuple[str, ...]:
        return (
            self.tr("Full name"),
            self.tr("About"),
            self.tr("Email"),
            self.tr("Phone"),
            self.tr("Website"),
            self.tr("Birthday"),
            self.tr("Organization"),
            self.tr("Role"),
            self.tr("Town"),
        )

    def _refresh(self) -> None:
        contact, show = self._contact, self._facts.show_fact
        account = self._services.accounts.find(contact.account_id)
        label = one_line(contact.label)
        self.title.setText(breakable(label if len(label) <= _LONGEST_TITLE else f"{label[:_LONGEST_TITLE]}…"))
        self.title.setToolTip(plain_tip(label) if len(label) > _LONGEST_TITLE else "")
        differs = bool(contact.nick) and contact.nick != contact.label
        nick = one_line(contact.nick)
        self._nick.setText(self.tr("Calls themself {nick}").replace("{nick}", nick) if differs else "")
        self._nick.setToolTip(plain_tip(nick) if differs else "")
        self._nick.setVisible(differs)
        self._avatar.show_person(contact.jid, contact.label)
        groups = list_words(one_line(group) for group in sorted(contact.groups, key=collator().sortKey)) or self.tr(
            "None"
        )
        show(self.tr("Address"), str(contact.jid))
        show(self.tr("Presence"), self._presence_words())
        show(self.tr("Last seen"), self._seen_words())
        show(self.tr("Subscription"), subscription_words(contact))
        show(self.tr("Groups"), groups)
        show(self.tr("Account"), str(account.jid) if account else "")
        words = self.tr("Unblock") if self._is_blocked() else self.tr("Block")
        self._block.setText(words)
        self._block.setAccessibleName(words)
        self._block.setVisible(self._services.requests.can_block(contact.account_id))

    def _show_profile(self, profile: Profile) -> None:
        values = (
            profile.full_name,
            profile.about,
            profile.email,
            profile.phone,
            profile.website,
            profile.birthday,
            profile.organization,
            profile.role,
            profile.place,
        )
        for name, value in zip(self._profile_names(), values, strict=True):
            self._profile.show_fact(name, value)
        self._profile.setVisible(not profile.is_empty)
        self._profile_title.setVisible(not profile.is_empty)

    def _presence_words(self) -> str:
        if self._is_blocked():
            return blocked_word()
        if not self._services.presence.known(self._contact.account_id):
            return self.tr("Unknown while you are not connected")
        resources = self._services.presence.resources(self._contact.account_id, self._contact.jid)
        return "\n".join(self._device_line(presence) for presence in resources) or presence_line(Presence())

    def _device_line(self, presence: Presence) -> str:
        line = presence_line(presence)
        if not presence.resource:
            return line
        line = f"{line} ({one_line(presence.resource)})"
        client = self._clients.get(presence.resource)
        if client is not None:
            line += " · " + one_line(" ".join(filter(None, (client.name, client.version))))
        full = self._contact.jid.with_resource(presence.resource)
        idle = self._services.offer(LastActivity).idle_since(self._contact.account_id, full)
        if idle is not None and presence.availability is not Availability.ONLINE:
            line += " · " + self.tr("last seen {when}").replace("{when}", moment_words(idle))
        return line

    def _seen_words(self) -> str:
        account_id, jid = self._contact.account_id, self._contact.jid
        if self._is_blocked() or self._services.presence.resources(account_id, jid):
            return ""
        seen = self._services.offer(LastActivity).last_seen(account_id, jid) or self._seen
        return moment_words(seen) if seen is not None else ""

    # what can be done

    def _is_blocked(self) -> bool:
        return self._services.blocker.is_blocked(self._contact.account_id, self._contact.jid)

    def _on_block(self) -> None:
        act = self._services.blocker.unblock if self._is_blocked() else self._services.blocker.block
        try:
            act(self._contact.account_id, self._contact.jid)
        except KnownError as error:
            self._error.show_error(error)
        self._refresh()

    def _on_remove(self) -> None:
        RemoveDialog(self._services, self._contact, self).open()

    # what happens meanwhile

    def _connect(self) -> None:
        bridge = Bridge(self._services.bus, self)
        self.finished.connect(lambda _: bridge.close())
        bridge.contact_changed.connect(self._on_contact_changed)
        bridge.contact_removed.connect(self._on_contact_removed)
        bridge.presence_changed.connect(self._on_presence_changed)
        bridge.presences_cleared.connect(self._refresh)
        bridge.blocklist_changed.connect(self._refresh)
        self._files.follow(bridge)

    def _on_contact_changed(self, event: ContactChanged) -> None:
        if (event.contact.account_id, event.contact.jid) == (self._contact.account_id, self._contact.jid):
            self._contact = event.contact
            self._refresh()

    def _on_contact_removed(self, event: ContactRemoved) -> None:
        if (event.account_id, event.jid) == (self._contact.account_id, self._contact.jid):
            self.reject()

    def _on_presence_changed(self, event: PresenceChanged) -> None:
        if (event.account_id, event.jid) == (self._contact.account_id, self._contact.jid):
            self._refresh()

    def _lay_out(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.removeWidget(self.title)
        names = QVBoxLayout()
        names.setSpacing(4)
        names.addStretch(1)
        names.addWidget(self.title)
        names.addWidget(self._nick)
        names.addStretch(1)
        header = QHBoxLayout()
        header.setSpacing(_SPACE)
        header.addWidget(self._avatar)
        header.addLayout(names, 1)
        area = ContentArea(self.tr("Details"))
        for widget in (self._facts, self._profile_title, self._profile, self._files):
            area.column.addWidget(widget)
        area.column.addStretch(1)
        self.content.addLayout(header)
        self.content.addWidget(area, 1)
        self.content.addWidget(self._error)
        self._block.clicked.connect(self._on_block)
        self.add_button(self._block, left=True)
        remove: QPushButton = self.add_button(danger_button(self.tr("Remove…")), left=True)
        remove.clicked.connect(self._on_remove)
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.reject)
        close.setFocus()


def _ignore(error: KnownError) -> None:
    """Nobody told: nothing is shown."""
