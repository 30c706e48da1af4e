"""*Settings*: each choice takes effect at once."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from whimbrel.core.presence import Presences
from whimbrel.model.contact import Availability, OwnPresence
from whimbrel.platform.settings import Settings
from whimbrel.ui.theme.theme import Theme
from whimbrel.ui.widgets.buttons import secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.field import Field
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.words import presence_word
from whimbrel.ui.writing import writing

_IDLE_CHOICES = (0, 2, 5, 10, 15, 30, 60)
_FETCH_CHOICES = (0, 1_000_000, 5_000_000, 10_000_000, 50_000_000)  # bytes
_MAX_MESSAGE = 500
_GAP = 8  # pixels above a heading


class SettingsDialog(FittingDialog):
    """Appearance, status, notifications, what contacts are told, and what closing the window does."""

    idle_minutes_changed = Signal(int)
    notifications_changed = Signal()

    def __init__(self, settings: Settings, theme: Theme, presence: Presences, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Settings"), parent, width=400)
        self._settings = settings
        self._theme = theme
        self._presence = presence
        self.area = ContentArea(self.tr("Settings"))
        self.content.addWidget(self.area, 1)
        self._make_appearance()
        self._make_status()
        self._make_idle()
        self._make_messages()
        self._make_notifications()
        self._make_privacy()
        self._make_window()
        self.area.column.addStretch(1)
        self.theme_box.setFocus()
        close = self.add_button(secondary_button(self.tr("Close")), default=True)
        close.clicked.connect(self.accept)
        self.finished.connect(self._on_status_edited)

    def _make_appearance(self) -> None:
        self.theme_box = QComboBox()
        for mode, words in (
            ("system", self.tr("As the desktop")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            self.theme_box.addItem(words, mode)
        self.theme_box.setCurrentIndex(self.theme_box.findData(self._settings.theme))
        self.theme_box.currentIndexChanged.connect(self._on_theme_chosen)
        self.area.column.addWidget(Field(self.tr("Theme"), self.theme_box))

    def _make_status(self) -> None:
        own = self._presence.own
        self.availability = QComboBox()
        for availability in Availability:
            self.availability.addItem(presence_word(availability), availability.value)
        self.availability.setCurrentIndex(self.availability.findData(own.availability.value))
        self.availability.activated.connect(self._on_status_edited)
        self.message = QLineEdit(own.status)
        self.message.setMaxLength(_MAX_MESSAGE)
        self.message.editingFinished.connect(self._on_status_edited)
        self.area.column.addWidget(Field(self.tr("Status"), self.availability))
        self.area.column.addWidget(Field(self.tr("Status message"), self.message))

    def _make_idle(self) -> None:
        self.idle = QComboBox()
        chosen = self._settings.idle_minutes
        for minutes in sorted({*_IDLE_CHOICES, chosen}):
            words = self.tr("%n min", "", minutes) if minutes else self.tr("Never")
            self.idle.addItem(words, minutes)
        self.idle.setCurrentIndex(self.idle.findData(chosen))
        self.idle.activated.connect(self._on_idle_chosen)
        self.area.column.addWidget(Field(self.tr("Away without input after"), self.idle))

    def _make_messages(self) -> None:
        self._head(self.tr("Messages"))
        self.styling = self._check(self.tr("Style *strong*, _emphasised_ and `code`"), self._settings.message_styling)
        self.styling.toggled.connect(self._on_styling)
        self.spelling = self._check(self.tr("Check spelling as I write"), self._settings.check_spelling)
        self.spelling.toggled.connect(self._on_spelling)
        self.fetching = QComboBox()
        chosen = self._settings.fetch_up_to
        for size in sorted({*_FETCH_CHOICES, chosen}):
            words = QLocale().formattedDataSize(size, 0, QLocale.DataSizeFormat.DataSizeSIFormat)
            self.fetching.addItem(words if size else self.tr("Never"), size)
        self.fetching.setCurrentIndex(self.fetching.findData(chosen))
        self.fetching.activated.connect(self._on_fetching_chosen)
        self.area.column.addWidget(Field(self.tr("Fetch pictures of contacts up to"), self.fetching))

    def _make_notifications(self) -> None:
        self._head(self.tr("Notifications"))
        self.notifications = self._check(self.tr("Notify of new messages"), self._settings.notifications)
        self.content_shown = self._check(
            self.tr("Show who wrote and what in notifications"), self._settings.notification_content
        )
        self.content_shown.toggled.connect(self._on_content_shown)
        self.sound = self._check(self.tr("Play a sound with notifications"), self._settings.notification_sound)
        self.sound.toggled.connect(self._on_sound)
        self.attention = self._check(self.tr("Contacts may ask for my attention"), self._settings.accept_attention)
        self.attention.toggled.connect(self._on_attention)
        self._allow_rest(self._settings.notifications)
        self.notifications.toggled.connect(self._on_notifications)

    def _make_privacy(self) -> None:
        self._head(self.tr("What contacts are told"))
        self.typing = self._check(self.tr("Tell contacts when I am writing to them"), self._settings.send_typing)
        self.typing.toggled.connect(self._on_typing)
        self.read_markers = self._check(
            self.tr("Tell contacts when I have read their messages"), self._settings.send_read_markers
        )
        self.read_markers.toggled.connect(self._on_read_markers)
        self.last_seen = self._check(self.tr("Tell contacts since when I am away"), self._settings.send_last_seen)
        self.last_seen.toggled.connect(self._on_last_seen)

    def _make_window(self) -> None:
        self._head(self.tr("Window"))
        self.tray = self._check(
            self.tr("Keep running when the window is closed"), self._settings.close_to_tray is not False
        )
        self.tray.toggled.connect(self._on_tray)

    def _head(self, words: str) -> None:
        self.area.column.addSpacing(_GAP)
        self.area.column.addWidget(Label(words, bold=True))

    def _check(self, words: str, checked: bool) -> QCheckBox:
        box = QCheckBox(words)
        box.setAccessibleName(words)
        box.setChecked(checked)
        self.area.column.addWidget(box)
        return box

    def _on_theme_chosen(self) -> None:
        self._settings.theme = self.theme_box.currentData()
        self._theme.set_mode(self._settings.theme)

    def _on_status_edited(self) -> None:
        chosen = OwnPresence(Availability(self.availability.currentData()), self.message.text().strip())
        if chosen != self._presence.own:
            self._presence.set_own(chosen)

    def _on_idle_chosen(self) -> None:
        minutes = int(self.idle.currentData())
        self._settings.idle_minutes = minutes
        self.idle_minutes_changed.emit(minutes)

    def _on_spelling(self, checked: bool) -> None:
        self._settings.check_spelling = checked
        writing().speller.set_enabled(checked)

    def _on_fetching_chosen(self) -> None:
        self._settings.fetch_up_to = int(self.fetching.currentData())

    def _on_styling(self, styled: bool) -> None:
        self._settings.message_styling = styled
        self._theme.set_message_styling(styled)

    def _on_notifications(self, enabled: bool) -> None:
        self._settings.notifications = enabled
        self._allow_rest(enabled)
        self.notifications_changed.emit()

    def _allow_rest(self, enabled: bool) -> None:
        for box in (self.content_shown, self.sound, self.attention):
            box.setEnabled(enabled)

    def _on_content_shown(self, shown: bool) -> None:
        self._settings.notification_content = shown
        self.notifications_changed.emit()

    def _on_sound(self, heard: bool) -> None:
        self._settings.notification_sound = heard

    def _on_typing(self, told: bool) -> None:
        self._settings.send_typing = told

    def _on_attention(self, accepted: bool) -> None:
        """What we can is told with presence (XEP-0115): so it is sent again."""
        self._settings.accept_attention = accepted
        self._presence.set_own(self._presence.own)

    def _on_read_markers(self, told: bool) -> None:
        self._settings.send_read_markers = told

    def _on_last_seen(self, told: bool) -> None:
        self._settings.send_last_seen = told

    def _on_tray(self, keep_running: bool) -> None:
        self._settings.close_to_tray = keep_running
