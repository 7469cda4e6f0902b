"""Each input of a site changed in turn: a build from what the last one left gives what a clean one gives."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from inspect import unwrap
from pathlib import Path
from types import UnionType
from typing import Any, Final, get_args, get_origin

import msgspec
import pytest
from pydantic import BaseModel

from generator import report
from generator.build import code_stamp
from generator.cli import Exit
from generator.cli.site_inputs import code_stamp as stamped
from generator.config import Config
from generator.inputs import default_pages, default_templates
from generator.snapshot import Line, Rate, Record, Run, run_id
from tests.build.built_site import assert_as_clean, built, configured, install, tree, write_lines, write_log
from tests.support.proving import drawn, in_full
from tests.verify.bench import Bench
from tests.verify.forger import Lines
from tests.verify.forgeries import Forgery
from tests.verify.forgery_table import TABLE, Row, rows

pytestmark = pytest.mark.usefixtures("site")
#: Type of record, whose, and field: all that can be changed in a log.
FORGED: Final = [row for row in rows(TABLE.read_text()) if row[0] != "published file"]


@pytest.fixture(autouse=True)
def _unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a report be made of sums that do not add up, which `tests.support.store_sums` refuses elsewhere."""
    monkeypatch.setattr(report, "build", unwrap(report.build))


def test_each_type_of_record_is_changed() -> None:
    assert {row[0] for row in FORGED} == {str(kind.__struct_config__.tag) for kind in get_args(Record)}


@pytest.mark.proof(5)
@pytest.mark.parametrize("row", FORGED, ids=" ".join)
def test_another_record(row: Row, judge: Bench) -> None:
    ways = [found for found in judge.forgeries if isinstance(found, Forgery) and found.of == row]
    assert ways
    for forgery in drawn(ways, in_full(1, len(ways)), " ".join(row)):
        write_log(judge.log(forgery))
        assert_as_clean()


HOOK: Final = {
    "server": "pay",
    "secret_env": "HOOK",
    "repository": "a/b",
    "token_env": "GITHUB",
    "url": "https://hook.example.org",
}
GOAL: Final = {"fiat": "12000 EUR"}
MONTH: Final = {"every": 1, "unit": "month"}
SERVER, FUND, PURPOSE = "sources.btcpay.0", "projects.1.btcpay.0", "sources.btcpay.0.purposes.0"


def test_no_project(judge: Bench) -> None:
    write_lines([line for line in judge.lines if isinstance(line.record, Run)])
    assert_as_clean()


#: By key of config.yaml, what is changed: paths in the configuration, and what stands there then.
CONFIGS: Final[Mapping[str, Mapping[str, object]]] = {
    "version": {"version": 2},
    "site.title": {"site.title": "Another title"},
    "site.base_url": {"site.base_url": "https://other.example/below"},
    "site.licence": {"site.licence": "CC0-1.0"},
    "site.description": {"site.description": "Another sentence."},
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


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """Yield the names of all values that a configuration may hold."""
    for name, field in model.model_fields.items():
        inner = _models(field.annotation)
        yield from keys(inner[0], f"{above}{name}.") if inner else [f"{above}{name}"]


def _models(kind: Any) -> list[type[BaseModel]]:  # noqa: ANN401 -- a type
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    inner = get_args(kind) if get_origin(kind) is not None or isinstance(kind, UnionType) else ()
    return [found for part in inner for found in _models(part)]


def test_each_key_of_the_configuration_is_changed() -> None:
    assert set(CONFIGS) == set(keys(Config))


@pytest.mark.proof(4)
@pytest.mark.parametrize("name", CONFIGS)
def test_another_configuration(name: str, judge: Bench) -> None:
    before = Path("config.yaml").read_text()
    Path("config.yaml").write_text(configured(judge, CONFIGS[name]))
    assert Path("config.yaml").read_text() != before
    assert_as_clean()
    Path("config.yaml").write_text(before)
    assert_as_clean(expected=Exit.DONE)


#: What is appended to a template, by the end of its name.
MORE: Final = {
    "html": b"\n{{ '<!-- edited -->' | safe }}\n",
    "css": b"\np{color:red}\n",
    "svg": b"<!-- edited -->\n",
}


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", sorted(default_templates()))
def test_another_template(name: str) -> None:
    path = Path("templates", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(default_templates()[name] + MORE[name.rpartition(".")[2]])
    assert_as_clean(expected=Exit.DONE)
    path.unlink()
    assert_as_clean(expected=Exit.DONE)


def test_a_template_of_ones_own_that_another_includes() -> None:
    Path("templates").mkdir()
    page = default_templates()["page.html"].decode()
    Path("templates/page.html").write_text(page + "{% set name = 'mine' ~ '.html' %}{% include name %}")
    for text in ("<p>mine</p>", "<p>other</p>"):
        Path("templates/mine.html").write_text(text)
        assert_as_clean(expected=Exit.DONE)


PAGES: Final = Path("content/pages")
TEXTS: Final[Mapping[str, Callable[[], object]]] = {
    **{f"{name} changed": lambda name=name: write(name, "# Another text\n") for name in default_pages()},
    "added": lambda: write("more", "# More\n"),
    "another text": lambda: write("news", "# News\n\nThere are others.\n"),
    "another title": lambda: write("news", "# Other news\n\nThere are some.\n"),
    "removed": (PAGES / "news.md").unlink,
    "renamed": lambda: (PAGES / "news.md").rename(PAGES / "a-story.md"),
    "emptied": lambda: write("news", ""),
    "hostile": lambda: write("news", "# <b>News\n\n<script>alert(1)</script>\n[x](javascript:x)\n"),
    "one too many for the navigation": lambda: [write(f"more-{n}", f"# More {n}\n") for n in range(9)],
}


def write(name: str, text: str) -> None:
    (PAGES / f"{name}.md").write_text(text)


@pytest.mark.proof(3)
@pytest.mark.parametrize("name", TEXTS)
def test_another_page_of_ones_own(name: str) -> None:
    PAGES.mkdir(parents=True)
    write("news", "# News\n\nThere are some.\n")
    before = built().files
    TEXTS[name]()
    assert assert_as_clean().files != before


@pytest.mark.proof(1)
@pytest.mark.parametrize("name", code_stamp.LIBRARIES)
def test_another_version_of_a_library(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree("output")
    install(monkeypatch, {name: "999"})
    assert assert_as_clean(expected=Exit.DONE).files != before


def test_another_version_of_sunlit(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file of the code counts, by its name and its bytes."""
    monkeypatch.setattr(code_stamp, "__file__", str(site / "code/build/code_stamp.py"))
    code = site / "code/pages/page.py"
    code.parent.mkdir(parents=True)
    stamps = [stamped(code_stamp.code_rows({}), {})]
    for edit in (
        lambda: code.write_text("x = 1"),
        lambda: code.write_text("x = 2"),
        lambda: code.rename(code.with_name("other.py")),
        lambda: (site / "code/more.py").write_text(""),
    ):
        edit()
        stamps.append(stamped(code_stamp.code_rows({}), {}))
    assert len(set(stamps)) == len(stamps)


def later(lines: Lines, **ago: float) -> Lines:
    """Return a log with one more run, which saw the same and the rate of its day."""
    last = max((line.record for line in lines if isinstance(line.record, Run)), key=lambda run: run.id)
    at = last.at + timedelta(**ago)
    run = msgspec.structs.replace(last, id=run_id(at, "later"), at=at)
    rate = next(line.record for line in lines if isinstance(line.record, Rate))
    day = msgspec.structs.replace(rate, id=f"{rate.currency}/{at:%Y-%m-%d}", day=f"{at:%Y-%m-%d}", at=at)
    return [*lines, Line(run=run.id, record=day), Line(run=run.id, record=run)]


@pytest.mark.parametrize("ago", [{"hours": 1}, {"days": 1}, {"days": 28}, {"days": 400}], ids=str)
def test_another_time(ago: dict[str, float], judge: Bench) -> None:
    """A run of the same day, the next one, the next month, another year."""
    before = tree("output")
    write_lines(later(judge.lines, **ago))
    assert assert_as_clean().files != before


def test_the_demo_in_place_of_the_site_and_back() -> None:
    before = tree("output")
    assert assert_as_clean("--demo", expected=Exit.DONE).files != before
    assert_as_clean("--demo", expected=Exit.DONE)
    assert assert_as_clean(expected=Exit.DONE).files == before
