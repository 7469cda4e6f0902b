"""Which files of a site change when nothing, a day, a payment or a stale source comes; each list is exact."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from generator import inputs, manifest, report, store
from generator.cli.render_step import content_from
from generator.config import Config
from generator.ledger import Entry, Kind, Status
from generator.pages.badges import BADGES
from generator.pages.site import units
from generator.snapshot import Asked, Outcome, Rate, Record, Stage, run_id
from generator.snapshot.batch import Batch, latest_by_key
from generator.units import UnitRecipe, key
from generator.verify.known_numbers import KnownNumbers
from generator.verify.page_audit import audit
from tests.support.fair import BTCPAY, LATE, Fair, at
from tests.support.located import located
from tests.support.paths import ROOT
from tests.support.whole_job import site_of

#: What says how old the whole report is.
TODAY = {"health/index.html", "index.html", "manifest.json", "status.json", "today.json"}
RUNS = {"data/snapshots/runs/2025-11.jsonl.bz2"}
RATES = {"data/snapshots/rates/2025-11.jsonl.bz2"}
#: Page, card and pace of the project whose days are counted down, and the list that names its figures.
COUNTED_DOWN = {
    *("p/roof/index.html", "p/roof/figures.json", "embed/roof.html", "figures.json"),
    *("health/h1.svg", "health/h1.csv"),
    *(f"p/roof/{name}.{kind}" for name in ("c1", "c3") for kind in ("svg", "csv")),
}
#: Distances to the openings of stages are counted in days, and the next 90 days are drawn.
STAGES = {"stages/index.html", "stages/coming/index.html", "stages/open/index.html", "stages/s1.svg"}


def hamlet() -> Fair:
    """Return three projects: stages without a last day, a shop without one, a crowdfund with one."""
    it = Fair(network="regtest")
    angor = "angor1qw9chzut3w9chzut3w9chzut3w9chzut39nd44k"
    opens = ("2025-10-15", "2026-01-15")
    stages = tuple(Stage(number=n, percent=Decimal(50), opens_at=at(day)) for n, day in enumerate(opens, 1))
    it.configure("well", angor=angor)
    it.project("well", "angor", kind="fund", title="Well", identifier=angor, stages=stages)
    it.configure("pump", btcpay={"source": "pay", "app": "A"})
    it.project("pump", BTCPAY, kind="crowdfund", title="Pump")
    it.configure("roof", btcpay={"source": "donate", "app": "B"}, goal={"sats": 9_000_000})
    it.project(
        "roof", LATE, kind="crowdfund", title="Roof", starts_at=at("2025-08-01"), ends_at=at("2026-03-01")
    )
    for number in range(1, 7):
        it.invest("well", f"i{number}", f"2025-09-{number:02d}T10:00", (100_000, 100_000), opens)
        it.pay("pump", f"2025-10-{number:02d}", 50_000 + number)
        it.pay("roof", f"2025-11-{number:02d}", 60_000 + number, source=LATE)
    it.records += [rate(f"2025-{month:02d}-{day:02d}") for month in (9, 10, 11) for day in range(1, 7)]
    it.records.append(rate("2025-10-31", "90100.5"))
    return it


def rate(day: str, price: str = "90000") -> Rate:
    return Rate(id=f"EUR/{day}", source="rates", currency="EUR", day=day, price=Decimal(price))


@dataclass
class Hamlet:
    """A log on disk and the site that it gives."""

    log: Path
    config: Config
    site: Mapping[str, bytes] = field(default_factory=dict)
    pages: report.Report | None = None

    def run(self, when: str, *records: Record, down: str = "") -> set[str]:
        """Append a run that saw these records; return the paths of the files that this changed."""
        moment = at(when)
        asked = [
            Asked(source=name, outcome=Outcome.UNAVAILABLE if name == down else Outcome.OK)
            for name in sorted(("angor", BTCPAY, LATE, "rates"))
        ]
        batch = Batch(
            run=run_id(moment, when),
            at=moment,
            network="regtest",
            asked=tuple(asked),
            records=latest_by_key(located(record, self.config) for record in (*records, rate(when[:10]))),
            tip_height=int(moment.timestamp()) // 600,
        )
        store.append(self.log, batch, refresh_hours=self.config.publish.refresh_hours)
        self.pages = report.build(store.load(self.log), self.config, demo=False)
        made = manifest.complete(site_of(self.pages, self.log), self.pages)
        before, self.site = self.site, made
        changed = {path for path in before.keys() | made.keys() if before.get(path) != made.get(path)}
        print(
            f"{when} {len(changed)} of {len(made)} files: {' '.join(sorted(changed)) if before else 'first'}"
        )
        return changed

    def keys(self) -> dict[str, str]:
        """Return the key of each unit of the site."""
        assert self.pages is not None
        content = content_from(inputs.templates(ROOT), pages=inputs.pages(ROOT), log=store.prefixes(self.log))
        recipe = UnitRecipe(templates=content.templates, stamp="")
        return {unit.id: key(unit, recipe) for unit in units(self.pages, content)}


@pytest.fixture
def place(tmp_path: Path) -> Hamlet:
    it = hamlet()
    found = Hamlet(tmp_path, it.config())
    found.run("2025-11-20T06:10", *it.records)
    return found


def test_a_run_without_news_inside_the_window_changes_nothing(place: Hamlet) -> None:
    assert place.run("2025-11-20T18:10") == set()


def test_a_run_without_news_and_a_new_day_change_two_pages_and_what_is_counted_in_days(place: Hamlet) -> None:
    before = place.keys()
    assert place.run("2025-11-21T06:20") == TODAY | RUNS | RATES | COUNTED_DOWN | STAGES
    after = place.keys()
    assert {name for name in after if name.startswith("p/") and before[name] != after[name]} == {"p/roof"}
    assert (before["own/about"], before["missing"]) == (after["own/about"], after["missing"])


def test_a_second_run_of_a_day_changes_two_pages(place: Hamlet) -> None:
    """Such as one at which a server that was down answers again."""
    assert place.run("2025-11-20T12:10", down=BTCPAY) == TODAY | RUNS
    assert place.run("2025-11-20T18:10") == (TODAY | RUNS) - {"today.json"}  # it counts no run more


def test_a_payment_changes_what_shows_it(place: Hamlet) -> None:
    when = "2025-11-20T15:10"
    paid = Entry(
        id="pump/2025-11-20/BTC-LN/on_time/2025-11",
        source=BTCPAY,
        place="pump",
        kind=Kind.PAYMENT,
        status=Status.CONFIRMED,
        amount_msat=70_000_000,
        at=at("2025-11-20"),
        rail="BTC-LN",
        group="on_time",
    )
    drawn = {f"{name}.{kind}" for name in ("c1", "c2", "c8") for kind in ("svg", "csv")}
    statements = {"statements/index.html", "statements/statements.csv"}
    rows = {"figures.json", "ledger/index.html", "ledger/ledger.csv", *statements}
    log = {f"data/snapshots/{BTCPAY}/2025-11.jsonl.bz2"}
    summed = {f"{name}.{kind}" for name in ("projects/p2", "verify/v1") for kind in ("svg", "csv")}
    whole = {"data/ledger.json", "figures.json", *summed, *statements}
    pages = {f"sources/{BTCPAY}/index.html", "verify/index.html"}
    pump = {f"p/pump/{name}" for name in (*drawn, *rows, "index.html")}
    elsewhere = {"p/pump/preview.png", "embed/pump.html", "badge/pump/raised.json", "badge/pump/raised.svg"}
    assert place.run(when, paid) == TODAY | RUNS | log | whole | pages | pump | elsewhere


def test_a_payment_leaves_the_pages_of_the_ledger_on_which_it_does_not_stand(place: Hamlet) -> None:
    def paid(day: str, number: int, sat: int = 1000) -> Entry:
        return Entry(
            id=f"pump/{day}/BTC-LN/on_time/{number}",
            source=BTCPAY,
            place="pump",
            kind=Kind.PAYMENT,
            status=Status.CONFIRMED,
            amount_msat=sat * 1000,
            at=at(day),
            rail="BTC-LN",
            group="on_time",
        )

    def ledger(changed: set[str]) -> set[str]:
        below = "p/pump/ledger/"
        return {path.removeprefix(below) for path in changed if path.startswith(below)}

    months = ("2025-08", "2025-09", "2025-10")
    rows = [paid(f"{month}-03", number) for month in months for number in range(45)]
    place.run("2025-11-20T12:10", *rows, paid("2025-11-19", 1))
    pages = {"index.html", "2025-08/index.html", "2025-09/index.html"}
    assert pages == {path for path in ledger({*place.site}) if path.endswith(".html")}
    assert place.run("2025-11-20T13:10") == set()
    now = place.run("2025-11-22T06:10", paid("2025-11-21", 1))
    assert {path for path in ledger(now) if path.endswith(".html")} == {"index.html"}
    assert b"Last change 22 Nov 2025" in visible(place.site["p/pump/ledger/index.html"])
    assert b"Last change 20 Nov 2025" in visible(place.site["p/pump/ledger/2025-09/index.html"])
    late = place.run("2025-11-23T06:10", paid("2025-08-03", 1, sat=9))
    assert {path for path in ledger(late) if path.endswith(".html")} == {"index.html", "2025-08/index.html"}
    assert b"Last change 23 Nov 2025" in visible(place.site["p/pump/ledger/2025-08/index.html"])
    left = place.run("2025-11-24T06:10", structs.replace(rows[50], at=at("2025-11-21")))
    assert {path for path in ledger(left) if path.endswith(".html")} == {"index.html", "2025-09/index.html"}
    assert b"Last change 24 Nov 2025" in visible(place.site["p/pump/ledger/2025-09/index.html"])


def visible(page: bytes) -> bytes:
    return re.sub(rb"<[^>]+>", b"", page)


def test_a_source_that_turns_stale_changes_its_projects_once(place: Hamlet) -> None:
    """It fails, is stale 36 hours after its last answer, and stays so; its sums say "at least" since."""
    place.run("2025-11-21T06:10", down=BTCPAY)
    days = TODAY | RUNS | RATES | COUNTED_DOWN | STAGES
    turned = place.run("2025-11-22T06:10", down=BTCPAY)
    told = ("index.html", "changes/index.html", "ledger/index.html", "statements/index.html")
    bounded = {f"{name}.{kind}" for name in ("c1", "c2", "c8") for kind in ("svg", "csv")}
    sums = {"figures.json", "statements/statements.csv", *bounded}
    pump = {f"p/pump/{name}" for name in (*told, *sums)}
    whole = {f"{name}.{kind}" for name in ("projects/p2", "verify/v1") for kind in ("svg", "csv")}
    lists = {
        "sources/index.html",
        f"sources/{BTCPAY}/index.html",
        "verify/index.html",
        "statements/index.html",
        "statements/statements.csv",
    }
    badges = {f"badge/pump/{name}.{kind}" for name in BADGES for kind in ("json", "svg")}
    elsewhere = {"p/pump/preview.png", "p/pump/share/index.html", "embed/pump.html", *badges}
    feeds = {f"{folder}feed.{kind}" for folder in ("", "p/pump/") for kind in ("atom", "json")}
    assert turned == days | pump | whole | lists | elsewhere | feeds
    assert place.run("2025-11-23T06:10", down=BTCPAY) == days


def test_a_page_that_is_not_of_today_states_no_age(place: Hamlet) -> None:
    assert place.pages is not None
    height = str(place.pages.tip_height)
    for path, data in place.site.items():
        if path.endswith(".html") and path not in TODAY:
            text = data.decode()
            assert "06:10 UTC" not in text, path
            assert place.pages.snapshot not in text, path
            assert f"block {height}" not in text, path


def test_figures_of_today_are_quoted_by_two_pages_alone(place: Hamlet) -> None:
    assert place.pages is not None
    others = KnownNumbers.of(place.pages, today=False)
    for path, data in place.site.items():
        if path.endswith(".html"):
            problems = audit(data.decode(), others).problems
            assert bool(problems) == (path in TODAY), (path, problems[:3])
