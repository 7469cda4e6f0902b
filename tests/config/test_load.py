"""A broken config.yaml tells everything at once: where, what, and what is allowed."""

import json

import pytest

from generator.config import Config, parse, schema, secrets
from generator.config.yaml_reader import read_yaml
from generator.errors import ConfigError

GOOD = """\
version: 1
site: {title: Example}
network: main
units: {fiat: EUR}
sources:
  btcpay:
    - id: pay
      url: https://pay.example.org/btcpay/
      token_env: BTCPAY_TOKEN
      stores: [9xA]
  nostr:
    relays: [wss://relay.example.org]
  indexers: [https://indexer.example.org]
projects:
  - slug: well
    btcpay: {source: pay, app: 2mP}
    goal: {fiat: 12000 EUR, deadline: 2027-03-31}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_is_a_value() -> None:
    config = parse(GOOD)
    assert config.sources.btcpay[0].url == "https://pay.example.org/btcpay"
    assert str(config.projects[0].goal.value) == "(Decimal('12000'), 'EUR')"
    assert config.privacy.min_group == 5


def test_a_project_is_bound_to_one_place_or_a_list_of_them() -> None:
    [alone] = parse(GOOD).projects[0].bindings
    listed = parse(
        GOOD.replace("{source: pay, app: 2mP}", "[{source: pay, app: 2mP}, {source: pay, store: 9xA}]")
    )
    assert listed.projects[0].bindings[0] == alone
    assert [binding.kind for binding in listed.projects[0].bindings] == ["crowdfund", "store"]
    assert parse(
        GOOD.replace("    btcpay: {source: pay, app: 2mP}", "    btcpay: [{source: pay, app: 2mP}]")
    ) == parse(GOOD)


@pytest.mark.parametrize(
    ("said", "start", "every"),
    [
        ("month", "2000-01-01", 1),
        ("{every: 3, unit: month}", "2000-01-01", 3),
        ("{every: 14, unit: day, start: 2026-01-05}", "2026-01-05", 14),
    ],
)
def test_a_goal_may_begin_anew(said: str, start: str, every: int) -> None:
    goal = parse(GOOD.replace("deadline: 2027-03-31", f"period: {said}")).projects[0].goal
    assert goal is not None
    assert goal.period is not None
    rule = goal.period.recurrence
    assert (f"{rule.start:%Y-%m-%d}", rule.every) == (start, every)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "site: {title: Example}",
            "site: {titel: Example}",
            [
                "config.yaml:2:1: key 'title' is missing in site: add title: Village well",
                "config.yaml:2:8: unknown key 'titel', did you mean 'title'?; "
                "allowed: title, titles, base_url, domain, licence, description, descriptions, languages",
            ],
        ),
        (
            "network: main",
            "network: mian",
            [
                "config.yaml:3:1: network is 'mian', did you mean 'main'?; "
                "allowed: main, angornet, signet, testnet4, regtest"
            ],
        ),
        (
            "stores: [9xA]",
            "stores: [0x1f]",
            ["config.yaml:10:16: sources.btcpay[0].stores[0] is 0x1f: must be text; put it in quotes"],
        ),
        (
            "https://pay.example.org/btcpay/",
            "http://pay.example.org/btcpay/",
            [
                "config.yaml:8:7: sources.btcpay[0].url: plain http would show the API key to everyone on "
                "the way; use https"
            ],
        ),
        (
            "https://pay.example.org/btcpay/",
            "http://abc234.onion/btcpay/",
            [
                "config.yaml:8:7: sources.btcpay[0].url: an onion host is reached through Tor only: "
                "add proxy: socks5h://127.0.0.1:9050"
            ],
        ),
        (
            "      url: https://pay.example.org/btcpay/",
            "      url: http://abc234.onion/btcpay/\n      proxy: socks5://127.0.0.1:9050",
            [
                "config.yaml:9:7: sources.btcpay[0].proxy: socks5 cannot look up an onion host: "
                "use proxy: socks5h://127.0.0.1:9050"
            ],
        ),
        (
            "      url: https://pay.example.org/btcpay/",
            "      url: https://pay.example.org/btcpay/\n      verify: false",
            [
                "config.yaml:9:7: sources.btcpay[0].verify: an unchecked certificate shows the API key to "
                "whoever is on the way: leave verify out, or give ca_file for a certificate of your own"
            ],
        ),
        (
            "      url: https://pay.example.org/btcpay/",
            "      url: https://pay.example.org/btcpay/\n      proxy: tor",
            [
                "config.yaml:9:7: sources.btcpay[0].proxy is 'tor': "
                "must be a proxy's address such as socks5h://127.0.0.1:9050; "
                "its beginning is missing: write socks5h:// before it"
            ],
        ),
        (
            "source: pay,",
            "source: payy,",
            [
                "config.yaml:16:14: projects[0].btcpay.source: 'payy' is not in sources.btcpay, "
                "did you mean 'pay'?; allowed: pay"
            ],
        ),
        (
            "btcpay: {source: pay, app: 2mP}",
            "btcpay: {source: pay, apq: 2mP}",
            [
                "config.yaml:16:27: unknown key 'apq', did you mean 'app'?; "
                "allowed: source, app, pos, payment_request, store, old_till",
            ],
        ),
        (
            "btcpay: {source: pay, app: 2mP}",
            "btcpay: [{source: pay, app: 2mP}, {source: pey, app: 2mP}]",
            [
                "config.yaml:16:40: projects[0].btcpay[1].source: 'pey' is not in sources.btcpay, "
                "did you mean 'pay'?; allowed: pay",
                "config.yaml:16:53: projects[0].btcpay[1].app: '2mP' is bound by projects[0].btcpay[0] "
                "already; its money counts for one project only: keep one of the two",
            ],
        ),
        (
            "    goal: {fiat: 12000 EUR, deadline: 2027-03-31}\n",
            "  - slug: pump\n    btcpay: {source: pay, app: 2mP}\n",
            [
                "config.yaml:18:27: projects[1].btcpay.app: '2mP' is bound by projects[0].btcpay already; "
                "its money counts for one project only: keep one of the two"
            ],
        ),
        (
            "  nostr:\n",
            "    - {id: old, url: 'https://old.example', token_env: T, stores: [other, 9xA]}\n  nostr:\n",
            [
                "config.yaml:11:75: sources.btcpay[1].stores[1]: store '9xA' of 'old' is listed by "
                "sources.btcpay[0].stores[0] ('pay') already: keep one of the two; "
                "a server that moved keeps its entry, with another url"
            ],
        ),
        (
            "stores: [9xA]",
            "stores: [9xA, 9xA]",
            [
                "config.yaml:10:21: sources.btcpay[0].stores[1]: store '9xA' of 'pay' is listed by "
                "sources.btcpay[0].stores[0] ('pay') already: keep one of the two; "
                "a server that moved keeps its entry, with another url"
            ],
        ),
        (
            "  - slug: well\n",
            "  - slug: well\n    slug: pump\n",
            ["config.yaml:16:5: key 'slug' stands twice; the first is in line 15: keep one of them"],
        ),
        (
            "units: {fiat: EUR}\n",
            "units: {{fiat: EUR}: USD}\n",
            [
                "config.yaml:4:9: a list or a group of keys stands where a key is expected: "
                "write a word and a colon, and put a text that begins with a bracket in quotes"
            ],
        ),
        (
            "units: {fiat: EUR}\n",
            "units: &all {fiat: [*all]}\n",
            [
                "config.yaml:4:1: nested too deep: does an alias (*name) stand inside of what it names? "
                "Write it out there",
                "config.yaml:4:8: units.fiat[0]: must be the code of a currency, three capital letters, "
                "such as EUR; write one value, without brackets and dashes",
            ],
        ),
        (
            "network: main\n",
            "network: main\nquality: {max_age_hours: 12}\n",
            [
                "config.yaml:4:11: quality.max_age_hours: publish.refresh_hours is 24 and "
                "quality.max_age_hours 12: refresh must be less, else a quiet healthy source would look stale"
            ],
        ),
        (
            "btcpay: {source: pay, app: 2mP}",
            "btcpay: {source: pay, app: 2mP}\n    give: https://evil.example/apps/2mP/crowdfund",
            [
                "config.yaml:17:5: projects[0].give: 'evil.example' is not where this report reads the "
                "project's money: give a page on the project's own server, pay.example.org"
            ],
        ),
        (
            "network: main",
            "network: [",
            ["config.yaml:3:10: a bracket [ opens here and nothing closes it: write ] at its end"],
        ),
        (
            "btcpay: {source: pay, app: 2mP}",
            "angor: angor1qzz",
            [
                "config.yaml:16:5: projects[0].angor is 'angor1qzz': must be the identifier of an Angor "
                "project, 45 letters, such as angor1q3u8tpryr3sq4n2vx2f05e93u9905au09hsgtxm; "
                "this one has 9 letters instead of 45: copy it again"
            ],
        ),
        (
            "deadline: 2027-03-31",
            "period: {every: 7, unit: day}",
            [
                "config.yaml:17:29: projects[0].goal.period: give start: no calendar says on which day each "
                "7 days begin; write start: 2027-01-01 beside it"
            ],
        ),
        (
            "fiat: 12000 EUR, deadline: 2027-03-31",
            "period: month",
            [
                "config.yaml:17:5: projects[0].goal: give sats or fiat beside period: what each period asks "
                "for"
            ],
        ),
        (
            "deadline: 2027-03-31",
            "period: week",
            ["config.yaml:17:29: projects[0].goal.period.unit is 'week'; allowed: day, month, year"],
        ),
    ],
)
def test_each_mistake_names_its_place(old: str, new: str, expected: list[str]) -> None:
    assert old in GOOD
    assert problems(GOOD.replace(old, new)) == expected


def test_all_problems_come_at_once_in_order() -> None:
    text = GOOD.replace("network: main", "network: mian").replace("source: pay,", "source: payy,")
    found = problems(text.replace("token_env: BTCPAY_TOKEN", "token_env: btcpay-token"))
    assert [line.split(":")[1] for line in found] == ["3", "9", "16"]


def test_an_empty_file_is_a_problem() -> None:
    [only] = problems("")
    assert only.startswith("config.yaml:1:1: the file is empty")


def test_a_missing_secret_names_variable_rights_and_place() -> None:
    config = parse(GOOD)
    with pytest.raises(ConfigError) as caught:
        secrets(config, {}, read_yaml(GOOD, "config.yaml"))
    text = str(caught.value)
    assert text.startswith("config.yaml:9:7: environment variable BTCPAY_TOKEN is not set")
    assert "btcpay.store.canviewinvoices:9xA" in text
    assert "API keys" in text


def test_a_key_for_ids_is_asked_for_only_where_ids_are_keyed() -> None:
    config = parse(GOOD + "privacy: {rows: payment}\n")
    document = read_yaml(GOOD, "config.yaml")
    with pytest.raises(ConfigError, match="SUNLIT_ID_KEY"):
        secrets(config, {"BTCPAY_TOKEN": "t"}, document)
    assert secrets(parse(GOOD), {"BTCPAY_TOKEN": " t "}, document) == {"BTCPAY_TOKEN": "t"}


def test_a_key_for_relays_is_asked_for_where_it_is_named_and_must_be_one() -> None:
    text = GOOD.replace("relays:", "auth_key_env: NOSTR_KEY\n    relays:", 1)
    config, document = parse(text), read_yaml(text, "config.yaml")
    with pytest.raises(ConfigError, match="environment variable NOSTR_KEY is not set: it holds the secret"):
        secrets(config, {"BTCPAY_TOKEN": "t"}, document)
    with pytest.raises(ConfigError, match="NOSTR_KEY must hold a Nostr secret key") as caught:
        secrets(config, {"BTCPAY_TOKEN": "t", "NOSTR_KEY": "hunter2"}, document)
    assert "hunter2" not in str(caught.value)
    assert secrets(config, {"BTCPAY_TOKEN": "t", "NOSTR_KEY": "01" * 32}, document)["NOSTR_KEY"] == "01" * 32


def test_the_schema_knows_every_key_and_describes_it() -> None:
    document = schema()
    assert json.dumps(document)
    properties = document["properties"]
    assert set(properties) == set(Config.model_fields)
    definitions = document["$defs"]
    undescribed = [
        f"{name}.{key}"
        for name, model in definitions.items()
        for key, field in model.get("properties", {}).items()
        if "description" not in field
    ]
    assert undescribed == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("7", "keys source, app, pos, payment_request, store, old_till, or a list of such"),
        ("[7]", "btcpay[0] is 7: expected {key: value, …} with some of the keys source, app"),
        ("[]", "give angor, btcpay or both"),
        ("[{source: pay}]", "btcpay[0]: give exactly one of app (a crowdfund)"),
        ("{source: pay, application: A}", "unknown key 'application'"),
    ],
)
def test_a_binding_of_a_wrong_shape_is_told_what_is_allowed(written: str, said: str) -> None:
    text = f"""\
version: 1
site: {{title: T}}
network: main
sources:
  btcpay: [{{id: pay, url: "https://pay.example.org", token_env: T, stores: [StoreAAAAAAAAAAAA]}}]
projects:
  - {{slug: p, btcpay: {written}}}
"""
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert said in str(caught.value)
    assert "tuple" not in str(caught.value)
    assert "dictionary" not in str(caught.value)


def test_a_slip_in_an_identifier_is_told_with_its_place() -> None:
    name = "angor1q3u8tpryr3sq4n2vx2f05e93u9905au09hsgtxm"
    text = GOOD.replace("    btcpay: {source: pay, app: 2mP}\n", f"    angor: {name}\n")
    assert parse(text).projects[0].angor == name
    swapped = name[:20] + name[21] + name[20] + name[22:]
    [problem] = problems(text.replace(name, swapped))
    assert problem.startswith(f"config.yaml:16:5: projects[0].angor is '{swapped}': its checksum is wrong")
    assert "39 letters instead of 45: copy it again" in problems(text.replace(name, name[:-6]))[0]


SHARED = """\
    - &usual
      id: pay
      url: https://pay.example.org
      token_env: BTCPAY_TOKEN
      stores: [9xA]
"""


def test_merge_keys_bring_what_is_not_written_here() -> None:
    start, end = GOOD.index("    - id: pay"), GOOD.index("  nostr:")
    text = (
        GOOD[:start]
        + SHARED
        + "    - <<: *usual\n      id: shop\n      token_env: B\n      stores: [B]\n"
        + GOOD[end:]
    )
    pay, shop = parse(text).sources.btcpay
    assert (shop.id, shop.url, shop.token_env, shop.stores) == ("shop", pay.url, "B", ("B",))
    listed = parse(text.replace("<<: *usual", "<<: [*usual]"))
    assert listed.sources.btcpay == (pay, shop)


def test_a_mistake_in_what_is_merged_stands_where_it_is_written() -> None:
    start, end = GOOD.index("    - id: pay"), GOOD.index("  nostr:")
    text = GOOD[:start] + SHARED.replace("https", "htps") + "    - <<: *usual\n      id: shop\n" + GOOD[end:]
    assert [line.split(":")[1] for line in problems(text) if "htps" in line] == ["9", "9"]
    [wrong] = [line for line in problems(text.replace("<<: *usual", "<<: usual")) if "<<" in line]
    assert wrong.startswith("config.yaml:12:11: behind << stands no group of keys: write <<: *name")
