"""SRV records of both kinds become an order of targets."""

from __future__ import annotations

from collections.abc import Sequence

import aiodns
import pycares
import pytest

from whimbrel.model.account import ConnectionSettings, Security
from whimbrel.model.errors import ErrorKind, KnownError
from whimbrel.xmpp.resolver import DnsLookup, Srv, Target, find_targets


class Records:
    """A name server that knows these records."""

    def __init__(self, **records: Sequence[Srv]) -> None:
        self._records = records

    async def srv(self, name: str) -> Sequence[Srv]:
        service, _, rest = name.partition("._tcp.")
        assert rest in ("example.test", "xn--bcher-kva.test")
        return self._records.get(service.strip("_").replace("-", "_"), ())


AUTOMATIC = ConnectionSettings()

BOTH = Records(
    xmpps_client=[Srv(5, 0, 443, "a"), Srv(20, 0, 5223, "late")],
    xmpp_client=[Srv(5, 0, 5222, "b"), Srv(1, 0, 5222, "first")],
)


async def targets(records: Records, settings: ConnectionSettings = AUTOMATIC) -> list[Target]:
    return await find_targets("example.test", settings, records)


async def test_both_kinds_are_merged_by_priority_direct_tls_first() -> None:
    assert await targets(BOTH) == [
        Target("first", 5222, False),
        Target("a", 443, True),
        Target("b", 5222, False),
        Target("late", 5223, True),
    ]


async def test_chosen_security_leaves_out_the_other_kind() -> None:
    assert {t.direct for t in await targets(BOTH, ConnectionSettings(security=Security.DIRECT_TLS))} == {True}
    assert {t.direct for t in await targets(BOTH, ConnectionSettings(security=Security.STARTTLS))} == {False}


async def test_weight_draws_the_heavier_one_first_more_often() -> None:
    records = Records(xmpp_client=[Srv(0, 1, 5222, "light"), Srv(0, 9, 5222, "heavy"), Srv(0, 0, 5222, "never")])
    drawn = [[t.host for t in await targets(records)] for _ in range(300)]
    assert 200 < sum(order[0] == "heavy" for order in drawn) < 299
    assert all(order[-1] == "never" for order in drawn)


async def test_without_records_the_domain_itself_is_tried() -> None:
    assert await targets(Records()) == [Target("example.test", 5222, False)]
    idn = await find_targets("bücher.test", ConnectionSettings(), Records())
    assert idn == [Target("xn--bcher-kva.test", 5222, False)]


async def test_a_dot_means_not_offered() -> None:
    no_direct = Records(xmpps_client=[Srv(0, 0, 0, "")])
    assert await targets(no_direct, ConnectionSettings(security=Security.STARTTLS))
    with pytest.raises(KnownError) as caught:
        await targets(Records(xmpp_client=[Srv(0, 0, 0, "")]))
    assert caught.value.kind is ErrorKind.HOST_UNKNOWN


async def test_host_and_port_that_are_given_are_used() -> None:
    given = ConnectionSettings(host="chat.test", port=443)
    assert await targets(Records(), given) == [Target("chat.test", 443, True), Target("chat.test", 443, False)]
    assert await targets(BOTH, ConnectionSettings(port=5555, security=Security.STARTTLS)) == [
        Target("example.test", 5555, False)
    ]


async def test_where_the_system_lets_nobody_ask_there_are_no_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: object) -> None:
        raise pycares.AresError(pycares.errno.ARES_EFILE, "cannot read the configuration")

    monkeypatch.setattr(aiodns, "DNSResolver", refuse)
    assert await DnsLookup().srv("_xmpp-client._tcp.example.org") == ()
