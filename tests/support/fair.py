"""A fair of projects in every state a page must show; names and amounts are invented, from a fixed seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import msgspec

from generator.config import Config
from generator.ledger import Declaration, Entry, Kind, Status
from generator.places import REST, btcpay_place, store_source
from generator.report import Report, build
from generator.report.editions import edition_of
from generator.report.statements.edition import DELAY, Edition, decode_edition, encode_edition, month_end
from generator.snapshot import (
    Asked,
    Finding,
    Goal,
    Line,
    Outcome,
    Project,
    Rate,
    Record,
    Result,
    Run,
    Stage,
    Withdrawn,
    fold,
)
from tests.support.located import located

AS_OF = datetime(2025, 11, 22, 6, 10, tzinfo=UTC)
KEYS = tuple(f"02{number:064x}" for number in range(1, 60))
LONG = (
    "Open-source firmware, field manuals and repair training for community-owned solar micro-grids in the "
    "Lower Aller valley"
)
RTL = "مكتبة متنقلة للأطفال في قرى الوادي"
#: Months to freeze, of which one was restated later.
FROZEN = ("2025-05", "2025-09", "2025-10")
BTCPAY, LATE = store_source("S"), store_source("L")


def at(text: str) -> datetime:
    """Return an aware UTC time for ``2025-03-01`` or ``2025-03-01T12:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def txid(name: str) -> str:
    """Return 64 hexadecimal digits for a name."""
    return name.encode().hex().ljust(64, "0")[:64]


@dataclass
class Fair:
    """Collects records and settings, then reports on them."""

    records: list[Record] = field(default_factory=list)
    settings: list[dict[str, object]] = field(default_factory=list)
    #: what the first run saw and a later one saw otherwise, or no more
    earlier: list[Record] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(11))  # noqa: S311 -- invented amounts
    demo: bool = True
    network: str = "regtest"
    discover: str = "listed"  #: which projects of Angor are reported
    as_of: datetime = AS_OF
    frozen: tuple[str, ...] = ()  #: months with an edition
    refusal: str = "BTCPay donate.example.net: answered 502, expected 200"  #: what one server says at last

    def project(self, slug: str, source: str, **fields: object) -> None:
        """Say that a source speaks about a project, and configure it."""
        self.records.append(Project(id=slug, source=source, **{"kind": "store", **fields}))  # type: ignore[arg-type]

    def configure(self, slug: str, **fields: object) -> None:
        """Add a project to the configuration."""
        self.settings.append({"slug": slug, **fields})

    def pay(self, slug: str, day: str, sat: int, **fields: object) -> None:
        """Add a day row of payments."""
        source = str(fields.pop("source", BTCPAY))
        made = {
            "id": f"{slug}/{day}/BTC-LN/on_time/{day[:7]}",
            "rail": "BTC-LN",
            "group": "on_time",
            **fields,
        }
        self._entry(slug, Kind.PAYMENT, sat, at(day), source=source, **made)

    def pay_out(self, slug: str, day: str, sat: int) -> None:
        """Add a day row of payouts that are no refunds."""
        made = {"id": f"{slug}/{day}/payout", "rail": "BTC-CHAIN", "purpose": "wages"}
        self._entry(slug, Kind.PAYOUT, sat, at(day), source=BTCPAY, **made)

    def invest(
        self, slug: str, name: str, when: str, shares: tuple[int, ...], opens: tuple[str, ...]
    ) -> None:
        """Add one investment: a fee and an output for each stage."""
        party = KEYS[int(name[1:]) % len(KEYS)]
        chain = {"source": "angor", "height": 900 + int(name[1:]), "block": "00" * 32}
        self._entry(slug, Kind.FEE, max(1, sum(shares) // 100), at(when), id=f"{txid(name)}:0", **chain)
        for number, (share, day) in enumerate(zip(shares, opens, strict=True), 1):
            stage = {"stage": number, "opens_at": at(day), "party": party}
            self._entry(
                slug, Kind.INVESTMENT, share, at(when), id=f"{txid(name)}:{number + 1}", **chain, **stage
            )

    def spend(self, kind: Kind, outpoint: str, name: str, when: str) -> None:
        """Spend a stage output, or a penalty output."""
        spent = next(record for record in self.records if isinstance(record, Entry) and record.id == outpoint)
        self._entry(
            spent.place,
            kind,
            spent.amount_msat // 1000,
            at(when),
            id=f"{txid(name)}/{self.chance.randrange(10**6)}",
            source="angor",
            spends=outpoint,
            stage=spent.stage,
            opens_at=spent.opens_at,
            party=spent.party,
            height=1200,
            block="00" * 32,
        )

    def declare(self, slug: str, amount: str, currency: str, day: str) -> None:
        """Add an invoice that was marked settled by hand."""
        self.records.append(
            Declaration(
                id=f"{slug}/{day}/{currency}",
                source=BTCPAY,
                place=slug,
                amount=Decimal(amount),
                currency=currency,
                day=day,
            )
        )

    def find(self, slug: str, check: str, subject: str, result: Result, reason: str = "") -> None:
        """Add the result of a check."""
        self.records.append(
            Finding(
                id=f"{check}/{subject}",
                source="angor",
                place=slug,
                check=check,
                subject=subject,
                result=result,
                reason=reason,
            )
        )

    def _entry(self, slug: str, kind: Kind, sat: int, when: datetime, **fields: object) -> None:
        plain = {
            "place": slug,
            "kind": kind,
            "amount_msat": sat * 1000 + (7 if kind is Kind.PAYMENT and sat > 1 else 0),  # Lightning has parts
            "at": when,
            "status": Status.CONFIRMED,
        }
        self.records.append(Entry(**{**plain, **fields}))  # type: ignore[arg-type]

    def config(self) -> Config:
        """Return the configuration of two BTCPay servers, relays and an indexer."""
        servers = [
            {
                "id": name,
                "url": url,
                "token_env": "T",
                "stores": [store],
                "include": ["invoices", "crowdfund", "payouts"],
            }
            for name, url, store in (
                ("pay", "https://pay.example.org", "S"),
                ("donate", "https://donate.example.net", "L"),
            )
        ]
        return Config.model_validate(
            {
                "version": 1,
                "site": {"title": "Watershed Commons", "base_url": "https://watershed.example/funding"},
                "network": self.network,
                "units": {"fiat": "EUR"},
                "angor": {"discover": self.discover},
                "sources": {
                    "rates": {"provider": ["csv", "mempool"], "file": "content/rates.csv"},
                    "btcpay": servers,
                    "nostr": {"relays": ["wss://relay.example.org"]},
                    "indexers": ["https://indexer.example.org"],
                },
                "projects": self.settings,
            }
        )

    def runs(self) -> Iterator[Run]:
        """Yield a run a day up to as-of, none from 5 to 11 October; one server fails since 20 November."""
        day = at("2025-05-04T06:10")
        while day <= self.as_of:
            if not at("2025-10-05") <= day < at("2025-10-12"):
                down = day >= at("2025-11-20")
                asked = (
                    Asked(
                        source="angor",
                        outcome=Outcome.OK,
                        counts={"foreign_transactions": 3},
                        reads={
                            "relay wss://relay.example.org": "closed (auth-required: <b>members</b> only)",
                            "indexer indexer.example.org": "ok",
                        },
                    ),
                    Asked(
                        source=BTCPAY,
                        outcome=Outcome.OK,
                        counts={"invoices": 412, "webhook_payments": 2, "webhook_late": day.day == 13},
                        reads={"webhook": "polling"},
                    ),
                    Asked(
                        source=LATE,
                        outcome=Outcome.UNAVAILABLE if down else Outcome.OK,
                        message=self.refusal if down else "",
                    ),
                )
                yield Run(
                    id=f"{day:%Y%m%dT%H%M%SZ}-00000000",
                    source="runs",
                    at=day,
                    asked=asked,
                    network=self.network,
                    demo=self.demo,
                    snapshot="b7d1f3c84e0a96d25c7e11fa0d3b8824f6a95e0cc2d7430198ab6e5f7d20c413",
                    tip_height=1234,
                )
            day += timedelta(days=1)

    def report(self) -> Report:
        """Return the report on all of it."""
        runs, config = list(self.runs()), self.config()
        lines = [Line(run=runs[0].id, record=located(record, config)) for record in self.earlier]
        then = {record.key for record in self.earlier}
        for record in self.records:
            key = record.withdraws if isinstance(record, Withdrawn) else record.key
            lines.append(Line(run=runs[60 if key in then else 0].id, record=located(record, config)))
        lines += [Line(run=run.id, record=run) for run in runs]
        editions = [self._frozen(month, lines, runs) for month in self.frozen]
        return replace(build(fold(lines), config, demo=self.demo), editions=tuple(editions))

    def _frozen(self, month: str, lines: list[Line], runs: list[Run]) -> Edition:
        """Return a month as the first run had it that may freeze it."""
        known = {run.id for run in runs if run.at < month_end(month) + DELAY}
        known.add(next(run.id for run in runs if run.id not in known))
        report = build(fold(line for line in lines if line.run in known), self.config(), demo=self.demo)
        return decode_edition(encode_edition(edition_of(report, month)))


def fair(*, whole: bool = False, frozen: tuple[str, ...] = ()) -> Fair:
    """Return a fair with one project for each state: see the slugs; a `whole` one has all of them read."""
    it = Fair(frozen=frozen)
    _well(it)
    _library(it)
    _solar(it)
    _small(it)
    _edited(it)
    _rates(it)
    _shop(it)
    if not whole:
        it.configure("never", btcpay={"source": "donate", "app": "N"}, title="Not read yet")
    return it


def _well(it: Fair) -> None:
    """Add Angor and BTCPay, five stages, every way out of one, a gap, a declaration, pending, excluded."""
    opens = ("2025-09-15", "2025-11-01", "2025-12-15", "2026-02-15", "2026-04-15")
    it.configure(
        "well",
        angor="angor1qw9chzut3w9chzut3w9chzut3w9chzut39nd44k",
        btcpay={"source": "pay", "app": "A"},
        goal={"sats": 80_000_000},
    )
    it.project(
        "well",
        "angor",
        kind="invest",
        title="Village well and pump for Oberquell",
        tagline="Clean water within 300 metres of every door",
        description=(
            "# Why a well\nThe spring **dries up** in August. ![map](https://tracker.example/pixel.gif)\n\n"
            "- drill\n- pump\n\n[Plans](https://example.org/plans) <script>alert(1)</script>"
        ),
        website="https://well.example.org/",
        identifier="angor1qw9chzut3w9chzut3w9chzut3w9chzut39nd44k",
        address="bcrt1q" + "w" * 38,
        founder_key=KEYS[0],
        event_id="e9" * 32,
        founding_txid="5f" * 32,
        founding_height=870,
        starts_at=at("2025-05-04"),
        ends_at=at("2026-01-31"),
        penalty_days=90,
        stages=tuple(
            Stage(number=n, percent=Decimal(20), opens_at=at(day)) for n, day in enumerate(opens, 1)
        ),
    )
    it.project("well", BTCPAY, kind="crowdfund", title="Well at the shop")
    day = at("2025-05-04T12:00")
    for number in range(1, 42):
        total = it.chance.randrange(300_000, 2_400_000)
        it.invest("well", f"i{number}", f"{day:%Y-%m-%dT%H:%M}", _fifths(total), opens)
        day += timedelta(hours=it.chance.randrange(20, 110))
    for number in range(1, 42):
        if number > 3:
            it.spend(Kind.CLAIM, f"{txid(f'i{number}')}:2", "claim1", "2025-09-24T10:00")
            it.spend(Kind.CLAIM, f"{txid(f'i{number}')}:3", "claim2", "2025-11-03T10:00")
    for stage in range(2, 7):
        it.spend(Kind.PENALTY, f"{txid('i1')}:{stage}", "penalty1", "2025-08-02T10:00")
        it.spend(Kind.PENALTY, f"{txid('i2')}:{stage}", "penalty2", "2025-09-02T10:00")
        it.spend(Kind.RECOVERY, f"{txid('i3')}:{stage}", "recovery", "2025-09-09T10:00")
    it.spend(Kind.RELEASE, f"{txid('i1')}:2", "release", "2025-11-02T10:00")
    it.spend(Kind.UNCLASSIFIED, f"{txid('i9')}:6", "odd", "2025-11-20T10:00")
    for offset in range(0, 200, 2):
        when = at("2025-05-05") + timedelta(days=offset)
        it.pay(
            "well", f"{when:%Y-%m-%d}", it.chance.randrange(20_000, 400_000), count=it.chance.randrange(1, 6)
        )
    it.pay("well", "2025-11-21", 640_000, status=Status.PENDING)
    it.pay("well", "2025-11-10", 99_000, status=Status.EXCLUDED, reason="marked invalid", group="manual")
    it._entry("well", Kind.REFUND, 150_000, at("2025-10-20"), id="refund", source=BTCPAY)
    it.declare("well", "400", "EUR", "2025-07-02")
    for check in ("event-signature", "event-author", "founder-key-address", "founding-commitment"):
        it.find("well", check, "e9" * 32, Result.OK)
    for number in range(1, 42):
        it.find("well", "stage-scripts", txid(f"i{number}"), Result.OK)
        it.find("well", "inclusion", txid(f"i{number}"), Result.NOT_CHECKED, "headers are not checked yet")
    it.find(
        "well", "stage-scripts", "aa" * 32, Result.FAILED, "output 2 holds 1000000 sat, expected 999000 sat"
    )


def _fifths(total: int) -> tuple[int, ...]:
    part = total // 5
    return (part, part, part, part, total - 4 * part)


def _rates(it: Fair) -> None:
    """Add a rate for each day, but none for the 12th of a month: what came then has no value."""
    cents, walk, day = 9_000_000, Random(12), at("2025-01-01")  # noqa: S311 -- an invented walk
    while day <= AS_OF:
        if day.day != 12:
            name = f"{day:%Y-%m-%d}"
            it.records.append(
                Rate(
                    id=f"EUR/{name}",
                    source="rates",
                    currency="EUR",
                    day=name,
                    price=Decimal(cents).scaleb(-2),
                    provider="prices.example.org",
                    at=day,
                )
            )
        cents += walk.randint(-200_000, 205_000)
        day += timedelta(days=1)


def _shop(it: Fair) -> None:
    """Add what a store has in no project: other sales, one marked invalid, and what was paid out."""
    rest = btcpay_place("S", REST)
    it.pay(rest, "2025-09-02", 21_000, count=3)
    it.pay(rest, "2025-10-02", 2_500)
    it.pay(rest, "2025-10-03", 700, status=Status.EXCLUDED, reason="marked invalid")
    it.project(rest, BTCPAY, kind="store")
    it.pay_out(rest, "2025-10-04", 9_000)


def _library(it: Fair) -> None:
    """Add a reached goal on a stale server, a right-to-left title, and one that ended below its goal."""
    it.configure("lantern", btcpay={"source": "donate", "store": "L"}, goal={"sats": 30_000_000})
    it.project(
        "lantern", LATE, kind="store", title="Lantern library: offline books", starts_at=at("2025-01-01")
    )
    for month in range(1, 12):
        for day in (3, 9, 21):
            it.pay("lantern", f"2025-{month:02d}-{day:02d}", 1_021_461, source=LATE)
    it.configure("maktaba", btcpay={"source": "pay", "app": "M"})
    it.project(
        "maktaba",
        BTCPAY,
        kind="crowdfund",
        title=RTL,
        goal=Goal(value=Decimal(12000), currency="EUR"),
        starts_at=at("2025-02-01"),
        ends_at=at("2026-02-28"),
    )
    for month in range(2, 12):
        it.pay("maktaba", f"2025-{month:02d}-12", 5_000_000 + month)
    it.configure(
        "seed", btcpay={"source": "pay", "app": "V"}, goal={"sats": 20_000_000, "deadline": "2025-10-31"}
    )
    it.project(
        "seed",
        BTCPAY,
        kind="crowdfund",
        title="Seed vault texts in nine languages",
        starts_at=at("2025-03-01"),
    )
    for number in range(8):
        it.pay("seed", f"2025-0{number + 1}-28", 586_300)


def _solar(it: Fair) -> None:
    """Add a Fund project with a title of 120 letters: each investor has dates of his own."""
    it.configure("solar", angor="angor1qwpc8qurswpc8qurswpc8qurswpc8qursyrv5lh")
    it.project(
        "solar",
        "angor",
        kind="fund",
        title=LONG,
        identifier="angor1qwpc8qurswpc8qurswpc8qurswpc8qursyrv5lh",
        founding_txid="6f" * 32,
        event_id="ea" * 32,
        founder_key=KEYS[1],
        goal=Goal(amount_msat=150_000_000_000),
        starts_at=at("2025-06-01"),
        complete=False,
    )
    for number in range(50, 58):
        first = at("2025-06-10") + timedelta(days=11 * (number - 50))
        opens = tuple(f"{first + timedelta(days=30 * n):%Y-%m-%d}" for n in range(1, 4))
        it.invest("solar", f"i{number}", f"{first:%Y-%m-%d}", (5_000_000, 300_000, 1), opens)
    it.spend(Kind.CLAIM, f"{txid('i50')}:2", "sc1", "2025-07-10")
    it.spend(Kind.CLAIM, f"{txid('i51')}:2", "sc2", "2025-07-28")
    it.find("solar", "founding-commitment", "ea" * 32, Result.FAILED, f"output 1 binds event {'ab' * 32}")


def _edited(it: Fair) -> None:
    """Let the well's terms have been others once, and a row that counted be gone."""
    now = next(record for record in it.records if isinstance(record, Project) and record.id == "well")
    then = msgspec.structs.replace(
        now,
        title=LONG,
        goal=Goal(value=Decimal(9000), currency="EUR"),
        ends_at=at("2025-12-31"),
        penalty_days=None,
        stages=now.stages[:3],
        event_id="e8" * 32,
        description=now.description.replace("dries up", f"is {RTL}") + "\n<b>and</b> more",
    )
    it.pay("well", "2025-05-04", 777_000)
    it.earlier += [then, it.records.pop()]
    gone = f"entry/{it.earlier[-1].id}"
    it.records.append(Withdrawn(id=gone, source=BTCPAY, reason="its block 901 was reorganised, 1 000 sat"))


def _small(it: Fair) -> None:
    """Add one without contributions, one with a single one and no goal, one never delivered by its source."""
    it.configure("harbour", angor="angor1q0fa857n60fa857n60fa857n60fa857n6ml7pa9")
    it.project(
        "harbour",
        "angor",
        kind="invest",
        title="Harbour mesh radio",
        goal=Goal(amount_msat=25_000_000_000),
        starts_at=at("2025-12-01"),
        ends_at=at("2026-12-15"),
        stages=(Stage(number=1, percent=Decimal(100), opens_at=at("2026-01-10")),),
    )
    it.configure("bounty", btcpay={"source": "pay", "app": "B"})
    it.project("bounty", BTCPAY, kind="crowdfund", title="Bug bounty pool")
    it.pay("bounty", "2025-10-02", 1)
