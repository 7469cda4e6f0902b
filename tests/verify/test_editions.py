"""An edition stays and holds: after 30 more days, another template, another binding, and a rekey."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from generator import inputs, pages, store
from generator.cli.render_step import content_from
from generator.config import Config
from generator.ledger import Entry, Kind, Status
from generator.manifest import complete
from generator.pages.files import edition_path
from generator.places import VOIDS
from generator.report import build
from generator.report.editions import edition_of
from generator.report.place_owners import PlaceOwners
from generator.report.statements.edition import Edition, decode_edition, encode_edition
from generator.snapshot import Asked, Outcome, Record, VoidedRun, run_id
from generator.snapshot.batch import Batch, latest_by_key
from generator.snapshot.rekey import rekeyed
from generator.verify.published_site import Installation, PublishedSite
from generator.verify.results import CheckResult
from generator.verify.site_copy import SiteCopy
from generator.verify.step_table import STEPS
from generator.verify.steps import results_of
from tests.support.fair import BTCPAY, Fair, at
from tests.support.located import located
from tests.support.paths import ROOT

[EDITIONS] = [step for step in STEPS if step.name == "editions"]


@dataclass
class Shop:
    """Two projects of one store, a log of them on disk, and the editions that were made."""

    log: Path
    fair: Fair = field(default_factory=lambda: Fair(network="regtest", demo=False))
    editions: tuple[Edition, ...] = ()
    templates: dict[str, bytes] = field(default_factory=lambda: inputs.templates(ROOT))

    @property
    def config(self) -> Config:
        return self.fair.config()

    def run(self, when: datetime, *records: Record) -> str:
        run = run_id(when, "00")
        batch = Batch(
            run=run,
            at=when,
            network="regtest",
            bound=PlaceOwners.of(self.config).digest,
            asked=(Asked(source=BTCPAY, outcome=Outcome.OK),),
            records=latest_by_key(located(record, self.config) for record in records),
        )
        store.append(self.log, batch, refresh_hours=1)
        return run

    def freeze(self, month: str) -> Edition:
        document = edition_of(build(store.load(self.log), self.config, demo=False), month)
        edition = decode_edition(encode_edition(document))
        self.editions += (edition,)
        return edition

    def site(self) -> SiteCopy:
        report = replace(build(store.load(self.log), self.config, demo=False), editions=self.editions)
        content = content_from(self.templates, pages=inputs.pages(ROOT), log=store.prefixes(self.log))
        files = complete(dict(pages.render(report, content)), report)
        return SiteCopy(subject="site", files=files, listed=True)


def paid(slug: str, number: int, day: str) -> Entry:
    return Entry(
        id=f"{number:032x}",
        source=BTCPAY,
        place=slug,
        kind=Kind.PAYMENT,
        status=Status.CONFIRMED,
        amount_msat=number * 1_000_003,
        at=at(day),
        rail="BTC-LN",
        group="on_time",
        created_month=day[:7],
    )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    it = Shop(tmp_path / "log")
    it.fair.configure("pump", btcpay={"source": "pay", "app": "A"})
    it.fair.configure("roof", btcpay={"source": "pay", "app": "B"})
    for slug in ("pump", "roof"):
        it.fair.project(slug, BTCPAY, kind="crowdfund", title=slug)
    payments = [paid("pump", 5, "2025-10-05"), paid("roof", 6, "2025-10-06")]
    it.run(at("2025-11-03T06:10"), *it.fair.records, *payments)
    return it


def judged(copy: SiteCopy, installation: Installation) -> Iterator[CheckResult]:
    yield from results_of(EDITIONS, PublishedSite.read(copy, installation))


def problems(copy: SiteCopy, installation: Installation) -> list[str]:
    return [problem for check in judged(copy, installation) for problem in check.problems]


def test_an_edition_outlives_days_templates_bindings_and_a_rekey(
    shop: Shop, installation: Installation
) -> None:
    edition = shop.freeze("2025-10")
    before, told = edition.data, edition.sha256
    for day in range(30):
        when = at("2025-11-04T06:10") + timedelta(days=day)
        shop.run(when, paid("pump", 100 + day, f"{when:%Y-%m-%d}"))
    known = store.load(shop.log)
    names = {row.id: sha256(row.id.encode()).hexdigest()[:32] for row in known.of(Entry)}
    moved = rekeyed(known, [], names, source=BTCPAY, keys=("old", "new"))
    shop.run(at("2025-12-04T07:10"), *moved.records)
    assert {row.id for row in store.load(shop.log).of(Entry)} == set(names.values())
    template = shop.templates["edition.html"].replace(b">{{ month }}</h1>", b">Our {{ month }}</h1>")
    shop.templates = {**shop.templates, "edition.html": template}
    shop.fair.settings[0]["btcpay"] = {"source": "pay", "app": "B"}
    shop.fair.settings[1]["btcpay"] = {"source": "pay", "app": "A"}
    shop.run(at("2025-12-05T07:10"), paid("pump", 500, "2025-12-05"))
    copy = shop.site()
    published = copy.files[edition_path("2025-10")]
    page = copy.files["report/2025-10/index.html"].decode()
    assert published == before
    assert sha256(published).hexdigest() == told
    assert told in page
    assert ">Our October 2025</h1>" in page
    assert "Places of money count for other projects since." in page
    assert problems(copy, installation) == []
    checks = {check.name: check.compared for check in judged(copy, installation)}
    print(f"{len(before)} bytes, sha256 {told[:16]}; {checks}")
    assert all(checks.values())


def forged(shop: Shop, change: str) -> bytes:
    """Return the edition as somebody forges it who knows Sunlit."""
    document = shop.editions[0].document
    [received] = [figure for figure in document.figures if figure.id.startswith("pump/received@2025")]
    own = [figure for figure in document.figures if figure is not received]
    more = msgspec.structs.replace(received, value=int(received.value or 0) + 1000)
    settings = json.loads(json.dumps(document.config))
    settings["projects"][0]["slug"] = "other"
    fields: dict[str, dict[str, object]] = {
        "a sum": {"figures": [*own, more]},
        "a figure twice": {"figures": [*document.figures, received]},
        "a run of nobody": {"run": "x", "figures": renamed(document.figures, document.run, "x")},
        "a snapshot": {"snapshot": "0" * 64},
        "a binding": {"bindings": dict.fromkeys(document.bindings, "roof")},
        "a configuration": {"config": settings},
        "an edit that was not": {"edits": [("pump", "goal", "2025-10-05")]},
        "a demo": {"demo": True},
        "another time": {"as_of": document.as_of + timedelta(hours=1)},
    }
    return encode_edition(msgspec.structs.replace(document, **fields[change]))


def renamed(figures: list[object], run: str, other: str) -> list[object]:
    return [msgspec.structs.replace(figure, id=figure.id.replace(run, other)) for figure in figures]


CHANGES = (
    "a sum",
    "a figure twice",
    "a run of nobody",
    "a snapshot",
    "a binding",
    "a configuration",
    "an edit that was not",
    "a demo",
    "another time",
)


@pytest.mark.parametrize(
    "hidden",
    ["<!-- {} -->", '<meta name="x" content="{}">', '<script type="application/ld+json">"{}"</script>'],
)
def test_a_hash_that_nobody_sees_is_not_stated(hidden: str, shop: Shop, installation: Installation) -> None:
    edition, path = shop.freeze("2025-10"), "report/2025-10/index.html"
    copy = shop.site()
    page = copy.files[path].decode().replace(edition.sha256, "0" * 64)
    forged = page.replace("</head>", f"{hidden.format(edition.sha256)}</head>").encode()
    assert forged != copy.files[path]
    found = problems(replace(copy, files={**copy.files, path: forged}), installation)
    assert [text for text in found if text.startswith(f"{path} does not state {edition.sha256}")]


def test_each_forged_edition_is_found(shop: Shop, installation: Installation) -> None:
    shop.freeze("2025-10")
    copy = shop.site()
    for change in CHANGES:
        data = forged(shop, change)
        assert data != shop.editions[0].data
        files = {**copy.files, edition_path("2025-10"): data}
        found = [
            problem
            for check in judged(replace(copy, files=files), installation)
            for problem in check.problems
            if check.name != "editions-stated"  # a forger states the hash of his own
        ]
        print(f"{change}: {found[:1]}")
        assert found, change


def test_a_page_with_another_hash_is_found(shop: Shop, installation: Installation) -> None:
    edition = shop.freeze("2025-10")
    copy = shop.site()
    path = "report/2025-10/index.html"
    page = copy.files[path].replace(edition.sha256.encode(), b"0" * 64)
    [problem] = problems(replace(copy, files={**copy.files, path: page}), installation)
    assert problem.startswith(f"{path} does not state")


def test_an_edition_counts_what_was_voided_later(shop: Shop, installation: Installation) -> None:
    run = shop.run(at("2025-11-04T06:10"), paid("pump", 9, "2025-10-09"))
    edition = shop.freeze("2025-10")
    shop.run(at("2025-11-05T06:10"), VoidedRun(id=run, source=VOIDS, reason="restored from a backup"))
    assert problems(shop.site(), installation) == []
    received = edition.projects["pump"]["received"].value
    assert received == sum(number * 1_000_003 for number in (5, 9))
    page = shop.site().files["report/2025-10/index.html"].decode()
    assert 'pump</bdi><span class="sub">in</span></th>' in page


def test_an_edition_of_another_version_that_differs_is_told_and_not_judged(
    shop: Shop, installation: Installation
) -> None:
    shop.freeze("2025-10")
    document = msgspec.structs.replace(decode_edition(forged(shop, "a binding")).document, sunlit="9.0.0")
    shop.editions = (decode_edition(encode_edition(document)),)
    found = {check.name: check for check in judged(shop.site(), installation)}
    assert not [problem for check in found.values() for problem in check.problems]
    assert "by Sunlit 9.0.0" in found["editions-other"].reason
