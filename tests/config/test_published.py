"""What of a configuration a site publishes, and that figures rest on nothing else."""

import re

from generator.config import Config, parse, published, without_ids
from generator.places import token_of
from generator.report.place_owners import PlaceOwners

TEXT = """
version: 1
site: {title: Well}
network: main
units: {fiat: EUR}
sources:
  btcpay:
    - id: pay
      url: "https://pay.example.org/secret2"
      token_env: SECRET4
      stores: [secret5]
      proxy: "socks5h://secret10.example:9050"
      ca_file: secret11.pem
  nostr: {relays: ["wss://relay.example.org/secret6?room=secret7"], auth_key_env: SECRET13}
  indexers: [{url: "https://indexer.example.org/secret8", per_second: 0.19}]
  rates: {provider: btcpay, server: pay, store: secret5}
projects:
  - {slug: well, btcpay: {source: pay, app: secret9}, goal: {fiat: 5000 EUR, period: month}}
  - {slug: shop, btcpay: [{source: pay, pos: secret12}, {source: pay, store: secret5}]}
"""


def test_nothing_private_is_published() -> None:
    config = parse(TEXT)
    text = published(config).model_dump_json()
    assert "secret" in config.model_dump_json()
    assert "secret" not in text.lower()
    for host in ("https://pay.example.org", "wss://relay.example.org", "https://indexer.example.org"):
        assert f'"{host}"' in text


def test_a_token_stands_for_each_id_and_names_the_same_places() -> None:
    config, shown = parse(TEXT), published(parse(TEXT))
    bindings = [binding for project in shown.projects for binding in project.bindings]
    ids = [binding.app or binding.pos or binding.store for binding in bindings]
    assert all(
        re.fullmatch("token-[0-9a-f]{16}", found or "") for found in (*ids, *shown.sources.btcpay[0].stores)
    )
    assert len(set(ids)) == 3
    assert PlaceOwners.of(shown) == PlaceOwners.of(config)


def test_it_reads_back_and_publishing_twice_changes_nothing() -> None:
    once = published(parse(TEXT))
    assert published(once) == once
    assert Config.model_validate_json(once.model_dump_json()) == once
    assert once.projects[0].goal == parse(TEXT).projects[0].goal


def test_a_message_names_stores_and_apps_without_their_ids() -> None:
    config = parse(TEXT)
    public = without_ids(config)
    [server] = config.sources.btcpay
    ids = [*server.stores, *(project.bindings[0].app for project in config.projects if project.bindings)]
    for private_id in filter(None, ids):
        said = public(f"invoices of store {private_id}: refused")
        assert private_id not in said
        assert public(said) == said
        assert public(f"x{private_id}") == f"x{private_id}", "a longer word is another one"
    store = server.stores[0]
    assert public(store) == f"{token_of('store', store)} (store 1 of {server.id})"
