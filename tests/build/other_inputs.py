"""What can become of the inputs of a site: another value of each key, and more in each file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

PAGES: Final = Path("content/pages")
SERVER, FUND, PURPOSE = "sources.btcpay.0", "projects.1.btcpay.0", "sources.btcpay.0.purposes.0"
HOOK: Final = {
    "server": "pay",
    "secret_env": "HOOK",
    "repository": "a/b",
    "token_env": "GITHUB",
    "url": "https://hook.example.org",
}
GOAL: Final = {"fiat": "12000 EUR"}
MONTH: Final = {"every": 1, "unit": "month"}
#: By key of config.yaml, what is changed: paths in the configuration, and what stands there then.
CONFIGS: Final[Mapping[str, Mapping[str, object]]] = {
    "version": {"version": 2},
    "site.title": {"site.title": "Another title"},
    "site.titles": {"site.languages": ["en", "de"], "site.titles": {"de": "Ein anderer Titel"}},
    "site.base_url": {"site.base_url": "https://other.example/below"},
    "site.licence": {"site.licence": "CC0-1.0"},
    "site.description": {"site.description": "Another sentence."},
    "site.descriptions": {"site.languages": ["en", "de"], "site.descriptions": {"de": "Ein anderer Satz."}},
    "site.domain": {"site.domain": "other.example", "site.base_url": "https://other.example/"},
    "site.languages": {"site.languages": ["de"]},
    "network": {"network": "main"},
    "units.fiat": {"units.fiat": []},
    "angor.discover": {"angor.discover": "all"},
    "angor.moderation": {"angor.discover": "all", "angor.moderation": "deny", "angor.moderators": ["a" * 64]},
    "angor.moderators": {"angor.discover": "all", "angor.moderation": "deny", "angor.moderators": ["b" * 64]},
    "sources.btcpay.id": {f"{SERVER}.id": "till", f"{FUND}.source": "till"},
    "sources.btcpay.url": {f"{SERVER}.url": "https://till.example.org"},
    "sources.btcpay.token_env": {f"{SERVER}.token_env": "ANOTHER"},
    "sources.btcpay.stores": {f"{SERVER}.stores.1": "AnotherStore"},
    "sources.btcpay.include": {f"{SERVER}.include": ["invoices", "crowdfund"]},
    "sources.btcpay.purposes.pull_payment": {f"{PURPOSE}.pull_payment": "Another", f"{PURPOSE}.name": None},
    "sources.btcpay.purposes.name": {f"{PURPOSE}.name": "Another*"},
    "sources.btcpay.purposes.purpose": {f"{PURPOSE}.purpose": "transfer"},
    "sources.btcpay.purposes.word": {f"{PURPOSE}.word": "another"},
    "sources.btcpay.purposes.project": {f"{PURPOSE}.project": "makers-hall"},
    "sources.btcpay.closed": {f"{SERVER}.closed": True},
    "sources.btcpay.proxy": {f"{SERVER}.proxy": "socks5h://127.0.0.1:9050"},
    "sources.btcpay.ca_file": {f"{SERVER}.ca_file": "missing.pem"},
    "sources.btcpay.verify": {f"{SERVER}.verify": False},
    "sources.btcpay.page_size": {f"{SERVER}.page_size": 10},
    "sources.btcpay.timeout": {f"{SERVER}.timeout": 10},
    "sources.btcpay.key_reason": {f"{SERVER}.key_reason": "it is the key of the till as well"},
    "sources.nostr.relays": {"sources.nostr.relays": ["wss://other.example.org"], "sources.nostr.quorum": 1},
    "sources.nostr.quorum": {"sources.nostr.quorum": 3},
    "sources.nostr.follow": {"sources.nostr.follow": 0},
    "sources.nostr.auth_key_env": {"sources.nostr.auth_key_env": "ANOTHER"},
    "sources.indexers.url": {"sources.indexers.0.url": "https://other.example.org"},
    "sources.indexers.per_second": {"sources.indexers.0.per_second": 0.19},
    "sources.confirmations": {"sources.confirmations": 6},
    "sources.rates.provider": {"sources.rates.provider": ["none"]},
    "sources.rates.file": {"sources.rates.provider": ["csv"], "sources.rates.file": "content/rates.csv"},
    "sources.rates.store": {
        "sources.rates": {"provider": ["btcpay"], "file": None, "store": "Another", "server": "pay"}
    },
    "sources.rates.server": {
        "sources.rates": {"provider": ["btcpay"], "file": None, "store": "Another", "server": "nobody"}
    },
    "projects.slug": {"projects.0.slug": "another-roof"},
    "projects.title": {"projects.0.title": "Another title"},
    "projects.titles": {"site.languages": ["en", "de"], "projects.0.titles": {"de": "Ein anderer Titel"}},
    "projects.angor": {"projects.1.angor": None},
    "projects.btcpay.source": {f"{FUND}.source": "nobody"},
    "projects.btcpay.app": {f"{FUND}.app": "AnotherApp"},
    "projects.btcpay.pos": {f"{FUND}.app": None, f"{FUND}.pos": "AnotherTill"},
    "projects.btcpay.payment_request": {f"{FUND}.app": None, f"{FUND}.payment_request": "AnotherRequest"},
    "projects.btcpay.store": {
        f"{FUND}.app": None,
        f"{FUND}.store": "VHm1wvPCr5jht934VJgh9CUkUqkHXyWpanRE4MpKkwhg",
    },
    "projects.btcpay.old_till": {f"{FUND}.app": None, f"{FUND}.pos": "AnotherTill", f"{FUND}.old_till": True},
    "projects.give": {"projects.1.give": "https://donate.example.org/apps/A/crowdfund"},
    "projects.goal.sats": {"projects.0.goal": {"sats": 10**9}},
    "projects.goal.fiat": {"projects.1.goal": GOAL},
    "projects.goal.deadline": {"projects.0.goal": {"deadline": "2026-12-31"}},
    "projects.goal.period.every": {"projects.1.goal": GOAL | {"period": MONTH | {"every": 3}}},
    "projects.goal.period.unit": {"projects.1.goal": GOAL | {"period": MONTH}},
    "projects.goal.period.start": {"projects.1.goal": GOAL | {"period": MONTH | {"start": "2026-01-09"}}},
    "privacy.rows": {"privacy.rows": "payment"},
    "privacy.min_group": {"privacy.min_group": 5},
    "privacy.round_to_sats": {"privacy.round_to_sats": 1000},
    "privacy.publish_delay_hours": {"privacy.publish_delay_hours": 48},
    "quality.max_age_hours": {"quality.max_age_hours": 48},
    "quality.on_source_failure": {"quality.on_source_failure": "fail"},
    "quality.forbid_total_drop": {"quality.forbid_total_drop": False},
    "publish.refresh_hours": {"publish.refresh_hours": 12},
    "publish.extras": {"publish.extras": "all"},
    "publish.mode": {"publish.mode": "artifact"},
    "alerts.issues": {"alerts.issues": False},
    "alerts.after_runs": {"alerts.after_runs": 3},
    "accepted.place": {"accepted.3.place": "solar-roof"},
    "accepted.reason": {"accepted.3.reason": "This is known for another reason"},
    "hook.server": {"hook": HOOK},
    "hook.secret_env": {"hook": HOOK | {"secret_env": "ANOTHER"}},
    "hook.url": {"hook": HOOK | {"url": None}},
    "hook.action": {"hook": HOOK | {"action": "build"}},
    "hook.repository": {"hook": HOOK | {"repository": "a/c"}},
    "hook.workflow": {"hook": HOOK | {"workflow": "other.yml"}},
    "hook.ref": {"hook": HOOK | {"ref": "other"}},
    "hook.token_env": {"hook": HOOK | {"token_env": "ANOTHER"}},
    "hook.debounce_s": {"hook": HOOK | {"debounce_s": 60}},
    "hook.api": {"hook": HOOK | {"api": "https://github.example.org/api"}},
}
#: What is appended to a template, by the end of its name.
MORE: Final = {
    "html": b"\n{{ '<!-- edited -->' | safe }}\n",
    "css": b"\np{color:red}\n",
    "svg": b"<!-- edited -->\n",
}
