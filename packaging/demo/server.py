"""A private Prosody with two providers, Alice's roster and everybody's account."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tests.helpers.certificates import Authority
from tests.helpers.servers import Prosody

from demo.people import DOMAIN, OTHER_DOMAIN, OWNER, PEOPLE, STRANGER, Person


def start_server(folder: Path, password: str) -> Prosody:
    """Start the server; everybody has the same password, which nobody else knows.

    Raises:
        tests.helpers.servers.ServerFailed: where it does not come up.
    """
    authority = Authority(folder / "authority")
    other = authority.issue(OTHER_DOMAIN)
    extra = f'VirtualHost "{OTHER_DOMAIN}"\n  ssl = {{ certificate = "{other.chain}"; key = "{other.key}"; }}\n'
    data = folder / "server" / "data"
    _write(data, DOMAIN, "accounts", OWNER, {"password": password})
    _write(data, OTHER_DOMAIN, "accounts", STRANGER, {"password": password})
    _write(data, DOMAIN, "roster", OWNER, _roster(PEOPLE))
    for person in PEOPLE:
        _write(data, DOMAIN, "accounts", person.local, {"password": password})
        _write(data, DOMAIN, "roster", person.local, _roster([Person(OWNER, "Alice", ("Friends",))]))
    return Prosody(folder / "server", DOMAIN, authority=authority, extra=extra)


def _roster(people: Iterable[Person]) -> dict[str, object]:
    return {
        person.jid: {"subscription": "both", "name": person.name, "groups": dict.fromkeys(person.groups, True)}
        for person in people
    }


def _write(data: Path, domain: str, store: str, local: str, value: dict[str, object]) -> None:
    """A file of Prosody's internal storage: a Lua table."""
    folder = data / domain.replace(".", "%2e") / store
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{local}.dat").write_text(f"return {_lua(value)};\n", "utf-8")


def _lua(value: object) -> str:
    if isinstance(value, dict):
        return "{" + " ".join(f"[{_lua(key)}] = {_lua(item)};" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
