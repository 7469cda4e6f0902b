"""Each server stands once, however its address is written; who stands behind it is its registrable domain."""

import pytest

from generator.addresses import operator_of, server_key
from generator.config import Config, parse
from generator.errors import ConfigError

TEXT = """\
version: 1
site: {{title: Example}}
network: main
angor: {{discover: all}}
sources:
  nostr:
    quorum: 2
    relays:
      - wss://relay.example.org
      - {relay}
  indexers:
    - https://indexer.example.org
    - {indexer}
  btcpay:
    - {{id: a, url: https://pay.example.org, token_env: ONE, stores: [A]}}
    - {{id: b, url: {btcpay}, token_env: {key}, stores: [B]}}
"""
GOOD = {
    "relay": "wss://two.example.org",
    "indexer": "https://two.example.org",
    "btcpay": "https://two.example.org",
    "key": "ONE",
}


def read(**changed: str) -> Config:
    return parse(TEXT.format(**{**GOOD, **changed}))


def problems(**changed: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(**changed)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "pair",
    [
        ("https://a.example.org", "https://a.example.org/"),
        ("https://a.example.org", "https://A.Example.org."),
        ("https://a.example.org", "https://a.example.org:443//"),
        ("https://a.example.org", "http://a.example.org:80"),
        ("wss://a.example.org", "ws://a.example.org"),
        ("http://localhost:3000", "http://127.0.0.1:3000"),
        ("http://localhost:3000", "http://[::1]:3000"),
        ("http://localhost:3000", "http://127.1:3000/"),
        ("http://127.0.0.1:3000", "http://2130706433:3000"),
        ("http://[::ffff:192.0.2.1]", "http://192.0.2.1"),
        ("http://[2001:db8::1]", "http://[2001:0DB8:0:0::1]"),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example"),
        ("https://a.example.org/%7Eme", "https://a.example.org/~me"),
    ],
    ids=" ".join,
)
def test_spellings_of_one_address_are_one(pair: tuple[str, str]) -> None:
    assert server_key(pair[0]) == server_key(pair[1])


@pytest.mark.parametrize(
    "pair",
    [
        ("https://a.example.org", "https://b.example.org"),
        ("http://localhost:3000", "http://localhost:3001"),
        ("wss://a.example.org/inbox", "wss://a.example.org/outbox"),
        ("https://a.example.org/one", "https://a.example.org/One"),
    ],
    ids=" ".join,
)
def test_what_differs_stays_apart(pair: tuple[str, str]) -> None:
    assert server_key(pair[0]) != server_key(pair[1])


def test_an_indexers_prefix_is_no_part_of_it() -> None:
    keys = {server_key(f"https://a.example.org{path}", indexer=True) for path in ("", "/api", "/api/v1/")}
    assert keys == {"a.example.org"}
    assert server_key("https://a.example.org/testnet/api", indexer=True) == "a.example.org/testnet"
    assert server_key("https://a.example.org/api") != server_key("https://a.example.org")


def test_a_server_that_stands_twice_is_named_with_both_lines() -> None:
    assert len(read().sources.btcpay) == 2
    assert problems(relay="wss://Relay.example.org:443/") == [
        "config.yaml:10:9: this relay stands in line 9 already, in another spelling; "
        "a server that is asked twice agrees with itself: keep one"
    ]
    assert problems(indexer="https://indexer.example.org/api") == [
        "config.yaml:13:7: this indexer stands in line 12 already, in another spelling; "
        "a server that is asked twice agrees with itself: keep one"
    ]
    assert problems(indexer="https://indexer.example.org")[0].startswith(
        "config.yaml:13:7: this indexer stands in line 12 already; a server"
    )


def test_a_btcpay_server_stands_once_for_each_key() -> None:
    assert len(read(btcpay="https://pay.example.org", key="TWO").sources.btcpay) == 2
    [problem] = problems(btcpay="https://PAY.example.org/")
    assert "this BTCPay server stands in line 15 already, in another spelling, with the same key" in problem
    assert problem.startswith("config.yaml:16:")


def test_credentials_and_unreadable_addresses_are_refused() -> None:
    [problem] = problems(indexer="https://me:hush@two.example.org")
    assert "holds a name or password: this file is public, take it out" in problem
    assert "hush" not in problem
    assert "the address of this relay cannot be read" in problems(relay="wss://two.example.org:port")[0]


@pytest.mark.parametrize(
    ("url", "operator"),
    [
        ("https://fulcrum.angor.online", "angor.online"),
        ("wss://relay2.angor.io/path", "angor.io"),
        ("https://mempool.space", "mempool.space"),
        ("https://pay.example.co.uk", "example.co.uk"),
        ("https://a.b.example.de", "example.de"),
        ("https://192.0.2.7:8080", "192.0.2.7"),
        ("http://[2001:db8::1]", "2001:db8::1"),
        ("http://127.0.0.1:9", "localhost"),
    ],
)
def test_an_operator_is_a_registrable_domain(url: str, operator: str) -> None:
    assert operator_of(url) == operator
