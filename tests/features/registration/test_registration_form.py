"""Forms of providers: what is asked, what is sent back."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from whimbrel.features.registration.form import build_submission, parse_form
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.model.form import FieldType

LEGACY = """<query xmlns='jabber:iq:register'><instructions>Choose.</instructions>
<username/><password/><email/><key>secretkey</key></query>"""

DATA = """<query xmlns='jabber:iq:register'><instructions>old</instructions><username/>
<x xmlns='jabber:x:data' type='form'><title>Join</title><instructions>Read this</instructions>
<field var='FORM_TYPE' type='hidden'><value>jabber:iq:register</value></field>
<field type='fixed'><value>Some words</value></field>
<field var='username' label='Name' type='text-single'><required/></field>
<field var='password' type='text-private'><required/></field>
<field var='about' type='text-multi' label='About you'/>
<field var='news' type='boolean'><value>true</value></field>
<field var='color' type='list-single'>
<option label='Red'><value>r</value></option><option><value>b</value></option></field>
<field var='langs' type='list-multi'><option><value>de</value></option><option><value>fr</value></option></field>
<field var='friend' type='jid-single'><desc>Who invited you</desc></field>
<field var='odd' type='nobody-knows'/></x></query>"""

OOB = """<query xmlns='jabber:iq:register'><instructions>Use the web</instructions>
<x xmlns='jabber:x:oob'><url>{0}</url></x></query>"""


def test_legacy_fields() -> None:
    form = parse_form(ET.fromstring(LEGACY))
    assert (form.instructions, form.is_data_form, form.url) == ("Choose.", False, "")
    assert [(field.name, field.label, field.type) for field in form.fields] == [
        ("username", "Username", FieldType.TEXT_SINGLE),
        ("password", "Password", FieldType.TEXT_PRIVATE),
        ("email", "Email address", FieldType.TEXT_SINGLE),
        ("key", "", FieldType.HIDDEN),
    ]
    sent = build_submission(form, {"username": ["a"], "password": ["p"], "email": ["e"], "not-asked": ["x"]})
    assert {child.tag.rpartition("}")[2]: child.text for child in sent} == {
        "username": "a",
        "password": "p",
        "email": "e",
        "key": "secretkey",
    }


def test_data_form_with_every_type() -> None:
    form = parse_form(ET.fromstring(DATA))
    assert form.is_data_form
    assert form.instructions == "Join\nRead this"
    fields = {field.name: field for field in form.fields}
    assert fields[""].values == ("Some words",)
    assert (fields["username"].label, fields["username"].required) == ("Name", True)
    assert fields["password"].label == "Password"
    assert fields["news"].values == ("1",)
    assert fields["color"].options == (("Red", "r"), ("b", "b"))
    assert fields["friend"].description == "Who invited you"
    assert fields["odd"].type is FieldType.TEXT_SINGLE
    sent = build_submission(
        form, {"username": ["a"], "password": ["p"], "about": ["one\ntwo"], "langs": ["de", "fr"], "news": ["0"]}
    )
    x = sent.find("{jabber:x:data}x")
    assert x is not None
    assert x.get("type") == "submit"
    assert {field.get("var"): [value.text for value in field] for field in x} == {
        "FORM_TYPE": ["jabber:iq:register"],
        "username": ["a"],
        "password": ["p"],
        "about": ["one", "two"],
        "langs": ["de", "fr"],
        "news": ["0"],
    }


def test_missing_required_field_is_named() -> None:
    with pytest.raises(KnownError) as caught:
        build_submission(parse_form(ET.fromstring(DATA)), {"username": ["a"], "password": [""]})
    assert (caught.value.kind, caught.value.subject) == (ErrorKind.FIELD_REQUIRED, "password")


@pytest.mark.parametrize(
    ("url", "shown"), [("https://join.test/?a=b", "https://join.test/?a=b"), ("javascript:alert(1)", ""), ("", "")]
)
def test_web_page_instead(url: str, shown: str) -> None:
    form = parse_form(ET.fromstring(OOB.format(url)))
    assert (form.url, form.fields) == (shown, ())
