"""TLS: the context of every stream, and what is wrong with a certificate that it refuses (RFC 6120 section 13.7)."""

from __future__ import annotations

import ssl

from whimbrel.model.errors import ErrorKind, KnownError

_EXPIRED = frozenset({9, 10})  # not yet valid, has expired
_SELF_SIGNED = frozenset({18})
_UNKNOWN_AUTHORITY = frozenset({2, 19, 20, 21, 27})
_OTHER_HOST = frozenset({62, 64})


def tls_context(*, direct: bool) -> ssl.SSLContext:
    """A context that trusts the system's authorities (``SSL_CERT_FILE`` is respected) and checks the host name.

    Reads the authorities from disk (about 40 ms): call it in a thread. ``direct``: for direct TLS, with the
    protocol name that XEP-0368 demands.
    """
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH)
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if direct:
        context.set_alpn_protocols(["xmpp-client"])
    return context


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
