"""Errors that are known: explained to the person where they happened. Their words are in ``ui/errors.py``."""

from __future__ import annotations

import enum

from whimbrel.model.certificate import Certificate


class ErrorKind(enum.Enum):
    """What went wrong, as far as a person can do something about it."""

    # reaching the server
    NO_NETWORK = "no-network"
    HOST_UNKNOWN = "host-unknown"
    CONNECTION_REFUSED = "connection-refused"
    CONNECTION_LOST = "connection-lost"
    NO_ANSWER = "no-answer"  # a stage's deadline passed; ``stage`` says which
    NOT_XMPP = "not-xmpp"
    STREAM_ERROR = "stream-error"
    RESOURCE_CONFLICT = "resource-conflict"
    SERVER_SHUTDOWN = "server-shutdown"
    # TLS
    TLS_NOT_OFFERED = "tls-not-offered"
    TLS_FAILED = "tls-failed"
    CERTIFICATE_HOST = "certificate-host"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_SELF_SIGNED = "certificate-self-signed"
    CERTIFICATE_UNKNOWN_AUTHORITY = "certificate-unknown-authority"
    CERTIFICATE_INVALID = "certificate-invalid"
    CERTIFICATE_CHANGED = "certificate-changed"  # not the one that the person chose to trust
    # authentication
    PASSWORD_WRONG = "password-wrong"
    PASSWORD_NEEDED = "password-needed"
    ACCOUNT_DISABLED = "account-disabled"
    NO_SAFE_MECHANISM = "no-safe-mechanism"
    WEAKER_MECHANISM = "weaker-mechanism"  # than the server has offered before
    OFFER_ALTERED = "offer-altered"  # what the server offers was changed on the way (XEP-0474)
    AUTHENTICATION_FAILED = "authentication-failed"
    # registration (XEP-0077)
    NAME_TAKEN = "name-taken"
    NOT_ACCEPTABLE = "not-acceptable"
    REGISTRATION_CLOSED = "registration-closed"
    TOO_MANY_REGISTRATIONS = "too-many-registrations"
    # requests and messages
    NOT_CONNECTED = "not-connected"
    NOT_FOUND = "not-found"
    NOT_ALLOWED = "not-allowed"
    UNAVAILABLE = "unavailable"
    TRY_LATER = "try-later"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    FILES_NOT_TAKEN = "files-not-taken"  # the provider has no place for them
    IS_FOLDER = "is-folder"  # and only files can be sent
    FILE_GONE = "file-gone"  # our copy of what was to be sent
    # fetching files that others sent
    NOT_SECURE = "not-secure"  # its address is one without encryption
    ADDRESS_PRIVATE = "address-private"  # it leads into this machine's own network
    FILE_ALTERED = "file-altered"  # it is not the one that was told of
    # input
    ADDRESS_EMPTY = "address-empty"
    ADDRESS_INVALID = "address-invalid"
    ADDRESS_OWN = "address-own"
    CONTACT_EXISTS = "contact-exists"
    ACCOUNT_EXISTS = "account-exists"
    PORT_INVALID = "port-invalid"
    TOO_LONG = "too-long"
    FIELD_REQUIRED = "field-required"
    # keyring
    KEYRING_UNAVAILABLE = "keyring-unavailable"
    KEYRING_LOCKED = "keyring-locked"
    PASSWORD_NOT_KEPT = "password-not-kept"  # beyond the end of the program
    # database
    DATABASE_DAMAGED = "database-damaged"
    DATABASE_LOCKED = "database-locked"
    DATABASE_NEWER = "database-newer"
    DATABASE_KEY_MISSING = "database-key-missing"
    DISK_FULL = "disk-full"
    # files elsewhere
    READ_ONLY = "read-only"  # the disk as a whole
    NOT_WRITABLE = "not-writable"  # this folder, by its permissions or for what it is


MENDS_ITSELF = frozenset(
    {
        ErrorKind.NO_NETWORK,
        ErrorKind.HOST_UNKNOWN,
        ErrorKind.CONNECTION_REFUSED,
        ErrorKind.CONNECTION_LOST,
        ErrorKind.NO_ANSWER,
        ErrorKind.NOT_XMPP,
        ErrorKind.STREAM_ERROR,
        ErrorKind.SERVER_SHUTDOWN,
        ErrorKind.TLS_FAILED,
        ErrorKind.TRY_LATER,
    }
)
"""Kinds after which connecting is tried again without asking."""


class KnownError(Exception):
    """An error that the person is told about in words.

    Args:
        kind: what happened.
        detail: the technical text, for *Details*. Never a secret.
        subject: the address, host or field that it concerns.
        stage: the connection's stage in which it happened (a ``ConnectionState`` value), or "".
    """

    def __init__(self, kind: ErrorKind, detail: str = "", *, subject: str = "", stage: str = "") -> None:
        super().__init__(f"{kind.value}: {detail}" if detail else kind.value)
        self.kind = kind
        self.detail = detail
        self.subject = subject
        self.stage = stage

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, KnownError):
            return NotImplemented
        return (self.kind, self.detail, self.subject, self.stage) == (
            other.kind,
            other.detail,
            other.subject,
            other.stage,
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.detail, self.subject, self.stage))

    @property
    def mends_itself(self) -> bool:
        """Whether trying again can help without anybody's decision."""
        return self.kind in MENDS_ITSELF


class CertificateError(KnownError):
    """A certificate is not accepted.

    Args:
        error: what is wrong with it; its ``subject`` is the domain that the certificate should be for.
        chain: what the server shows, its own certificate first; as much of it as could be had, perhaps nothing.
    """

    def __init__(self, error: KnownError, chain: tuple[Certificate, ...]) -> None:
        super().__init__(error.kind, error.detail, subject=error.subject, stage=error.stage)
        self.chain = chain
