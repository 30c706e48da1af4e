"""Registration forms: the fields that a provider asks for (XEP-0077, XEP-0004)."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class FieldType(enum.Enum):
    """The kinds of field; the values are those of XEP-0004 section 3.3."""

    TEXT_SINGLE = "text-single"
    TEXT_PRIVATE = "text-private"
    TEXT_MULTI = "text-multi"
    BOOLEAN = "boolean"
    LIST_SINGLE = "list-single"
    LIST_MULTI = "list-multi"
    JID_SINGLE = "jid-single"
    FIXED = "fixed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. ``options`` are pairs of (label, value); a boolean's value is "0" or "1"."""

    name: str
    label: str
    type: FieldType
    required: bool = False
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """What a provider asks for. With a ``url`` and no fields, accounts are made on that web page (XEP-0066)."""

    instructions: str
    fields: tuple[FormField, ...]
    is_data_form: bool
    url: str = ""
