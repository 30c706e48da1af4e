"""The registrar: asks a provider for its form and sends it back, before authentication (XEP-0077 section 3.1)."""

from __future__ import annotations

import asyncio
import ssl
import xml.etree.ElementTree as ET

from whimbrel.features.registration.form import QUERY, build_submission, parse_form
from whimbrel.model.account import ConnectionSettings, ConnectionState, Credentials
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import RegistrationForm
from whimbrel.model.jid import JID, InvalidJID
from whimbrel.xmpp.client import Client
from whimbrel.xmpp.dialer import Dialer
from whimbrel.xmpp.errors import condition_of
from whimbrel.xmpp.requests import Requests
from whimbrel.xmpp.resolver import Lookup
from whimbrel.xmpp.stanzas import CLIENT, STANZA_ERROR

_CLOSE_SECONDS = 1.0

_KINDS = {
    "conflict": ErrorKind.NAME_TAKEN,
    "not-acceptable": ErrorKind.NOT_ACCEPTABLE,
    "bad-request": ErrorKind.NOT_ACCEPTABLE,
    "jid-malformed": ErrorKind.NOT_ACCEPTABLE,
    "not-allowed": ErrorKind.REGISTRATION_CLOSED,
    "forbidden": ErrorKind.REGISTRATION_CLOSED,
    "not-authorized": ErrorKind.REGISTRATION_CLOSED,
    "service-unavailable": ErrorKind.REGISTRATION_CLOSED,
    "feature-not-implemented": ErrorKind.REGISTRATION_CLOSED,
    "resource-constraint": ErrorKind.TOO_MANY_REGISTRATIONS,
    "policy-violation": ErrorKind.TOO_MANY_REGISTRATIONS,
}
_ABOUT_NAME = frozenset({"conflict", "jid-malformed"})


class Registrar:
    """Creates one account, for one dialog: fetch the form, then submit it on the same stream.

    Args:
        trusted: the fingerprint of the only certificate that is accepted; "" where certificates are checked.
        deadline: seconds that each stage and each answer may take.
    """

    def __init__(self, *, trusted: str = "", deadline: float = 15.0, lookup: Lookup | None = None) -> None:
        self._trusted = trusted
        self._deadline = deadline
        self._lookup = lookup
        self._client: Client | None = None
        self._requests: Requests | None = None

    async def fetch_form(self, domain: str, settings: ConnectionSettings) -> RegistrationForm:
        """The form that a provider wants filled in.

        Raises:
            KnownError: as when connecting; REGISTRATION_CLOSED, TOO_MANY_REGISTRATIONS.
        """
        await self.close()
        domain = _parse_domain(domain)
        await self._connect(domain, settings)
        answer = await self._ask("get", domain, ET.Element(QUERY))
        query = answer.find(QUERY)
        form = parse_form(query) if query is not None else RegistrationForm("", (), False)
        if not form.fields and not form.url:
            raise KnownError(ErrorKind.REGISTRATION_CLOSED, form.instructions, subject=domain)
        return form

    async def submit(
        self, domain: str, settings: ConnectionSettings, form: RegistrationForm, values: dict[str, list[str]]
    ) -> Credentials:
        """Create the account; its address and password. Connects again where the provider did not wait.

        Raises:
            KnownError: ``subject`` names the field that it is about. FIELD_REQUIRED, NAME_TAKEN, NOT_ACCEPTABLE,
                ADDRESS_INVALID, REGISTRATION_CLOSED, TOO_MANY_REGISTRATIONS, or as when connecting.
        """
        domain = _parse_domain(domain)
        credentials = _credentials(domain, values)
        payload = build_submission(form, values)
        if self._client is None or self._client.ended.done():
            fresh = await self.fetch_form(domain, settings)
            payload = build_submission(fresh, values)
        await self._ask("set", domain, payload)
        await self.close()
        return credentials

    async def close(self) -> None:
        """End the stream, if there is one."""
        client, self._client, self._requests = self._client, None, None
        if client is not None:
            await client.close(_CLOSE_SECONDS)

    async def _connect(self, domain: str, settings: ConnectionSettings) -> None:
        def make_client(context: ssl.SSLContext) -> Client:
            return Client(JID("registration", domain), "", context, registering=True)

        dialer = Dialer(
            domain,
            settings,
            deadline=self._deadline,
            on_stage=lambda stage: None,
            lookup=self._lookup,
            trusted=self._trusted,
        )
        client = await dialer.dial(make_client)
        self._client = client
        requests = Requests(JID("registration", domain), client.send_element, _explain)
        self._requests = requests
        client.on_stanza = requests.take
        client.ended.add_done_callback(lambda _: requests.close())
        try:
            async with asyncio.timeout(self._deadline):
                await client.until(client.offered)
        except TimeoutError as error:
            await self.close()
            stage = ConnectionState.SECURING.value
            raise KnownError(ErrorKind.NO_ANSWER, subject=domain, stage=stage) from error

    async def _ask(self, kind: str, domain: str, payload: ET.Element) -> ET.Element:
        client, requests = self._client, self._requests
        if client is None or requests is None:
            raise KnownError(ErrorKind.NOT_CONNECTED, subject=domain)
        try:
            return await requests.ask(kind, JID("", domain), payload, self._deadline)
        except KnownError as error:
            if error.kind is ErrorKind.NOT_CONNECTED and client.ended.done():
                raise client.ended.result() from error
            raise


def _parse_domain(domain: str) -> str:
    try:
        jid = JID.parse(domain.strip())
    except InvalidJID as error:
        raise KnownError(ErrorKind.ADDRESS_INVALID, str(error), subject=domain) from error
    if jid.local or jid.resource:
        raise KnownError(ErrorKind.ADDRESS_INVALID, "not a provider's name", subject=domain)
    return jid.domain


def _credentials(domain: str, values: dict[str, list[str]]) -> Credentials:
    filled = {name: next(iter(values.get(name, [])), "") for name in ("username", "password")}
    for name, value in filled.items():
        if not value:
            raise KnownError(ErrorKind.FIELD_REQUIRED, subject=name)
    if "@" in filled["username"] or "/" in filled["username"]:
        raise KnownError(ErrorKind.ADDRESS_INVALID, "@ and / cannot stand in it", subject="username")
    try:
        return Credentials(JID.parse(f"{filled['username']}@{domain}"), filled["password"])
    except InvalidJID as error:
        raise KnownError(ErrorKind.ADDRESS_INVALID, str(error), subject="username") from error


def _explain(answer: ET.Element) -> KnownError:
    """What a provider's refusal means."""
    error = answer.find(f"{{{CLIENT}}}error")
    condition, text = condition_of(error, STANZA_ERROR)
    kind = _KINDS.get(condition, ErrorKind.REFUSED)
    if error is not None and error.get("type") == "wait" and kind is not ErrorKind.NAME_TAKEN:
        kind = ErrorKind.TOO_MANY_REGISTRATIONS
    return KnownError(kind, text or condition, subject="username" if condition in _ABOUT_NAME else "")
