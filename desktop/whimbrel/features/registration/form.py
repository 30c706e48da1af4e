"""Registration forms on the wire: legacy fields (XEP-0077), data forms (XEP-0004), a web page instead (XEP-0066)."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import FieldType, FormField, RegistrationForm
from whimbrel.xmpp.stanzas import child

REGISTER = "jabber:iq:register"
_DATA = "jabber:x:data"
_OOB = "jabber:x:oob"

QUERY = f"{{{REGISTER}}}query"
_FORM = f"{{{_DATA}}}x"
_FIELD = f"{{{_DATA}}}field"
_VALUE = f"{{{_DATA}}}value"

_MOST_FIELDS = 100
_LONGEST_TEXT = 4000

_LEGACY_LABELS = {
    "username": "Username",
    "password": "Password",
    "email": "Email address",
    "nick": "Nickname",
    "name": "Full name",
    "first": "First name",
    "last": "Last name",
    "address": "Street address",
    "city": "City",
    "state": "State or region",
    "zip": "Postal code",
    "phone": "Phone number",
    "url": "Web page",
    "date": "Date",
    "misc": "Other information",
    "text": "Other text",
}
_TYPES = {item.value: item for item in FieldType} | {"jid-multi": FieldType.TEXT_MULTI}


def parse_form(query: ET.Element) -> RegistrationForm:
    """The form that a provider sent."""
    instructions = _limited(query.findtext(f"{{{REGISTER}}}instructions"))
    url = (query.findtext(f"{{{_OOB}}}x/{{{_OOB}}}url") or "").strip()
    if not url.lower().startswith(("https://", "http://")):
        url = ""
    form = query.find(_FORM)
    if form is not None and form.get("type", "form") == "form":
        parts = [_limited(form.findtext(f"{{{_DATA}}}{name}")) for name in ("title", "instructions")]
        text = "\n".join(part for part in parts if part) or instructions
        fields = [_parse_field(field) for field in form.findall(_FIELD)[:_MOST_FIELDS]]
        return RegistrationForm(text, tuple(field for field in fields if field is not None), True, url)
    names = [element.tag.rpartition("}")[2] for element in query if element.tag.startswith(f"{{{REGISTER}}}")]
    legacy = tuple(_legacy_field(name, query) for name in names if name in _LEGACY_LABELS or name == "key")
    return RegistrationForm(instructions, legacy, False, url)


def _legacy_field(name: str, query: ET.Element) -> FormField:
    value = (query.findtext(f"{{{REGISTER}}}{name}") or "").strip()
    values = (value,) if value else ()
    if name == "key":
        return FormField(name, "", FieldType.HIDDEN, values=values)
    type_ = FieldType.TEXT_PRIVATE if name == "password" else FieldType.TEXT_SINGLE
    return FormField(name, _LEGACY_LABELS[name], type_, required=True, values=values)


def _parse_field(field: ET.Element) -> FormField | None:
    name = field.get("var", "")
    type_ = _TYPES.get(field.get("type", "text-single"), FieldType.TEXT_SINGLE)
    if not name and type_ is not FieldType.FIXED:
        return None
    values = tuple(_limited(value.text) for value in field.iterfind(_VALUE))
    if type_ is FieldType.BOOLEAN:
        values = ("1" if values[:1] in (("1",), ("true",)) else "0",)
    options = tuple(
        (_limited(option.get("label")) or value, value)
        for option in field.iterfind(f"{{{_DATA}}}option")
        if (value := option.findtext(_VALUE)) is not None
    )
    return FormField(
        name,
        _limited(field.get("label")) or _LEGACY_LABELS.get(name, name),
        type_,
        required=field.find(f"{{{_DATA}}}required") is not None,
        values=values,
        options=options,
        description=_limited(field.findtext(f"{{{_DATA}}}desc")),
    )


def build_submission(form: RegistrationForm, values: dict[str, list[str]]) -> ET.Element:
    """The filled-in form.

    Raises:
        KnownError: FIELD_REQUIRED, with the field's name as subject.
    """
    query = ET.Element(QUERY)
    parent = query
    if form.is_data_form:
        parent = child(query, _FORM)
        parent.set("type", "submit")
    for field in form.fields:
        if field.type is FieldType.FIXED:
            continue
        filled = list(field.values) if field.type is FieldType.HIDDEN else values.get(field.name, [])
        filled = [value for value in filled if value]
        if not filled and field.required:
            raise KnownError(ErrorKind.FIELD_REQUIRED, subject=field.name)
        if not filled:
            continue
        if form.is_data_form:
            element = child(parent, _FIELD)
            element.set("var", field.name)
            for value in _lines(field, filled):
                child(element, _VALUE, value)
        else:
            child(parent, f"{{{REGISTER}}}{field.name}", filled[0])
    return query


def _lines(field: FormField, filled: list[str]) -> list[str]:
    """A text of several lines is one value a line (XEP-0004 section 3.3)."""
    if field.type is not FieldType.TEXT_MULTI:
        return filled
    return [line for value in filled for line in value.splitlines()]


def _limited(text: str | None) -> str:
    return (text or "").strip()[:_LONGEST_TEXT]
