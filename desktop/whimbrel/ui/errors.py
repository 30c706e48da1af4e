"""Known errors in words that say what to do."""

from __future__ import annotations

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from whimbrel.model.account import ConnectionState
from whimbrel.model.errors import ErrorKind, KnownError

_CONTEXT = "Errors"

_WORDS: dict[ErrorKind, object] = {
    ErrorKind.NO_NETWORK: QT_TRANSLATE_NOOP(
        "Errors", "There is no network. Whimbrel connects by itself when it is back."
    ),
    ErrorKind.HOST_UNKNOWN: QT_TRANSLATE_NOOP(
        "Errors",
        "No provider was found at {subject}. Check the address, and the host under Advanced, for a typing mistake.",
    ),
    ErrorKind.CONNECTION_REFUSED: QT_TRANSLATE_NOOP(
        "Errors", "{subject} refused the connection. Check host and port under Advanced, or try again later."
    ),
    ErrorKind.CONNECTION_LOST: QT_TRANSLATE_NOOP("Errors", "The connection was lost. Whimbrel connects again."),
    ErrorKind.NO_ANSWER: QT_TRANSLATE_NOOP("Errors", "The provider does not answer. Try again in a moment."),
    ErrorKind.NOT_XMPP: QT_TRANSLATE_NOOP(
        "Errors", "{subject} does not speak XMPP there. Check host and port under Advanced."
    ),
    ErrorKind.STREAM_ERROR: QT_TRANSLATE_NOOP(
        "Errors", "The provider ended the connection because of an error. Try again in a moment."
    ),
    ErrorKind.RESOURCE_CONFLICT: QT_TRANSLATE_NOOP(
        "Errors",
        "Another program signed in with the same resource. Choose another resource under Advanced, or leave it empty.",
    ),
    ErrorKind.SERVER_SHUTDOWN: QT_TRANSLATE_NOOP(
        "Errors", "The provider is restarting. Whimbrel connects again by itself."
    ),
    ErrorKind.TLS_NOT_OFFERED: QT_TRANSLATE_NOOP(
        "Errors",
        "{subject} offers no encrypted connection, so Whimbrel did not sign in. Somebody may be interfering with "
        "the network: try another one, or ask the provider.",
    ),
    ErrorKind.TLS_FAILED: QT_TRANSLATE_NOOP(
        "Errors", "The connection could not be encrypted. Try again, or try Security under Advanced."
    ),
    ErrorKind.CERTIFICATE_HOST: QT_TRANSLATE_NOOP(
        "Errors",
        "The certificate belongs to another provider than {subject}. Check the address; if it is right, "
        "ask the provider.",
    ),
    ErrorKind.CERTIFICATE_EXPIRED: QT_TRANSLATE_NOOP(
        "Errors",
        "The certificate of {subject} has expired. Check this computer's date; if it is right, the provider must "
        "renew it.",
    ),
    ErrorKind.CERTIFICATE_SELF_SIGNED: QT_TRANSLATE_NOOP(
        "Errors",
        "{subject} vouches only for itself (self-signed certificate), so Whimbrel did not sign in. Ask the provider.",
    ),
    ErrorKind.CERTIFICATE_UNKNOWN_AUTHORITY: QT_TRANSLATE_NOOP(
        "Errors",
        "The certificate of {subject} was issued by an authority that this computer does not trust. Ask the provider.",
    ),
    ErrorKind.CERTIFICATE_INVALID: QT_TRANSLATE_NOOP(
        "Errors", "The certificate of {subject} is not valid, so Whimbrel did not sign in. Ask the provider."
    ),
    ErrorKind.CERTIFICATE_CHANGED: QT_TRANSLATE_NOOP(
        "Errors",
        "{subject} shows another certificate than the one that you trust, so Whimbrel did not sign in. If its owner "
        "did not change it, somebody may be interfering with the network.",
    ),
    ErrorKind.PASSWORD_WRONG: QT_TRANSLATE_NOOP(
        "Errors", "The password is not right for {subject}. Check it and try again."
    ),
    ErrorKind.PASSWORD_NEEDED: QT_TRANSLATE_NOOP("Errors", "The password for {subject} is needed to sign in."),
    ErrorKind.ACCOUNT_DISABLED: QT_TRANSLATE_NOOP(
        "Errors", "The provider has disabled {subject}. Ask the provider to enable it again."
    ),
    ErrorKind.NO_SAFE_MECHANISM: QT_TRANSLATE_NOOP(
        "Errors", "The provider offers no safe way to send the password, so it was not sent. Ask the provider."
    ),
    ErrorKind.WEAKER_MECHANISM: QT_TRANSLATE_NOOP(
        "Errors",
        "{subject} offers only weaker ways to sign in than before, so the password was not sent. Somebody may be "
        "interfering with the network: try another one, or ask the provider whether something was changed.",
    ),
    ErrorKind.OFFER_ALTERED: QT_TRANSLATE_NOOP(
        "Errors",
        "Somebody on the way changed what {subject} offers for signing in, so Whimbrel did not sign in. Try another "
        "network, and tell the provider.",
    ),
    ErrorKind.AUTHENTICATION_FAILED: QT_TRANSLATE_NOOP(
        "Errors", "The provider did not let {subject} sign in. Try again, or ask the provider."
    ),
    ErrorKind.NAME_TAKEN: QT_TRANSLATE_NOOP("Errors", "This name is taken. Choose another one."),
    ErrorKind.NOT_ACCEPTABLE: QT_TRANSLATE_NOOP(
        "Errors", "The provider does not accept what was entered. Check each field and try again."
    ),
    ErrorKind.REGISTRATION_CLOSED: QT_TRANSLATE_NOOP(
        "Errors", "{subject} does not create accounts from programs. Choose another provider, or see its web page."
    ),
    ErrorKind.TOO_MANY_REGISTRATIONS: QT_TRANSLATE_NOOP(
        "Errors", "The provider has created too many accounts from here. Try again later, or choose another provider."
    ),
    ErrorKind.NOT_CONNECTED: QT_TRANSLATE_NOOP("Errors", "This needs a connection. Try again when you are online."),
    ErrorKind.NOT_FOUND: QT_TRANSLATE_NOOP("Errors", "{subject} was not found. Check the address."),
    ErrorKind.NOT_ALLOWED: QT_TRANSLATE_NOOP(
        "Errors", "The provider does not allow this. Ask the provider if you think it should."
    ),
    ErrorKind.UNAVAILABLE: QT_TRANSLATE_NOOP(
        "Errors", "{subject} does not offer this, or cannot be reached now. Try again later."
    ),
    ErrorKind.TRY_LATER: QT_TRANSLATE_NOOP("Errors", "{subject} has too much to do now. Try again later."),
    ErrorKind.REFUSED: QT_TRANSLATE_NOOP("Errors", "The provider refused this. See Details, then try again."),
    ErrorKind.TOO_LARGE: QT_TRANSLATE_NOOP("Errors", "This is too large for the provider. Send it in smaller parts."),
    ErrorKind.FILES_NOT_TAKEN: QT_TRANSLATE_NOOP(
        "Errors", "Your provider does not take files. Send a link, or use another provider for them."
    ),
    ErrorKind.IS_FOLDER: QT_TRANSLATE_NOOP("Errors", "This is a folder. Choose the files in it instead."),
    ErrorKind.FILE_GONE: QT_TRANSLATE_NOOP("Errors", "The file is not there any more. Choose it again."),
    ErrorKind.NOT_SECURE: QT_TRANSLATE_NOOP(
        "Errors",
        "This file would come unencrypted, so that others could see or change it. Fetch it only if that is no harm.",
    ),
    ErrorKind.ADDRESS_PRIVATE: QT_TRANSLATE_NOOP(
        "Errors", "This file's address leads into your own network, so it was not fetched."
    ),
    ErrorKind.FILE_ALTERED: QT_TRANSLATE_NOOP(
        "Errors", "This is not the file that was sent: somebody may have changed it. Ask the sender to send it again."
    ),
    ErrorKind.ADDRESS_EMPTY: QT_TRANSLATE_NOOP("Errors", "Enter an address, like alice@example.org."),
    ErrorKind.ADDRESS_INVALID: QT_TRANSLATE_NOOP(
        "Errors", "This is not an address. An address looks like alice@example.org."
    ),
    ErrorKind.ADDRESS_OWN: QT_TRANSLATE_NOOP("Errors", "This is your own address. Enter somebody else's."),
    ErrorKind.CONTACT_EXISTS: QT_TRANSLATE_NOOP("Errors", "{subject} is already one of your contacts."),
    ErrorKind.ACCOUNT_EXISTS: QT_TRANSLATE_NOOP("Errors", "{subject} is already one of your accounts."),
    ErrorKind.PORT_INVALID: QT_TRANSLATE_NOOP(
        "Errors", "A port is a number from 1 to 65535. Leave it empty for the usual one."
    ),
    ErrorKind.TOO_LONG: QT_TRANSLATE_NOOP("Errors", "This is too long. Make it shorter."),
    ErrorKind.FIELD_REQUIRED: QT_TRANSLATE_NOOP("Errors", "This field must be filled in."),
    ErrorKind.KEYRING_UNAVAILABLE: QT_TRANSLATE_NOOP(
        "Errors", "The keyring cannot be used now. See whether it is running, then try again."
    ),
    ErrorKind.KEYRING_LOCKED: QT_TRANSLATE_NOOP("Errors", "The keyring is locked. Unlock it and try again."),
    ErrorKind.PASSWORD_NOT_KEPT: QT_TRANSLATE_NOOP(
        "Errors",
        "The keyring is locked or missing, so the password of {subject} is kept only until you quit. Unlock the "
        "keyring before you sign in the next time.",
    ),
    ErrorKind.DATABASE_DAMAGED: QT_TRANSLATE_NOOP(
        "Errors", "The history cannot be read because its file is damaged. It can be set aside; it is never deleted."
    ),
    ErrorKind.DATABASE_LOCKED: QT_TRANSLATE_NOOP(
        "Errors", "Another program is using the history. Close it and try again."
    ),
    ErrorKind.DATABASE_NEWER: QT_TRANSLATE_NOOP(
        "Errors", "The history was written by a newer Whimbrel. Update Whimbrel, or set the history aside."
    ),
    ErrorKind.DATABASE_KEY_MISSING: QT_TRANSLATE_NOOP(
        "Errors",
        "The key to the history is not in the keyring. Open that keyring and try again, or set the history aside.",
    ),
    ErrorKind.DISK_FULL: QT_TRANSLATE_NOOP(
        "Errors",
        "It could not be saved because the disk is full or cannot be written to. Free some space and try again.",
    ),
    ErrorKind.READ_ONLY: QT_TRANSLATE_NOOP(
        "Errors", "It could not be saved in {subject}, because that disk is read-only. Nothing was changed."
    ),
    ErrorKind.NOT_WRITABLE: QT_TRANSLATE_NOOP(
        "Errors", "Whimbrel may not write to {subject}. Make that folder writable, then try again."
    ),
}

_NO_ANSWER_STAGES: dict[str, object] = {
    ConnectionState.RESOLVING.value: QT_TRANSLATE_NOOP(
        "Errors", "Looking up {subject} takes too long. Check the network and try again."
    ),
    ConnectionState.CONNECTING.value: QT_TRANSLATE_NOOP(
        "Errors", "{subject} cannot be reached. Check the network, or host and port under Advanced."
    ),
    ConnectionState.SECURING.value: QT_TRANSLATE_NOOP(
        "Errors", "{subject} stopped answering while the connection was being encrypted. Try again in a moment."
    ),
    ConnectionState.AUTHENTICATING.value: QT_TRANSLATE_NOOP(
        "Errors", "{subject} stopped answering while signing in. Try again in a moment."
    ),
    ConnectionState.BINDING.value: QT_TRANSLATE_NOOP(
        "Errors", "{subject} stopped answering after signing in. Try again in a moment."
    ),
    ConnectionState.SYNCHRONISING.value: QT_TRANSLATE_NOOP(
        "Errors", "{subject} did not send the contacts. Try again in a moment."
    ),
}

_NOBODY = QT_TRANSLATE_NOOP("Errors", "the provider")
_OF_ADDRESS = frozenset(
    {
        ErrorKind.PASSWORD_WRONG,
        ErrorKind.PASSWORD_NEEDED,
        ErrorKind.PASSWORD_NOT_KEPT,
        ErrorKind.ACCOUNT_DISABLED,
        ErrorKind.AUTHENTICATION_FAILED,
        ErrorKind.NOT_FOUND,
        ErrorKind.CONTACT_EXISTS,
        ErrorKind.ACCOUNT_EXISTS,
    }
)
_NEEDLESS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # between Chinese words; beside an address it stays
_NO_ADDRESS = QT_TRANSLATE_NOOP("Errors", "this address")


def explain(error: KnownError) -> str:
    """What happened and what to do about it, in one or two sentences of plain text."""
    words = _WORDS[error.kind]
    if error.kind is ErrorKind.NO_ANSWER:
        words = _NO_ANSWER_STAGES.get(error.stage, words)
    stand_in = _NO_ADDRESS if error.kind in _OF_ADDRESS else _NOBODY
    subject = error.subject or QCoreApplication.translate(_CONTEXT, str(stand_in))
    text = QCoreApplication.translate(_CONTEXT, str(words)).replace("{subject}", subject)
    if error.subject:
        return text
    return _NEEDLESS.sub("", text[:1].upper() + text[1:])
