"""What the core's users need to make an account at a provider (XEP-0077)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from whimbrel.model.account import ConnectionSettings, Credentials
from whimbrel.model.form import RegistrationForm


class Registrar(Protocol):
    """Makes one account: fetch the form, then submit it on the same stream."""

    async def fetch_form(self, domain: str, settings: ConnectionSettings) -> RegistrationForm:
        """Connect (secured) and ask for the form. Raises KnownError, REGISTRATION_CLOSED among others."""

    async def submit(
        self, domain: str, settings: ConnectionSettings, form: RegistrationForm, values: dict[str, list[str]]
    ) -> Credentials:
        """Send the form; the account exists once this returns.

        Raises:
            KnownError: with the field's name as ``subject`` where it concerns one.
        """

    async def close(self) -> None:
        """End the stream; does nothing where there is none."""


MakeRegistrar = Callable[[str], Registrar]
"""Makes one. The argument: the fingerprint of the only certificate that is accepted, "" where they are checked."""
