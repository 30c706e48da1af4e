"""A short run of the fuzzer, always the same; the long one is ``packaging/test --fuzz``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.mutate import may_end_stream
from tests.fuzz.run import Run, describe
from tests.fuzz.streams import read_stanzas, to_text
from tests.helpers.certificates import Authority


async def test_mutated_stanzas_harm_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    report = await Run("short", 2_000, authority, tmp_path).run()
    assert not report.findings, describe(report)
    assert report.counts["stanzas"] >= 2_000 * 0.8
    assert report.counts["connections"] > 1


def test_recorded_streams_are_whole() -> None:
    stanzas = read_stanzas()
    names = {stanza.tag.rpartition("}")[2] for stanza in stanzas}
    texts = [to_text(stanza) for stanza in stanzas]
    assert names >= {"message", "presence", "iq", "r", "a", "enabled"}
    for inside in ("carbons:2", "mam:2", "pubsub#event", 'type="error"', "jabber:iq:roster", "mds:displayed"):
        assert any(inside in text for text in texts)
    assert sum(not may_end_stream(text.encode()) for text in texts) > 60


@pytest.mark.parametrize(
    "text", ["<message>", "</message>", "<message/><!-- x -->", "<r xmlns='urn:xmpp:sm:3'/>", "&x;"]
)
def test_what_may_end_a_stream_is_known(text: str) -> None:
    assert may_end_stream(text.encode())
