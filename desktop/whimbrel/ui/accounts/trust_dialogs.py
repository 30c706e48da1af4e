"""Taking trust back, and accepting a weaker way to sign in: each is explained and asked once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from whimbrel.core.services import Services
from whimbrel.model.account import Account
from whimbrel.model.errors import KnownError
from whimbrel.ui.accounts.busy_dialog import BusyDialog
from whimbrel.ui.widgets.buttons import danger_button, secondary_button
from whimbrel.ui.widgets.label import Label


class StopTrustingDialog(BusyDialog):
    """Asks before the certificates of an account's provider are checked again."""

    def __init__(self, services: Services, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Stop trusting this certificate?"), services, parent, width=420)
        self._account = account
        words = self.tr(
            "{address} then signs in only where the certificate of {provider} is right for everybody. Where it is "
            "not, the account is not connected until you trust a certificate again."
        )
        words = words.replace("{address}", str(account.jid)).replace("{provider}", account.jid.domain)
        self.content.addWidget(Label(words, wrap=True))
        self.stop_button = secondary_button(self.tr("Stop trusting"))
        self.stop_button.clicked.connect(self._stop)
        self.finish_layout()
        self.add_button(self.stop_button)
        self.cancel_button.setDefault(True)
        self.cancel_button.setFocus()

    def _stop(self) -> None:
        try:
            self.services.accounts.trust_certificate(self._account.id, "")
        except KnownError as error:
            self.show_failure(error)
        else:
            self.accept()


class AcceptWeakerDialog(BusyDialog):
    """Asks before the memory of what a server once offered is given up."""

    def __init__(self, services: Services, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Accept a weaker sign-in?"), services, parent, width=440)
        self._account = account
        words = self.tr(
            "{provider} offered {mechanism} before; less than that protects your password less. Providers rarely give "
            "it up, but somebody on the way who is after your password would make it look so. Accept it only if you "
            "run this server, or its owner told you of the change. What is offered then counts from then on."
        )
        words = words.replace("{provider}", account.jid.domain).replace("{mechanism}", account.mechanism)
        self.content.addWidget(Label(words, wrap=True))
        self.accept_button = danger_button(self.tr("Accept weaker sign-in"))
        self.accept_button.clicked.connect(self._accept_weaker)
        self.inputs = [self.accept_button]
        self.finish_layout()
        self.add_button(self.accept_button)
        self.cancel_button.setDefault(True)
        self.cancel_button.setFocus()

    def _accept_weaker(self) -> None:
        self.begin()
        self.attempt.start(
            self.services.accounts.accept_weaker(self._account.id),
            domain=self._account.jid.domain,
            account_id=self._account.id,
            on_done=lambda _nothing: self.accept(),
        )
        self.cancel_button.setEnabled(False)

    def reject(self) -> None:
        if not self.attempt.is_running:  # half done is no state to stop in
            super().reject()
