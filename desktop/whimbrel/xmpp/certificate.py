"""TLS: the context of every stream, and what is wrong with a certificate that it refuses (RFC 6120 section 13.7)."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from whimbrel.model.certificate import Certificate
from whimbrel.model.errors import ErrorKind, KnownError

if TYPE_CHECKING:
    from cryptography import x509

CERTIFICATE_KINDS = frozenset(
    {
        ErrorKind.CERTIFICATE_HOST,
        ErrorKind.CERTIFICATE_EXPIRED,
        ErrorKind.CERTIFICATE_SELF_SIGNED,
        ErrorKind.CERTIFICATE_UNKNOWN_AUTHORITY,
        ErrorKind.CERTIFICATE_INVALID,
        ErrorKind.CERTIFICATE_CHANGED,
    }
)
_EXPIRED = frozenset({9, 10})  # not yet valid, has expired
_SELF_SIGNED = frozenset({18})
_UNKNOWN_AUTHORITY = frozenset({2, 19, 20, 21, 27})
_OTHER_HOST = frozenset({62, 64})
_MOST_NAMES = 50  # that a person is shown


def tls_context(*, direct: bool, trusted: str = "") -> ssl.SSLContext:
    """A context that trusts the system's authorities (``SSL_CERT_FILE`` is respected) and checks the host name.

    Reads the authorities from disk (about 40 ms): call it in a thread.

    Args:
        direct: for direct TLS, with the protocol name that XEP-0368 demands.
        trusted: the fingerprint of the only certificate that is accepted, "" for none. With one, the handshake itself
            checks nothing: :func:`check_trusted` must follow it before anything is sent.
    """
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.check_hostname = not trusted
    context.verify_mode = ssl.CERT_NONE if trusted else ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if direct:
        context.set_alpn_protocols(["xmpp-client"])
    return context


def check_trusted(session: ssl.SSLObject | None, trusted: str, domain: str, stage: str) -> None:
    """Make sure that the server showed the one certificate that is trusted; does nothing where there is none.

    Raises:
        KnownError: CERTIFICATE_CHANGED.
    """
    if not trusted:
        return
    shown = session.getpeercert(binary_form=True) if session is not None else None
    if shown is None or fingerprint(shown) != trusted:
        detail = f"trusted: {trusted}, shown: {fingerprint(shown) if shown else 'none'}"
        raise KnownError(ErrorKind.CERTIFICATE_CHANGED, detail, subject=domain, stage=stage)


def fingerprint(der: bytes) -> str:
    """The SHA-256 of a certificate, as ``Account.certificate`` has it."""
    return hashlib.sha256(der).hexdigest()


def host_for_tls(domain: str) -> str:
    """The address's domain as it stands in a certificate: ASCII, an IPv6 address without brackets."""
    if domain.startswith("["):
        return domain.strip("[]")
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def tls_error(error: OSError, domain: str, stage: str) -> KnownError:
    """What a failed handshake means for a person."""
    if isinstance(error, ssl.SSLCertVerificationError):
        kind = _certificate_kind(error.verify_code)
        return KnownError(kind, error.verify_message or str(error), subject=domain, stage=stage)
    return KnownError(ErrorKind.TLS_FAILED, str(error) or type(error).__name__, subject=domain, stage=stage)


def parse_chain(ders: Iterable[bytes]) -> tuple[Certificate, ...]:
    """The facts of certificates, up to the first that makes no sense; nothing of them is verified.

    Imports cryptography (about 50 ms): call it in a thread.
    """
    from cryptography import x509

    chain: list[Certificate] = []
    with suppress(ValueError):
        chain.extend(_facts(x509.load_der_x509_certificate(der), der) for der in ders)
    return tuple(chain)


def _facts(certificate: x509.Certificate, der: bytes) -> Certificate:
    return Certificate(
        certificate.subject.rfc4514_string(),
        certificate.issuer.rfc4514_string(),
        _names(certificate),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        fingerprint(der),
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    hosts = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    return tuple(hosts[:_MOST_NAMES])


def _certificate_kind(code: int) -> ErrorKind:
    if code in _EXPIRED:
        return ErrorKind.CERTIFICATE_EXPIRED
    if code in _SELF_SIGNED:
        return ErrorKind.CERTIFICATE_SELF_SIGNED
    if code in _OTHER_HOST:
        return ErrorKind.CERTIFICATE_HOST
    if code in _UNKNOWN_AUTHORITY:
        return ErrorKind.CERTIFICATE_UNKNOWN_AUTHORITY
    return ErrorKind.CERTIFICATE_INVALID
