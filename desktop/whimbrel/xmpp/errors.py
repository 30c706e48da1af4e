"""What the network's error conditions mean for a person (RFC 6120 sections 4.9, 6.5 and 8.3; OSError)."""

from __future__ import annotations

import errno
import re
import socket
import xml.etree.ElementTree as ET

from whimbrel.model.errors import MENDS_ITSELF, ErrorKind, KnownError
from whimbrel.xmpp.stanzas import CLIENT, SASL, STANZA_ERROR, STREAM_ERROR, local_name

_STANZA_KINDS = {
    "item-not-found": ErrorKind.NOT_FOUND,
    "forbidden": ErrorKind.NOT_ALLOWED,
    "not-allowed": ErrorKind.NOT_ALLOWED,
    "not-authorized": ErrorKind.NOT_ALLOWED,
    "registration-required": ErrorKind.NOT_ALLOWED,
    "subscription-required": ErrorKind.NOT_ALLOWED,
    "service-unavailable": ErrorKind.UNAVAILABLE,
    "feature-not-implemented": ErrorKind.UNAVAILABLE,
    "recipient-unavailable": ErrorKind.UNAVAILABLE,
    "remote-server-not-found": ErrorKind.UNAVAILABLE,
    "remote-server-timeout": ErrorKind.NO_ANSWER,
    "not-acceptable": ErrorKind.NOT_ACCEPTABLE,
    "jid-malformed": ErrorKind.NOT_ACCEPTABLE,
}

_STREAM_KINDS = {
    "conflict": ErrorKind.RESOURCE_CONFLICT,
    "system-shutdown": ErrorKind.SERVER_SHUTDOWN,
    "host-unknown": ErrorKind.HOST_UNKNOWN,
    "host-gone": ErrorKind.HOST_UNKNOWN,
    "connection-timeout": ErrorKind.CONNECTION_LOST,
    "not-authorized": ErrorKind.AUTHENTICATION_FAILED,
}

_SASL_KINDS = {
    "not-authorized": ErrorKind.PASSWORD_WRONG,
    "credentials-expired": ErrorKind.PASSWORD_WRONG,
    "account-disabled": ErrorKind.ACCOUNT_DISABLED,
    "encryption-required": ErrorKind.NO_SAFE_MECHANISM,
    "invalid-mechanism": ErrorKind.NO_SAFE_MECHANISM,
    "mechanism-too-weak": ErrorKind.NO_SAFE_MECHANISM,
    "temporary-auth-failure": ErrorKind.STREAM_ERROR,
}

_NO_NETWORK = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


def condition_of(element: ET.Element | None, namespace: str) -> tuple[str, str]:
    """The condition of an error element and its text; "" where there is none."""
    condition, text = "", ""
    for child in element if element is not None else ():
        if child.tag == f"{{{namespace}}}text":
            text = (child.text or "")[:1000]
        elif child.tag.startswith(f"{{{namespace}}}") and not condition:
            condition = local_name(child.tag)
    return condition, text


def stanza_error(stanza: ET.Element) -> KnownError:
    """The meaning of a stanza of type error. One of type "wait" is tried again, whatever its condition."""
    element = stanza.find(f"{{{CLIENT}}}error")
    condition, text = condition_of(element, STANZA_ERROR)
    kind = _STANZA_KINDS.get(condition, ErrorKind.REFUSED)
    if element is not None and element.get("type") == "wait" and kind not in MENDS_ITSELF:
        kind = ErrorKind.TRY_LATER
    return KnownError(kind, _detail(condition, text))


def stream_error(element: ET.Element, stage: str) -> KnownError:
    """The meaning of a ``<stream:error/>``."""
    condition, text = condition_of(element, STREAM_ERROR)
    kind = _STREAM_KINDS.get(condition, ErrorKind.STREAM_ERROR)
    return KnownError(kind, _detail(condition, text), stage=stage)


def redirection(element: ET.Element) -> str:
    """Where a ``<stream:error/>`` sends us: host, host:port; "" where it does not (RFC 6120 section 4.9.3.19)."""
    return (element.findtext(f"{{{STREAM_ERROR}}}see-other-host") or "").strip()[:300]


def bind_error(stanza: ET.Element, stage: str) -> KnownError:
    """The meaning of a refusal to bind a resource (RFC 6120 section 7.6.2.2)."""
    error = stanza_error(stanza)
    kind = ErrorKind.RESOURCE_CONFLICT if error.detail.startswith("conflict") else error.kind
    return KnownError(kind, error.detail, stage=stage)


def sasl_error(element: ET.Element, address: str, stage: str) -> KnownError:
    """The meaning of a SASL ``<failure/>``."""
    condition, text = condition_of(element, SASL)
    kind = _SASL_KINDS.get(condition, ErrorKind.AUTHENTICATION_FAILED)
    return KnownError(kind, _detail(condition, text), subject=address, stage=stage)


def network_error(error: OSError, host: str, stage: str) -> KnownError:
    """The meaning of an attempt to connect that the operating system refused."""
    detail = str(error) or type(error).__name__
    if isinstance(error, socket.gaierror):
        kind = ErrorKind.NO_NETWORK if error.errno == socket.EAI_AGAIN else ErrorKind.HOST_UNKNOWN
        return KnownError(kind, detail, subject=host, stage=stage)
    numbers = {error.errno} if error.errno else {int(number) for number in re.findall(r"\[Errno (\d+)\]", detail)}
    if errno.ECONNREFUSED in numbers:
        kind = ErrorKind.CONNECTION_REFUSED
    elif errno.ETIMEDOUT in numbers:
        kind = ErrorKind.NO_ANSWER
    elif numbers and numbers <= _NO_NETWORK:
        kind = ErrorKind.NO_NETWORK
    else:
        kind = ErrorKind.CONNECTION_LOST
    return KnownError(kind, detail, subject=host, stage=stage)


def _detail(condition: str, text: str) -> str:
    return f"{condition}: {text}" if condition and text else condition or text
