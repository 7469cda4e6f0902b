"""Each server stands once, however its address is written; who stands behind it is its registrable domain."""

import pytest
from jsonschema import Draft202012Validator

from generator.addresses import operator_of, server_key
from generator.config import Config, parse
from generator.config.load import schema
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
        ("http://localhost:3000", "http://0.0.0.0:3000"),
        ("http://localhost:3000", "http://[::]:3000"),
        ("https://a.example.org", "https://a.example.org\u3002/"),
        ("https://a.example.org/b", "https://a.example.org/./c/../b/"),
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


def test_an_indexer_is_an_address_or_says_its_rate() -> None:
    plain, limited = read(indexer="{url: https://two.example.org/, per_second: 0.19}").sources.indexers
    assert (plain.url, plain.per_second) == ("https://indexer.example.org", None)
    assert (limited.url, limited.per_second) == ("https://two.example.org", 0.19)
    [twice] = problems(indexer="{url: https://Indexer.example.org/api, per_second: 3}")
    assert twice.startswith("config.yaml:13:8: this indexer stands in line 12 already, in another spelling")
    [named] = problems(indexer="{url: https://me:hush@two.example.org}")
    assert "holds a name or password" in named


def test_the_schema_takes_both_forms_of_an_indexer() -> None:
    both = ["https://a.example.org", {"url": "https://b.example.org", "per_second": 0.19}]
    allowed = Draft202012Validator({"$defs": schema()["$defs"], "$ref": "#/$defs/SourcesConfig"})
    assert allowed.is_valid({"indexers": both})
    for wrong in (5, {"per_second": 3}, {"url": "https://b.example.org", "per_second": 0}):
        assert not allowed.is_valid({"indexers": [wrong]})


@pytest.mark.parametrize("rate", ["0", "-1", "fast", '"3"', "true", ".nan", ".inf", "0.001", "1e6", "[3]"])
def test_a_rate_that_is_none_is_refused_and_the_allowed_ones_are_said(rate: str) -> None:
    [problem] = problems(indexer=f"{{url: https://two.example.org, per_second: {rate}}}")
    assert problem.startswith("config.yaml:13:38: sources.indexers[1].per_second")
    assert problem.endswith(
        "must be requests a second, a number from 0.01 to 1000 such as 0.19 (700 an hour)"
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("ftp://two.example.org", "[1] is 'ftp://two.example.org': must be an http(s) address such as"),
        (
            "5",
            "[1] is 5: must be an address such as https://mempool.space, or {url: address, per_second: n",
        ),
        ("{url: x}", "[1].url is 'x': must be an http(s) address"),
        ("{per_second: 3}", "key 'url' is missing in sources.indexers[1]"),
        ("{url: https://two.example.org, rate: 3}", "unknown key 'rate'; allowed: url, per_second"),
    ],
)
def test_an_entry_of_another_form_is_refused_and_the_forms_are_said(entry: str, said: str) -> None:
    assert any(said in problem for problem in problems(indexer=entry))


def test_credentials_and_unreadable_addresses_are_refused() -> None:
    [problem] = problems(indexer="https://me:hush@two.example.org")
    assert "holds a name or password: this file is public, take it out" in problem
    assert "hush" not in problem
    assert (
        "its port, behind the colon, must be a number from 1 to 65535"
        in problems(relay="wss://two.example.org:port")[0]
    )


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
