"""The shipped `config.yaml`: servers in one form, different, of several operators, none dead."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from generator.addresses import host_of, operator_of, server_key
from generator.config import parse
from generator.config.source_settings import NostrConfig, SourcesConfig

TEXT = (Path(__file__).parents[2] / "config.yaml").read_text()
#: Hosts that were gone when the servers were chosen.
DEAD = (
    "electrs.angor.online",
    "indexer.angor.fund",
    "liquid.angor.online",
    "signet2.angor.online",
    "yakihonne.com",
)


def sources() -> tuple[SourcesConfig, NostrConfig]:
    found = parse(TEXT).sources
    assert found.nostr is not None
    return found, found.nostr


def test_every_address_is_canonical_and_different() -> None:
    found, nostr = sources()
    for url in (*nostr.relays, *found.indexer_urls):
        assert urlsplit(url).scheme in ("https", "wss")
        assert server_key(url) == host_of(url) == url.partition("://")[2], url
    assert len(set(map(server_key, found.indexer_urls))) == len(found.indexer_urls) >= 3
    assert len(set(map(server_key, nostr.relays))) == len(nostr.relays) >= 4


def test_several_operators_stand_behind_them() -> None:
    found, nostr = sources()
    first, witness = map(operator_of, found.indexer_urls[:2])
    assert first != witness
    relays = Counter(map(operator_of, nostr.relays))
    assert len(relays) >= 3
    assert max(relays.values()) < nostr.quorum < len(nostr.relays)


def test_none_is_known_to_be_dead_and_each_has_a_dated_reason() -> None:
    found, nostr = sources()
    for url in (*nostr.relays, *found.indexer_urls):
        assert not host_of(url).endswith(DEAD)
        [line] = [line for line in TEXT.splitlines() if line.strip().startswith(f"- {url} ")]
        assert re.search(r" # .{10,}", line), url
        assert re.search(r"20\d\d-\d\d-\d\d", line), url
