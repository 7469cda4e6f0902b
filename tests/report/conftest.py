"""A small village of projects for the report's tests: every amount is chosen, none is computed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import msgspec
import pytest

from generator.config.model import Config
from generator.ledger import Declaration, Entry, Kind, Status
from generator.report import Report, build
from generator.snapshot import Asked, Line, Outcome, Project, Record, Run, fold

R = TypeVar("R", Entry, Declaration, Project)

WELL = "angor1" + "q" * 38 + "9"


def moment(text: str) -> datetime:
    """Return an aware UTC time for ``2025-03-01`` or ``2025-03-01T12:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Village:
    """Collects records, then reports on them as of the last run."""

    records: list[Record] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    settings: dict[str, object] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def entry(self, project: str, kind: str, sat: int, at: str, **fields: object) -> Entry:
        number = self.numbers[kind] = self.numbers.get(kind, 0) + 1
        spending = kind not in ("payment", "refund", "investment", "fee")
        plain = Entry(
            id=f"{kind}{number}" + ("/0" if spending else ":0"),
            source="btcpay-shop" if kind in ("payment", "refund") else "angor",
            project=project,
            kind=Kind(kind),
            amount_msat=sat * 1000,
            at=self.moment(at),
            status=Status.CONFIRMED,
        )
        status = Status(str(fields.pop("status", "confirmed")))
        return self._keep(msgspec.structs.replace(plain, status=status, **fields))

    def says(self, project: str, source: str, **fields: object) -> Project:
        plain = Project(id=project, source=source, kind="invest" if source == "angor" else "store")
        return self._keep(msgspec.structs.replace(plain, **fields))

    def declares(self, project: str, amount: str, currency: str, day: str, **fields: object) -> Declaration:
        plain = Declaration(
            id=f"{project}/{day}/{currency}",
            source="btcpay-shop",
            project=project,
            amount=Decimal(amount),
            currency=currency,
            day=day,
        )
        return self._keep(msgspec.structs.replace(plain, **fields))

    def _keep(self, record: R) -> R:
        self.records.append(record)
        return record

    @staticmethod
    def moment(text: str) -> datetime:
        return moment(text)

    def run(self, at: str, **outcomes: str) -> Run:
        """Record a run; a source is asked with ``angor="ok"``; BTCPay's is written ``shop="ok"``."""
        names = {"shop": "btcpay-shop"}
        asked = tuple(
            Asked(source=names.get(name, name), outcome=Outcome(outcome))
            for name, outcome in (outcomes or {"angor": "ok", "shop": "ok"}).items()
        )
        when = moment(at)
        made = Run(
            id=f"{when:%Y%m%dT%H%M%SZ}-00000000",
            source="runs",
            at=when,
            asked=asked,
            network="regtest",
            snapshot="5" * 64,
            tip_height=120,
        )
        self.runs.append(made)
        return made

    def config(self) -> Config:
        document: dict[str, object] = {
            "version": 1,
            "site": {"title": "Village funds"},
            "network": "regtest",
            "sources": {
                "btcpay": [
                    {
                        "id": "shop",
                        "url": "https://pay.example.org/shop",
                        "token_env": "BTCPAY_TOKEN",
                        "stores": ["S1"],
                        "include": ["invoices", "crowdfund", "payouts"],
                    }
                ],
                "nostr": {"relays": ["wss://relay.example.org"]},
                "indexers": ["https://indexer.example.org"],
            },
            "projects": [
                {"slug": "well", "angor": WELL, "btcpay": {"source": "shop", "app": "A1"}},
                {"slug": "bread", "btcpay": {"source": "shop", "store": "S1"}},
            ],
        }
        return Config.model_validate(document | self.settings)

    def lines(self) -> list[Line]:
        run = self.runs[0].id if self.runs else "20250101T000000Z-00000000"
        return [Line(run=run, record=record) for record in [*self.records, *self.runs]]

    def report(self) -> Report:
        return build(fold(self.lines()), self.config(), demo=False)

    def values(self) -> dict[str, int | str | None]:
        return {figure.id: figure.value for figure in self.report().all_figures()}


@pytest.fixture
def village() -> Village:
    """Return an empty village: nothing observed, no run."""
    return Village()


@pytest.fixture(scope="session")
def fresh() -> Callable[[], Village]:
    """Return what makes empty villages, for tests that need a new one for each example."""
    return Village


@pytest.fixture
def full() -> Village:
    """Return a village whose two projects did everything once; amounts are sums of distinct powers of two.

    So a figure that forgets, doubles or swaps any entry has another value.
    """
    it = Village()
    it.says("well", "angor", title="The well", kind="invest", identifier=WELL, network="regtest")
    it.says("well", "btcpay-shop", kind="crowdfund", title="Well at the shop")
    it.says("bread", "btcpay-shop")
    first = {"party": "02" + "a" * 64, "opens_at": moment("2025-03-01"), "stage": 1, "height": 100}
    second = {**first, "opens_at": moment("2025-04-01"), "stage": 2}
    it.entry("well", "fee", 1, "2025-01-06T10:00", id="inv1:0", height=100)
    it.entry("well", "investment", 2, "2025-01-06T10:00", id="inv1:2", **first)
    it.entry("well", "investment", 4, "2025-01-06T10:00", id="inv1:3", **second)
    it.entry("well", "investment", 8, "2025-01-07T23:59", id="inv2:2", **{**first, "party": "03" + "b" * 64})
    it.entry(
        "well", "investment", 16, "2025-01-07T23:59", id="inv2:3", **{**second, "party": "03" + "b" * 64}
    )
    it.entry("well", "investment", 32, "2025-01-20T00:00", id="inv3:2", **first)
    it.entry("well", "investment", 64, "2025-01-20T00:00", id="inv3:3", **second)
    it.entry("well", "investment", 128, "2025-01-21", id="inv4:2", status=Status.PENDING, **first)
    it.entry("well", "claim", 2, "2025-03-02", spends="inv1:2", **first)
    it.entry("well", "penalty", 8, "2025-03-03", spends="inv2:2", **first)
    it.entry("well", "penalty", 16, "2025-03-03", spends="inv2:3", **second)
    it.entry("well", "release", 16, "2025-03-20", spends="penalty2:0")
    it.entry("well", "recovery", 32, "2025-03-21", spends="inv3:2", **first)
    it.entry("well", "unclassified", 64, "2025-03-22", spends="inv3:3", **second)
    it.entry("well", "payment", 256, "2025-01-08", count=3, rail="BTC-CHAIN", group="on_time")
    it.entry("well", "payment", 512, "2025-01-09", status=Status.PENDING)
    it.entry("well", "payment", 1024, "2025-01-09", status=Status.EXCLUDED, reason="marked invalid")
    it.entry("well", "refund", 2048, "2025-02-09")
    it.entry("bread", "payment", 4096, "2025-01-07", rail="BTC-LN")
    it.entry("bread", "payment", 8192, "2025-02-05", count=2)
    it.declares("well", "40", "EUR", "2025-01-10")
    it.declares("bread", "12.50", "EUR", "2025-01-11", count=2)
    it.declares("bread", "7", "USD", "2025-01-11")
    it.run("2025-02-10T12:00")
    return it
