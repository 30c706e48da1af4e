"""A private Prosody with two providers, Alice's roster and everybody's account."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.certificates import Authority
from tests.helpers.prosody_data import write_account, write_roster
from tests.helpers.servers import Prosody

from demo.people import DOMAIN, OTHER_DOMAIN, OWNER, PEOPLE, STRANGER

_LARGEST_FILE = 20_000_000  # bytes


def start_server(folder: Path, password: str) -> Prosody:
    """Start the server; everybody has the same password, which nobody else knows.

    Raises:
        tests.helpers.servers.ServerFailed: where it does not come up.
    """
    authority = Authority(folder / "authority")
    other = authority.issue(OTHER_DOMAIN)
    extra = f'VirtualHost "{OTHER_DOMAIN}"\n  ssl = {{ certificate = "{other.chain}"; key = "{other.key}"; }}\n'
    data = folder / "server" / "data"
    write_account(data, DOMAIN, OWNER, password)
    write_account(data, OTHER_DOMAIN, STRANGER, password)
    write_roster(data, DOMAIN, OWNER, {person.jid: (person.name, person.groups) for person in PEOPLE})
    for person in PEOPLE:
        write_account(data, DOMAIN, person.local, password)
        write_roster(data, DOMAIN, person.local, {f"{OWNER}@{DOMAIN}": ("Alice", ("Friends",))})
    return Prosody(folder / "server", DOMAIN, authority=authority, extra=extra, largest_file=_LARGEST_FILE)
