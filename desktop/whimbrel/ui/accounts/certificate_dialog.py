"""What is wrong with a certificate, what the server shows, and how to trust exactly that one all the same."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from whimbrel.model.certificate import Certificate
from whimbrel.model.errors import CertificateError
from whimbrel.ui.accounts.form_fields import shortened
from whimbrel.ui.errors import explain
from whimbrel.ui.theme.growth import keep_icon_size
from whimbrel.ui.theme.icons import chevron, icon
from whimbrel.ui.theme.theme import SMALL, theme
from whimbrel.ui.widgets.buttons import danger_button, link_button, primary_button, secondary_button
from whimbrel.ui.widgets.content_area import ContentArea
from whimbrel.ui.widgets.fitting_dialog import FittingDialog
from whimbrel.ui.widgets.label import Label

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_PAIRS_A_LINE = 8


def fingerprint_words(fingerprint: str) -> str:
    """A fingerprint as servers print it, in four lines: ``AB:CD:…``."""
    pairs = [fingerprint[at : at + 2].upper() for at in range(0, len(fingerprint), 2)]
    lines = [pairs[at : at + _PAIRS_A_LINE] for at in range(0, len(pairs), _PAIRS_A_LINE)]
    return "\n".join(":".join(line) for line in lines)


class FingerprintLabel(Label):
    """A fingerprint that can be selected and copied."""

    def __init__(self, fingerprint: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent, size=SMALL, name="SHA-256")
        self.show_fingerprint(fingerprint)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTextInteractionFlags(_SELECTABLE)
        self.setProperty("kind", "value")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # to be read out, and selected with the keyboard

    def show_fingerprint(self, fingerprint: str) -> None:
        """Show another one."""
        self.setText(fingerprint_words(fingerprint))


class CertificateCard(QFrame):
    """The facts of one certificate. Nobody has vouched for them: what it says of itself is shown as plain text."""

    def __init__(self, certificate: Certificate, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setAccessibleName(heading)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Label(heading, bold=True, wrap=True), 0, 0, 1, 2)
        valid = certificate.is_valid_at(datetime.now(UTC))
        for name, words, tone in (
            (self.tr("Subject"), certificate.subject, ""),
            (self.tr("Issuer"), certificate.issuer, ""),
            (self.tr("Names"), ", ".join(certificate.names), ""),
            (self.tr("Valid"), self._validity(certificate), "" if valid else "error"),
        ):
            value = Label(_harmless(words) or "–", size=SMALL, tone=tone, wrap=True, name=name)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._add(grid, name, value)
        self.fingerprint = FingerprintLabel(certificate.fingerprint)
        self._add(grid, "SHA-256", self.fingerprint)

    @staticmethod
    def _add(grid: QGridLayout, name: str, value: QWidget) -> None:
        row = grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(Label(name, size=SMALL, tone="second"), row, 0, top)
        grid.addWidget(value, row, 1, top)

    def _validity(self, certificate: Certificate) -> str:
        first, last = certificate.not_before.date(), certificate.not_after.date()
        words = self.tr("{from} to {until}").replace("{from}", str(first)).replace("{until}", str(last))
        now = datetime.now(UTC)
        if certificate.not_after < now:
            return self.tr("{dates} (expired)").replace("{dates}", words)
        if certificate.not_before > now:
            return self.tr("{dates} (not yet)").replace("{dates}", words)
        return words


class TrustBox(QWidget):
    """The deliberate way for who runs the server: behind a button, a box to tick, and a button that is never default.

    Args:
        whose: the address, or the provider, for which the certificate would be trusted.
    """

    trust_requested = Signal()

    def __init__(self, whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = link_button(self.tr("This is my own server"))
        keep_icon_size(self.button, 14)
        self.button.clicked.connect(lambda: self.unfold(self.body.isHidden()))
        words = self.tr(
            "If you run this server, or its owner told you the fingerprint in person, you can have Whimbrel accept "
            "exactly this certificate for {whose}, and no other, whoever issued it. On somebody else's server, do not."
        )
        self.box = QCheckBox(self.tr("I have compared the fingerprint with the one of my server"))
        self.box.setAccessibleName(self.box.text())
        self.trust_button = danger_button(self.tr("Trust this certificate"))
        self.trust_button.setEnabled(False)
        self.box.toggled.connect(self.trust_button.setEnabled)
        self.trust_button.clicked.connect(self.trust_requested)
        self.body: QWidget = QWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Label(words.replace("{whose}", whose), tone="second", wrap=True))
        column.addWidget(self.box)
        column.addWidget(self.trust_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.body)
        theme().changed.connect(self._colour)
        self.unfold(False)

    def unfold(self, shown: bool = True) -> None:
        """Show what is behind the button, or hide it and forget what was ticked."""
        self.body.setVisible(shown)
        if not shown:
            self.box.setChecked(False)
        self._colour()

    def _colour(self) -> None:
        name = chevron(not self.body.isHidden(), self.layoutDirection())
        self.button.setIcon(icon(name, theme().tokens.accent))


class CertificateDialog(FittingDialog):
    """Shows a certificate that was refused.

    Args:
        whose: the address for which it could be trusted; the provider where there is no address yet.
    """

    trust_requested = Signal(str)  # the certificate's fingerprint
    retry_requested = Signal()

    def __init__(self, error: CertificateError, whose: str, parent: QWidget | None = None) -> None:
        title = self.tr("Certificate of {provider}").replace("{provider}", error.subject)
        super().__init__(title, parent, width=560)
        self.reason = Label(explain(error), wrap=True, name=self.tr("Error"))
        self.cards = [CertificateCard(shown, self._heading(at)) for at, shown in enumerate(error.chain)]
        self.trust = TrustBox(whose)
        self.trust.trust_requested.connect(lambda: self._on_trust(error.chain[0].fingerprint))
        self.trust.button.clicked.connect(lambda: QTimer.singleShot(0, self, self._reveal))
        self.area = ContentArea(self.tr("What the server shows"))
        self._lay_out()
        self.close_button = secondary_button(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self.retry_button = primary_button(self.tr("Try again"))
        self.retry_button.clicked.connect(self._on_retry)
        self.add_button(self.close_button)
        self.add_button(self.retry_button, default=True)
        self.retry_button.setFocus()

    def _lay_out(self) -> None:
        for card in self.cards:
            self.area.column.addWidget(card)
        missing = Label(
            self.tr("What the server shows could not be fetched. Try again in a moment."), tone="second", wrap=True
        )
        self.area.column.addWidget(missing)
        self.area.column.addWidget(self.trust)
        self.area.column.addStretch(1)
        missing.setVisible(not self.cards)
        self.trust.setVisible(bool(self.cards))
        self.content.addWidget(self.reason)
        self.content.addWidget(self.area, 1)

    def _heading(self, at: int) -> str:
        return self.tr("The provider's own certificate") if at == 0 else self.tr("An issuer's certificate")

    def _reveal(self) -> None:
        if not self.trust.body.isHidden():
            self.area.ensureWidgetVisible(self.trust.trust_button, 0, 8)

    def _on_trust(self, fingerprint: str) -> None:
        self.accept()
        self.trust_requested.emit(fingerprint)

    def _on_retry(self) -> None:
        self.accept()
        self.retry_requested.emit()


def _harmless(text: str) -> str:
    """What a certificate says, without characters that nobody sees."""
    return shortened("".join(character if character.isprintable() else "\ufffd" for character in text))
